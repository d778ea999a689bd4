import numpy as np

from drawn_digits.training.data import PenSample
from drawn_digits.training.renderings import (
    RENDER_SIDE,
    paint_all,
    paint_anywhere,
    paint_variant,
)

SEVEN = PenSample([np.array([[0.0, 0], [50, 0], [20, 90]])], "7", "unipen", "a", 1, "syn")
ANGLES = np.linspace(0, 6.2, 40)
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
RING = PenSample([CIRCLE], "0", "unipen", "a", 2, "syn")


def painted(count: int, seed: int) -> np.ndarray:
    return np.concatenate(
        list(paint_all([SEVEN] * count, paint_anywhere, np.random.default_rng(seed)))
    )


def test_every_drawing_is_painted_in_its_own_way() -> None:
    pictures = painted(300, 1)
    assert pictures.shape == (300, RENDER_SIDE, RENDER_SIDE)
    assert pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == 300


def test_the_pictures_do_not_depend_on_how_many_processes_paint() -> None:
    alone, in_a_pool = painted(512, 2), painted(3000, 2)
    # The seeds of batches are drawn at once, so the first ones are the same for any count.
    np.testing.assert_array_equal(alone, in_a_pool[:512])


def test_variants_for_training_are_of_other_pens_and_hands() -> None:
    rng = np.random.default_rng(3)
    pictures = np.stack([paint_variant(RING, rng) for _ in range(200)])
    ink = (pictures < 128).mean(axis=(1, 2))
    assert ink.max() > 4 * ink.min() > 0
    # No pen fills the ring's middle, but some hands put a slash through it.
    middle = pictures[:, 51:61, 51:61].min(axis=(1, 2))
    assert 0.05 < (middle < 128).mean() < 0.4
    assert (pictures[:, 0, 0] == 255).all()  # clean paper: none is photographed


def test_a_share_of_the_variants_is_as_its_writer_drew_it() -> None:
    """No slash, no gap and no photograph: only pen, turn and a little slant differ."""
    rng = np.random.default_rng(3)
    variants = [paint_variant(RING, rng, as_written=1.0, photographed=1.0) for _ in range(200)]
    pictures = np.stack(variants)
    assert len({picture.tobytes() for picture in pictures}) == 200
    assert (pictures[:, 51:61, 51:61] == 255).all()
    assert (pictures[:, 0, 0] == 255).all()
    some = np.stack([paint_variant(RING, rng, 0.5, photographed=1.0) for _ in range(200)])
    assert 0.35 < (np.median(some, axis=(1, 2)) == 255).mean() < 0.65


def test_a_share_of_the_variants_is_photographed() -> None:
    rng = np.random.default_rng(3)
    pictures = np.stack([paint_variant(SEVEN, rng, photographed=0.3) for _ in range(200)])
    clean = np.median(pictures, axis=(1, 2)) == 255
    assert 0.6 < clean.mean() < 0.8
