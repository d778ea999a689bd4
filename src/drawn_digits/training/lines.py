"""Lines of a drawing as arrays, and what a pen can do with them: round, join, run on, hook, curl.

A line is float64 [points, 2], x and y, y downwards; the drawing's longer side is 1 and its middle
(0, 0).
"""

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]
Lines = list[Line]

SPACING = 0.03
"""Between points, in longer sides: fine enough to bend."""
_HEADING_POINTS = 4  # as many of the last points say where a line is going


def length(line: Line) -> float:
    """Along the line."""
    return float(_along(line)[-1])


def _along(line: Line) -> NDArray[np.float64]:
    """How far each point lies from the first, along the line: float64 [points]."""
    return np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])


def heading(line: Line) -> float:
    """The direction in which the line ends, in radians: 0 to the right, pi / 2 downwards."""
    x, y = line[-1] - line[-min(_HEADING_POINTS, len(line))]
    return float(np.arctan2(y, x))


def bowed(start: Line, end: Line, bow: Line) -> Line:
    """A quadratic Bezier curve of eight points whose middle is ``bow`` off the straight line."""
    t = np.linspace(0, 1, 8)[:, None]
    control = (start + end) / 2 + 2 * bow
    curve: Line = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return curve


def joined(first: Line, second: Line, reach: float) -> Line:
    """One line that goes round the corner where both meet, from ``reach`` before it on."""
    before, after = beyond(first[::-1], reach)[::-1], beyond(second, reach)
    start, end = before[-1], after[0]
    corner = bowed(start, end, (second[0] - (start + end) / 2) / 2)
    return np.vstack([before[:-1], corner, after[1:]])


def beyond(line: Line, reach: float) -> Line:
    """What is left of a line when its first ``reach`` is cut off."""
    along = _along(line)
    start = [np.interp(reach, along, line[:, axis]) for axis in (0, 1)]
    return np.vstack([start, line[along > reach]])


def round_corners(line: Line, passes: int) -> Line:
    """Each pass is a mean of three neighbours, [1 2 1] / 4; the ends stay."""
    line = line.copy()
    for _ in range(passes):
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return line


def resample_evenly(line: Line, spacing: float) -> Line:
    """Points about ``spacing`` apart along a line in any unit, both its ends kept.

    A single point, or points all in one place, give one point.
    """
    along = _along(line)
    if along[-1] == 0:
        return line[:1].copy()
    places = np.linspace(0, along[-1], max(2, round(along[-1] / spacing) + 1))
    return np.stack([np.interp(places, along, axis) for axis in line.T], axis=1)


def run_on(line: Line, reach: float, turn: float = 0.0, sweep: float = 0.0) -> Line:
    """The line and ``reach`` more, at points ``SPACING`` apart.

    ``turn`` is how far the pen turns at once where the line ended (nearly pi makes a hook), and
    ``sweep`` how far it turns evenly from there on (a curl); radians, positive is clockwise.
    """
    steps = round(reach / SPACING)
    bends = heading(line) + turn + sweep * np.arange(1, steps + 1) / max(steps, 1)
    moves = SPACING * np.stack([np.cos(bends), np.sin(bends)], axis=1)
    return np.vstack([line, line[-1] + np.cumsum(moves, axis=0)])
