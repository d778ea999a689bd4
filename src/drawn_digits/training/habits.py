"""Habits of writing that the pen data holds too few of: flags, feet, slashes, bars, curls.

Drawings are ``lines``: float64 [points, 2] each, y downwards, the longer side 1. What was misread
of people whom nothing was learned from says which habits there are (docs/decisions/0012, 0019).
"""

from collections.abc import Callable

import numpy as np

from drawn_digits.training.lines import (
    SPACING,
    Line,
    Lines,
    beyond,
    bowed,
    joined,
    length,
    resample_evenly,
    round_corners,
    run_on,
)

_STRAIGHT = 0.93  # chord over length: at least this is a plain stem
_WHOLE = 0.6  # length: less is a fragment, and stays one


def add_habits(lines: Lines, label: str, rng: np.random.Generator) -> Lines:
    """Give a one a flag and a foot, a zero a slash, a seven a bar ..., each only now and then."""
    habit = _HABITS.get(label)
    return habit(lines, rng) if habit else lines


def hooked(line: Line, rng: np.random.Generator) -> Line:
    """The pen turns back sharply before it lifts, to either side."""
    turn = rng.choice([-1, 1]) * np.radians(rng.uniform(120, 172))
    return run_on(line, rng.uniform(0.05, 0.3), turn)


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
        return [*written, _foot(stem, rng)]
    if rng.uniform() < 0.25:
        written[-1] = hooked(written[-1], rng)
    return written


def _is_stem(lines: Lines) -> bool:
    """One stroke, upright and nearly straight."""
    if len(lines) != 1:
        return False
    width, height = abs(lines[0][-1] - lines[0][0])
    return bool(height > width and np.hypot(width, height) > _STRAIGHT * length(lines[0]))


def _stem(rng: np.random.Generator) -> Line:
    lean, bow = rng.normal(0.1, 0.14), rng.normal(0, 0.03)
    return bowed(np.array([lean, -0.5]), np.array([-lean, 0.5]), np.array([bow, 0]))


def _flagged(stem: Line, rng: np.random.Generator) -> Lines:
    """An up-stroke to the top, straight or bowed, steep enough not to be the bar of a seven.

    Most rise at about half a right angle, and long ones are not rare: those are what a reader
    who knows few hands takes for sevens.
    """
    degrees = np.clip(rng.normal(45, 13), 22, 80)  # above the horizontal
    # The flatter and the longer, the more it is the bar of a seven.
    longest = np.interp(degrees, [22, 35, 50], [0.35, 0.6, 0.75]) * length(stem)
    reach = longest * np.sqrt(rng.uniform(0.04, 1))
    rise = np.radians(degrees)
    start = stem[0] + reach * np.array([-np.cos(rise), np.sin(rise)])
    bow = rng.normal(-0.03, 0.13) * reach * np.array([np.sin(rise), np.cos(rise)])
    flag = bowed(start, stem[0], bow)
    if rng.uniform() < 0.25:
        return [flag + rng.normal(0, 0.03, 2), stem]
    if rng.uniform() < 0.5:
        return [joined(flag, stem, reach=rng.uniform(0.05, 0.4) * reach)]
    return [np.vstack([flag[:-1], stem])]


def _foot(stem: Line, rng: np.random.Generator) -> Line:
    """A bar below the stem, longer on one side or the other, nearly level."""
    left, right = rng.uniform(0.08, 0.4, 2)
    tilt = rng.normal(0, 0.08)
    foot: Line = stem[-1] + np.array([[-left, left * tilt], [right, -right * tilt]])
    return foot


def _zero(lines: Lines, rng: np.random.Generator) -> Lines:
    """A slash through the middle: rising, level or falling, inside the ring or far past it."""
    if len(lines) != 1 or rng.uniform() > 0.3:
        return lines
    rise = np.radians(rng.choice([rng.normal(50, 15), rng.normal(0, 12), rng.normal(-45, 15)]))
    direction = np.array([np.cos(rise), -np.sin(rise)])
    points = lines[0]
    reach = float(np.ptp((points - points.mean(axis=0)) @ direction)) / 2
    middle = (points.min(axis=0) + points.max(axis=0)) / 2 + rng.normal(0, 0.04, 2)
    first, second = rng.uniform(0.6, rng.choice([1.4, 2.0]), 2) * reach
    return [points, np.stack([middle - first * direction, middle + second * direction])]


