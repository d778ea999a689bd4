"""Batches through Flask's test client: JSON items and forms of files."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from drawn_digits.settings import LIMITS
from tests.web.ink_samples import FOUR, ONE, SEVEN, as_data_url, encoded, picture, strokes
from tests.web.test_api import assert_problem

URL = "/api/v1/predictions/batch"
FORM = "multipart/form-data; boundary=b"


def send_items(client: FlaskClient, items: object, query: str = "") -> TestResponse:
    return client.post(URL, json={"items": items}, query_string=query)


def send_files(client: FlaskClient, *files: bytes) -> TestResponse:
    return send_form(client, [("picture", file) for file in files])


def send_form(client: FlaskClient, parts: Sequence[tuple[str, bytes]]) -> TestResponse:
    """A form of files, by name; Flask's test client would write large ones to the disk."""
    head = '--b\r\nContent-Disposition: form-data; name="{}"; filename="x"\r\n\r\n'
    body = b"".join(head.format(name).encode() + file + b"\r\n" for name, file in parts)
    return client.post(URL, data=body + b"--b--\r\n", content_type=FORM)


def read(response: TestResponse) -> list[Any]:
    assert response.status_code == 200, response.data
    return [item.get("digit", item.get("type")) for item in response.get_json()["predictions"]]


def white_jpeg(width: int, height: int, **options: bool) -> bytes:
    return encoded(Image.new("L", (width, height), "white"), "JPEG", **options)


def blank(side: int) -> bytes:
    return encoded(Image.fromarray(np.full((side, side), 255, np.uint8)))


def test_answers_and_problems_come_in_the_order_of_the_items(client: FlaskClient) -> None:
    items = [
        strokes(*SEVEN),
        {"image": as_data_url(picture(ONE))},
        {"image": "hello"},
        7,
        {"strokes": []},
        {"image": as_data_url(blank(28))},
        strokes(*FOUR),
    ]
    expected = [7, 1, "invalid-picture", "invalid-drawing", "nothing-drawn", "nothing-drawn", 4]
    assert read(send_items(client, items)) == expected


def test_an_item_s_answer_is_that_of_a_request_of_its_own(client: FlaskClient) -> None:
    query = "top=2&evidence=true&ink=true"
    single = client.post("/api/v1/predictions", json=strokes(*SEVEN), query_string=query).get_json()
    (item,) = send_items(client, [strokes(*SEVEN)], query).get_json()["predictions"]
    assert set(item) == set(single)
    assert (item["digit"], item["model"]) == (single["digit"], single["model"])
    assert len(item["alternatives"]) == 2
    for name in ("probabilities", "evidence", "ink", "placement"):
        np.testing.assert_allclose(item[name], single[name], atol=1e-5)


def test_a_problem_of_an_item_is_a_problem_document(client: FlaskClient) -> None:
    (problem,) = send_items(client, [{"strokes": [[{"x": 1}]]}]).get_json()["predictions"]
    assert set(problem) == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"]) == ("invalid-drawing", 422)


def test_every_answer_of_a_batch_has_its_own_id_and_the_same_model(client: FlaskClient) -> None:
    answers = send_items(client, [strokes(*SEVEN)] * 5).get_json()["predictions"]
    assert len({answer["id"] for answer in answers}) == 5
    assert len({json.dumps(answer["model"]) for answer in answers}) == 1


def test_files_of_a_form_are_read_in_their_order_whatever_their_names(client: FlaskClient) -> None:
    seven, one, four = picture(SEVEN), picture(ONE, "JPEG"), picture(FOUR, "WEBP")
    assert read(send_files(client, seven, b"no picture", one, four)) == [
        7,
        "unsupported-picture-format",
        1,
        4,
    ]
    response = send_form(client, [("a", seven), ("b", one), ("a", four)])
    assert read(response) == [7, 1, 4]


@pytest.mark.parametrize(
    ("count", "status"),
    [(1, 200), (LIMITS.batch_items - 1, 200), (LIMITS.batch_items, 200)],
)
def test_as_many_items_as_allowed_are_read(client: FlaskClient, count: int, status: int) -> None:
    assert len(read(send_items(client, [strokes(*ONE)] * count))) == count
    assert len(read(send_files(client, *[picture(ONE, side=28)] * count))) == count


