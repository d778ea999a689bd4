"""Pictures of an evaluation: confusion matrices and the mistakes that were made most surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture that was read wrong. ``picture`` uint8 [height, width]; ``confidence`` 0..1."""

    picture: NDArray[np.uint8]
    label: int
    digit: int
    confidence: float
    source: str


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


def draw_mistakes(mistakes: Sequence[Mistake], path: Path) -> None:
    """A grid of pictures, each with what it is, what was read, how surely, and its set."""
    rows = max(1, -(-len(mistakes) // _COLUMNS))
    figure = Figure(figsize=(_COLUMNS * 1.3, rows * 1.75), layout="constrained")
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for cell in axes:
        cell.axis("off")
    for cell, mistake in zip(axes, mistakes, strict=False):
        _draw_mistake(cell, mistake)
    figure.savefig(path, dpi=90)


def _draw_mistake(axes: Axes, mistake: Mistake) -> None:
    axes.imshow(mistake.picture, cmap="gray", vmin=0, vmax=255)
    axes.set_title(
        f"{mistake.label} read {mistake.digit}, {mistake.confidence:.0%}\n{mistake.source}",
        fontsize=6.5,
    )
