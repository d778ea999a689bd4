"""One labelled pen drawing, as every loader of pen data returns it."""

from collections.abc import Iterable
from dataclasses import dataclass

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.training.lines import Line, Lines


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single answer to "equal"
class PenSample:
    """A drawing with its true label and the hand that it came from.

    ``lines`` are the pen-down lines, y growing downwards. Arrays, because there are 86,000 samples,
    and a drawing of them has an object for each point.
    ``label`` is one character. ``source`` is "pendigits" or "unipen"; what ``made_non_digits``
    makes has "made" for it, and words as label. ``writer`` is a number,
    never a name, and unique over all sources ("pendigits-tra-07", "unipen-val-02"). ``ordinal``
    counts as the source does, so that (source, writer, label, ordinal) names a sample for good,
    whatever a loader leaves out. ``donor`` is UNIPEN's three-letter name of the institution, ""
    for pendigits.
    """

    lines: Lines
    label: str
    source: str
    writer: str
    ordinal: int
    donor: str = ""

    @property
    def drawing(self) -> Drawing:
        """The lines as the painter takes them, in the digitizer's units."""
        return drawing_from_lines(self.lines)


def drawing_from_lines(lines: Iterable[Line]) -> Drawing:
    """Make a drawing of pen-down lines, each float64 [points, 2] with y growing downwards."""
    return Drawing(tuple(Stroke(tuple(Point(x, y) for x, y in line.tolist())) for line in lines))


def upside_down(lines: Iterable[Line]) -> Lines:
    """Digitizers' lines, whose y grows upwards, as samples hold them, and the other way round."""
    return [line * [1, -1] for line in lines]
