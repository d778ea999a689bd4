import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.pose import Pose, pose_drawing
from tests.training.normalized import SEVEN, normalize

DRAWN = rasterize(pose_drawing(SEVEN, Pose(side=130)))


def framed(
    picture: NDArray[np.uint8], width: int, away: int = 0, grey: int = 0
) -> NDArray[np.uint8]:
    inner = away + width
    result = picture.copy()
    for edge in range(4):
        side = np.rot90(result, edge)  # a view
        side[away:inner, away : -away or None] = grey
    return result


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("away", [0, 1, 7, 14])
@pytest.mark.parametrize("width", [1, 4, 9])
@pytest.mark.parametrize("grey", [0, 90])
def test_a_frame_and_what_is_outside_of_it_are_paper(
    grey: int, width: int, away: int, light_on_dark: bool
) -> None:
    picture = framed(DRAWN, width, away, grey)
    found = normalize((255 - picture if light_on_dark else picture)[None])
    plain = normalize(DRAWN[None])
    np.testing.assert_allclose(found["ink"], plain["ink"], atol=1e-5)
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=1e-3)


def test_a_frame_of_a_small_picture_is_paper() -> None:
    drawn = np.full((28, 28), 255, np.uint8)
    drawn[7:21, 12:15] = 0
    found = normalize(framed(drawn, 1)[None])
    np.testing.assert_allclose(found["ink"], normalize(drawn[None])["ink"], atol=1e-5)


def test_a_frame_with_round_corners_is_paper() -> None:
    picture = framed(DRAWN, 2)
    y, x = np.mgrid[0:12, 0:12]
    corner = np.abs(np.hypot(12 - y, 12 - x) - 11) < 1
    for edge in range(4):
        np.rot90(picture, edge)[:12, :12] = np.where(corner, 0, 255)
    found = normalize(picture[None])
    np.testing.assert_allclose(found["ink"], normalize(DRAWN[None])["ink"], atol=1e-5)


def test_a_frame_around_nothing_is_a_drawing() -> None:
    """A zero may be drawn with corners; and without anything else it is what was meant."""
    nothing = np.full((100, 100), 255, np.uint8)
    assert normalize(framed(nothing, 6, 8)[None])["has_ink"][0] == 1


@pytest.mark.parametrize("side", range(4))
def test_three_sides_are_no_frame(side: int) -> None:
    """A seven's bar and a two's foot may reach from edge to edge."""
    picture = framed(DRAWN, 6, 8)
    np.rot90(picture, side)[:14] = 255
    width, height = normalize(picture[None])["placement"][0, 2:]
    assert max(width, height) > 28 / 20 * 240


def test_what_is_cut_out_along_its_ink_keeps_its_edges() -> None:
    ring = np.full((60, 60), 255, np.uint8)
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    ring[(np.hypot(y, x) < 1.02) & (np.hypot(y, x) > 0.7)] = 0
    ring[28:32, 28:32] = 0  # a dot inside
    assert normalize(ring[None])["placement"][0, 2] == pytest.approx(28 / 20 * 60)
