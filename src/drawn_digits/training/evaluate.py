"""Measure a model on a split: one JSON report, a table, confusion matrices, the worst mistakes."""

import json
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drawn_digits.recognizer.model_file import read_model_file
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.training.classic import load_classic_reader
from drawn_digits.training.data import Split
from drawn_digits.training.evaluation_pictures import (
    Mistake,
    draw_confusion_matrix,
    draw_mistakes,
)
from drawn_digits.training.evaluation_sets import (
    SEED,
    EvaluationSet,
    digit_sets,
    non_digit_sets,
)
from drawn_digits.training.metrics import Answers, auroc, summarize
from drawn_digits.training.run_folder import write_whole

# Pictures to probabilities [n, 10], digit probabilities [n] and refusals [n].
Reader = Callable[
    [Sequence[NDArray[np.uint8]]],
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]],
]
_BATCH = 256  # pictures
_MISTAKES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Measured:
    figures: dict[str, Any]
    answers: Answers
    evaluation_set: EvaluationSet


def evaluate_model(models_folder: Path, split: Split, output: Path) -> str:
    """Measure the ONNX file that ``models_folder/current`` names; the table as text.

    Writes ``report.json``, ``table.txt``, ``confusion-*.png`` and ``mistakes.png`` to ``output``.
    """
    recognizer = Recognizer(read_model_file(models_folder))
    model = recognizer.model
    about = {"name": model.name, "version": model.version, "sha256": model.sha256}
    return evaluate(recognizer_reader(recognizer), about, split, output)


def evaluate_classic(run_folder: Path, split: Split, output: Path) -> str:
    """Measure the classic network the way such demos use it: shrink the canvas to 28 x 28."""
    about = {"name": "classic network, whole canvas shrunk to 28 x 28", "run": run_folder.name}
    return evaluate(load_classic_reader(run_folder), about, split, output)


def evaluate(reader: Reader, about: dict[str, str], split: Split, output: Path) -> str:
    """Measure whatever reads pictures."""
    output.mkdir(parents=True, exist_ok=True)
    measured = [_measure(reader, evaluation_set) for evaluation_set in digit_sets(split)]
    report = {
        "model": about,
        "split": split,
        "seed_of_poses": SEED,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "sets": {m.evaluation_set.name: m.figures for m in measured},
        "non_digits": {
            non_digits.name: _measure_non_digits(reader, non_digits, measured)
            for non_digits in non_digit_sets(split)
        },
    }
    table = format_table(report)
    write_whole(output / "report.json", json.dumps(report, indent=1) + "\n")
    write_whole(output / "table.txt", table + "\n")
    _draw(measured, output)
    return table


def format_table(report: dict[str, Any]) -> str:
    """The report's main figures, a line a set."""
    lines = [f"{'set':<20}{'digits':>8}{'wrong':>7}{'right':>9}{'NLL':>8}{'ECE':>8}{'refused':>9}"]
    for name, f in report["sets"].items():
        lines.append(
            f"{name:<20}{f['count']:>8}{f['mistakes']:>7}{f['accuracy']:>9.2%}"
            f"{f['nll']:>8.4f}{f['ece']:>8.2%}{f['refused']:>9.2%}"
        )
    lines.append(f"{'no digits':<38}{'count':>6}{'refused':>9}{'AUROC':>8}")
    for name, f in report["non_digits"].items():
        lines.append(f"{name:<38}{f['count']:>6}{f['refused']:>9.2%}{f['auroc']:>8.4f}")
    return "\n".join(lines)


def recognizer_reader(recognizer: Recognizer) -> Reader:
    """The shipped way: the recognizer does everything."""

    def read(
        pictures: Sequence[NDArray[np.uint8]],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        predictions = recognizer.predict(pictures)
        return (
            np.array([p.probabilities for p in predictions], np.float64),
            np.array([p.digit_probability for p in predictions]),
            np.array([not p.is_digit for p in predictions]),
        )

    return read


def _measure(reader: Reader, evaluation_set: EvaluationSet) -> _Measured:
    answers = _read_all(reader, evaluation_set)
    return _Measured(summarize(answers), answers, evaluation_set)


def _read_all(reader: Reader, evaluation_set: EvaluationSet) -> Answers:
    parts = [reader(batch) for batch in _batches(evaluation_set.pictures())]
    probabilities, digit_probability, refused = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return Answers(probabilities, digit_probability, refused, evaluation_set.labels)


def _batches(pictures: Iterable[NDArray[np.uint8]]) -> Iterator[list[NDArray[np.uint8]]]:
    iterator = iter(pictures)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _measure_non_digits(
    reader: Reader, non_digits: EvaluationSet, measured: Sequence[_Measured]
) -> dict[str, float]:
    """Refusals, and how well digit_probability tells them from digits anywhere."""
    answers = _read_all(reader, non_digits)
    digits = np.concatenate(
        [m.answers.digit_probability for m in measured if m.evaluation_set.is_anywhere]
    )
    return {
        "count": len(answers.refused),
        "refused": float(answers.refused.mean()),
        "auroc": auroc(digits, answers.digit_probability),
    }


def _draw(measured: Sequence[_Measured], output: Path) -> None:
    for m in measured:
        name = m.evaluation_set.name
        path = output / f"confusion-{name.replace(' ', '-')}.png"
        draw_confusion_matrix(np.array(m.figures["confusion_matrix"]), name, path)
    mistakes = [mistake for m in measured for mistake in _mistakes(m)]
    mistakes.sort(key=lambda mistake: -mistake.confidence)
    draw_mistakes(mistakes[:_MISTAKES_SHOWN], output / "mistakes.png")


def _mistakes(measured: _Measured) -> Iterator[Mistake]:
    answers = measured.answers
    wrong = set(np.flatnonzero(answers.digits != answers.labels).tolist())
    for index, picture in enumerate(measured.evaluation_set.pictures()):
        if index in wrong:
            digit = int(answers.digits[index])
            confidence = float(answers.probabilities[index, digit])
            name = measured.evaluation_set.name
            yield Mistake(picture, int(answers.labels[index]), digit, confidence, name)
