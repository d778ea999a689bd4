"""From the epochs of training runs to the time that each needed, and how the two recipes compare.

A time is that of the end of the first epoch after which validation accuracy is at the target and
stays there in the next one. A run that does not get there counts with its whole time, and every
figure made from it says in which way it is a bound.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

TARGET = 0.994
_ROUNDING = 1e-6  # Keras' accuracies are float32: 4,970 of 5,000 may come out just below 0.994


@dataclass(frozen=True, slots=True)
class Epoch:
    """``seconds`` of training in this epoch alone, and validation accuracy, 0..1, after it."""

    seconds: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Figure:
    """``mark``: empty where the value is exact, ">" at least, "<" at most, "?" left open."""

    value: float
    mark: str = ""


def epoch_that_holds(epochs: Sequence[Epoch]) -> int | None:
    """How many epochs it took; None if no two epochs in a row are at the target."""
    at_target = [epoch.accuracy >= TARGET - _ROUNDING for epoch in epochs]
    for number, (this, following) in enumerate(pairwise(at_target), 1):
        if this and following:
            return number
    return None


def time_to_target(epochs: Sequence[Epoch]) -> Figure:
    """Seconds of training."""
    number = epoch_that_holds(epochs)
    seconds = sum(epoch.seconds for epoch in epochs[:number])
    return Figure(seconds, "" if number else ">")


def ratio(times: Figure, reference: Figure) -> Figure:
    """How many times as long ``times`` is."""
    marks = {("", ""): "", (">", ""): ">", ("", ">"): "<"}
    return Figure(times.value / reference.value, marks.get((times.mark, reference.mark), "?"))


def median(figures: Sequence[Figure]) -> Figure:
    """Of an even number the lower of the middle two. A bound that points away does not matter."""
    middle = statistics.median_low(figure.value for figure in figures)
    marks = {figure.mark for figure in figures if figure.mark and not _points_away(figure, middle)}
    if len(marks) > 1:
        return Figure(middle, "?")
    return Figure(middle, marks.pop() if marks else "")


def _points_away(figure: Figure, middle: float) -> bool:
    if figure.mark == ">":
        return figure.value > middle
    return figure.mark == "<" and figure.value < middle


def table(runs: Mapping[int, tuple[Sequence[Epoch], Sequence[Epoch]]]) -> str:
    """Of the classic and the own run of each seed: times, epochs and how many times as fast."""
    rows = [_figures(classic, own) for classic, own in runs.values()]
    lines = [_line("seed", "classic", "own", "ratio")]
    for seed, (classic, own), row in zip(runs, runs.values(), rows, strict=True):
        lines.append(_line(seed, _time(row[0], classic), _time(row[1], own), _show(row[2])))
    medians = [median(column) for column in zip(*rows, strict=True)]
    return "\n".join([*lines, _line("median", *map(_show, medians))])


def _figures(classic: Sequence[Epoch], own: Sequence[Epoch]) -> tuple[Figure, Figure, Figure]:
    times = time_to_target(classic), time_to_target(own)
    return *times, ratio(*times)


def _time(time: Figure, epochs: Sequence[Epoch]) -> str:
    return f"{_show(time)} ({epoch_that_holds(epochs) or len(epochs)} epochs)"


def _show(figure: Figure) -> str:
    return f"{figure.mark} {figure.value:.1f}".strip()


def _line(*cells: object) -> str:
    return f"{cells[0]!s:<8}{cells[1]!s:>22}{cells[2]!s:>22}{cells[3]!s:>10}"
