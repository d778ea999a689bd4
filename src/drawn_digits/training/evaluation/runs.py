"""The same recipe from several seeds: each run exported, measured, and their spread."""

import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.calibrate import load_network, read_calibration
from drawn_digits.training.config import learned_splits
from drawn_digits.training.data import Split
from drawn_digits.training.evaluation.measure import anywhere_answers, measure, recognizer_reader
from drawn_digits.training.evaluation.non_digits import measure_non_digits, read_non_digits
from drawn_digits.training.evaluation.sets import EvaluationSet
from drawn_digits.training.export import export_run, training_seconds
from drawn_digits.training.run_folder import RunFolder

_NOT_OF_THE_RECIPE = ("seed", "chosen_run")

Configuration = Mapping[str, Any]


def learned_by(configuration: Configuration) -> tuple[Split, ...]:
    """The splits that a model of this configuration was trained on."""
    return learned_splits(configuration.get("chosen_run", ""))


def check_runs(runs: Sequence[Path], shipped: Configuration) -> None:
    """See that these runs show the spread of the ``shipped`` configuration.

    They are none, or two or more of its recipe, of different seeds, and trained on the same splits.

    Raises:
        TrainingError: they do not, or a folder holds no run.
    """
    configurations = [dataclasses.asdict(RunFolder(run).read_config()) for run in runs]
    seeds = [configuration["seed"] for configuration in configurations]
    if len(seeds) == 1 or len(set(seeds)) < len(seeds):
        raise TrainingError(
            f"A spread needs two or more runs of different seeds, but the seeds {seeds} came. "
            "Give --run once for each of them."
        )
    for run, configuration in zip(runs, configurations, strict=True):
        _check_recipe(run, configuration, shipped)
    if len({learned_by(configuration) for configuration in configurations}) > 1:
        raise TrainingError(
            "Some of the runs repeat a chosen run on train and validation (chosen_run), others "
            "learned train alone. A spread is over runs of one kind."
        )


def check_finished(runs: Sequence[Path]) -> None:
    """See that each run has all that its export needs, before anything is measured.

    Raises:
        TrainingError: one is not finished, or the run that it repeats is gone.
    """
    for run in map(RunFolder, runs):
        read_calibration(run)
        load_network(run)
        training_seconds(run)


def measure_runs(
    runs: Sequence[Path], sets: Sequence[EvaluationSet], non_digits: Sequence[EvaluationSet]
) -> dict[str, Any]:
    """Each run's seed, the splits they learned, and the spread of each set's figures over runs.

    ``validation_accuracy`` is left out of runs that learned validation. One of ``sets`` at least
    is of drawings anywhere, which ``non_digits`` are told from.

    Raises:
        TrainingError: a run is not finished or cannot be exported.
    """
    return spread_over_runs([_measure_run(run, sets, non_digits) for run in runs])


def spread_over_runs(measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What ``measure_runs`` says, of two or more runs that are measured on the same sets."""
    first = measured[0]
    learned = learned_by(first["configuration"])
    about: dict[str, Any] = {
        "count": len(measured),
        "seed": [run["configuration"]["seed"] for run in measured],
        "learned": list(learned),
    }
    if "validation" not in learned:
        about["validation_accuracy"] = [run["validation_accuracy"] for run in measured]
    return about | {
        "sets": {name: _digits([run["sets"][name] for run in measured]) for name in first["sets"]},
        "non_digits": {
            name: _refusals([run["non_digits"][name] for run in measured])
            for name in first["non_digits"]
        },
    }


def read_spread(report_file: Path, split: Split, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What ``measure_runs`` said in an earlier report of a model with the same weights.

    ``model_version`` is that of the model whose recipe it was. ``metadata`` is the present one's.

    Raises:
        TrainingError: it is no report, of another split or other weights, or has no spread.
    """
    version, measured_on, runs = _read_earlier(report_file)
    if not runs or measured_on != split:
        raise TrainingError(f"{report_file} has no figures over seeds on {split}.")
    if version not in (metadata["version"], metadata.get("weights_of")):
        raise TrainingError(
            f"{report_file} has figures of {version}, whose weights are not those of "
            f"{metadata['version']}. Give a report of the version that its weights come from, "
            "or --run for each seed."
        )
    return {"model_version": version} | runs


def _read_earlier(report_file: Path) -> tuple[str, str, dict[str, Any]]:
    """Of which version a report has the spread, or of which it is; its split; the spread, or {}."""
    try:
        report = json.loads(report_file.read_text("utf-8"))
        runs = report.get("runs", {})
        version = runs.get("model_version", report["model"]["version"])
        return version, report["split"], runs
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TrainingError(
            f"{report_file} is no report of a model. Give the report.json or evaluation.json "
            "that 'drawn-digits evaluate' wrote."
        ) from None


def _check_recipe(run: Path, configuration: Configuration, shipped: Configuration) -> None:
    changed = [
        key
        for key in configuration
        if key not in _NOT_OF_THE_RECIPE and configuration[key] != shipped.get(key)
    ]
    if changed:
        raise TrainingError(
            f"{run} is not of the recipe of the model ({', '.join(changed)}). A spread is over "
            "runs that differ from it in their seed alone."
        )


def _measure_run(
    run: Path, sets: Sequence[EvaluationSet], non_digits: Sequence[EvaluationSet]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        export_run(run, Path(folder), Path(folder) / "digits.keras", version="0")
        recognizer = load_recognizer(Path(folder))
        reader, metadata = recognizer_reader(recognizer), recognizer.model.metadata
        measured = [measure(reader, s) for s in sets]
        refusals = read_non_digits(reader, non_digits)
        return {
            "configuration": metadata["configuration"],
            "validation_accuracy": metadata["metrics"]["validation_accuracy"],
            "sets": {m.name: m.figures for m in measured},
            "non_digits": measure_non_digits(anywhere_answers(measured), refusals),
        }


def _digits(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of one set of digits over runs: ``mean`` and ``sd`` are the accuracy's."""
    return _spread(figures, "accuracy") | {"ece": [f["ece"] for f in figures]}


def _refusals(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: _spread(figures, name) for name in ("refused", "auroc")}


def _spread(figures: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """One figure over runs; ``sd`` is the sample standard deviation."""
    values = [f[name] for f in figures]
    return {name: values, "mean": mean(values), "sd": stdev(values)}
