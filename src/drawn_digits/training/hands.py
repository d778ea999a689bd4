"""Other hands: pen drawings written again with other habits, proportions and slips of the pen.

``pose`` varies what a page varies (pen, turn, slant); this varies what writers vary. Strokes are
arrays [points, 2], y downwards, in units of the drawing's longer side, its middle at (0, 0).
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from drawn_digits.ink.drawing import Drawing
from drawn_digits.training.data.pen_sample import drawing_from_lines
from drawn_digits.training.habits import add_habits, hooked
from drawn_digits.training.lines import (
    SPACING,
    Line,
    Lines,
    bowed,
    resample_evenly,
    round_corners,
    run_on,
)


def write_again(drawing: Drawing, label: str, rng: np.random.Generator) -> Drawing:
    """The same character by another hand. ``label`` decides which habits there are to change.

    Returns:
        A drawing without frame, pressure and time; lengths are in the drawing's longer sides.
    """
    lines = _unit_lines(drawing)
    if not lines:
        return drawing_from_lines(_raw_lines(drawing))
    lines = [resample_evenly(line, SPACING) for line in add_habits(lines, label, rng)]
    changes = (
        _join_strokes,
        _move_strokes,
        _change_ends,
        _drift_ends,
        _hook_ends,
        _change_proportions,
        _round_or_break,
        _tremble,
    )
    for change in changes:
        lines = change(lines, rng)
    return drawing_from_lines(lines)


def _unit_lines(drawing: Drawing) -> Lines:
    """The strokes in longer sides; none if all points coincide."""
    lines = _raw_lines(drawing)
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = (high - low).max()
    return [(line - (low + high) / 2) / extent for line in lines] if extent > 0 else []


def _raw_lines(drawing: Drawing) -> Lines:
    return [np.array([(p.x, p.y) for p in s.points]) for s in drawing.strokes if s.points]


def _join_strokes(lines: Lines, rng: np.random.Generator) -> Lines:
    """The pen stays down between strokes, or the device does not notice that it is lifted."""
    if rng.uniform() > 0.15:
        return lines
    path = lines[0]
    for line in lines[1:]:
        x, y = line[0] - path[-1]
        bow = rng.normal(0, 0.06) * np.array([-y, x])
        path = np.vstack([path, bowed(path[-1], line[0], bow)[1:-1], line])
    return [path]


def _move_strokes(lines: Lines, rng: np.random.Generator) -> Lines:
    """Later strokes are set down a little off, larger or smaller, turned: gaps and crossings."""
    moved = [lines[0]]
    for line in lines[1:]:
        middle = line.mean(axis=0)
        angle = rng.normal(0, 0.07)
        cos, sin = np.cos(angle), np.sin(angle)
        turned = (line - middle) @ np.array([[cos, sin], [-sin, cos]])
        moved.append(turned * np.exp(rng.normal(0, 0.08)) + middle + rng.normal(0, 0.03, 2))
    return moved


def _change_ends(lines: Lines, rng: np.random.Generator) -> Lines:
    """The pen comes down or lifts early or late, so loops stay open or lines run past."""
    return [_change_end(_change_end(line, rng)[::-1], rng)[::-1] for line in lines]


def _change_end(line: Line, rng: np.random.Generator) -> Line:
    if len(line) < 6 or rng.uniform() < 0.5:
        return line
    reach = rng.normal(0, 0.07)
    if reach > 0:
        return run_on(line, reach, sweep=rng.normal(0, 5) * reach)
    points = min(round(-reach / SPACING), len(line) // 10)
    return line[: len(line) - points]


def _drift_ends(lines: Lines, rng: np.random.Generator) -> Lines:
    """A line begins and ends a little elsewhere, so loops open, close or overlap."""
    return [_drift_start(_drift_start(line, rng)[::-1], rng)[::-1] for line in lines]


def _drift_start(line: Line, rng: np.random.Generator) -> Line:
    """The first part of the line comes from there; the rest stays."""
    reach = rng.uniform(0.15, 0.45) * len(line)
    share = np.clip(1 - np.arange(len(line)) / max(reach, 1), 0, 1)[:, None]
    return line + (3 - 2 * share) * share**2 * rng.normal(0, 0.06, 2)


def _hook_ends(lines: Lines, rng: np.random.Generator) -> Lines:
    """The pen turns back before it lifts, now and then; more seldom, when it comes down."""
    if rng.uniform() < 0.15:
        lines = [*lines[:-1], hooked(lines[-1], rng)]
    if rng.uniform() < 0.05:
        lines = [hooked(lines[0][::-1], rng)[::-1], *lines[1:]]
    return lines


def _change_proportions(lines: Lines, rng: np.random.Generator) -> Lines:
    """Upper and lower, left and right parts grow against each other; stems bend, waves run."""
    taller, wider, wedge, bend = rng.normal(0, [0.25, 0.15, 0.25, 0.12])
    size, frequency, phase = rng.uniform([0, 0.5, 0], [0.03, 1.5, 2 * np.pi], (2, 3)).T

    def change(line: Line) -> Line:
        x, y = line.T
        x, y = x * np.exp(wider * x + wedge * y), y * np.exp(taller * y)
        x = x + bend * (y**2 - 0.1) + size[0] * np.sin(2 * np.pi * frequency[0] * y + phase[0])
        y = y + size[1] * np.sin(2 * np.pi * frequency[1] * x + phase[1])
        return np.stack([x, y], axis=1)

    return [change(line) for line in lines]


def _round_or_break(lines: Lines, rng: np.random.Generator) -> Lines:
    """Fast hands round their corners; slow mice draw with corners that nobody meant."""
    changes: list[Callable[[Line], Line]] = [
        lambda line: line,
        partial(round_corners, passes=4),
        lambda line: resample_evenly(line, spacing),
    ]
    spacing = rng.uniform(0.08, 0.16)
    chosen = changes[int(rng.choice(3, p=[0.7, 0.2, 0.1]))]
    return [chosen(line) for line in lines]


def _tremble(lines: Lines, rng: np.random.Generator) -> Lines:
    """An unsteady hand: noise along the line, smooth over about a tenth of the drawing."""
    size = rng.uniform(0, 0.01)
    trembled = []
    for line in lines:
        noise = rng.normal(0, size, (len(line) + 2, 2))
        trembled.append(line + (noise[:-2] + noise[1:-1] + noise[2:]) / 2)
    return trembled
