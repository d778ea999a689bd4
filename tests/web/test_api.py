"""The API through Flask's test client: shapes of answers, and each bad input."""

import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from drawn_digits.settings import LIMITS
from tests.web.ink_samples import FOUR, ONE, SEVEN, as_data_url, encoded, picture, strokes

URL = "/api/v1/predictions"


def send(
    client: FlaskClient, body: object, content_type: str = "application/json", query: str = ""
) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(URL, data=data, content_type=content_type, query_string=query)


def assert_problem(response: TestResponse, status: int, slug: str) -> str:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem: dict[str, Any] = json.loads(response.data)
    assert set(problem) == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"]) == (slug, status)
    detail: str = problem["detail"]
    return detail


@pytest.mark.parametrize(("lines", "digit"), [(SEVEN, 7), (ONE, 1), (FOUR, 4)])
def test_strokes_data_url_and_pictures_give_the_digit(
    client: FlaskClient, lines: list[list[tuple[int, int]]], digit: int
) -> None:
    png = picture(lines)
    url = as_data_url(png)
    answers = [
        send(client, strokes(*lines)),
        send(client, {"image": url}),
        send(client, png, "image/png"),
        send(client, picture(lines, "JPEG"), "image/jpeg"),
        send(client, picture(lines, "WEBP"), "image/webp"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.get_json()["digit"] for answer in answers] == [digit] * 5


def test_an_answer_has_the_documented_shape(client: FlaskClient) -> None:
    response = send(client, strokes(*SEVEN))
    answer = response.get_json()
    assert set(answer) == {
        "id",
        "digit",
        "confidence",
        "is_digit",
        "digit_probability",
        "probabilities",
        "alternatives",
        "model",
        "milliseconds",
    }
    assert 0 < answer["milliseconds"] < 10_000
    assert len(answer["probabilities"]) == 10
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert answer["confidence"] == max(answer["probabilities"])
    assert answer["digit"] == answer["probabilities"].index(answer["confidence"])
    assert isinstance(answer["is_digit"], bool)
    assert set(answer["model"]) == {"name", "version", "sha256"}
    assert response.headers["Cache-Control"] == "no-store"


def test_top_names_the_most_probable_digits_first(client: FlaskClient) -> None:
    answer = send(client, strokes(*SEVEN), query="top=10").get_json()
    ranked = [alternative["probability"] for alternative in answer["alternatives"]]
    assert ranked == sorted(answer["probabilities"], reverse=True)
    assert answer["alternatives"][0] == {"digit": 7, "probability": answer["confidence"]}
    assert send(client, strokes(*SEVEN), query="top=0").get_json()["alternatives"] == []
    assert len(send(client, strokes(*SEVEN)).get_json()["alternatives"]) == 3


def test_evidence_adds_up_to_the_answer_and_ink_is_what_the_network_saw(
    client: FlaskClient,
) -> None:
    answer = send(client, strokes(*SEVEN), query="evidence=true&ink=true").get_json()
    evidence, ink = np.array(answer["evidence"]), np.array(answer["ink"])
    assert evidence.shape == (10, 7, 7)
    odds = np.exp(evidence.mean(axis=(1, 2)))
    np.testing.assert_allclose(odds / odds.sum(), answer["probabilities"], atol=1e-5)
    assert ink.shape == (28, 28)
    assert (ink.min(), 0.5 < ink.max() <= 1) == (0, True)
    left, top, width, height = answer["placement"]
    assert width == height > 0
    assert left < 140 < left + width
    assert top < 140 < top + height


def test_only_the_reasons_that_were_asked_for_are_sent(client: FlaskClient) -> None:
    ink = send(client, strokes(*SEVEN), query="ink=true&evidence=false").get_json()
    assert ("ink" in ink, "placement" in ink, "evidence" in ink) == (True, True, False)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("top=11", "top is '11'; expected is a whole number from 0 to 10."),
        ("top=-1", "top is '-1'"),
        ("top=1e0", "top is '1e0'"),
        ("top=", "top is ''"),
        ("top=%D9%A3", "top is"),
        ("evidence=1", "evidence is '1'; expected is true or false."),
        ("ink=TRUE", "ink is 'TRUE'"),
        ("why=true", "'why' is unknown; known are top, evidence, ink."),
    ],
)
def test_a_wrong_query_is_refused_in_words(client: FlaskClient, query: str, words: str) -> None:
    response = send(client, strokes(*SEVEN), query=query)
    assert words in assert_problem(response, 422, "invalid-query")


def test_optional_fields_may_be_given_missing_or_null(client: FlaskClient) -> None:
    document = strokes(*ONE)
    document |= {"width": 280, "height": 280, "line_width": 20}
    document["strokes"][0][0] |= {"time": 0, "pressure": 0.7}
    document["strokes"][0][1] |= {"time": None, "pressure": None}
    assert send(client, document).status_code == 200


def test_a_single_point_is_ink(client: FlaskClient) -> None:
    assert send(client, strokes([(5, 5)])).status_code == 200


def test_coordinates_may_have_any_finite_size(client: FlaskClient) -> None:
    for unit in (1e-9, 1e12, 1e300):
        lines = [[(x * unit, y * unit) for x, y in line] for line in SEVEN]
        assert send(client, strokes(*lines)).get_json()["digit"] == 7


def test_one_far_point_is_answered(client: FlaskClient) -> None:
    assert send(client, strokes([(0, 0), (1e12, 1)])).status_code == 200


@pytest.mark.parametrize("document", [{"strokes": []}, {"strokes": [[]]}, {"strokes": [[], []]}])
def test_no_points_are_nothing_drawn(client: FlaskClient, document: object) -> None:
    assert_problem(send(client, document), 422, "nothing-drawn")


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_blank_picture_is_nothing_drawn(client: FlaskClient, grey: int) -> None:
    blank = encoded(Image.new("L", (280, 280), grey))
    assert_problem(send(client, blank, "image/png"), 422, "nothing-drawn")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1" + "0" * 400])
