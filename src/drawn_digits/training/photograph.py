"""A clean picture of a drawing as a camera or a scanner would have seen it on paper.

The order is that of light: ink on paper, lamp and lens, then the sensor and the file. Every effect
is drawn anew for each picture; none of them hides the digit from a person.
"""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Share of the pictures that show each effect.
_HAS_PEN_TEXTURE = 0.5
_HAS_FAINT_INK = 0.4
_HAS_SHADING = 0.7
_HAS_BLUR = 0.6
_HAS_NOISE = 0.7
_HAS_JPEG = 0.25
_IS_LIGHT_ON_DARK = 0.2

Scene = NDArray[np.floating[Any]]  # float32 [height, width], 0 black to 1 white
Picture = NDArray[np.uint8]


def photograph(picture: Picture, rng: np.random.Generator, strength: float = 1.0) -> Picture:
    """Photograph a drawing, uint8 [height, width], dark (0) on light (255).

    ``strength`` scales how far each effect may go: at 0 the picture comes out as it went in.

    Returns:
        uint8 [height, width]; light on dark in one of five cases.
    """
    if strength == 0:
        return picture.copy()
    ink = (255 - picture).astype(np.float32) / 255
    scene = _on_paper(_pen_texture(ink, rng, strength), rng, strength)
    scene = _lens(scene * _light(scene.shape, rng, strength), rng, strength)
    photo = _sensor(scene, rng, strength)
    photo = _compress(photo, rng, strength) if rng.random() < _HAS_JPEG else photo
    return 255 - photo if rng.random() < _IS_LIGHT_ON_DARK else photo


def _pen_texture(ink: Scene, rng: np.random.Generator, strength: float) -> Scene:
    """Ink whose density varies along the line, as of a pencil or a drying marker."""
    if rng.random() >= _HAS_PEN_TEXTURE:
        return ink
    depth = strength * rng.uniform(0.1, 0.5)
    coarse = _clouds(ink.shape, int(rng.integers(6, 24)), rng)
    fine = rng.random(ink.shape, np.float32)
    textured: Scene = ink * (1 - depth * (0.6 * coarse + 0.4 * fine))
    return textured


def _on_paper(ink: Scene, rng: np.random.Generator, strength: float) -> Scene:
    """Ink of some darkness, down to a quarter of the paper's, on paper of some tone and grain."""
    paper = 1 - strength * rng.uniform(0, 0.4)
    darkest = 0.75 if rng.random() < _HAS_FAINT_INK else 0.2
    density = 1 - strength * rng.uniform(0, darkest)
    grain = strength * rng.uniform(0, 0.03) * (_clouds(ink.shape, 28, rng) - np.float32(0.5))
    scene: Scene = (paper + grain) * (1 - density * ink)
    return scene


def _light(shape: tuple[int, ...], rng: np.random.Generator, strength: float) -> Scene:
    """How much light falls on each place: more on one side than on the other, less far out."""
    if rng.random() >= _HAS_SHADING:
        return np.ones(shape, np.float32)
    y, x = (np.linspace(-1, 1, length, dtype=np.float32) for length in shape)
    angle, slope = rng.uniform(0, 2 * math.pi), strength * rng.uniform(0, 0.2)
    fall_off = strength * rng.uniform(0, 0.06)  # at the middle of an edge; twice that in a corner
    across = np.float32(slope * math.cos(angle)) * x - np.float32(fall_off) * x**2
    down = np.float32(slope * math.sin(angle)) * y - np.float32(fall_off) * y**2
    light: Scene = 1 - np.float32(slope) + down[:, None] + across
    return light


def _lens(scene: Scene, rng: np.random.Generator, strength: float) -> Scene:
    """Fewer pixels than the picture has, and back: blur, or the steps of a low resolution."""
    if rng.random() >= _HAS_BLUR:
        return scene
    height, width = scene.shape
    reduction = 1 + strength * rng.uniform(0, 2)
    smaller = (max(8, round(width / reduction)), max(8, round(height / reduction)))
    filters = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.NEAREST)
    back = filters[rng.choice(3, p=(0.6, 0.3, 0.1))]
    small = Image.fromarray(scene).resize(smaller, Image.Resampling.BOX)
    return np.asarray(small.resize((width, height), back))


def _sensor(scene: Scene, rng: np.random.Generator, strength: float) -> Picture:
    """Noise, then whole numbers."""
    if rng.random() < _HAS_NOISE:
        sigma = np.float32(strength * rng.uniform(0, 0.03))
        scene = scene + sigma * rng.standard_normal(scene.shape, np.float32)
    return np.rint(np.clip(scene, 0, 1) * 255).astype(np.uint8)


def _compress(photo: Picture, rng: np.random.Generator, strength: float) -> Picture:
    file = io.BytesIO()
    quality = round(95 - strength * rng.uniform(0, 60))
    Image.fromarray(photo).save(file, "jpeg", quality=quality)
    return np.asarray(Image.open(file))


def _clouds(shape: tuple[int, ...], cells: int, rng: np.random.Generator) -> Scene:
    """Smooth noise, 0..1, that changes about ``cells`` times across the picture."""
    coarse = Image.fromarray(rng.random((cells, cells), np.float32))
    return np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BILINEAR))
