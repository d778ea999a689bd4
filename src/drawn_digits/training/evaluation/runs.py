"""The same recipe from several seeds: each run exported, measured, and their spread."""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.evaluation.measure import measure, recognizer_reader
from drawn_digits.training.evaluation.sets import EvaluationSet
from drawn_digits.training.export import export_run
from drawn_digits.training.run_folder import RunFolder


def check_runs(runs: Sequence[Path]) -> None:
    """See that these runs can show a spread: two or more, one recipe, different seeds.

    Raises:
        TrainingError: they cannot, or a folder holds no run.
    """
    configs = [_read_recipe(run) for run in runs]
    seeds = [config.pop("seed") for config in configs]
    if len(seeds) == 1 or len(set(seeds)) < len(seeds):
        raise TrainingError(
            f"A spread needs two or more runs of different seeds, but the seeds {seeds} came. "
            "Give --run once for each of them."
        )
    for run, config in zip(runs, configs, strict=True):
        if changed := [key for key in config if config[key] != configs[0][key]]:
            raise TrainingError(
                f"{run} and {runs[0]} are of different recipes ({', '.join(changed)}). A spread "
                "is over runs that differ in their seed alone."
            )


def measure_runs(runs: Sequence[Path], sets: Sequence[EvaluationSet]) -> dict[str, Any]:
    """Each run's seed and validation accuracy, and the spread of each set's figures over runs.

    Raises:
        TrainingError: a run is not finished or cannot be exported.
    """
    measured = [_measure_run(run, sets) for run in runs]
    return {
        "count": len(runs),
        "seed": [run["seed"] for run in measured],
        "validation_accuracy": [run["validation_accuracy"] for run in measured],
        "sets": {s.name: _spread([run["sets"][s.name] for run in measured]) for s in sets},
    }


def _read_recipe(run: Path) -> dict[str, Any]:
    """The configuration; of a repeated run it counts that it is one, not which it repeats."""
    config = RunFolder(run).read_config()
    return dataclasses.asdict(config) | {"chosen_run": bool(config.chosen_run)}


def _measure_run(run: Path, sets: Sequence[EvaluationSet]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        export_run(run, Path(folder), Path(folder) / "digits.keras", version="0")
        recognizer = load_recognizer(Path(folder))
        reader = recognizer_reader(recognizer)
        metadata = recognizer.model.metadata
        return {
            "seed": metadata["configuration"]["seed"],
            "validation_accuracy": metadata["metrics"]["validation_accuracy"],
            "sets": {s.name: measure(reader, s).figures for s in sets},
        }


def _spread(figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of one set over runs; ``sd`` is the sample standard deviation."""
    accuracies = [f["accuracy"] for f in figures]
    return {
        "accuracy": accuracies,
        "mean": mean(accuracies),
        "sd": stdev(accuracies),
        "ece": [f["ece"] for f in figures],
    }
