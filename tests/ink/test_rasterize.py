"""The second rasterizer here is OpenCV at 16 times the size; where it matters, geometry itself."""

import time
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import InvalidPicture, NothingDrawn
from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.settings import LIMITS

Positions = list[tuple[float, float]]


def draw(*strokes: Positions, pressure: float = 0.5, **frame: float) -> Drawing:
    return Drawing(
        tuple(Stroke(tuple(Point(x, y, 0, pressure) for x, y in s)) for s in strokes), **frame
    )


def draw_on_280(*strokes: Positions, line_width: float = 22) -> Drawing:
    return draw(*strokes, width=280, height=280, line_width=line_width)


def spiral() -> Positions:
    angles = np.linspace(0, 15, 80)
    return [(140 + 8 * a * np.cos(a), 140 + 8 * a * np.sin(a)) for a in angles]


def ink_area(picture: NDArray[np.uint8]) -> float:
    return float((255.0 - picture).sum() / 255)


def rasterize_with_opencv(strokes: list[Positions], line_width: float) -> NDArray[np.float64]:
    """OpenCV's round-capped lines at 16 times the size, reduced by area."""
    factor = 16
    canvas = np.full((280 * factor, 280 * factor), 255, np.uint8)
    for stroke in strokes:
        corners = np.round(np.array(stroke) * factor).astype(np.int32)
        cv2.polylines(canvas, [corners.reshape(-1, 1, 2)], False, 0, round(line_width * factor))
    return np.asarray(cv2.resize(canvas, (280, 280), interpolation=cv2.INTER_AREA), np.float64)


@pytest.mark.parametrize("line_width", [6.0, 15.0, 25.0])
def test_lines_agree_with_a_second_rasterizer(line_width: float) -> None:
    strokes = [
        spiral(),
        [(30.0, 30.0), (60.5, 30.0), (30.0, 77.25)],
        [(250.0, 20.0), (250.0, 90.0)],
    ]
    ours = rasterize(draw_on_280(*strokes, line_width=line_width)).astype(np.float64)
    theirs = rasterize_with_opencv(strokes, line_width)
    difference = np.abs(ours - theirs) / 255
    assert difference.mean() < 0.005
    assert np.quantile(difference, 0.999) < 0.36  # an edge pixel is off by at most a third
    assert abs((255 - ours).sum() / (255 - theirs).sum() - 1) < 0.025


def test_a_dot_has_the_area_of_its_disc() -> None:
    assert ink_area(rasterize(draw_on_280([(140, 140)]))) == pytest.approx(np.pi * 11**2, rel=0.01)


def test_a_line_has_the_area_of_its_body_and_its_round_caps() -> None:
    picture = rasterize(draw_on_280([(50, 140), (230, 140)], line_width=20))
    assert ink_area(picture) == pytest.approx(180 * 20 + np.pi * 10**2, rel=0.005)
    assert picture[140, 42] == 0  # inside the cap
    assert picture[131, 41] == 255  # where a square cap would be


def test_joins_are_round_not_mitred() -> None:
    picture = rasterize(draw_on_280([(60, 200), (140, 60), (220, 200)], line_width=20))
    rows = np.flatnonzero((picture < 128).any(axis=1))
    assert rows[0] == pytest.approx(50, abs=1)  # the corner's centre is at 60, the radius 10


def test_edges_are_anti_aliased() -> None:
    picture = rasterize(draw_on_280(spiral()))
    assert set(np.unique(picture)) >= {0, 255}
    assert len(np.unique(picture)) >= 10


def test_strokes_are_not_joined() -> None:
    picture = rasterize(draw_on_280([(50, 50), (50, 100)], [(200, 50), (200, 100)]))
    assert (picture[:, 100:150] == 255).all()


def test_without_a_frame_the_longer_side_is_200_and_centred() -> None:
    picture = rasterize(draw([(-5e6, 3.0), (5e6, 5e5)]))
    columns = np.flatnonzero((picture < 128).any(axis=0))
    assert picture.shape == (280, 280)
    assert (columns[0], columns[-1]) == (pytest.approx(29, abs=1), pytest.approx(250, abs=1))


def test_scale_and_place_do_not_matter_without_a_frame() -> None:
    plain = rasterize(draw(spiral()))
    moved = rasterize(draw([(x * 1e-3 + 7, y * 1e-3 - 9) for x, y in spiral()]))
    assert np.abs(plain.astype(int) - moved).max() <= 64  # a supersampled pixel of 16 at an edge


