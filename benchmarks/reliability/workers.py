"""Which worker answers whom, asked from outside."""

import time
from collections.abc import Callable

import gevent

from benchmarks.reliability.client import Connection
from benchmarks.reliability.prepared import READY
from benchmarks.reliability.processes import clients_of
from tests.live_server import LiveServer

_PATIENCE = 30  # seconds


def wait_until(condition: Callable[[], bool], what: str) -> float:
    """Seconds until it is so.

    Raises:
        TimeoutError: it did not become so.
    """
    begin = time.monotonic()
    while not condition():
        if time.monotonic() > begin + _PATIENCE:
            raise TimeoutError(f"Not within {_PATIENCE} seconds: {what}")
        gevent.sleep(0.01)
    return time.monotonic() - begin


def held_by(server: LiveServer, worker: int) -> int:
    """How many connections the worker has accepted; 0 where it has ended."""
    return len(_clients(server, worker))


def wait_until_all_answer(server: LiveServer, count: int, seen: set[int] | None = None) -> float:
    """Seconds until ``count`` workers run, and each of them was seen to be ready.

    Which one answers is the system's choice, so it is asked on ever new connections. Under load
    it is always the idle one, which accepts before the busy one looks: ``seen`` keeps those that
    were seen to be ready, from one wait to the next.
    """
    ready: set[int] = set() if seen is None else seen

    def all_are_ready() -> bool:
        ready.update(_ask_whether_ready(server))
        now = set(server.workers)
        return len(now) == count and now <= ready

    return wait_until(all_are_ready, f"{count} workers that answer")


def _ask_whether_ready(server: LiveServer) -> set[int]:
    """The worker that says so, if one does."""
    with Connection(server.address) as connection:
        outcome = connection.ask(0, READY)
        owners = {pid for pid in server.workers if connection.port in _clients(server, pid)}
    return owners if outcome.status == 200 else set()


def _clients(server: LiveServer, worker: int) -> set[int]:
    try:
        return clients_of(worker, server.address[1])
    except (FileNotFoundError, PermissionError):  # it has just ended
        return set()
