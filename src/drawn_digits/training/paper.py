"""What a picture shows beside the ink: lines, a frame, a shadow, the table where the paper ends.

Lengths are shares of the picture's longer side.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Places = NDArray[np.floating[Any]]

# Of what is learned from.
_IS_PLAIN = 0.6
_IS_LINED = 0.6  # of the others; the rest shows the table
_LINES_DARKNESS = (0.1, 0.8)
_TABLE_WIDTHS = (0.01, 0.1)
_SMALLEST = 0.4  # a drawing from further away, as a share of its size

# A hand's width of paper, which one digit is drawn on.
_LINES_APART = (0.09, 0.29)
_LINE_WIDTHS = (0.004, 0.011)
_TABLE_DARKNESS = (0.3, 0.9)
_INSIDE_FRAME = 0.78  # a drawing inside a frame that is turned, as a share of its size
_TURNED_WIDTHS = (0.004, 0.02)
_TURNED_FROM_EDGE = (0.03, 0.07)
_HAS_FRAME_AT_EDGE = 0.5
_FRAME_FROM_EDGE = 0.05  # of the others, at most
_SHADOW_FROM_MIDDLE = 0.7  # of the way to the edge: so far away, at most, a shadow ends
_SHADOW_SOFTNESS = (-2.0, -0.8)  # powers of ten, as shares of half a side
_MOST_TURNED = 0.09  # radians: three of four papers lie straighter than half of that


def on_some_paper(picture: Picture, rng: np.random.Generator) -> Picture:
    """A drawing as ``on_lined_paper`` or ``beside_table``, or on plain paper as it is."""
    if rng.random() < _IS_PLAIN:
        return picture
    picture = _from_further_away(picture, rng)
    if rng.random() < _IS_LINED:
        return on_lined_paper(picture, rng.uniform(*_LINES_DARKNESS), rng)
    return beside_table(picture, rng.uniform(*_TABLE_WIDTHS), rng)


def on_lined_paper(picture: Picture, darkness: float, rng: np.random.Generator) -> Picture:
    """Ruled or, half of the time, squared paper under a drawing.

    ``picture`` is dark (0) on light (255), uint8 [height, width], and ``darkness`` that of the
    lines, 0 to 1; full ink has 1.
    """
    y, x = _turned(picture.shape, rng)
    side = max(picture.shape)
    apart, width = side * rng.uniform(*_LINES_APART), side * rng.uniform(*_LINE_WIDTHS)
    across, down = (_lines(place + rng.uniform(0, apart), apart, width) for place in (y, x))
    lines = np.maximum(across, down) if rng.random() < 0.5 else across
    return np.minimum(picture, _tone(darkness * lines))


def beside_table(picture: Picture, width: float, rng: np.random.Generator) -> Picture:
    """The paper ends on one side, and so much of the picture is the table, darker than the paper.

    ``picture`` is dark (0) on light (255), uint8 [height, width], and ``width`` the table's where
    its edge begins: the paper lies a little turned, so it may be wider or narrower elsewhere.
    """
    y, x = _turned(picture.shape, rng)
    from_the_edge = (x, x.max() - x, y, y.max() - y)[rng.integers(4)]
    table = np.clip(max(picture.shape) * width - from_the_edge, 0, 1)
    return np.minimum(picture, _tone(rng.uniform(*_TABLE_DARKNESS) * table))


def in_frame(picture: Picture, width: float, rng: np.random.Generator) -> Picture:
    """A black frame ``width`` wide, printed along the picture's edges or a little inside them.

    ``picture`` is dark (0) on light (255), uint8 [height, width].
    """
    height, breadth = picture.shape
    side = max(picture.shape)
    away = 0.0 if rng.random() < _HAS_FRAME_AT_EDGE else side * rng.uniform(0, _FRAME_FROM_EDGE)
    y, x = np.indices(picture.shape)
    depth = np.minimum(np.minimum(y, height - 1 - y), np.minimum(x, breadth - 1 - x)) - round(away)
    frame = (depth >= 0) & (depth < max(1, round(side * width)))
    framed = picture.copy()
    framed[frame] = 0
    return framed


def in_turned_frame(picture: Picture, turn: float, rng: np.random.Generator) -> Picture:
    """A drawing smaller, and around it a black frame: a form's box that was not held straight.

    ``picture`` is dark (0) on light (255), uint8 [height, width], and ``turn`` in degrees, to
    either side.
    """
    smaller = _on_as_large_a_paper(picture, _INSIDE_FRAME, 0.5, 0.5)
    side, (height, breadth) = max(picture.shape), picture.shape
    width, away = (side * rng.uniform(*r) for r in (_TURNED_WIDTHS, _TURNED_FROM_EDGE))
    y, x = (each - each.max() / 2 for each in np.indices(picture.shape))
    angle = math.radians(rng.choice([-1, 1]) * turn)
    across = breadth / 2 - np.abs(x * math.cos(angle) + y * math.sin(angle))
    down = height / 2 - np.abs(y * math.cos(angle) - x * math.sin(angle))
    depth = np.minimum(across, down) - away
    return np.minimum(smaller, _tone(np.clip(0.5 + np.minimum(depth, width - depth), 0, 1)))


def in_shadow(picture: Picture, darkness: float, rng: np.random.Generator) -> Picture:
    """A hand's or a phone's shadow, whose edge crosses the picture, sharp or soft.

    ``picture`` is dark (0) on light (255), uint8 [height, width], and ``darkness`` the share of the
    light that the shadow keeps away.
    """
    height, width = picture.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle, place = rng.uniform(0, 2 * np.pi), rng.uniform(-1, 1) * _SHADOW_FROM_MIDDLE
    softness = 10 ** rng.uniform(*_SHADOW_SOFTNESS)
    inside = x * np.cos(angle) + y * np.sin(angle) - place
    shadow = (1 + np.tanh(inside / softness)) / 2
    shaded: Picture = np.rint(picture * (1 - darkness * shadow)).astype(np.uint8)
    return shaded


def _from_further_away(picture: Picture, rng: np.random.Generator) -> Picture:
    """The drawing smaller, anywhere on as large a paper."""
    share, (top, left) = rng.uniform(_SMALLEST, 1), rng.uniform(size=2)
    return _on_as_large_a_paper(picture, share, top, left)


def _on_as_large_a_paper(picture: Picture, share: float, top: float, left: float) -> Picture:
    """The drawing, ``share`` as large; ``top`` and ``left`` say where: 0 touches those edges."""
    height, width = picture.shape
    size = round(share * width), round(share * height)
    small = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
    corner = round(left * (width - size[0])), round(top * (height - size[1]))
    paper = Image.new("L", (width, height), 255)
    paper.paste(small, corner)
    return np.asarray(paper)


def _turned(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[Places, Places]:
    """Each pixel's row and column on a paper that lies a little turned."""
    y, x = np.indices(shape)
    turn = rng.triangular(-_MOST_TURNED, 0, _MOST_TURNED)
    return y - turn * x, x + turn * y


def _lines(places: Places, apart: float, width: float) -> Places:
    """How much of each pixel a line covers, 0 to 1."""
    covered: Places = np.clip((width + 1) / 2 - np.abs(places % apart - apart / 2), 0, 1)
    return covered


def _tone(darkness: Places) -> Picture:
    return np.rint(255 * (1 - darkness)).astype(np.uint8)
