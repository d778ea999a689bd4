"""What clients see of a full gate, from a real server: the worker says it without WSGI."""

import http.client
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader
from itertools import groupby, islice

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from drawn_digits.web.app import create_app
from drawn_digits.web.refusal import PATHS, is_simple
from tests.live_server import LiveServer, live_server
from tests.web.ink_samples import SEVEN, picture
from tests.web.test_metrics import read, value

pytestmark = pytest.mark.alone

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
        answers = list(pool.map(lambda client: ask_on(crowded, client), range(CLIENTS)))
    time.sleep(1.1)  # as Retry-After says: nobody who comes now is refused
    return answers


def ask_on(server: LiveServer, client: int) -> list[Answer]:
    names = [f"client-{client}.{number}" for number in range(EACH)]
    with closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        return [ask(connection, name) for name in names]


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
    with closing(http.client.HTTPConnection(*crowded.address, timeout=30)) as connection:
        connection.request("POST", URL, b"no picture", {"Content-Type": "image/png"})
        other = connection.getresponse()
        assert other.status == 415
        names = {name for name, _ in other.getheaders()}
    for answer in refused:
        assert set(answer.headers) == names | {"Retry-After"}
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["X-Request-Id"] == answer.asked
        assert answer.headers["Retry-After"] == "1"
        document = json.loads(answer.body)
        assert (document["type"], document["status"]) == ("busy", 503)


def test_the_worker_says_it_itself(answers: list[list[Answer]]) -> None:
    """Then its headers come in another order than Gunicorn's."""
    first = {next(iter(a.headers)) for client in answers for a in client if a.status == 503}
    assert "Content-Type" in first
    assert {next(iter(a.headers)) for c in answers for a in c if a.status == 200} == {"Server"}


@pytest.mark.parametrize(
    ("request_line", "header", "expected"),
    [
        (f"POST {URL} HTTP/1.1", "Content-Length: 65536", True),
        (f"POST {BATCH_URL}?top=3 HTTP/1.1", "Content-Length: 0", True),
        (f"POST {URL} HTTP/1.1", "Content-Length: 65537", False),  # still on its way
        (f"POST {URL} HTTP/1.1", "Transfer-Encoding: chunked", False),
        (f"POST {URL} HTTP/1.1", "X-Other: 1", False),
        (f"POST {URL} HTTP/1.1", "Content-Length: 5\r\nExpect: 100-continue", False),
        (f"POST {URL} HTTP/1.1", "Content-Length: 5\r\nOrigin: https://example.org", False),
        (f"POST {URL} HTTP/1.1", "Content-Length: 5\r\nConnection: close", False),
        (f"POST {URL} HTTP/1.0", "Content-Length: 5\r\nConnection: keep-alive", False),
        (f"PUT {URL} HTTP/1.1", "Content-Length: 5", False),
        (f"POST {URL}/ HTTP/1.1", "Content-Length: 5", False),
        ("POST /healthz HTTP/1.1", "Content-Length: 5", False),
    ],
)
def test_only_the_simplest_requests_are_refused_so(
    request_line: str, header: str, expected: bool
) -> None:
    head = f"{request_line}\r\nHost: test\r\n{header}\r\n\r\n".encode()
    (request,) = islice(RequestParser(Config(), iter([head]), ("127.0.0.1", 1)), 1)
    assert is_simple(request) is expected


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


def test_what_a_refused_request_still_sends_is_not_taken_for_the_next(crowded: LiveServer) -> None:
    """Twenty at once over each connection, whatever becomes of them."""
    body = picture(SEVEN)
    head = f"POST {URL} HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\n"
    pipelined = (f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body) * EACH

    def ask_at_once(_: int) -> list[int]:
        with socket.create_connection(crowded.address, timeout=30) as connection:
            connection.sendall(pipelined)
            stream = connection.makefile("rb")
            return [read_status(stream) for _ in range(EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        seen = Counter(status for some in pool.map(ask_at_once, range(CLIENTS)) for status in some)
    assert set(seen) == {200, 503}
    assert seen.total() == CLIENTS * EACH


def read_status(stream: BufferedReader) -> int:
    """Of the next answer, which is read to its end."""
    status, length = int(stream.readline().split()[1]), 0
    while line := stream.readline().strip():
        name, _, text = line.partition(b":")
        length = int(text) if name.lower() == b"content-length" else length
    assert len(stream.read(length)) == length
    return status
