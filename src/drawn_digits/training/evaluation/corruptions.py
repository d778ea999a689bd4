"""Fifteen corruptions of MNIST images in the manner of MNIST-C, each at five strengths.

Mu and Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision" (2019), issued one strength of
each. Ours at severity 3 is that one; 1 and 2 are weaker and 4 and 5 stronger, taken from their list
of parameters where it goes far enough and continued by us where it does not. No image was chosen
for failing a model.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.training.evaluation.filters import (
    Pictures,
    draw_lines,
    find_edges,
    gaussian_blur,
    make_clouds,
    motion_blur,
)
from drawn_digits.training.normalizer import FRAME_SIDE

Corruption = Callable[[NDArray[np.uint8], int, np.random.Generator], NDArray[np.uint8]]
"""Images uint8 [n, 28, 28] (ink 255 on paper 0), severity 1 to 5, and where chance comes from."""

SEVERITIES = (1, 2, 3, 4, 5)

_Strength = TypeVar("_Strength")
_Generator = np.random.Generator

_CLOUDS = 64  # maps of clouds; each image gets a cut of its own from one of them
_TO_THE_FAR_SIDE = ((0, 0), (0, FRAME_SIDE), (0, FRAME_SIDE))
_MIDDLE = FRAME_SIDE / 2
# Corners of MNIST-C's zigzag: x along the line, y across it, pixels.
_ZIGZAG = ((0, 0), (2, 2), (6, -2), (10, 2), (14, -2), (18, 2), (22, -2), (23, -1 / 3))


def corrupt(
    images: NDArray[np.uint8], name: str, severity: int, seed: int = 0
) -> NDArray[np.uint8]:
    """Corrupt images, uint8 [n, 28, 28] with ink 255 on paper 0; the same for the same seed.

    Raises:
        ValueError: there is no corruption of that name, or the severity is not 1 to 5.
    """
    if name not in CORRUPTIONS:
        raise ValueError(f"There is no corruption {name!r}. Known are: {', '.join(CORRUPTIONS)}.")
    rng = np.random.default_rng((seed, list(CORRUPTIONS).index(name)))
    return CORRUPTIONS[name](images, severity, rng)


def _graded(
    change: Callable[[Pictures, _Strength, _Generator], Pictures], strengths: Sequence[_Strength]
) -> Corruption:
    """A corruption of uint8 images from a change of ink 0..1 and its five strengths."""

    def corruption(
        images: NDArray[np.uint8], severity: int, rng: np.random.Generator
    ) -> NDArray[np.uint8]:
        if severity not in SEVERITIES:
            raise ValueError(f"The severity is {severity!r}; it must be a whole number, 1 to 5.")
        changed = change(images.astype(np.float32) / 255, strengths[severity - 1], rng)
        return np.rint(np.clip(changed, 0, 1) * 255).astype(np.uint8)

    return corruption


def _shot_noise(ink: Pictures, photons: float, rng: _Generator) -> Pictures:
    """``photons`` is how many full ink sends."""
    return (rng.poisson(ink * photons) / photons).astype(np.float32)


def _impulse_noise(ink: Pictures, share: float, rng: _Generator) -> Pictures:
    """Half of the pixels hit become ink, half paper."""
    chance = rng.random(ink.shape, np.float32)
    return np.where(chance < share / 2, 0, np.where(chance < share, 1, ink))


def _glass_blur(ink: Pictures, glass: tuple[float, int, int], rng: _Generator) -> Pictures:
    """Blur by sigma, swap pixels with ones at most ``reach`` away, ``rounds`` times, blur again."""
    sigma, reach, rounds = glass
    # The image's number goes last: one place of all images lies together in memory.
    shuffled = np.ascontiguousarray(gaussian_blur(ink, sigma).transpose(1, 2, 0))
    places = range(FRAME_SIDE - reach, reach, -1)
    everyone = np.arange(len(ink))
    for row, column in [(row, column) for row in places for column in places] * rounds:
        down, right = rng.integers(-reach, reach, (2, len(ink))) * rng.integers(0, 2, len(ink))
        other = (row + down, column + right, everyone)
        here = shuffled[row, column].copy()
        shuffled[row, column] = shuffled[other]
        shuffled[other] = here
    return gaussian_blur(shuffled.transpose(2, 0, 1), sigma)


def _motion_blur(ink: Pictures, sigma: float, rng: _Generator) -> Pictures:
    return motion_blur(ink, sigma, rng.uniform(-np.pi / 4, np.pi / 4, len(ink)))


def _shear(ink: Pictures, angle: float, rng: _Generator) -> Pictures:
    angles = angle * _signs(rng, len(ink))
    return _warp(ink, [((1, -np.sin(a)), (0, np.cos(a))) for a in angles])


def _scale(ink: Pictures, factor: float, rng: _Generator) -> Pictures:
    return _warp(ink, [((1 / factor, 0), (0, 1 / factor))] * len(ink))


def _rotate(ink: Pictures, angle: float, rng: _Generator) -> Pictures:
    angles = angle * _signs(rng, len(ink))
    return _warp(ink, [((np.cos(a), -np.sin(a)), (np.sin(a), np.cos(a))) for a in angles])


def _warp(ink: Pictures, matrices: Sequence[Sequence[Sequence[float]]]) -> Pictures:
    """Each picture through its matrix, from new to old places, about the middle."""
    warped = np.empty_like(ink)
    for index, ((a, b), (d, e)) in enumerate(matrices):
        move = (a, b, _MIDDLE * (1 - a - b), d, e, _MIDDLE * (1 - d - e))
        picture = Image.fromarray(ink[index]).transform(
            (FRAME_SIDE, FRAME_SIDE), Image.Transform.AFFINE, move, Image.Resampling.BILINEAR
        )
        warped[index] = np.asarray(picture)
    return warped


def _brightness(ink: Pictures, added: float, rng: _Generator) -> Pictures:
    return ink + np.float32(added)


def _translate(ink: Pictures, pixels: int, rng: _Generator) -> Pictures:
    """As far to one side as up or down."""
    padded = np.pad(ink, ((0, 0), (pixels, pixels), (pixels, pixels)))
    moved = np.empty_like(ink)
    for index, (down, right) in enumerate(pixels * (1 + _signs(rng, (len(ink), 2)))):
        moved[index] = padded[index, down : down + FRAME_SIDE, right : right + FRAME_SIDE]
    return moved


def _signs(rng: _Generator, shape: int | tuple[int, int]) -> NDArray[np.int64]:
    return rng.choice(np.array([-1, 1]), shape)


def _stripe(ink: Pictures, columns: int, rng: _Generator) -> Pictures:
    """The outer columns of both sides as a negative."""
    striped = ink.copy()
    for side in (slice(None, columns), slice(-columns, None)):
        striped[:, :, side] = 1 - striped[:, :, side]
    return striped


def _fog(ink: Pictures, fog: tuple[float, float], rng: _Generator) -> Pictures:
    density, decay = fog
    clouds = np.pad(make_clouds(_CLOUDS, decay, rng), _TO_THE_FAR_SIDE, "wrap")
    corners = rng.integers(0, clouds.shape[1] - FRAME_SIDE, (len(ink), 2))
    foggy = np.empty_like(ink)
    for index, (top, left) in enumerate(corners):
        cloud = clouds[index % _CLOUDS, top : top + FRAME_SIDE, left : left + FRAME_SIDE]
        foggy[index] = ink[index] + density * cloud
    peak = ink.max(axis=(1, 2), keepdims=True)
    foggy *= peak / (peak + density)
    return foggy


def _spatter(ink: Pictures, threshold: float, rng: _Generator) -> Pictures:
    """Drops of dirt hide the ink where blurred noise is above the threshold."""
    noise = rng.normal(0.65, 0.3, ink.shape).astype(np.float32)
    drops = gaussian_blur((gaussian_blur(noise, 1) > threshold).astype(np.float32), 1.5)
    drops[drops < 0.8] = 0
    return ink * (1 - drops) + drops * (63 / 255)


def _dotted_line(ink: Pictures, marks: tuple[int, float], rng: _Generator) -> Pictures:
    """Lines from side to side, two columns on and two off. ``marks``: how many, their reach."""
    count, reach = marks
    is_on = np.arange(FRAME_SIDE) // 2 % 2 == 1
    marked = ink
    for _ in range(count):
        left, right = rng.integers(0, 27, (2, len(ink)))
        line = draw_lines((np.zeros(len(ink)), left), (np.full(len(ink), 27), right), reach)
        marked = marked + is_on * line
    return marked


def _zigzag(ink: Pictures, marks: tuple[int, float], rng: _Generator) -> Pictures:
    """Zigzags from side to side. ``marks``: how many, their reach."""
    count, reach = marks
    marked = ink
    for _ in range(count):
        height = rng.integers(0, 27, len(ink))
        angle = np.arctan(rng.integers(-5, 5, len(ink)) / 23)
        cos, sin = np.cos(angle), np.sin(angle)
        corners = [(2 + cos * x - sin * y, height + sin * x + cos * y) for x, y in _ZIGZAG]
        for start, end in pairwise(corners):
            marked = marked + draw_lines(start, end, reach)
    return marked


def _canny_edges(ink: Pictures, edges: tuple[float, float], rng: _Generator) -> Pictures:
    """Only the outlines. ``edges``: the blur before, and how much of the ink stays."""
    sigma, kept = edges
    outlines: Pictures = find_edges(gaussian_blur(ink, sigma)).astype(np.float32)
    outlined: Pictures = np.maximum(outlines, np.float32(kept) * ink)
    return outlined


CORRUPTIONS: dict[str, Corruption] = {
    "shot_noise": _graded(_shot_noise, (12, 5, 3, 2, 1)),  # photons
    "impulse_noise": _graded(_impulse_noise, (0.06, 0.09, 0.17, 0.27, 0.36)),  # share of pixels
    # sigma and reach in pixels, rounds
    "glass_blur": _graded(
        _glass_blur, ((0.5, 1, 1), (0.6, 1, 1), (0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3))
    ),
    "motion_blur": _graded(_motion_blur, (1, 2, 3, 4, 5)),  # sigma, pixels
    "shear": _graded(_shear, (0.2, 0.3, 0.4, 0.6, 0.8)),  # radians
    "scale": _graded(_scale, (0.9, 0.8, 0.7, 0.6, 0.5)),  # of the size
    "rotate": _graded(_rotate, (0.2, 0.3, 0.4, 0.6, 0.8)),  # radians
    "brightness": _graded(_brightness, (0.3, 0.4, 0.5, 0.6, 0.7)),  # added, of full ink
    "translate": _graded(_translate, (1, 2, 3, 4, 5)),  # pixels along both axes
    "stripe": _graded(_stripe, (3, 5, 7, 9, 11)),  # columns of each side
    # density, of full ink, and decay of the roughness
    "fog": _graded(_fog, ((1.5, 2.0), (2.5, 1.7), (3.0, 1.4), (3.5, 1.4), (4.0, 1.4))),
    "spatter": _graded(_spatter, (0.69, 0.67, 0.65, 0.63, 0.61)),  # threshold of the noise
    # how many, reach in pixels
    "dotted_line": _graded(_dotted_line, ((1, 1.2), (1, 1.7), (1, 2.3), (2, 2.3), (3, 2.3))),
    "zigzag": _graded(_zigzag, ((1, 1.2), (1, 1.7), (1, 2.3), (2, 2.3), (3, 2.3))),
    # sigma in pixels, share of the ink that stays
    "canny_edges": _graded(
        _canny_edges, ((1.0, 0.5), (1.0, 0.25), (1.0, 0.0), (1.4, 0.0), (1.8, 0.0))
    ),
}
"""In MNIST-C's order."""
