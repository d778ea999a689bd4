"""Pictures of drawings, painted on all cores: what samples are made from.

Keras is not imported here, so that the processes that paint start at once.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.hands import write_again
from drawn_digits.training.paper import on_some_paper
from drawn_digits.training.photograph import photograph
from drawn_digits.training.pose import anywhere, other_variant, own_variant, pose_drawing

RENDER_SIDE = 112
"""Pixels: four to one of the 28 that the network sees, and six times as fast as 280."""

BATCH = 256
"""Pictures that are painted, and then normalized, together."""
_WORTH_A_POOL = 10 * BATCH  # fewer are painted sooner than processes start

Pictures = NDArray[np.uint8]
Original = TypeVar("Original")
Painter = Callable[[Original, np.random.Generator], Pictures]


def paint_anywhere(pen: PenSample, rng: np.random.Generator) -> Pictures:
    """As visitors draw: any place, size and pen, a little turned."""
    return rasterize(pose_drawing(pen.drawing, anywhere(rng)), RENDER_SIDE)


def paint_variant(
    pen: PenSample, rng: np.random.Generator, as_written: float = 0.0, photographed: float = 0.0
) -> Pictures:
    """For training: a share as its writer drew it, with any pen, a little turned.

    The others by another hand, with any pen, turn, slant and aspect, and a share of those
    photographed.
    """
    if rng.uniform() < as_written:
        return rasterize(pose_drawing(pen.drawing, own_variant(rng)), RENDER_SIDE)
    drawing = write_again(pen.drawing, pen.label, rng)
    picture = rasterize(pose_drawing(drawing, other_variant(rng)), RENDER_SIDE)
    return photograph(on_some_paper(picture, rng), rng) if rng.uniform() < photographed else picture


def paint_all(
    originals: Sequence[Original], painter: Painter[Original], rng: np.random.Generator
) -> Iterator[Pictures]:
    """A picture of each of the originals, in batches uint8 [at most 256, 112, 112].

    ``painter`` is a function of a module, or a partial of one, for other processes to find. Each
    batch has its own seed, so the pictures do not depend on how many processes there are.
    """
    starts = range(0, len(originals), BATCH)
    batches = [originals[start : start + BATCH] for start in starts]
    seeds = rng.integers(2**63, size=len(batches)).tolist()
    if len(originals) < _WORTH_A_POOL:
        yield from map(_paint, batches, seeds, [painter] * len(batches))
        return
    with ProcessPoolExecutor(mp_context=get_context("forkserver")) as pool:
        yield from pool.map(_paint, batches, seeds, [painter] * len(batches))


def _paint(originals: Sequence[Original], seed: int, painter: Painter[Original]) -> Pictures:
    rng = np.random.default_rng(seed)
    return np.stack([painter(original, rng) for original in originals])
