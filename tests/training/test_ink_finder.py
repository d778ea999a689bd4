import numpy as np
import pytest

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.pose import Pose, pose_drawing
from tests.training.normalized import SEVEN, normalize


def test_rough_borders_never_hide_all_ink() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 40)).astype(np.uint8)
    result = normalize(picture[None])
    assert result["has_ink"][0] == 1
    assert np.isfinite(result["ink"]).all()
    assert (result["placement"][0, 2:] > 0).all()


@pytest.mark.parametrize("slope", [(0.4, 0.0), (0.0, -0.4), (0.25, 0.25)])
@pytest.mark.parametrize("light_on_dark", [False, True])
def test_light_from_one_side_changes_little(
    slope: tuple[float, float], light_on_dark: bool
) -> None:
    """Shading as strong as faint ink: the paper's plane is found, and the ink stays the ink."""
    y, x = np.mgrid[-0.5:0.5:140j, -0.5:0.5:140j]
    light = 0.75 + slope[0] * y + slope[1] * x
    clean = rasterize(pose_drawing(SEVEN, Pose(side=160)), 140) / 255
    noise = np.random.default_rng(1).normal(0, 0.01, clean.shape)
    shaded = np.clip(light * (0.3 + 0.7 * clean) + noise, 0, 1)
    picture = np.round((1 - shaded if light_on_dark else shaded) * 255).astype(np.uint8)
    plain = normalize(np.round(clean * 255).astype(np.uint8)[None])
    found = normalize(picture[None])
    overlap = np.corrcoef(plain["ink"].ravel(), found["ink"].ravel())[0, 1]
    # The shift is whole frame pixels (4.6 of the picture's), and rounding may go the other way.
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=5)
    assert overlap > 0.7  # without the plane it is at most 0.2


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("corner", [(0, 0), (991, 3), (500, 503)])
def test_a_small_digit_on_a_large_picture_is_found(
    corner: tuple[int, int], light_on_dark: bool
) -> None:
    """Paper and polarity are told by some of the pixels: they must not miss it."""
    digit = rasterize(SEVEN, 30)
    picture = np.full((1024, 1024), 255, np.uint8)
    picture[corner[0] : corner[0] + 30, corner[1] : corner[1] + 30] = digit
    ink = normalize((255 - picture if light_on_dark else picture)[None])["ink"][0]
    np.testing.assert_allclose(ink, normalize(digit[None])["ink"][0], atol=1e-3)


def test_a_line_across_the_picture_is_not_taken_for_light() -> None:
    """Ink on two opposite edges leaves their medians alone."""
    picture = np.full((1, 100, 100), 255, np.uint8)
    picture[0, :, 45:55] = 0
    picture[0, 0, 30:75] = 0
    ink = normalize(picture)["ink"][0]
    assert ink[:, 0].max() == 0
    assert ink.max() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("edge", range(4))
def test_a_table_beside_shaded_paper_does_not_tilt_the_paper(edge: int) -> None:
    y, x = np.mgrid[-0.5:0.5:140j, -0.5:0.5:140j]
    light = 0.8 + 0.2 * y - 0.1 * x
    clean = rasterize(pose_drawing(SEVEN, Pose(side=130)), 140) / 255
    scene = clean.copy()
    np.rot90(scene, edge)[:8] = 0
    noise = np.random.default_rng(1).normal(0, 0.01, scene.shape)
    picture = np.round(np.clip(light * (0.3 + 0.7 * scene) + noise, 0, 1) * 255).astype(np.uint8)
    found, plain = (
        normalize(each[None]) for each in (picture, np.round(clean * 255).astype(np.uint8))
    )
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=5)
    assert np.corrcoef(plain["ink"].ravel(), found["ink"].ravel())[0, 1] > 0.7


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("darkness", [0.15, 0.3])
@pytest.mark.parametrize("edge", range(4))
def test_a_shadow_over_most_of_the_paper_is_not_the_ink(
    edge: int, darkness: float, light_on_dark: bool
) -> None:
    """Ink is told by how dark it is, not by how much of the picture it covers."""
    clean = rasterize(pose_drawing(SEVEN, Pose(side=150)))
    picture = clean.copy()
    shaded = np.rot90(picture, edge)[:180]
    shaded[:] = np.rint(shaded * (1 - darkness))
    found = normalize((255 - picture if light_on_dark else picture)[None])
    plain = normalize(clean[None])
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=9)  # a frame pixel
    assert np.corrcoef(plain["ink"].ravel(), found["ink"].ravel())[0, 1] > 0.8


def test_a_bright_spot_on_grey_paper_does_not_turn_dark_ink_into_paper() -> None:
    picture = np.maximum(rasterize(pose_drawing(SEVEN, Pose(side=150))) // 2, 40)
    plain = normalize(picture[None])["placement"]
    picture[3:6, 3:6] = 255
    np.testing.assert_allclose(normalize(picture[None])["placement"], plain, atol=2)
