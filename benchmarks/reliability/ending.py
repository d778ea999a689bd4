"""Workers end, wanted and unwanted, while requests come."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, takewhile

import gevent
from gevent import socket
from gevent.event import Event

from benchmarks.reliability.client import Address, Outcome, closed_loop
from benchmarks.reliability.prepared import is_right, picture_requests
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import run_alone, slack
from benchmarks.reliability.workers import held_by, wait_until, wait_until_all_answer
from tests.live_server import LiveServer, live_server

CONNECTIONS = 16
WORKERS = 2
_BEGUN = 10  # requests that are half sent when the server is told to end
_READY_SECONDS = 2


def measure(*, short: bool) -> list[Row]:
    with live_server("--workers", str(WORKERS)) as server:
        begun = end_within_requests(server)
    with live_server("--workers", str(WORKERS)) as server:
        retried = restart_under_load(server, 1_000 if short else 10_000)
    with live_server("--workers", str(WORKERS)) as server:
        killed = kill_under_load(server, 3 if short else 20)
    return [_begun(begun), *_retried(retried), *_killed(killed, slack(short=short))]


def end_within_requests(server: LiveServer) -> int:
    """How many of the requests are answered that are half sent when SIGTERM comes."""
    with ExitStack() as stack:
        sent = [_send_half(server.address, number) for number in range(_BEGUN)]
        for connection, _ in sent:
            stack.enter_context(connection)
        wait_until(lambda: _held(server) == _BEGUN, "the workers hold the connections")
        gevent.sleep(0.5)  # and have read what has come
        os.kill(server.pid, signal.SIGTERM)
        gevent.sleep(0.5)
        return sum(_finish(connection, rest) for connection, rest in sent)


def _send_half(address: Address, number: int) -> tuple[socket.socket, bytes]:
    """Up to the middle of the headers, or of the body; and what is still to be sent."""
    request = picture_requests()[number % 10]
    middle = 40 if number % 2 else len(request) // 2
    connection = socket.create_connection(address, timeout=10)
    connection.sendall(request[:middle])
    return connection, request[middle:]


def _finish(connection: socket.socket, rest: bytes) -> bool:
    try:
        connection.sendall(rest)
        return bool(connection.recv(1000).startswith(b"HTTP/1.1 200"))
    except OSError:
        return False


def _held(server: LiveServer) -> int:
    return sum(held_by(server, worker) for worker in server.workers)


def restart_under_load(server: LiveServer, requests: int) -> list[Outcome]:
    """Answers to clients that ask once more, while workers end one by one and all together."""
    outcomes: list[Outcome] = []
    end = Event()
    restarting = gevent.spawn(_restart_on_and_on, server, end)
    closed_loop(
        server.address,
        picture_requests(),
        range(requests),
        outcomes.append,
        connections=CONNECTIONS,
        retry=True,
    )
    end.set()
    restarting.get()
    return outcomes


def _restart_on_and_on(server: LiveServer, end: Event) -> None:
    seen: set[int] = set()
    while not end.is_set():
        _replace(server, lambda: os.kill(server.workers[0], signal.SIGTERM), seen)
        _replace(server, lambda: os.kill(server.pid, signal.SIGHUP), seen)


def _replace(server: LiveServer, tell: Callable[[], None], seen: set[int]) -> None:
    """Do what lets a worker end, and wait until another answers in its place."""
    oldest = server.workers[0]
    tell()
    wait_until(lambda: oldest not in server.workers, f"worker {oldest} ends")
    wait_until_all_answer(server, WORKERS, seen)


def kill_under_load(server: LiveServer, times: int) -> list[tuple[int, int, float]]:
    """For each SIGKILL: requests that failed, requests that the worker held, seconds to ready."""
    outcomes: list[Outcome] = []
    results = []
    seen: set[int] = set()
    wait_until_all_answer(server, WORKERS, seen)
    with _load(server, outcomes):
        for _ in range(times):
            outcomes.clear()
            # The one that holds more: after a kill, clients stay with the worker that was left.
            victim = max(server.workers, key=lambda worker: held_by(server, worker))
            held = held_by(server, victim)
            os.kill(victim, signal.SIGKILL)
            seconds = wait_until(lambda gone=victim: gone not in server.workers, "it is gone")  # type: ignore[misc]
            seconds += wait_until_all_answer(server, WORKERS, seen)
            results.append((sum(not is_right(outcome) for outcome in outcomes), held, seconds))
    return results


@contextmanager
def _load(server: LiveServer, outcomes: list[Outcome]) -> Iterator[None]:
    """Clients that ask for as long as the block runs; no request is asked again."""
    end = Event()
    numbers = takewhile(lambda _: not end.is_set(), count())
    clients = gevent.spawn(
        closed_loop,
        server.address,
        picture_requests(),
        numbers,
        outcomes.append,
        connections=CONNECTIONS,
    )
    try:
        yield
    finally:
        end.set()
        clients.get()


def _begun(answered: int) -> Row:
    claim = "Requests answered that were half sent at SIGTERM"
    return Row(claim, f"{answered} of {_BEGUN}", f"all {_BEGUN}", answered == _BEGUN)


def _retried(outcomes: list[Outcome]) -> list[Row]:
    first = Counter(outcome.retried for outcome in outcomes if outcome.retried)
    wrong = sum(not is_right(outcome) for outcome in outcomes)
    text = ", ".join(f"{number} {kind}" for kind, number in first.items()) or "none"
    claim = "Errors that a client sees who asks once more, while workers are replaced"
    seen = f"{wrong} of {len(outcomes):,} (first tries that failed: {text})"
    # A keep-alive connection that is closed as the next request sets out fails in any server,
    # before a byte of it was read; what fails otherwise had been begun.
    harmless = set(first) <= {"reset", "refused"}
    return [
        Row(claim, seen, "0", wrong == 0),
        Row("First tries that failed there", text, "reset or refused alone", harmless),
    ]


def _killed(results: list[tuple[int, int, float]], width: int) -> list[Row]:
    excess = sum(failed > held for failed, held, _ in results)
    failed, held = sum(row[0] for row in results), sum(row[1] for row in results)
    longest = max(seconds for *_, seconds in results)
    bar = _READY_SECONDS * width
    claim = f"A worker killed {len(results)} times"
    return [
        Row(
            f"{claim}: failed requests",
            f"{failed}, of {held} that they held",
            "never more than held",
            excess == 0,
        ),
        Row(f"{claim}: ready again", f"{longest:.2f} s at most", f"{bar} s", longest <= bar),
    ]


if __name__ == "__main__":
    run_alone(measure)