def _three_or_five(lines: Lines, rng: np.random.Generator) -> Lines:
    """The lower bowl curls on, into itself."""
    if rng.uniform() > 0.15:
        return lines
    whole = max(range(len(lines)), key=lambda i: length(lines[i]))
    line = resample_evenly(lines[whole], SPACING)
    line = line if line[0, 1] < line[-1, 1] else line[::-1]
    if length(line) < _WHOLE:
        return lines
    sweep = np.radians(rng.uniform(30, 130))
    turning = np.sin(_bend(line[-12:])) or 1.0
    curled = run_on(line, rng.uniform(0.12, 0.3) * sweep, sweep=float(np.sign(turning)) * sweep)
    return [*lines[:whole], curled, *lines[whole + 1 :]]


def _bend(line: Line) -> float:
    """By how much a line turns from its first step to its last, radians, positive clockwise."""
    first, last = line[1] - line[0], line[-1] - line[-2]
    return float(np.arctan2(last[1], last[0]) - np.arctan2(first[1], first[0]))


def _six(lines: Lines, rng: np.random.Generator) -> Lines:
    """A loop on the right that crosses the base and ends outside, as scripts write it."""
    if rng.uniform() > 0.12:
        return lines
    left, right = rng.uniform(-0.45, -0.25), rng.uniform(0.2, 0.45)
    top = rng.uniform(-0.25, 0.15)  # of the loop
    stem = [(rng.uniform(-0.2, 0.15), -0.5), (left, -0.15), (left, 0.2), (left / 2, 0.47)]
    loop = [(right * 0.3, 0.45), (right, top / 2 + 0.22), (right, top), (right * 0.6, top - 0.05)]
    end = [(right * 0.2, top / 2 + 0.2), (right * 0.3, 0.45), (right * 0.6 + 0.1, 0.45)]
    corners = np.array(stem + loop + end)
    corners[-1, 1] += rng.uniform(-0.1, 0.1)
    corners += rng.normal(0, 0.02, corners.shape)
    return [round_corners(resample_evenly(corners, SPACING), passes=int(rng.integers(4, 14)))]


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


def _eight(lines: Lines, rng: np.random.Generator) -> Lines:
    """Ends that run on past where they meet, as a ribbon's, or that never meet."""
    if len(lines) != 1 or length(lines[0]) < 2 * _WHOLE or rng.uniform() > 0.25:
        return lines
    line = resample_evenly(lines[0], SPACING)
    if rng.uniform() < 0.4:
        first, last = rng.uniform(0, 0.15, 2) * length(line)
        return [beyond(beyond(line, first)[::-1], last)[::-1]]
    line = run_on(line, rng.uniform(0, 0.35))
    return [run_on(line[::-1], rng.uniform(0, 0.35))[::-1]]


def _nine(lines: Lines, rng: np.random.Generator) -> Lines:
    """A ring that is hardly open, or that begins with a curl inside of it."""
    if rng.uniform() < 0.15:
        return _flattened(lines, rng)
    if len(lines) != 1 or length(lines[0]) < _WHOLE or rng.uniform() > 0.15:
        return lines
    line = resample_evenly(lines[0], SPACING)[::-1]
    sweep = rng.choice([-1, 1]) * np.radians(rng.uniform(70, 300))
    return [run_on(line, rng.uniform(0.12, 0.3), sweep=sweep)[::-1]]


def _flattened(lines: Lines, rng: np.random.Generator) -> Lines:
    """The upper half squeezed towards the top, the lower one stretched."""
    middle = rng.uniform(-0.1, 0.1)
    squeezed = -0.5 + rng.uniform(0.25, 0.7) * (middle + 0.5)
    flat = [resample_evenly(line, SPACING) for line in lines]
    for line in flat:
        line[:, 1] = np.interp(line[:, 1], [-0.5, middle, 0.5], [-0.5, squeezed, 0.5])
    return flat


_HABITS: dict[str, Callable[[Lines, np.random.Generator], Lines]] = {
    "0": _zero,
    "1": _one,
    "3": _three_or_five,
    "4": _four,
    "5": _three_or_five,
    "6": _six,
    "7": _seven,
    "8": _eight,
    "9": _nine,
}
