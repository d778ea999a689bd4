"""Habits of writing that the pen data holds too few of: flags, feet, slashes and bars.

Strokes are as in ``hands``: arrays [points, 2], y downwards, the longer side 1.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.data.smoothing import resample_evenly

Lines = list[NDArray[np.float64]]
Line = NDArray[np.float64]

SPACING = 0.03
"""Between points, in longer sides: fine enough to bend."""
_STRAIGHT = 0.93  # chord over length: at least this is a plain stem


def add_habits(lines: Lines, label: str, rng: np.random.Generator) -> Lines:
    """Give a one a flag and a foot, a zero a slash, a seven a bar ..., each only now and then."""
    habit = _HABITS.get(label)
    return habit(lines, rng) if habit else lines


def _one(lines: Lines, rng: np.random.Generator) -> Lines:
    if _is_stem(lines):
        stem = lines[0] if lines[0][0, 1] < lines[0][-1, 1] else lines[0][::-1]
    elif rng.uniform() < 0.4:  # a flag that is there stays a hand's own, and few hands drew one
        stem = _stem(rng)
    else:
        return lines
    written = [stem]
    if rng.uniform() < 0.75:
        written = _flagged(stem, rng)
    if rng.uniform() < 0.35:
        written.append(_foot(stem, rng))
    return written


def _is_stem(lines: Lines) -> bool:
    """One stroke, upright and nearly straight."""
    if len(lines) != 1:
        return False
    width, height = abs(lines[0][-1] - lines[0][0])
    return bool(height > width and np.hypot(width, height) > _STRAIGHT * _length(lines[0]))


def _stem(rng: np.random.Generator) -> Line:
    lean, bow = rng.normal(0.1, 0.14), rng.normal(0, 0.03)
    return _bowed(np.array([lean, -0.5]), np.array([-lean, 0.5]), np.array([bow, 0]))


def _flagged(stem: Line, rng: np.random.Generator) -> Lines:
    """An up-stroke to the top, straight or bowed, steep enough not to be the bar of a seven.

    Most rise at about half a right angle, and long ones are not rare: those are what a reader
    who knows few hands takes for sevens.
    """
    degrees = np.clip(rng.normal(45, 13), 22, 80)  # above the horizontal
    # The flatter and the longer, the more it is the bar of a seven.
    longest = np.interp(degrees, [22, 35, 50], [0.35, 0.6, 0.75]) * _length(stem)
    length = longest * np.sqrt(rng.uniform(0.04, 1))
    rise = np.radians(degrees)
    start = stem[0] + length * np.array([-np.cos(rise), np.sin(rise)])
    bow = rng.normal(-0.03, 0.13) * length * np.array([np.sin(rise), np.cos(rise)])
    flag = _bowed(start, stem[0], bow)
    if rng.uniform() < 0.25:
        return [flag + rng.normal(0, 0.03, 2), stem]
    if rng.uniform() < 0.5:
        return [_joined(flag, stem, reach=rng.uniform(0.05, 0.4) * length)]
    return [np.vstack([flag[:-1], stem])]


def _joined(first: Line, second: Line, reach: float) -> Line:
    """One line that goes round the corner where both meet, from ``reach`` before it on."""
    before, after = _beyond(first[::-1], reach)[::-1], _beyond(second, reach)
    start, end = before[-1], after[0]
    corner = _bowed(start, end, (second[0] - (start + end) / 2) / 2)
    return np.vstack([before[:-1], corner, after[1:]])


def _beyond(line: Line, reach: float) -> Line:
    """What is left of a line when its first ``reach`` is cut off."""
    along = np.concatenate([[0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    start = [np.interp(reach, along, line[:, axis]) for axis in (0, 1)]
    return np.vstack([start, line[along > reach]])


def _foot(stem: Line, rng: np.random.Generator) -> Line:
    """A bar below the stem, longer on one side or the other, nearly level."""
    left, right = rng.uniform(0.08, 0.4, 2)
    tilt = rng.normal(0, 0.08)
    foot: Line = stem[-1] + np.array([[-left, left * tilt], [right, -right * tilt]])
    return foot


def _zero(lines: Lines, rng: np.random.Generator) -> Lines:
    """A slash through the middle: rising, level or falling, inside the ring or past it."""
    if len(lines) != 1 or rng.uniform() > 0.2:
        return lines
    rise = np.radians(rng.choice([rng.normal(50, 15), rng.normal(0, 12), rng.normal(-45, 15)]))
    direction = np.array([np.cos(rise), -np.sin(rise)])
    points = lines[0]
    reach = float(np.ptp((points - points.mean(axis=0)) @ direction)) / 2
    middle = (points.min(axis=0) + points.max(axis=0)) / 2 + rng.normal(0, 0.04, 2)
    first, second = rng.uniform(0.6, 1.4, 2) * reach
    return [points, np.stack([middle - first * direction, middle + second * direction])]


def _seven(lines: Lines, rng: np.random.Generator) -> Lines:
    """A bar across the stem, a serif that hangs from the left end of the top, a round top."""
    if len(lines) != 1:
        return lines
    line = lines[0] if lines[0][0, 1] < lines[0][-1, 1] else lines[0][::-1]
    top = np.vstack([_serif(line[0], rng), line]) if rng.uniform() < 0.25 else line
    if rng.uniform() < 0.3:
        top = round_corners(resample_evenly(top, SPACING), passes=int(rng.integers(4, 16)))
    # A round top and a bar together are what is read as a two where few hands were seen.
    return [top, _bar(line, rng)] if rng.uniform() < 0.4 else [top]


def _serif(corner: Line, rng: np.random.Generator) -> Line:
    hanging: Line = corner + np.array([[rng.normal(0, 0.03), rng.uniform(0.08, 0.22)]])
    return hanging


def _bar(line: Line, rng: np.random.Generator) -> Line:
    """Centred on the lower half of the stroke, which is the stem of any seven."""
    middle = line[round(len(line) * rng.uniform(0.55, 0.75))]
    half = rng.uniform(0.12, 0.3)
    tilt = rng.normal(0.1, 0.2)
    bar: Line = middle + np.array([[-half, half * tilt], [half, -half * tilt]])
    return bar


def _four(lines: Lines, rng: np.random.Generator) -> Lines:
    """A stem that ends just below the bar, where others write it on.

    How ``hands`` changes ends brings some of them onto the bar; much above it there is no four.
    """
    if len(lines) != 2 or rng.uniform() > 0.25:
        return lines
    angle, stem = lines
    stem = stem if stem[0, 1] < stem[-1, 1] else stem[::-1]
    stem = resample_evenly(stem, SPACING)
    end = angle[:, 1].max() + rng.uniform(0.05, 0.2)
    kept = stem[stem[:, 1] < end]
    return [angle, kept] if len(kept) > 0.2 / SPACING else lines


def round_corners(line: Line, passes: int) -> Line:
    """Each pass is a mean of three neighbours, [1 2 1] / 4; the ends stay."""
    line = line.copy()
    for _ in range(passes):
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return line


def _bowed(start: Line, end: Line, bow: Line) -> Line:
    """A quadratic Bezier curve of eight points whose middle is ``bow`` off the straight line."""
    t = np.linspace(0, 1, 8)[:, None]
    control = (start + end) / 2 + 2 * bow
    curve: Line = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return curve


def _length(line: Line) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


_HABITS: dict[str, Callable[[Lines, np.random.Generator], Lines]] = {
    "0": _zero,
    "1": _one,
    "4": _four,
    "7": _seven,
}
