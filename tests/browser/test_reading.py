"""Real pen drawings, drawn on the page by pointer events, and what the page reads."""

import http.client
import json
import os
import random
from io import BytesIO
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.ink.drawing import Drawing, Point
from drawn_digits.ink.rasterize import LINE_WIDTH
from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.data.pendigits import load_pendigits
from tests.browser.conftest import OpenPage
from tests.browser.driver import SIDE, DigitPage, Strokes, hand_made
from tests.live_server import LiveServer

SAMPLES_OF_EACH = int(os.environ.get("SAMPLES_OF_EACH", "1"))
"""Of each of ten writers and ten digits; ``make drawings`` takes 5, which takes minutes."""
POINTS_A_STROKE = 24  # the tablet's 100 Hz is more than a stroke's form needs


def test_reads_each_of_the_ten_hand_made_drawings(page: DigitPage) -> None:
    read = []
    for digit in range(10):
        page.draw(hand_made(digit))
        read.append((page.state, page.digit))
        page.page.click("#clear")
    assert read == [("answer", str(digit)) for digit in range(10)]


@pytest.mark.usefixtures("data_folder")
def test_reads_drawings_of_unseen_writers_anywhere_and_as_the_server_does(
    page: DigitPage, server: LiveServer
) -> None:
    samples = some_of_each_digit_and_writer(load_pendigits("validation"), seed=2)
    assert len(samples) == SAMPLES_OF_EACH * 10 * 10 >= 100
    dice = np.random.default_rng(3)
    wrong, others, painted_otherwise, farthest = [], [], [], 0.0
    for sample in samples:
        strokes = placed_anywhere(sample.drawing, dice)
        page.draw(strokes)
        read = page.digit if page.state == "answer" else f"not a digit ({page.digit})"
        here = page.device_reading()
        there = ask_api(server, "image/png", png_of(here.pixels))
        distance = np.abs(np.subtract(here.probabilities, there["probabilities"])).max()
        name = (sample.label, read, sample.writer, sample.ordinal)
        if read != sample.label:
            wrong.append(name)
        if np.argmax(here.probabilities) != there["digit"]:
            others.append(name)
        farthest = max(farthest, float(distance))
        if ask_api(server, "application/json", strokes_of(strokes))["digit"] != there["digit"]:
            painted_otherwise.append(name)
        page.page.click("#clear")
    count = len(samples)
    print(f"{count - len(wrong)} of {count} drawings read right; device against server: {others},")
    print(f"at most {farthest:.1e} apart; strokes painted by the server: {painted_otherwise}")
    assert len(wrong) <= 0.03 * count, wrong
    assert others == []
    assert farthest <= 1e-4
    assert len(painted_otherwise) <= 0.005 * count


@pytest.mark.parametrize("ratio", [1, 3])
def test_is_sharp_and_reads_right_at_each_device_pixel_ratio(
    open_page: OpenPage, ratio: int
) -> None:
    page = open_page(device_scale_factor=ratio)
    page.draw(hand_made(5))
    size = page.page.evaluate("[paper.width, paper.height, paper.clientWidth]")
    assert size[0] == size[1] == size[2] * ratio
    assert page.digit == "5"


def ask_api(server: LiveServer, content_type: str, body: bytes) -> dict[str, Any]:
    connection = http.client.HTTPConnection(*server.address, timeout=10)
    try:
        connection.request(
            "POST", "/api/v1/predictions", body, headers={"Content-Type": content_type}
        )
        response = connection.getresponse()
        document: dict[str, Any] = json.loads(response.read())
        assert response.status == 200, document
        return document
    finally:
        connection.close()


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def strokes_of(strokes: Strokes) -> bytes:
    """As the API takes them: on the canvas, with the page's pen."""
    points = [[{"x": x, "y": y} for x, y in stroke] for stroke in strokes]
    frame = {"width": SIDE, "height": SIDE, "line_width": LINE_WIDTH}
    return json.dumps({"strokes": points} | frame).encode()


def some_of_each_digit_and_writer(samples: list[PenSample], seed: int) -> list[PenSample]:
    dice = random.Random(seed)  # noqa: S311
    groups = groupby(sorted(samples, key=_digit_and_writer), key=_digit_and_writer)
    return [sample for _, group in groups for sample in dice.sample(list(group), SAMPLES_OF_EACH)]


def _digit_and_writer(sample: PenSample) -> tuple[str, str]:
    return sample.label, sample.writer


def placed_anywhere(drawing: Drawing, dice: np.random.Generator) -> Strokes:
    """The strokes on the canvas, 90 to 250 px large, at any place where the whole line fits."""
    points = np.array([(p.x, p.y) for p in drawing.points])
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = dice.uniform(90, 250) / extent.max()
    room = SIDE - LINE_WIDTH - extent * scale
    corner = LINE_WIDTH / 2 + dice.uniform(0, room)
    return [
        [
            ((p.x - low[0]) * scale + corner[0], (p.y - low[1]) * scale + corner[1])
            for p in thinned(stroke.points)
        ]
        for stroke in drawing.strokes
    ]


def thinned(points: tuple[Point, ...]) -> list[Point]:
    """At most POINTS_A_STROKE of them, evenly, with both ends."""
    count = min(len(points), POINTS_A_STROKE)
    return [points[round(i)] for i in np.linspace(0, len(points) - 1, count)]
