from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient

from drawn_digits.web.assets import read_assets
from drawn_digits.web.gate import GATE
from drawn_digits.web.security import HEADERS
from tests.web.ink_samples import SEVEN, strokes

URL = "/api/v1/predictions"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/docs",
        "/api/openapi.json",
        "/api/v1/model",
        "/healthz",
        "/nothing",
        "/api/nothing",
        URL,
        "/service-worker.js",
    ],
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        assert {name: response.headers.getlist(name) for name in HEADERS} == {
            name: [value] for name, value in HEADERS.items()
        }


def test_they_let_in_no_other_origin_no_script_of_the_page_s_and_no_frame() -> None:
    policy = HEADERS["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["Cross-Origin-Opener-Policy"] == "same-origin"


def test_assets_carry_them_too(client: FlaskClient) -> None:
    with client.get("/" + read_assets().script) as response:
        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_refusal_at_the_gate_carries_them_too(client: FlaskClient) -> None:
    with client.application.app_context():
        gate = GATE.current
    with ExitStack() as stack:
        while not gate.is_full:
            stack.enter_context(gate.admit())
        response = client.post(URL, json=strokes(*SEVEN))
    assert response.status_code == 503
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_no_cache_keeps_what_the_api_says(client: FlaskClient) -> None:
    answers = [client.post(URL, json=strokes(*SEVEN)), client.get("/api/v1/model")]
    assert [answer.headers.getlist("Cache-Control") for answer in answers] == [["no-store"]] * 2
    assert client.get("/api/docs").headers.getlist("Cache-Control") == ["no-cache"]
