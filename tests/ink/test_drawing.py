import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_digits.errors import InvalidDrawing, TooManyPoints, TooManyStrokes
from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.settings import LIMITS


def stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(tuple(Point(x, y) for x, y in points))


def test_json_form_is_read_with_missing_time_and_pressure() -> None:
    drawing = Drawing.from_json({"strokes": [[{"x": 12, "y": 40}, {"x": 1, "y": 2, "time": 5}]]})
    assert drawing.strokes == (Stroke((Point(12, 40, 0, 0.5), Point(1, 2, 5, 0.5))),)
    assert drawing.width is None


def test_null_stands_for_missing() -> None:
    point = {"x": 1, "y": 2, "time": None, "pressure": None}
    drawing = Drawing.from_json({"strokes": [[point]], "width": None, "line_width": None})
    assert drawing == Drawing((stroke((1, 2)),))


points = st.builds(
    Point,
    x=st.floats(allow_nan=False, allow_infinity=False),
    y=st.floats(allow_nan=False, allow_infinity=False),
    time=st.floats(0, 1e9),
    pressure=st.floats(0, 1),
)


@given(st.lists(st.lists(points, max_size=5).map(lambda p: Stroke(tuple(p))), max_size=5))
def test_json_round_trip_keeps_every_drawing(strokes: list[Stroke]) -> None:
    drawing = Drawing(tuple(strokes), width=280, height=200, line_width=3)
    assert Drawing.from_json(json.loads(json.dumps(drawing.to_json()))) == drawing


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "a list came"),
        (None, "nothing came"),
        ({}, "strokes must be a list"),
        ({"strokes": "abc"}, "a text came"),
        ({"strokes": [{"x": 1, "y": 2}]}, "stroke 1 must be a list of points"),
        ({"strokes": [[[1, 2]]]}, "point 1 of stroke 1 must be an object"),
        ({"strokes": [[{"x": 1}]]}, "y of point 1 of stroke 1 must be a number"),
        ({"strokes": [[{"x": "1", "y": 2}]]}, "a text came"),
        ({"strokes": [[{"x": True, "y": 2}]]}, "a boolean came"),
        ({"strokes": [[{"x": 1, "y": 2, "z": 3}]]}, "unknown key 'z'"),
        ({"strokes": [], "lineWidth": 3}, "unknown key 'lineWidth'"),
        ({"strokes": [], "width": 3}, "Only one of width and height"),
        ({"strokes": [], "width": 0, "height": 3}, "width is 0"),
        ({"strokes": [], "line_width": -1}, "line_width is -1"),
        ({"strokes": [[{"x": math.nan, "y": 2}]]}, "x of point 1 of stroke 1 is nan"),
        ({"strokes": [[{"x": 1, "y": math.inf}]]}, "y of point 1 of stroke 1 is inf"),
        ({"strokes": [[{"x": 10**400, "y": 2}]]}, "too large"),
        ({"strokes": [[{"x": 1, "y": 2, "pressure": 1.5}]]}, "must lie between 0 and 1"),
    ],
)
def test_wrong_documents_are_refused_with_place_and_reason(document: object, message: str) -> None:
    with pytest.raises(InvalidDrawing, match=message):
        Drawing.from_json(document)


def test_strokes_at_the_limit_are_read_and_one_more_is_refused() -> None:
    strokes = [[{"x": 1, "y": 2}]] * LIMITS.strokes
    assert len(Drawing.from_json({"strokes": strokes}).strokes) == LIMITS.strokes
    with pytest.raises(TooManyStrokes):
        Drawing.from_json({"strokes": [*strokes, []]})
    with pytest.raises(TooManyStrokes):
        Drawing((stroke((1, 2)),) * (LIMITS.strokes + 1))


def test_points_at_the_limit_are_read_and_one_more_is_refused() -> None:
    half = [{"x": 1, "y": 2}] * (LIMITS.points // 2)
    assert len(Drawing.from_json({"strokes": [half, half]}).points) == LIMITS.points
    with pytest.raises(TooManyPoints):
        Drawing.from_json({"strokes": [half, half, half[:1]]})


def test_numpy_s_numbers_are_read_and_can_be_sent() -> None:
    half: Any = np.float32(0.5)
    two: Any = np.int64(2)
    points = (Point(half, two), Point(3, 4, half, half))
    drawing = Drawing((Stroke(points),), width=half, height=two)
    assert Drawing.from_json(json.loads(json.dumps(drawing.to_json()))) == drawing


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (("1", 2), "x of point 1 of stroke 1 is '1'; it must be a finite number."),
        ((1, None), "y of point 1 of stroke 1 is None; it must be a finite number."),
        ((10**5000, 2), "x of point 1 of stroke 1 is an integer too large;"),
        ((1, 2, math.nan), "time of point 1 of stroke 1 is nan;"),
    ],
)
def test_points_that_are_no_numbers_are_refused(point: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidDrawing) as refusal:
        Drawing((Stroke((Point(*point),)),))
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("width", [0, -5])
def test_a_frame_without_size_is_refused_with_what_came(width: int) -> None:
    with pytest.raises(InvalidDrawing, match=rf"^width is {width}; it must be a finite number ab"):
        Drawing((), width=width, height=2)


def test_a_frame_that_is_no_number_is_refused() -> None:
    text: Any = "1"
    with pytest.raises(InvalidDrawing, match=r"^width is '1'; it must be a finite number above 0"):
        Drawing((), width=text, height=text)
