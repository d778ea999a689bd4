import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.photograph import photograph

SEVEN = rasterize(
    Drawing((Stroke((Point(60, 60), Point(180, 55), Point(110, 230))),), 280, 280, 16), 112
)
BLANK = np.full((112, 112), 255, np.uint8)


def photographs(picture: NDArray[np.uint8], strength: float = 1.0) -> NDArray[np.float64]:
    photos = [photograph(picture, np.random.default_rng(seed), strength) for seed in range(300)]
    return np.stack(photos).astype(float)


def contrasts(photos: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much the line is lighter than the paper within 8 px of it, [n]."""
    ink = SEVEN < 40
    near = np.zeros_like(ink)
    for down, right in np.ndindex(17, 17):
        near |= np.roll(ink, (down - 8, right - 8), (0, 1))
    lighter: NDArray[np.float64] = photos[:, ink].mean(axis=1)
    lighter -= photos[:, near & (SEVEN == 255)].mean(axis=1)
    return lighter


def test_the_digit_always_stands_out_from_the_paper_around_it() -> None:
    photos = photographs(SEVEN)
    noise = (np.diff(photographs(BLANK), axis=2) / np.sqrt(2)).std(axis=(1, 2))
    assert np.abs(contrasts(photos)).min() > 15
    assert (np.abs(contrasts(photos)) > 2 * noise).all()


def test_some_ink_is_faint_and_some_is_not() -> None:
    found = np.abs(contrasts(photographs(SEVEN)))
    assert found.min() < 60
    assert found.max() > 200


def test_one_photograph_in_five_is_light_on_dark() -> None:
    assert 0.13 < (contrasts(photographs(SEVEN)) > 0).mean() < 0.27


def test_light_falls_from_one_side_or_another() -> None:
    photos = photographs(BLANK)
    across = photos[:, :, -20:].mean(axis=(1, 2)) - photos[:, :, :20].mean(axis=(1, 2))
    down = photos[:, -20:].mean(axis=(1, 2)) - photos[:, :20].mean(axis=(1, 2))
    for slope in (across, down):
        assert slope.min() < -25
        assert slope.max() > 25
        assert abs(slope.mean()) < 6


def test_paper_has_many_tones() -> None:
    tones = np.median(photographs(BLANK), axis=(1, 2))
    assert len(np.unique(np.rint(tones / 10))) > 12


def test_blur_and_low_resolution_soften_the_edges_of_some() -> None:
    photos = photographs(SEVEN)
    steps = np.quantile(np.abs(np.diff(photos, axis=2)), 0.995, axis=(1, 2))
    steepness = steps / np.abs(contrasts(photos))
    assert np.quantile(steepness, 0.1) < 0.6 * np.quantile(steepness, 0.9)


def test_less_strength_changes_less_and_none_changes_nothing() -> None:
    full, some, none = (
        np.abs(photographs(BLANK, strength) - 255).mean(axis=(1, 2)) for strength in (1, 0.3, 0)
    )
    # Of a sheet without ink; the median leaves out those that came light on dark.
    assert np.median(full) > 2 * np.median(some) > 0
    assert none.max() == 0
    np.testing.assert_array_equal(photograph(SEVEN, np.random.default_rng(0), 0), SEVEN)


@pytest.mark.parametrize("shape", [(8, 8), (60, 200), (280, 91)])
def test_any_size_keeps_its_size_and_its_own_picture_stays(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 255, np.uint8)
    picture[3:6, 2:7] = 0
    before = picture.copy()
    for seed in range(30):
        photo = photograph(picture, np.random.default_rng(seed))
        assert photo.shape == shape
        assert photo.dtype == np.uint8
    np.testing.assert_array_equal(picture, before)


def test_the_same_generator_gives_the_same_photograph() -> None:
    np.testing.assert_array_equal(photographs(SEVEN), photographs(SEVEN))
    assert len({photo.tobytes() for photo in photographs(SEVEN)}) == 300
