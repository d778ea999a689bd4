"""What is no digit, made by rules: scribbles, shapes, several digits, blocks, empty pages.

Letters and symbols (``data.load_non_digits``) are what people write; these are what they try on a
page that reads digits. Circles, rectangles and short zigzags are left out: they are a 0 or a 2 in
some hand.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.data import PenSample
from drawn_digits.training.lines import Line, Lines
from drawn_digits.training.paper import on_some_paper
from drawn_digits.training.photograph import photograph

SOURCE = "made"
_GAP = (0.15, 0.6)  # between digits, as a share of their height

Pages = NDArray[np.uint8]


def make_non_digits(
    count: int, digits: Sequence[PenSample], rng: np.random.Generator
) -> list[PenSample]:
    """``count`` drawings labelled by their kind; ``digits`` are what "several digits" are from."""
    makers: dict[str, Callable[[], Lines]] = {
        "scribble": lambda: _scribble(rng),
        "several digits": lambda: _several_digits(digits, rng),
        "polygon": lambda: _polygon(rng),
        "spiral": lambda: _spiral(rng),
        "zigzag": lambda: _zigzag(rng),
        "block": lambda: _block(rng),
    }
    kinds = rng.choice(list(makers), size=count, p=[0.35, 0.25, 0.15, 0.1, 0.1, 0.05])
    return [
        PenSample(makers[kind](), str(kind), SOURCE, SOURCE, ordinal)
        for ordinal, kind in enumerate(kinds.tolist(), 1)
    ]


def make_pages(count: int, side: int, rng: np.random.Generator) -> Pages:
    """Pictures that nobody drew on, uint8 [count, side, side], each photographed in its own way.

    Half are blank paper; the others are covered or dark on one side of a straight edge: a finger
    before the lens, a table beside the paper, a page that was filled.
    """
    return np.stack([photograph(on_some_paper(_page(side, rng), rng), rng) for _ in range(count)])


def _page(side: int, rng: np.random.Generator) -> Pages:
    page = np.full((side, side), 255, np.uint8)
    if rng.uniform() < 0.5:
        return page
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    # Nearly level and upright edges are the commonest; 1.4 is past the corners, so all is dark.
    angle = rng.integers(4) * np.pi / 2 + rng.normal(0, 0.2)
    page[np.cos(angle) * x + np.sin(angle) * y < rng.uniform(-0.7, 1.4)] = 0
    return page


def _scribble(rng: np.random.Generator) -> Lines:
    """One to three strokes of a smooth wandering pen: sums of sines of random phase."""
    return [_wander(rng) for _ in range(rng.integers(1, 4))]


def _wander(rng: np.random.Generator) -> Line:
    time = np.linspace(0, 1, 80)[:, None, None]
    frequencies = rng.uniform(1, 7, (1, 5, 2))
    phases, sizes = rng.uniform(0, 2 * np.pi, (2, 1, 5, 2))
    positions: Line = (sizes * np.sin(2 * np.pi * frequencies * time + phases)).sum(axis=1)
    return positions + rng.normal(0, 2, 2)


def _several_digits(digits: Sequence[PenSample], rng: np.random.Generator) -> Lines:
    """Two or three digits of like height beside each other."""
    strokes: Lines = []
    right = 0.0
    for index in rng.integers(0, len(digits), rng.integers(2, 4)):
        placed = _beside(digits[index].lines, right, rng)
        right = max(float(stroke[:, 0].max()) for stroke in placed) + rng.uniform(*_GAP)
        strokes += placed
    return strokes


def _beside(lines: Lines, left: float, rng: np.random.Generator) -> Lines:
    """The strokes about 1 high, beginning at x = ``left``."""
    positions = np.concatenate(lines)
    low = positions.min(axis=0)
    height = max(float(np.ptp(positions[:, 1])), 0.5 * float(np.ptp(positions[:, 0])), 1e-6)
    scale = rng.uniform(0.85, 1.15) / height
    shift = np.array([left, rng.normal(0, 0.08)])
    return [(line - low) * scale + shift for line in lines]


def _polygon(rng: np.random.Generator) -> Lines:
    """A triangle, or a star of five or more points, closed, drawn by an unsteady hand."""
    corners = int(rng.choice([3, 5, 6, 7]))
    angles = 2 * np.pi * np.arange(corners) / corners + rng.uniform(0, 2 * np.pi)
    if corners > 3:
        angles = angles[np.arange(corners) * 2 % corners] if corners % 2 else angles
    radii = rng.uniform(0.8, 1.2, corners)
    outline = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii[:, None]
    outline = np.vstack([outline, outline[:1]])
    if corners == 6:  # the spokes of an asterisk
        return [np.stack([-spoke, spoke]) for spoke in outline[:3]]
    return [outline]


def _spiral(rng: np.random.Generator) -> Lines:
    turns = rng.uniform(2.5, 5)
    angles = np.linspace(0, 2 * np.pi * turns, 120) * rng.choice([-1, 1]) + rng.uniform(0, 6)
    radii = np.linspace(rng.uniform(0, 0.2), 1, 120)
    return [np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)]


def _zigzag(rng: np.random.Generator) -> Lines:
    """Four to eleven sharp turns, along any direction."""
    count = int(rng.integers(6, 14))
    along = np.arange(count) * rng.uniform(0.15, 0.5) + rng.normal(0, 0.03, count)
    across = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.12, count)
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [np.stack([along, across], axis=1) @ turn.T]


def _block(rng: np.random.Generator) -> Lines:
    """A rectangle hatched so closely that it is full with any pen; too wide for a thick 1."""
    width, height = rng.uniform(0.55, 1, 2)
    y = np.repeat(np.linspace(0, height, 40), 2)
    x = np.tile([0, width, width, 0], 20)
    return [np.stack([x, y], axis=1)]