def test_coordinates_that_are_not_finite_are_refused(client: FlaskClient, number: str) -> None:
    body = f'{{"strokes": [[{{"x": {number}, "y": 1}}]]}}'.encode()
    assert "x of point 1 of stroke 1" in assert_problem(send(client, body), 422, "invalid-drawing")


@pytest.mark.parametrize(
    "document",
    [
        [],
        7,
        None,
        "text",
        {},
        {"strokes": None},
        {"strokes": {}},
        {"strokes": [1]},
        {"strokes": [[1]]},
        {"strokes": [[{}]]},
        {"strokes": [[{"x": "1", "y": 2}]]},
        {"strokes": [[{"x": True, "y": 2}]]},
        {"strokes": [[{"x": 1, "y": 2, "pressure": 2}]]},
        {"strokes": [[{"x": 1, "y": 2, "z": 3}]]},
        {"strokes": [], "colour": 1},
        {"strokes": [], "\ud800": 1},
        {"strokes": [[{"x": 1, "y": 2}]], "width": 5},
        {"strokes": [[{"x": 1, "y": 2}]], "line_width": -1},
        {"image": "data:image/png;base64,", "strokes": []},
    ],
)
def test_json_that_is_no_drawing_is_refused(client: FlaskClient, document: object) -> None:
    assert_problem(send(client, document), 422, "invalid-drawing")


@pytest.mark.parametrize("image", [None, 7, [], "", "hello", "data:image/png;base64,@@@@"])
def test_an_image_that_is_no_data_url_is_refused(client: FlaskClient, image: object) -> None:
    assert_problem(send(client, {"image": image}), 422, "invalid-picture")


def test_as_many_strokes_and_points_as_allowed_are_read_and_not_one_more(
    client: FlaskClient,
) -> None:
    line: list[tuple[float, float]] = [(x, x % 7) for x in range(100)]
    assert send(client, strokes(*[line] * LIMITS.strokes)).status_code == 200
    too_many = send(client, strokes(*[line] * (LIMITS.strokes + 1)))
    assert_problem(too_many, 413, "too-many-strokes")
    points = send(client, strokes(*[line] * (LIMITS.strokes - 1), [*line, (1, 1)]))
    assert_problem(points, 413, "too-many-points")


@pytest.mark.parametrize("value", [b"{}", b"[]", b"1.5", b'{"a":{}}', b'"a"'])
def test_json_of_more_values_than_a_drawing_has_is_refused_before_it_is_parsed(
    client: FlaskClient, value: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json, "loads", None)
    body = b"[" + b",".join([value] * 100_000) + b"]"
    response = client.post(URL, data=body, content_type="application/json")
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_all_that_a_point_may_have_is_read_of_as_many_as_allowed(client: FlaskClient) -> None:
    lines = strokes(*[[(x, x % 7) for x in range(LIMITS.points // 8)]] * 8)
    for line in lines["strokes"]:
        for point in line:
            point |= {"time": 1, "pressure": 0.5}
    assert send(client, lines | {"width": 2500, "height": 9, "line_width": 1}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"hello",
        b"\xff\xfe\xfa",
        b"\x00",
        b'{"strokes": [[' + b"1" * 5000 + b"]]}",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"strokes":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_what_is_not_json_is_refused(client: FlaskClient, body: bytes) -> None:
    assert_problem(send(client, body), 400, "malformed-json")


@pytest.mark.parametrize("content_type", ["application/json", "image/png", "text/plain", None])
def test_an_empty_body_is_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post(URL, data=b"", content_type=content_type)
    assert_problem(response, 400, "empty-body")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "image/gif", "multipart/form-data; boundary=x", "\x80;;"]
)
def test_another_content_type_is_refused(client: FlaskClient, content_type: str) -> None:
    response = send(client, strokes(*ONE), content_type)
    assert_problem(response, 415, "unsupported-content-type")


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b"not an image", 415, "unsupported-picture-format"),
        (encoded(Image.new("L", (20, 20)), "GIF"), 415, "unsupported-picture-format"),
        (encoded(Image.new("L", (280, 280)))[:60], 422, "damaged-picture"),
        (encoded(Image.new("L", (7, 7))), 422, "picture-too-small"),
        (encoded(Image.new("1", (13_000, 13_000))), 413, "picture-too-large"),
        (b"x" * (LIMITS.picture_bytes + 1), 413, "picture-too-large"),
    ],
    ids=["text", "gif", "cut off", "small", "bomb", "bytes"],
)
def test_a_picture_that_is_none_is_refused(
    client: FlaskClient, body: bytes, status: int, slug: str
) -> None:
    assert_problem(send(client, body, "image/png"), status, slug)
    if len(body) < LIMITS.picture_bytes:
        assert_problem(send(client, {"image": as_data_url(body)}), status, slug)


def test_the_body_limit_is_exact(client: FlaskClient) -> None:
    padding = b" " * (LIMITS.body_bytes - 2)
    assert_problem(send(client, b"[" + padding + b"]"), 422, "invalid-drawing")
    assert_problem(send(client, b"[" + padding + b" ]"), 413, "body-too-large")


def test_unknown_addresses_and_methods_are_problems_below_api(client: FlaskClient) -> None:
    assert_problem(client.get("/api/v2/nothing"), 404, "not-found")
    response = client.get(URL)
    assert_problem(response, 405, "method-not-allowed")
    assert "POST" in response.headers["Allow"]
    assert client.get("/nothing").mimetype == "text/html"
