"""What clients see of a full gate, from a real server: the worker says it without WSGI."""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import pytest

from drawn_digits.web.app import create_app
from drawn_digits.web.refusal import PATHS
from tests.live_server import LiveServer, live_server
from tests.web.ink_samples import SEVEN, picture
from tests.web.test_metrics import read, value

(URL, BATCH_URL) = PATHS
CLIENTS, EACH = 32, 20


@dataclass(frozen=True)
class Answer:
    asked: str
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def crowded() -> Iterator[LiveServer]:
    with live_server("--workers", "1", environment={"DRAWN_DIGITS_IN_PROGRESS": "1"}) as server:
        yield server


@pytest.fixture(scope="module")
def answers(crowded: LiveServer) -> list[list[Answer]]:
    """Of each client, which asks over one connection as fast as it is answered."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda client: ask_on(crowded, client), range(CLIENTS)))


def ask_on(server: LiveServer, client: int) -> list[Answer]:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    names = [f"client-{client}.{number}" for number in range(EACH)]
    try:
        return [ask(connection, name) for name in names]
    finally:
        connection.close()


def ask(connection: http.client.HTTPConnection, name: str, **headers: str) -> Answer:
    own = {"Content-Type": "image/png", "X-Request-Id": name}
    connection.request("POST", URL, picture(SEVEN), own | headers)
    response = connection.getresponse()
    fields = dict(response.getheaders())
    assert len(fields) == len(response.getheaders())
    return Answer(name, response.status, fields, response.read())


def test_a_connection_goes_on_after_a_refusal(answers: list[list[Answer]]) -> None:
    statuses = Counter(answer.status for client in answers for answer in client)
    assert set(statuses) == {200, 503}
    assert statuses.total() == CLIENTS * EACH
    runs = [[status for status, _ in groupby(a.status for a in client)] for client in answers]
    assert any(503 in run[:-1] for run in runs)


def test_a_refusal_has_the_head_of_every_other_answer(
    crowded: LiveServer, answers: list[list[Answer]]
) -> None:
    refused = [answer for client in answers for answer in client if answer.status == 503]
    connection = http.client.HTTPConnection(*crowded.address, timeout=30)
    connection.request("POST", URL, b"no picture", {"Content-Type": "image/png"})
    with connection.getresponse() as other:
        assert other.status == 415
        names = {name for name, _ in other.getheaders()}
    connection.close()
    for answer in refused:
        assert set(answer.headers) == names | {"Retry-After"}
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["X-Request-Id"] == answer.asked
        assert answer.headers["Retry-After"] == "1"
        document = json.loads(answer.body)
        assert (document["type"], document["status"]) == ("busy", 503)


def test_refusals_are_counted_and_logged_as_answers_are(
    crowded: LiveServer, answers: list[list[Answer]]
) -> None:
    statuses = Counter(answer.status for client in answers for answer in client)
    samples = read(crowded)
    for status in (200, 503):
        labels = {"method": "POST", "path": URL, "status": str(status)}
        assert value(samples, "requests_total", **labels) == statuses[status]
    assert value(samples, "refusals_total", type="busy") == statuses[503]
    lines = [json.loads(line) for line in crowded.log.read_text().splitlines() if line[:1] == "{"]
    logged = {line["request"]: line for line in lines}
    for answer in (answer for client in answers for answer in client):
        line = logged[answer.asked]
        assert (line["status"], line["bytes"]) == (answer.status, len(answer.body))
        assert (line["method"], line["path"]) == ("POST", URL)


def test_the_guarded_paths_are_those_that_compute_answers() -> None:
    rules = create_app().url_map.iter_rules()
    assert set(PATHS) == {rule.rule for rule in rules if "predict" in rule.endpoint}
