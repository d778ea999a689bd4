"""Read a set of pictures and say how well it was read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.training.data import PenSample
from drawn_digits.training.evaluation.metrics import Answers, summarize
from drawn_digits.training.evaluation.sets import EvaluationSet

Readings = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]
"""Of n pictures: probabilities [n, 10], digit probabilities [n] and refusals [n]."""

Reader = Callable[[Sequence[NDArray[np.uint8]]], Readings]

_BATCH = 256  # pictures that are in memory at once


@dataclass(frozen=True, slots=True)
class Measured:
    """A set, what was answered, and the figures of that, as JSON values."""

    evaluation_set: EvaluationSet
    answers: Answers
    figures: dict[str, Any]

    @property
    def name(self) -> str:
        return self.evaluation_set.name


def recognizer_reader(recognizer: Recognizer) -> Reader:
    """The shipped way: the recognizer does everything."""

    def read(pictures: Sequence[NDArray[np.uint8]]) -> Readings:
        predictions = recognizer.predict(pictures)
        return (
            np.array([p.probabilities for p in predictions], np.float64),
            np.array([p.digit_probability for p in predictions]),
            np.array([not p.is_digit for p in predictions]),
        )

    return read


def measure(reader: Reader, digits: EvaluationSet) -> Measured:
    """Everything about one set of digits; pen sets say how well each writer is read."""
    answers = read_all(reader, digits.pictures(), digits.labels)
    figures = summarize(answers) | without_bad_labels(answers.right, digits.bad_labels)
    if digits.pens:
        figures["writers"] = by_writer(answers.right, digits.pens)
    return Measured(digits, answers, figures)


def read_all(
    reader: Reader, pictures: Iterable[NDArray[np.uint8]], labels: NDArray[np.int64]
) -> Answers:
    """Read pictures batch by batch.

    Raises:
        TrainingError: an answer is not finite; it would count as a digit, and as refused.
    """
    parts = [reader(batch) for batch in _batches(pictures)]
    probabilities, digit_probability, refused = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    if not (np.isfinite(probabilities).all() and np.isfinite(digit_probability).all()):
        raise TrainingError(
            "The model answers with numbers that are not finite. Train it again, from a run "
            "whose loss is finite in every epoch (history.csv)."
        )
    return Answers(probabilities, digit_probability, refused, labels)


def anywhere_answers(measured: Iterable[Measured]) -> Answers:
    """The answers to all pen drawings anywhere, one after the other."""
    answers = [m.answers for m in measured if m.evaluation_set.is_anywhere]
    return Answers(
        np.concatenate([a.probabilities for a in answers]),
        np.concatenate([a.digit_probability for a in answers]),
        np.concatenate([a.refused for a in answers]),
        np.concatenate([a.labels for a in answers]),
    )


def without_bad_labels(right: NDArray[np.bool_], is_bad: NDArray[np.bool_]) -> dict[str, float]:
    """How many labels are listed as wrong, and the accuracy over the others."""
    return {
        "bad_labels": int(is_bad.sum()),
        "accuracy_without_bad_labels": float(right[~is_bad].mean()),
    }


def by_writer(right: NDArray[np.bool_], pens: Sequence[PenSample]) -> list[dict[str, Any]]:
    """Each writer's count, mistakes and accuracy, worst first."""
    answers: dict[str, list[bool]] = defaultdict(list)
    for pen, is_right in zip(pens, right.tolist(), strict=True):
        answers[pen.writer].append(is_right)
    rows = [
        {
            "writer": writer,
            "count": len(theirs),
            "mistakes": theirs.count(False),
            "accuracy": sum(theirs) / len(theirs),
        }
        for writer, theirs in answers.items()
    ]
    return sorted(rows, key=lambda row: (row["accuracy"], row["writer"]))


def _batches(pictures: Iterable[NDArray[np.uint8]]) -> Iterator[list[NDArray[np.uint8]]]:
    iterator = iter(pictures)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
