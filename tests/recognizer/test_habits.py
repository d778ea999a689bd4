"""Ways of writing that few of the training drawings show, drawn by hand, are read right."""

import json
from pathlib import Path

import pytest

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer

HABITS = sorted((Path(__file__).parent.parent / "drawings" / "habits").glob("*.json"))

PLACES = [
    (0.4, 10, 20, 10),
    (0.55, 120, 5, 22),
    (0.8, 30, 40, 30),
]
"""Scale, pixels to the right and down, and pen of the drawing on a canvas of 280 x 280."""


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load_recognizer()


def read_drawing(path: Path) -> Drawing:
    return Drawing.from_json(json.loads(path.read_text("utf-8")))


def placed(drawing: Drawing, scale: float, right: float, down: float, pen: float) -> Drawing:
    strokes = tuple(
        Stroke(tuple(Point(right + scale * p.x, down + scale * p.y) for p in stroke.points))
        for stroke in drawing.strokes
    )
    return Drawing(strokes, 280, 280, pen)


def test_the_drawings_are_at_least_ten_in_the_form_of_the_page() -> None:
    assert len(HABITS) >= 10
    for path in HABITS:
        drawing = read_drawing(path)
        assert (drawing.width, drawing.height, drawing.line_width) == (280, 280, 22)
        times = [point.time for point in drawing.points]
        assert times == sorted(times)


@pytest.mark.parametrize("path", HABITS, ids=lambda path: path.stem)
def test_it_is_read_right_centred_and_elsewhere(path: Path, recognizer: Recognizer) -> None:
    drawing = read_drawing(path)
    centred = Drawing(drawing.strokes)  # without a frame
    predictions = recognizer.predict([centred, *(placed(drawing, *place) for place in PLACES)])
    digits = [prediction.digit for prediction in predictions]
    assert digits == [int(path.stem[0])] * len(digits)
