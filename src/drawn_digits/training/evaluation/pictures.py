"""Pictures of what was read wrong: confusion matrices and the surest mistakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from drawn_digits.training.contact_sheet import draw_contact_sheet
from drawn_digits.training.evaluation.measure import Measured

_MISTAKES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Mistake:
    picture: NDArray[np.uint8]
    label: int
    digit: int
    confidence: float
    source: str
    is_bad_label: bool


def draw_confusions(measured: Sequence[Measured], folder: Path) -> None:
    """A confusion matrix for each set: ``confusion-mnist.png`` and so on."""
    for m in measured:
        path = folder / f"confusion-{m.name.replace(' ', '-')}.png"
        draw_confusion_matrix(np.array(m.figures["confusion_matrix"]), m.name, path)


def draw_confusion_matrix(matrix: NDArray[np.int64], name: str, path: Path) -> None:
    """Counts [10, 10], rows true and columns read, colours in the logarithm."""
    figure = Figure(figsize=(5.4, 5), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.maximum(matrix, 0.5), cmap="Blues", norm=LogNorm(0.5, matrix.max()))
    axes.set(title=f"{name}: {int(matrix.sum() - matrix.trace())} of {int(matrix.sum())} wrong")
    axes.set(xlabel="read as", ylabel="is", xticks=range(10), yticks=range(10))
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            colour = "white" if count > matrix.max() / 30 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=8)
    figure.savefig(path, dpi=110)


def draw_mistakes(measured: Sequence[Measured], path: Path) -> None:
    """The surest mistakes of all sets: what it is, what was read, how surely, and the set."""
    mistakes = [mistake for m in measured for mistake in _mistakes(m)]
    mistakes.sort(key=lambda mistake: -mistake.confidence)
    shown = mistakes[:_MISTAKES_SHOWN]
    title = f"The {len(shown)} surest of {len(mistakes)} mistakes"
    draw_contact_sheet([_cell(mistake) for mistake in shown], path, title)


def _mistakes(measured: Measured) -> Iterator[_Mistake]:
    answers, measured_set = measured.answers, measured.evaluation_set
    wrong = set(np.flatnonzero(~answers.right).tolist())
    for index, picture in enumerate(measured_set.pictures()):
        if index in wrong:
            yield _Mistake(
                picture=picture,
                label=int(answers.labels[index]),
                digit=int(answers.digits[index]),
                confidence=float(answers.confidence[index]),
                source=measured.name,
                is_bad_label=bool(measured_set.bad_labels[index]),
            )


def _cell(mistake: _Mistake) -> tuple[NDArray[np.uint8], str]:
    label = f"{'bad label ' if mistake.is_bad_label else ''}{mistake.label}"
    caption = f"{label}, read {mistake.digit}, {mistake.confidence:.0%}\n{mistake.source}"
    return mistake.picture, caption
