"""How many answers a second the classic way gives, on the same machine and in the same run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.reliability.client import Address, Outcome, ask_once, closed_loop
from benchmarks.reliability.prepared import picture_requests
from tests.live_server import free_port

_MODULE = "benchmarks.reliability.classic_server"
_START_SECONDS = 120  # TensorFlow, on a busy machine
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


@contextmanager
def classic_server() -> Iterator[Callable[[int], float]]:
    """Asks it so many times: answers a second, to one client or to sixteen, the more of the two."""
    with _running_server() as address:
        _ask(address, 16, connections=16)  # builds the graph, in each of its threads
        yield lambda requests: max(_ask(address, requests, connections=n) for n in (1, 16))


def _ask(address: Address, requests: int, connections: int) -> float:
    outcomes: list[Outcome] = []
    begin = time.perf_counter()
    closed_loop(
        address, picture_requests(), range(requests), outcomes.append, connections=connections
    )
    if any(outcome.status != 200 for outcome in outcomes):
        raise RuntimeError(f"The classic way failed: {outcomes[0]}")
    return requests / (time.perf_counter() - begin)


@contextmanager
def _running_server() -> Iterator[Address]:
    address = ("127.0.0.1", free_port())
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", _MODULE, str(address[1])],
        env=os.environ | _QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: Address, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while ask_once(address, picture_requests()[0]).status != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The classic server did not start: python -m {_MODULE}")
        time.sleep(0.1)
