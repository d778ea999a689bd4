"""The real server: ``drawn-digits serve`` under Gunicorn, spoken to over sockets."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from drawn_digits.settings import LIMITS
from tests.live_server import LiveServer, becomes_true, free_port, live_server, start_server
from tests.web.ink_samples import FOUR, ONE, SEVEN, picture, strokes

pytestmark = pytest.mark.alone

_REPOSITORY = Path(__file__).parents[2]
URL = "/api/v1/predictions"

Frame = Callable[[bytes, str], bytes]


def ask(server: LiveServer, body: bytes, content_type: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    try:
        connection.request("POST", URL, body, {"Content-Type": content_type})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def ask_for_facts(server: LiveServer, body: bytes, content_type: str) -> tuple[int, dict[str, Any]]:
    """The answer without what no other answer shares: its id, and the time it took."""
    status, answer = ask(server, body, content_type)
    return status, {name: answer[name] for name in answer if name not in ("id", "milliseconds")}


def send_all_then_read(server: LiveServer, request: bytes) -> tuple[int, dict[str, Any]]:
    """A client that reads nothing until everything is sent."""
    with socket.create_connection(server.address, timeout=30) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, json.loads(response.read())


def with_length(body: bytes, content_type: str) -> bytes:
    head = f"POST {URL} HTTP/1.1\r\nHost: test\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def in_chunks(body: bytes, content_type: str) -> bytes:
    head = f"POST {URL} HTTP/1.1\r\nHost: test\r\nContent-Type: {content_type}\r\n"
    pieces = [body[start : start + 100_000] for start in range(0, len(body), 100_000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"


def test_simultaneous_users_never_get_each_others_answer(server: LiveServer) -> None:
    drawings = {7: SEVEN, 1: ONE, 4: FOUR}
    requests = {
        digit: [
            (json.dumps(strokes(*lines)).encode(), "application/json"),
            (picture(lines), "image/png"),
        ]
        for digit, lines in drawings.items()
    }
    expected = {
        request: ask_for_facts(server, *request)
        for digit, forms in requests.items()
        for request in forms
    }
    assert [answer["digit"] for _, answer in expected.values()] == [7, 7, 1, 1, 4, 4]
    barrier = threading.Barrier(6)

    def draw_often(request: tuple[bytes, str]) -> list[tuple[int, dict[str, Any]]]:
        barrier.wait()
        return [ask_for_facts(server, *request) for _ in range(30)]

    with ThreadPoolExecutor(6) as users:
        answers = dict(zip(expected, users.map(draw_often, expected), strict=True))
    for request, given in answers.items():
        assert given == [expected[request]] * 30


def closing(frame: Frame) -> Frame:
    """The same, from a client that wants the connection closed afterwards."""
    return lambda body, content_type: frame(body, content_type).replace(
        b"Host: test", b"Host: test\r\nConnection: close", 1
    )


@pytest.mark.parametrize(
    "frame", [with_length, in_chunks, closing(with_length), closing(in_chunks)]
)
@pytest.mark.parametrize("size", [10_000_000, LIMITS.body_bytes + 1])
def test_a_client_that_sends_10_megabytes_before_reading_sees_why_it_is_refused(
    server: LiveServer, frame: Frame, size: int
) -> None:
    for content_type in ("application/json", "image/png", "text/plain"):
        status, problem = send_all_then_read(server, frame(bytes(size), content_type))
        assert (status, problem["type"]) == (413, "body-too-large")


def test_a_body_sent_to_the_wrong_place_does_not_hide_the_answer(server: LiveServer) -> None:
    body = bytes(10_000_000)
    wrong_path = with_length(body, "image/png").replace(URL.encode(), b"/api/v1/nothing", 1)
    status, problem = send_all_then_read(server, wrong_path)
    assert (status, problem["type"]) == (404, "not-found")


def test_a_body_without_end_is_answered_after_what_is_discarded(server: LiveServer) -> None:
    head = with_length(b"", "image/png").replace(b"Length: 0", b"Length: 900000000")
    assert send_all_then_read(server, head + bytes(LIMITS.discarded_bytes))[0] == 413


def test_the_connection_stays_usable_after_a_refused_body(server: LiveServer) -> None:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    for _ in range(2):
        connection.request("POST", URL, bytes(9_000_000), {"Content-Type": "image/png"})
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (413, True)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_broken_transfers_are_refused(server: LiveServer) -> None:
    good = in_chunks(b"{}", "application/json")
    status, problem = send_all_then_read(server, good.replace(b"\r\n2\r\n", b"\r\nxyz\r\n"))
    assert (status, problem["type"]) == (400, "bad-request-body")
    with socket.create_connection(server.address, timeout=30) as connection:
        connection.sendall(with_length(b"[" * 100, "application/json")[:-50])
        connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 400


def test_bad_input_of_every_kind_is_refused_and_the_workers_live_on(server: LiveServer) -> None:
    workers = server.workers
    statuses = [
        ask(server, body, content_type)[0]
        for body, content_type in [
            (b"", "application/json"),
            (b"[" * 100_000, "application/json"),
            (b'{"strokes": []}', "application/json"),
            (b'{"strokes": [[{"x": NaN, "y": 1e400}]]}', "application/json"),
            (b"not an image", "image/png"),
            (b"hello", "text/plain"),
        ]
    ]
    assert statuses == [400, 400, 422, 422, 415, 415]
    assert server.workers == workers


def test_a_worker_needs_at_most_150_megabytes(server: LiveServer) -> None:
    large = picture(SEVEN, "JPEG", side=4000)
    for _ in range(4):
        assert ask(server, large, "image/jpeg")[0] == 200
    for worker in server.workers:
        rollup = Path(f"/proc/{worker}/smaps_rollup").read_text()
        sizes = dict(line.split(":") for line in rollup.splitlines()[1:])
        assert int(sizes["Pss"].split()[0]) * 1024 <= 150_000_000


def test_the_first_answer_comes_within_two_seconds_of_the_start() -> None:
    with live_server("--workers", "1") as fresh:
        assert fresh.start_seconds < 2
        status, answer = ask(fresh, picture(ONE), "image/png")
        assert (status, answer["digit"]) == (200, 1)


def test_the_log_says_what_was_answered_and_neither_to_whom_nor_what_was_drawn() -> None:
    with live_server("--workers", "1") as fresh:
        ask(fresh, picture(ONE), "image/png")
        ask(fresh, b"a-secret-body", "application/json")
        connection = http.client.HTTPConnection(*fresh.address, timeout=30)
        headers = {"X-Request-Id": "given-by-a-proxy.1", "Cookie": "a-secret-cookie"}
        connection.request("GET", "/nothing%0A%22x%22?a-secret-query=1", headers=headers)
        response = connection.getresponse()
        connection.close()
        assert response.headers["X-Request-Id"] == "given-by-a-proxy.1"
        with socket.create_connection(fresh.address, timeout=30) as broken:
            broken.sendall(b"no request at all\r\n\r\n")
            assert b"400" in broken.recv(1000)
        log = fresh.log.read_text()
    first, *lines = log.splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    assert fresh.url in first
    assert [entry["status"] for entry in entries if entry["path"] != "/healthz"] == [200, 400, 404]
    assert entries[-1]["path"] == '/nothing\n"x"'
    assert entries[-1]["request"] == "given-by-a-proxy.1"
    assert all(entry["milliseconds"] > 0 and entry["bytes"] > 0 for entry in entries)
    assert len({entry["request"] for entry in entries}) == len(entries)
    assert "secret" not in log
    assert "127.0.0.1" not in log.replace(first, "")


def test_without_an_access_log_nothing_is_written() -> None:
    with live_server(environment={"DRAWN_DIGITS_ACCESS_LOG": "false"}) as fresh:
        ask(fresh, picture(ONE), "image/png")
        (line,) = fresh.log.read_text().splitlines()
    assert fresh.url in line


def test_a_taken_port_is_a_message_and_an_exit_code(server: LiveServer) -> None:
    process = start_server(server.address[1])
    output, _ = process.communicate(timeout=20)
    assert process.returncode != 0
    assert b"another program listens there" in output
    assert b"Traceback" not in output


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("DRAWN_DIGITS_WORKERS", "no", b"whole number"),
        ("DRAWN_DIGITS_PROT", "1", b"DRAWN_DIGITS_PROT"),
        ("DRAWN_DIGITS_MODEL_FOLDER", "/nowhere", b"/nowhere"),
        ("DRAWN_DIGITS_HOST", "192.0.2.1", b"does not have that address"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start(name: str, value: str, part: bytes) -> None:
    process = start_server(free_port(), environment={name: value})
    output, _ = process.communicate(timeout=20)
    assert process.returncode != 0
    assert part in output
    assert b"Traceback" not in output


def test_sigterm_answers_what_has_begun_and_ends_the_process() -> None:
    with live_server("--workers", "1") as fresh:
        request = with_length(picture(ONE), "image/png")
        with socket.create_connection(fresh.address, timeout=30) as connection:
            connection.sendall(request[:-100])
            assert ask(fresh, picture(ONE), "image/png")[0] == 200  # the first is being read by now
            os.kill(fresh.pid, signal.SIGTERM)
            connection.sendall(request[-100:])
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert (response.status, json.loads(response.read())["digit"]) == (200, 1)


def test_who_sends_a_byte_a_second_keeps_nobody_waiting_and_is_sent_away() -> None:
    settings = {"DRAWN_DIGITS_BODY_SECONDS": "2"}
    with live_server("--workers", "1", environment=settings) as fresh, ExitStack() as stack:
        head = with_length(picture(ONE), "image/png")[:-100]
        slow = [
            stack.enter_context(socket.create_connection(fresh.address, timeout=30))
            for _ in range(200)
        ]
        for number, connection in enumerate(slow):
            connection.sendall(head if number % 2 else head[:20])  # in the body, in the headers
        for _ in range(20):
            assert ask(fresh, picture(ONE), "image/png")[0] == 200
        response = http.client.HTTPResponse(slow[1])
        response.begin()
        assert (response.status, json.loads(response.read())["type"]) == (408, "slow-body")


def test_more_than_are_admitted_are_refused_at_once_and_all_others_are_answered() -> None:
    settings = {"DRAWN_DIGITS_IN_PROGRESS": "4"}
    with (
        live_server("--workers", "1", environment=settings) as fresh,
        ThreadPoolExecutor(32) as pool,
    ):
        answers = list(pool.map(lambda _: ask(fresh, picture(ONE), "image/png"), range(400)))
    seen = {(status, answer.get("type") or answer["digit"]) for status, answer in answers}
    assert seen == {(200, 1), (503, "busy")}


def test_a_worker_is_replaced_after_its_share_and_nobody_notices() -> None:
    with live_server("--workers", "2", environment={"DRAWN_DIGITS_RECYCLE_AFTER": "40"}) as fresh:
        assert_all_are_replaced(fresh, fresh.workers)


def test_sighup_replaces_the_workers_and_nobody_notices() -> None:
    with live_server("--workers", "2") as fresh:
        first = fresh.workers
        os.kill(fresh.pid, signal.SIGHUP)
        assert_all_are_replaced(fresh, first)


def assert_all_are_replaced(server: LiveServer, first: list[int]) -> None:
    """While somebody asks, who is always answered."""
    statuses = Counter[int]()

    def ask_until_all_are_new() -> bool:
        statuses[ask(server, picture(ONE), "image/png")[0]] += 1
        return not set(first) & set(server.workers)

    assert becomes_true(ask_until_all_are_new, seconds=20)
    assert list(statuses) == [200]


def test_gunicorn_alone_runs_the_same_server() -> None:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn"]
    server = subprocess.Popen(command, cwd=_REPOSITORY, env=environment)
    try:
        fresh = LiveServer(f"http://127.0.0.1:{port}", server.pid, Path("/dev/null"), 0)
        assert becomes_true(lambda: answers(fresh), seconds=20)
        assert ask(fresh, picture(ONE), "image/png")[1]["digit"] == 1
    finally:
        server.terminate()
        assert server.wait(timeout=30) == 0
    wrong = environment | {"DRAWN_DIGITS_WORKERS": "0"}
    result = subprocess.run(command, cwd=_REPOSITORY, env=wrong, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == "gunicorn: workers is 0; it must lie between 1 and 512.\n"


def answers(server: LiveServer) -> bool:
    try:
        with socket.create_connection(server.address, timeout=1):
            return True
    except ConnectionError:
        return False


def test_an_idle_server_ends_at_once() -> None:
    with live_server("--workers", "2", environment={"DRAWN_DIGITS_LOG_LEVEL": "info"}) as fresh:
        os.kill(fresh.pid, signal.SIGTERM)
        assert wait_for_end(fresh.pid, seconds=5)
        assert "SIGABRT" not in fresh.log.read_text()


def wait_for_end(pid: int, seconds: float) -> bool:
    # The test is the parent: until it waits, an ended process is a zombie.
    return becomes_true(lambda: "State:\tZ" in Path(f"/proc/{pid}/status").read_text(), seconds)


def test_the_process_that_forks_workers_has_no_onnx_runtime() -> None:
    """Importing it starts threads; in a forked worker they are missing, and its exit hangs."""
    program = "import drawn_digits.web.server, sys; print('onnxruntime' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"
