"""The whole evaluation of a model on a split: one JSON report, a table, and pictures."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.training.data import Split, load_digit_pens, spread
from drawn_digits.training.evaluation.classic import load_classic_reader
from drawn_digits.training.evaluation.limits import SampleLimits
from drawn_digits.training.evaluation.measure import (
    Measured,
    Reader,
    anywhere_answers,
    measure,
    recognizer_reader,
)
from drawn_digits.training.evaluation.metrics import reliability
from drawn_digits.training.evaluation.non_digits import (
    measure_non_digits,
    measure_operating_point,
    read_never_digits,
    read_non_digits,
)
from drawn_digits.training.evaluation.pictures import draw_confusions, draw_mistakes
from drawn_digits.training.evaluation.plots import draw_corruptions, draw_reliability, draw_sweeps
from drawn_digits.training.evaluation.runs import (
    check_finished,
    check_runs,
    learned_by,
    measure_runs,
    read_spread,
)
from drawn_digits.training.evaluation.sets import (
    MNIST,
    SEED,
    digit_sets,
    mnist_set,
    non_digit_sets,
)
from drawn_digits.training.evaluation.sweeps import measure_corruptions, measure_sweeps
from drawn_digits.training.evaluation.table import format_table
from drawn_digits.training.machine import describe_machine
from drawn_digits.training.whole_file import writable_folder, write_whole

PENS_ANYWHERE = "pen drawings anywhere"

ALL = SampleLimits()

Report = dict[str, Any]


def evaluate_model(
    models_folder: Path,
    split: Split,
    output: Path,
    limits: SampleLimits = ALL,
    runs: Sequence[Path] = (),
    spread_of: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> str:
    """Measure the ONNX file that ``models_folder/current`` names; the table as text.

    Writes ``report.json``, ``table.txt`` and the pictures to ``output``. ``runs`` are finished
    runs of the same recipe with different seeds, or ``spread_of`` is an earlier report.json of a
    model with the same weights that says their spread; ``tell`` hears what is measured next.

    Raises:
        TrainingError: the runs are not of the model's recipe, or one of them cannot be exported,
            or the earlier report is of other weights.
        UnwritableFile: ``output`` cannot be written into.
    """
    recognizer = load_recognizer(models_folder)
    check_runs(runs, recognizer.model.metadata["configuration"])
    check_finished(runs)
    earlier_runs = read_spread(spread_of, split, recognizer.model.metadata) if spread_of else None
    writable_folder(output)
    begin = time.perf_counter()
    report, measured = _measure_model(recognizer, split, limits, tell)
    if runs:
        tell(f"{len(runs)} runs")
        digits = [m.evaluation_set for m in measured]
        report["runs"] = measure_runs(runs, digits, non_digit_sets(split, limits.max_samples))
    elif earlier_runs:
        report["runs"] = earlier_runs
    report["wall_seconds"] = round(time.perf_counter() - begin, 1)
    return _write(report, measured, output)


def evaluate_classic(
    run_folder: Path, split: Split, output: Path, limits: SampleLimits = ALL
) -> str:
    """Measure the classic network the way such demos use it: shrink the canvas to 28 x 28.

    The report has the digits and the non-digits alone: this network refuses nothing.

    Raises:
        UnwritableFile: ``output`` cannot be written into.
    """
    writable_folder(output)
    about = {"name": "classic network, whole canvas shrunk to 28 x 28", "run": run_folder.name}
    reader = load_classic_reader(run_folder)
    measured = [measure(reader, digits) for digits in digit_sets(split, limits.max_samples)]
    non_digits = read_non_digits(reader, non_digit_sets(split, limits.max_samples))
    report = _begin_report(about, split, limits) | {
        "sets": {m.name: m.figures for m in measured},
        "non_digits": measure_non_digits(anywhere_answers(measured), non_digits),
    }
    return _write(report, measured, output)


def has_learned(configuration: Mapping[str, Any], split: Split) -> bool:
    """Whether a model of this configuration was trained on the split that it is measured on."""
    return split in learned_by(configuration)


def to_text(report: Report) -> str:
    """JSON with each innermost list and object on a line of its own."""
    text = json.dumps(report, indent=1)
    return re.sub(r"[\[{][^][{}]*[]}]", lambda match: " ".join(match[0].split()), text) + "\n"


def _measure_model(
    recognizer: Recognizer, split: Split, limits: SampleLimits, tell: Callable[[str], None]
) -> tuple[Report, list[Measured]]:
    model, reader = recognizer.model, recognizer_reader(recognizer)
    about = {"name": model.name, "version": model.version, "sha256": model.sha256}
    tell("digits")
    measured = [measure(reader, digits) for digits in digit_sets(split, limits.max_samples)]
    tell("what is no digit")
    digits = anywhere_answers(measured)
    non_digits = read_non_digits(reader, non_digit_sets(split, limits.max_samples))
    report = _begin_report(about, split, limits) | {
        "seen_in_training": has_learned(model.metadata["configuration"], split),
        "sets": {m.name: m.figures for m in measured},
        "non_digits": measure_non_digits(digits, non_digits),
        "operating_point": measure_operating_point(model.digit_threshold, digits),
        "never_digits": read_never_digits(recognizer),
        "reliability": _measure_reliability(measured),
    }
    return report | _measure_ranges(reader, split, limits, tell), measured


def _measure_reliability(measured: Sequence[Measured]) -> Report:
    answers = {m.name: m.answers for m in measured if m.name == MNIST}
    answers[PENS_ANYWHERE] = anywhere_answers(measured)
    return {name: reliability(a.confidence, a.right) for name, a in answers.items()}


def _measure_ranges(
    reader: Reader, split: Split, limits: SampleLimits, tell: Callable[[str], None]
) -> Report:
    tell("line widths, sizes, turns and papers")
    sweeps = measure_sweeps(reader, spread(load_digit_pens(split), limits.sweep_drawings))
    tell("corruptions")
    corruptions = measure_corruptions(reader, mnist_set(split, limits.corruption_images))
    return {"sweeps": sweeps, "corruptions": corruptions}


def _begin_report(about: dict[str, str], split: Split, limits: SampleLimits) -> Report:
    return {
        "model": about,
        "split": split,
        "limits": asdict(limits),
        "seed_of_poses": SEED,
        "machine": describe_machine(),
    }


def _write(report: Report, measured: Sequence[Measured], output: Path) -> str:
    table = format_table(report)
    write_whole(output / "report.json", to_text(report))
    write_whole(output / "table.txt", table + "\n")
    draw_confusions(measured, output)
    draw_mistakes(measured, output / "mistakes.png")
    for section, draw in (
        ("reliability", draw_reliability),
        ("sweeps", draw_sweeps),
        ("corruptions", draw_corruptions),
    ):
        if section in report:
            draw(report[section], output / f"{section}.png")
    return table
