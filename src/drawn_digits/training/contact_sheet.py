"""Many small pictures with captions on one sheet, for somebody to look at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

_COLUMNS = 10


def draw_contact_sheet(
    cells: Sequence[tuple[NDArray[np.uint8], str]], path: Path, title: str = ""
) -> None:
    """Write a PNG of grey pictures, uint8 [height, width], each under its caption."""
    rows = max(1, -(-len(cells) // _COLUMNS))
    figure = Figure(figsize=(_COLUMNS * 1.3, rows * 1.8 + 0.4), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axis, (picture, caption) in zip(axes, cells, strict=False):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axis.set_title(caption, fontsize=6.5)
        axis.set(xticks=(), yticks=())
    for axis in axes[len(cells) :]:
        axis.axis("off")
    figure.savefig(path, dpi=90)
