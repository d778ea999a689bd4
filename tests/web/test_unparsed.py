"""What clients hear whose request Gunicorn cannot read, from a real server."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from gunicorn.http import errors

from drawn_digits.web.refusal import PATHS
from drawn_digits.web.security import HEADERS
from drawn_digits.web.unparsed import find_problem
from tests.live_server import LiveServer, live_server
from tests.web.test_metrics import read, value

pytestmark = pytest.mark.alone

URL = PATHS[0]
HOST = "Host: test\r\n"
DRAWN = "a-drawing"


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with live_server("--workers", "1") as running:
        yield running


def send(server: LiveServer, request: str) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer to these bytes, which leaves nothing unread when it closes the connection."""
    with socket.create_connection(server.address, timeout=30) as connection:
        connection.sendall(request.encode("latin-1"))
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = response.read()
        assert connection.recv(1) == b""  # closed, and not reset
        return response, body


CASES = [
    (f"GET {URL}?top={'1' * 9_000} HTTP/1.1\r\n{HOST}", 414, "uri-too-long", "4,094 bytes"),
    (f"GET {URL}?top={'1' * 2_000_000} HTTP/1.1\r\n{HOST}", 414, "uri-too-long", "in the body"),
    (
        f"GET {URL} HTTP/1.1\r\n{HOST}Cookie: {'1' * 90_000}\r\n",
        431,
        "request-header-fields-too-large",
        "8,190 bytes",
    ),
    (
        f"GET {URL} HTTP/1.1\r\n" + "".join(f"A{n}: 1\r\n" for n in range(101)),
        431,
        "request-header-fields-too-large",
        "more than 100 headers",
    ),
    (f"GET {URL} HTTP/1.1\r\n{HOST}no header\r\n", 400, "malformed-request", "no header"),
    (f"{DRAWN} no request at all\r\n", 400, "malformed-request", DRAWN),
    (f"GET {URL} HTTP/9.1\r\n{HOST}", 400, "malformed-request", "(9, 1)"),
    (f"POST {URL} HTTP/1.1\r\n{HOST}Expect: a rise\r\n", 417, "expectation-failed", "100-continue"),
    (
        f"POST {URL} HTTP/1.1\r\n{HOST}Transfer-Encoding: magic\r\n",
        501,
        "unsupported-transfer-coding",
        "chunked",
    ),
]


@pytest.mark.parametrize(("head", "status", "slug", "part"), CASES)
def test_what_cannot_be_read_gets_a_problem(
    server: LiveServer, head: str, status: int, slug: str, part: str
) -> None:
    response, body = send(server, f"{head}\r\n")
    problem = json.loads(body)
    assert (response.status, problem["status"], problem["type"]) == (status, status, slug)
    assert part in problem["detail"]
    fields = dict(response.getheaders())
    assert fields["Content-Type"] == "application/problem+json"
    assert fields["Connection"] == "close"
    assert fields["X-Request-Id"] in server.log.read_text()
    assert HEADERS.items() <= fields.items()


def test_it_is_counted_and_the_log_does_not_say_what_came(server: LiveServer) -> None:
    before = value(read(server), "refusals_total", type="malformed-request")
    send(server, f"{DRAWN} no request at all\r\n\r\n")
    assert value(read(server), "refusals_total", type="malformed-request") == before + 1
    log = server.log.read_text()
    assert "malformed-request" in log
    assert DRAWN not in log
    assert "Traceback" not in log


def test_who_goes_on_sending_is_left_after_two_seconds(server: LiveServer) -> None:
    with closing(socket.create_connection(server.address, timeout=30)) as connection:
        connection.sendall(b"no request at all\r\n\r\n")
        start = time.monotonic()
        with pytest.raises(ConnectionError):
            send_on(connection, seconds=20)
        assert time.monotonic() < start + 10


def send_on(connection: socket.socket, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.sendall(b"and on")
        time.sleep(0.1)


@pytest.mark.parametrize(
    "error", [OSError("a socket's"), ValueError("ours"), errors.InvalidResponseHeader("ours")]
)
def test_faults_of_the_server_are_no_problem_of_the_request(error: Exception) -> None:
    assert find_problem(error) is None