def test_a_frame_keeps_place_and_aspect() -> None:
    picture = rasterize(draw([(10, 5), (10, 5)], width=100, height=50, line_width=4))
    assert picture.shape == (140, 280)
    assert picture[14, 28] == 0
    assert ink_area(picture) == pytest.approx(np.pi * (2 * 2.8) ** 2, rel=0.06)


def test_pressure_widens_the_line() -> None:
    light, full = (
        rasterize(draw([(50, 140), (230, 140)], pressure=p, width=280, height=280, line_width=20))
        for p in (0.0, 1.0)
    )
    assert (light[:, 140] < 128).sum() == pytest.approx(10, abs=1)
    assert (full[:, 140] < 128).sum() == pytest.approx(30, abs=1)


@pytest.mark.parametrize(
    "drawing",
    [
        draw([(1e308, -1e308), (-1e308, 1e308)]),
        draw([(5e-324, 0), (0, 0)]),
        draw([(1e12, 1e12), (1e12 + 1, 1e12 + 2)]),
        draw([(3, 3)], line_width=1e300),
        draw([(3, 3), (4, 5)], width=9, height=9, line_width=1e-300),
        draw([(3, 3), (4, 5)], line_width=1e300),
        draw([(140, 140), (1e300, 1e300)], width=280, height=280),
        draw([(0, 0), (1, 1)], width=1e300, height=1e-300),
    ],
)
def test_extreme_numbers_give_a_picture_of_the_usual_size(drawing: Drawing) -> None:
    picture = rasterize(drawing)
    assert 8 <= picture.shape[0] <= 280
    assert 8 <= picture.shape[1] <= 280


def test_a_line_to_a_far_point_keeps_its_direction() -> None:
    near = rasterize(draw_on_280([(140, 140), (280, 210)]))
    far = rasterize(draw_on_280([(140, 140), (140 + 2e9, 140 + 1e9)]))
    assert np.abs(near[:, :260].astype(int) - far[:, :260]).mean() < 0.5


@pytest.mark.parametrize("line_width", [1e-300, 0.01, 2.0])
def test_a_pen_too_thin_to_see_is_painted_two_pixels_wide(line_width: float) -> None:
    framed = rasterize(draw_on_280([(60, 140), (220, 140)], line_width=line_width))
    assert ink_area(framed) == pytest.approx(160 * 2 + np.pi, rel=0.02)
    # Two dots so far apart that the pen beside them is nothing.
    dots = draw([(-3e273, 0)], [(5, 7)], line_width=2e15)
    assert rasterize(dots).min() < 100


def test_no_points_are_nothing_drawn() -> None:
    for drawing in (Drawing(()), Drawing((Stroke(()),))):
        with pytest.raises(NothingDrawn):
            rasterize(drawing)


def test_the_largest_drawing_is_painted_in_bounded_time() -> None:
    positions = np.random.default_rng(0).uniform(0, 280, (LIMITS.points, 2))
    drawing = draw_on_280([(x, y) for x, y in positions.tolist()], line_width=1e9)
    begin = time.process_time()
    rasterize(drawing)
    assert time.process_time() - begin < 10  # about 1 s; hours if the pen's width were not bounded


@pytest.mark.parametrize("unit", [2.0**-1074, 2.0**-990, 2.0**1000])  # powers of 2 round nothing
def test_a_frame_of_any_size_shows_the_same(unit: float) -> None:
    frame = {"width": 100 * unit, "height": 100 * unit, "line_width": 10 * unit}
    line = [(20 * unit, 20 * unit), (20 * unit, 80 * unit)]
    expected = rasterize(draw([(20, 20), (20, 80)], width=100, height=100, line_width=10))
    assert np.array_equal(rasterize(draw(line, **frame)), expected)


@pytest.mark.parametrize("far", [1e300, -1e300])
def test_points_far_beside_a_frame_are_read_without_a_warning(far: float) -> None:
    picture = rasterize(draw([(50, 50), (far, 50)], width=100, height=100, line_width=10))
    row = picture[140]
    assert (row[200] == 0, row[80] == 0) == (far > 0, far < 0)
    tiny = rasterize(draw([(0, 0), (far, far)], width=5e-324, height=5e-324))
    assert tiny.shape == (280, 280)


@pytest.mark.parametrize("side", [7, 1025, 0, -5, 28.0])
def test_a_side_that_no_model_reads_is_refused(side: int) -> None:
    with pytest.raises(InvalidPicture, match=r"from 8 to 1024\.$"):
        rasterize(Drawing((Stroke((Point(0, 0), Point(1, 1))),)), side)


def test_a_side_may_be_numpy_s() -> None:
    side: Any = np.int64(40)
    assert rasterize(Drawing((Stroke((Point(0, 0), Point(1, 1))),)), side).shape == (40, 40)
