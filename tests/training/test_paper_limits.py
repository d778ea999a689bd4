import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

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


def assert_only_the_drawing_is_ink(picture: NDArray[np.uint8], light_on_dark: bool) -> None:
    found = normalize((255 - picture if light_on_dark else picture)[None])
    plain = normalize(DRAWN[None])
    np.testing.assert_allclose(found["ink"], plain["ink"], atol=1e-5)
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=1e-3)


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("away", [0, 1, 7, 14])
@pytest.mark.parametrize("width", [1, 4, 9])
@pytest.mark.parametrize("grey", [0, 90])
def test_a_frame_and_what_is_outside_of_it_are_paper(
    grey: int, width: int, away: int, light_on_dark: bool
) -> None:
    assert_only_the_drawing_is_ink(framed(DRAWN, width, away, grey), light_on_dark)


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
def test_a_frame_may_be_open_on_one_side(side: int) -> None:
    picture = framed(DRAWN, 6, 8)
    np.rot90(picture, side)[:14] = 255
    found = normalize(picture[None])
    np.testing.assert_allclose(found["ink"], normalize(DRAWN[None])["ink"], atol=1e-5)


@pytest.mark.parametrize("side", range(2))
def test_two_sides_are_no_frame(side: int) -> None:
    """A seven's bar and a two's foot may reach from edge to edge."""
    picture = framed(DRAWN, 6, 8)
    for opposite in (side, side + 2):
        np.rot90(picture, opposite)[:14] = 255
    width, height = normalize(picture[None])["placement"][0, 2:]
    assert max(width, height) > 28 / 20 * 240


def turned_frame(degrees: float, width: int) -> NDArray[np.uint8]:
    """The drawing in a square of 230 px that is turned around the picture's middle."""
    picture = Image.fromarray(DRAWN)
    angles = [math.radians(degrees + 45 + 90 * corner) for corner in range(4)]
    reach = 230 / math.sqrt(2)
    corners = [(140 + reach * math.cos(a), 140 + reach * math.sin(a)) for a in angles]
    ImageDraw.Draw(picture).line([*corners, *corners[:2]], fill=0, width=width, joint="curve")
    return np.asarray(picture)


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("width", [2, 6])
@pytest.mark.parametrize("degrees", [0.5, 1, -2, 4])
def test_a_frame_may_be_turned(degrees: float, width: int, light_on_dark: bool) -> None:
    assert_only_the_drawing_is_ink(turned_frame(degrees, width), light_on_dark)


def test_what_is_cut_out_along_its_ink_keeps_its_edges() -> None:
    ring = np.full((60, 60), 255, np.uint8)
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    ring[(np.hypot(y, x) < 1.02) & (np.hypot(y, x) > 0.7)] = 0
    ring[28:32, 28:32] = 0  # a dot inside
    assert normalize(ring[None])["placement"][0, 2] == pytest.approx(28 / 20 * 60)


def beside_table(
    picture: NDArray[np.uint8], side: int, first: float, last: float, grey: int = 40
) -> NDArray[np.uint8]:
    """A table along an edge, ``first`` px deep at one end of it and ``last`` px at the other."""
    turned = np.rot90(picture, side).copy()
    depths = np.linspace(first, last, turned.shape[1])
    is_table = np.arange(turned.shape[0])[:, None] < depths
    return np.rot90(np.where(is_table, np.uint8(grey), turned), -side)


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("depths", [(3, 3), (20, 20), (30, 6), (4, 40), (25, -25)])
@pytest.mark.parametrize("side", range(4))
def test_a_table_beside_the_paper_is_no_ink(
    side: int, depths: tuple[float, float], light_on_dark: bool
) -> None:
    assert_only_the_drawing_is_ink(beside_table(DRAWN, side, *depths), light_on_dark)


@pytest.mark.parametrize("grey", [150, 200])
def test_a_light_table_is_not_taken_for_the_lines_of_the_paper(grey: int) -> None:
    """What lines take off would be taken off the ink, too."""
    picture = beside_table(DRAWN, 1, 20, 24, grey)
    ink = normalize(picture[None])["ink"]
    np.testing.assert_allclose(ink, normalize(DRAWN[None])["ink"], atol=1e-5)


def test_a_drawing_may_touch_the_table() -> None:
    drawn = np.full((100, 100), 255, np.uint8)
    drawn[20:26, 4:60] = drawn[20:80, 54:60] = 0  # a seven, whose bar begins on the table
    picture = beside_table(drawn, 1, 10, 10)
    left, _, width, _ = normalize(picture[None])["placement"][0]
    assert left + width * 4 / 28 == pytest.approx(11, abs=3)


def test_paper_beside_a_table_has_no_ink() -> None:
    blank = np.full((140, 140), 255, np.uint8)
    assert normalize(beside_table(blank, 2, 9, 14)[None])["has_ink"][0] == 0


@pytest.mark.parametrize("side", range(4))
def test_a_picture_that_is_half_black_is_no_table(side: int) -> None:
    half = np.full((100, 100), 255, np.uint8)
    np.rot90(half, side)[:45] = 0
    assert normalize(half[None])["placement"][0, 2] == pytest.approx(140)


@pytest.mark.parametrize("side", range(4))
def test_a_digit_that_is_cut_out_along_its_ink_keeps_its_bar(side: int) -> None:
    seven = np.full((100, 60), 255, np.uint8)
    seven[:14] = 0
    seven[:, 24:36] = 0
    turned = np.rot90(seven, side)
    assert normalize(turned[None])["placement"][0, 2] == pytest.approx(140)


def test_a_bar_that_ends_at_once_is_no_table() -> None:
    """A seven whose upper end is cut off: a table would go on to the corners."""
    seven = np.full((100, 100), 255, np.uint8)
    seven[:10, 10:80] = seven[:80, 70:80] = 0
    assert normalize(seven[None])["placement"][0, 3] == pytest.approx(28 / 20 * 80)


def test_pictures_with_and_without_limits_are_read_together_as_alone() -> None:
    pictures = np.stack([DRAWN, beside_table(DRAWN, 0, 9, 9), turned_frame(2, 4), DRAWN])
    together = normalize(pictures)
    for index, picture in enumerate(pictures):
        alone = normalize(picture[None])
        np.testing.assert_allclose(together["ink"][index], alone["ink"][0], atol=1e-6)
