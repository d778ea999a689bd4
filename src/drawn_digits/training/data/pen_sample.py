"""One labelled pen drawing, as every loader of pen data returns it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing, Point, Stroke


@dataclass(frozen=True, slots=True)
class PenSample:
    """A drawing with its true label and the hand that it came from.

    ``label`` is one character. ``source`` is "pendigits" or "unipen". ``writer`` is a number,
    never a name, and unique over all sources ("pendigits-tra-07", "unipen-val-02"). ``ordinal``
    counts as the source does, so that (source, writer, label, ordinal) names a sample for good,
    whatever a loader leaves out. ``donor`` is UNIPEN's three-letter name of the institution, ""
    for pendigits.
    """

    drawing: Drawing
    label: str
    source: str
    writer: str
    ordinal: int
    donor: str = ""


def drawing_from_lines(lines: Iterable[NDArray[np.float64]]) -> Drawing:
    """Make a drawing of pen-down lines, each float64 [points, 2] with y growing downwards."""
    return Drawing(tuple(Stroke(tuple(Point(x, y) for x, y in line.tolist())) for line in lines))


def drawing_from_digitizer(lines: Iterable[NDArray[np.float64]]) -> Drawing:
    """The same of lines whose y grows upwards. Units stay the digitizer's."""
    return drawing_from_lines(line * [1, -1] for line in lines)