def test_one_item_more_is_refused(client: FlaskClient) -> None:
    count = LIMITS.batch_items + 1
    assert_problem(send_items(client, [strokes(*ONE)] * count), 413, "batch-too-large")
    assert_problem(send_files(client, *[blank(28)] * count), 413, "batch-too-large")


def test_the_pixel_limit_counts_all_pictures_and_is_exact(client: FlaskClient) -> None:
    quarter = blank(2000)
    assert LIMITS.batch_pixels == 4 * 2000 * 2000
    assert read(send_files(client, *[quarter] * 4)) == ["nothing-drawn"] * 4
    problem = assert_problem(send_files(client, *[quarter] * 4, blank(8)), 413, "batch-too-large")
    assert "16,000,064 pixels" in problem
    urls = [{"image": as_data_url(quarter)}] * 4 + [{"image": as_data_url(blank(8))}]
    assert_problem(send_items(client, urls), 413, "batch-too-large")


def test_photos_as_phones_take_them_fit_into_a_batch(client: FlaskClient) -> None:
    """Of a baseline JPEG most pixels are skipped, so each counts an eighth."""
    photo = white_jpeg(4000, 3000)
    assert read(send_files(client, *[photo] * 4)) == ["nothing-drawn"] * 4
    problem = assert_problem(send_files(client, *[photo] * 11), 413, "batch-too-large")
    assert "16,500,000 pixels" in problem
    in_scans = white_jpeg(2000, 2000, progressive=True)
    assert_problem(send_files(client, *[in_scans] * 5), 413, "batch-too-large")


def test_the_point_limit_counts_all_drawings_and_is_exact(client: FlaskClient) -> None:
    line: list[tuple[float, float]] = [(x % 280, x % 7) for x in range(LIMITS.points)]
    full = strokes(line)
    assert LIMITS.batch_points == LIMITS.points
    assert len(read(send_items(client, [full]))) == 1
    problem = send_items(client, [full, strokes([(1, 1)])])
    assert "20,001 points" in assert_problem(problem, 413, "batch-too-large")


def test_a_batch_that_is_none_is_told_what_came(client: FlaskClient) -> None:
    assert "'strokes'" in assert_problem(
        client.post(URL, json={"strokes": []}), 422, "invalid-batch"
    )
    assert "a list" in assert_problem(client.post(URL, json=[]), 422, "invalid-batch")


def test_no_body_is_told_what_this_address_reads(client: FlaskClient) -> None:
    problem = assert_problem(client.post(URL, data=b""), 400, "empty-body")
    assert "items" in problem
    assert "image/png" not in problem


@pytest.mark.parametrize(
    "document", [[], 7, None, {}, {"items": {}}, {"items": None}, {"items": [], "x": 1}]
)
def test_json_that_is_no_batch_is_refused(client: FlaskClient, document: object) -> None:
    response = client.post(URL, data=json.dumps(document), content_type="application/json")
    assert_problem(response, 422, "invalid-batch")


def test_an_empty_batch_is_refused(client: FlaskClient) -> None:
    assert_problem(send_items(client, []), 422, "invalid-batch")
    empty = client.post(URL, data=b"--b--\r\n", content_type=FORM)
    assert_problem(empty, 422, "invalid-batch")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"hello"),
        (FORM, b"hello"),
        (FORM, b"--b\r\nhello"),
        ("multipart/form-data; boundary=\xfc", b"--b\r\nhello"),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ntext\r\n--b--\r\n',
        ),
    ],
)
def test_a_form_without_files_is_refused(
    client: FlaskClient, content_type: str, body: bytes
) -> None:
    response = client.post(URL, data=body, content_type=content_type)
    assert_problem(response, 400, "malformed-form")


@pytest.mark.parametrize("content_type", ["image/png", "text/plain", ""])
def test_another_content_type_is_refused(client: FlaskClient, content_type: str) -> None:
    response = client.post(URL, data=picture(ONE), content_type=content_type)
    assert_problem(response, 415, "unsupported-content-type")


def test_a_wrong_query_is_refused(client: FlaskClient) -> None:
    assert_problem(send_items(client, [strokes(*ONE)], "top=11"), 422, "invalid-query")


def test_large_files_of_a_form_never_touch_the_disk(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile._TemporaryFileWrapper", refuse)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refuse)
    noise = np.random.default_rng(0).integers(0, 255, (1100, 1100), np.uint8)
    assert len(encoded(Image.fromarray(noise))) > 1_000_000
    assert len(read(send_files(client, encoded(Image.fromarray(noise))))) == 1
