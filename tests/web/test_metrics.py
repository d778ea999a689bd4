"""What Prometheus reads, from a real server with two workers and by another parser of its form."""

import http.client
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from tests.live_server import LiveServer, becomes_true, live_server
from tests.web.ink_samples import FOUR, SEVEN, picture
from tests.web.test_api import assert_problem

URL = "/api/v1/predictions"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def fresh() -> Iterator[LiveServer]:
    with live_server("--workers", "2") as running:
        yield running


def send(server: LiveServer, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "image/png"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def read(server: LiveServer) -> Samples:
    status, text = send(server, "GET", "/metrics")
    assert status == 200
    return {
        (sample.name.removeprefix("drawn_digits_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0)


def test_what_both_workers_did_is_summed(fresh: LiveServer) -> None:
    before = read(fresh)
    for _ in range(20):  # each over a connection of its own, so both workers get some
        assert send(fresh, "POST", URL, picture(SEVEN))[0] == 200
    for _ in range(10):
        assert send(fresh, "POST", URL, picture(FOUR))[0] == 200
        assert send(fresh, "POST", URL, b"no picture")[0] == 415
        assert send(fresh, "GET", "/invented/by/somebody")[0] == 404
    after = read(fresh)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert grown("predictions_total", digit="7") == 20
    assert grown("predictions_total", digit="4") == 10
    assert grown("confidence_count") == 30
    assert grown("requests_total", method="POST", path=URL, status="200") == 30
    assert grown("requests_total", method="POST", path=URL, status="415") == 10
    assert grown("requests_total", method="GET", path="other", status="404") == 10
    assert grown("request_seconds_count", path=URL) == 40
    assert grown("refusals_total", type="unsupported-picture-format") == 10


def test_the_workers_name_their_model_and_what_is_in_progress(fresh: LiveServer) -> None:
    # The first answer may come before the second worker is there.
    assert becomes_true(lambda: workers_of_models(read(fresh)) == [2], seconds=10)
    assert value(read(fresh), "in_progress") == 1  # this very request


def workers_of_models(samples: Samples) -> list[float]:
    return [count for key, count in samples.items() if key[0] == "model"]


def test_a_worker_that_ends_leaves_its_counts_and_nothing_in_progress() -> None:
    with live_server("--workers", "1") as server:
        for _ in range(5):
            assert send(server, "POST", URL, picture(SEVEN))[0] == 200
        (worker,) = server.workers
        os.kill(worker, signal.SIGKILL)
        assert becomes_true(lambda: server.workers not in ([], [worker]), seconds=10)
        assert send(server, "POST", URL, picture(SEVEN))[0] == 200
        samples = read(server)
        assert value(samples, "predictions_total", digit="7") == 6
        assert Counter(samples[key] for key in samples if key[0] == "model") == {1: 1}
        assert value(samples, "in_progress") == 1


def test_workers_that_are_replaced_leave_no_files(tmp_path: Path) -> None:
    with live_server("--workers", "2", environment={"TMPDIR": str(tmp_path)}) as server:
        assert becomes_true(lambda: workers_of_models(read(server)) == [2], seconds=10)
        for _ in range(3):
            assert send(server, "POST", URL, picture(SEVEN))[0] == 200
            before = set(server.workers)
            for worker in before:
                os.kill(worker, signal.SIGKILL)
            assert becomes_true(lambda: workers_of_models(read(server)) == [2], seconds=20)
            assert not before & set(server.workers)
        assert value(read(server), "predictions_total", digit="7") == 3
        files = tmp_path.glob("drawn-digits-metrics-*/*.db")
        assert {file.stem.rpartition("_")[2] for file in files} == {"0", "1"}


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"Via": "x"}]
)
def test_without_a_token_only_this_machine_sees_them(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.get("/metrics").status_code == 200
    assert_refused(client, headers=headers)
    assert_refused(client, environ_base={"REMOTE_ADDR": "203.0.113.7"})


def test_with_a_token_who_knows_it_sees_them() -> None:
    client = create_app(Settings(metrics_token="a secret")).test_client()  # noqa: S106
    assert_refused(client)
    assert_refused(client, headers={"Authorization": "Bearer wrong"})
    assert_refused(client, headers={"Authorization": "Bearer ä"})
    far = {"REMOTE_ADDR": "203.0.113.7"}
    headers = {"Authorization": "Bearer a secret"}
    assert client.get("/metrics", headers=headers, environ_base=far).status_code == 200


def test_a_token_may_have_any_letters() -> None:
    client = create_app(Settings(metrics_token="schlüssel")).test_client()  # noqa: S106
    as_wsgi_decodes = "Bearer schlüssel".encode().decode("latin-1")
    assert client.get("/metrics", headers={"Authorization": as_wsgi_decodes}).status_code == 200


def test_who_has_set_a_token_is_told_to_send_it() -> None:
    client = create_app(Settings(metrics_token="a secret")).test_client()  # noqa: S106
    detail = client.get("/metrics").get_json()["detail"]
    assert "Authorization: Bearer" in detail
    assert "own machine" not in detail


def assert_refused(client: FlaskClient, **options: Any) -> None:
    response = client.get("/metrics", **options)
    assert_problem(response, 403, "not-for-you")
