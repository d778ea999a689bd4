"""Who is let in: nothing of it is on by default, each setting does what it says."""

import socket
import time
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient

from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from tests.web.ink_samples import SEVEN, strokes
from tests.web.test_api import assert_problem

URL = "/api/v1/predictions"


def client_with(**settings: Any) -> FlaskClient:
    app = create_app(Settings(**settings))
    app.add_url_rule(
        "/who", view_func=lambda: {"address": request.remote_addr, "host": request.host}
    )
    return app.test_client()


def ask(client: FlaskClient, **options: Any) -> Any:
    return client.post(URL, json=strokes(*SEVEN), **options)


def test_any_host_name_is_answered_until_some_are_named(client: FlaskClient) -> None:
    assert ask(client, headers={"Host": "anything.example"}).status_code == 200
    named = client_with(trusted_hosts=("example.org", ".example.com"))
    for host in ("example.org", "example.com", "a.example.com:8000"):
        assert ask(named, headers={"Host": host}).status_code == 200
    for host in ("example.net", "a.example.org", "example.com.evil.net"):
        problem = assert_problem(ask(named, headers={"Host": host}), 400, "untrusted-host")
        assert repr(host) in problem
        assert named.get("/", headers={"Host": host}).status_code == 400
        assert named.get("/readyz", headers={"Host": host}).status_code == 200


def test_proxies_are_believed_only_as_far_as_there_are_some() -> None:
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Host": "example.org"}
    alone, behind_one = client_with(), client_with(trusted_proxies=1)
    assert alone.get("/who", headers=headers).get_json() == {
        "address": "127.0.0.1",
        "host": "localhost",
    }
    assert behind_one.get("/who", headers=headers).get_json() == {
        "address": "203.0.113.7",
        "host": "localhost",
    }


def test_other_origins_may_ask_only_when_they_are_named(client: FlaskClient) -> None:
    origin = {"Origin": "https://example.org"}
    assert "Access-Control-Allow-Origin" not in ask(client, headers=origin).headers
    named = client_with(cors_origins=("https://example.org",))
    answer = ask(named, headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://example.org"
    preflight = named.options(
        URL,
        headers=origin
        | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.headers["Access-Control-Allow-Headers"] == "content-type"
    for other in ("https://example.com", "https://exampleXorg", "https://example.org.evil.net"):
        answer = ask(named, headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in named.get("/", headers=origin).headers


def test_a_problem_can_be_read_by_other_origins_too() -> None:
    named = client_with(cors_origins=("*",))
    answer = named.post(URL, data=b"", headers={"Origin": "https://example.org"})
    assert_problem(answer, 400, "empty-body")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    readable = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert sorted(readable) == ["Retry-After", "X-Request-Id"]


@pytest.mark.parametrize(
    ("trusted", "host", "status"),
    [
        ("[::1]", "[::1]", 200),
        ("[::1]", "[::1]:8000", 200),
        ("[::1]", "[::2]", 400),
        ("Digits.Example.org", "digits.example.org", 200),
        ("digits.example.org", "DIGITS.example.org:8000", 200),
        ("digits.example.org:8443", "digits.example.org:8443", 200),
    ],
)
def test_hosts_are_compared_as_browsers_name_them(trusted: str, host: str, status: int) -> None:
    assert ask(client_with(trusted_hosts=(trusted,)), headers={"Host": host}).status_code == status


def test_rates_are_not_limited_by_default(client: FlaskClient) -> None:
    assert {ask(client).status_code for _ in range(30)} == {200}


@pytest.mark.parametrize("path", [URL, URL + "/batch"])
def test_who_asks_too_often_hears_when_to_come_again(path: str) -> None:
    limited = client_with(rate_limit="3/minute")
    body = {"items": [strokes(*SEVEN)]} if path.endswith("batch") else strokes(*SEVEN)
    answers = [limited.post(path, json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert_problem(answers[-1], 429, "rate-limited")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    other = limited.post(path, json=body, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert other.status_code == 200
    assert limited.get("/healthz").status_code == 200


def test_single_predictions_and_batches_count_together() -> None:
    limited = client_with(rate_limit="2/minute")
    batch = {"items": [strokes(*SEVEN)]}
    assert [ask(limited).status_code for _ in range(2)] == [200, 200]
    assert limited.post(URL + "/batch", json=batch).status_code == 429


def test_behind_a_proxy_each_client_has_its_own_limit() -> None:
    limited = client_with(rate_limit="1/minute", trusted_proxies=1)
    statuses = [
        ask(limited, headers={"X-Forwarded-For": address}).status_code
        for address in ("203.0.113.7", "203.0.113.8", "203.0.113.7")
    ]
    assert statuses == [200, 200, 429]


def test_a_storage_that_is_silent_delays_answers_by_a_moment_only() -> None:
    """Redis' own client would wait five seconds for each answer, and its worker's others too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        limited = client_with(rate_limit="2/minute", rate_limit_storage=storage)
        begin = time.monotonic()
        statuses = [ask(limited).status_code for _ in range(3)]
        assert time.monotonic() - begin < 4
    assert statuses == [200, 200, 429]  # counted by the worker meanwhile
