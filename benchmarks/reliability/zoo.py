"""Hostile files, posted to a real server: refused or answered, fast, in little memory.

Alone: ``python -m benchmarks.reliability.zoo``.
"""

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.row import Row
from benchmarks.reliability.zoo_files import Exhibit, exhibits
from tests.live_server import LiveServer, live_server

MOST_MILLISECONDS = 100
MOST_MEGABYTES = 50


@dataclass(frozen=True)
class Visit:
    """How the server answered an exhibit."""

    exhibit: Exhibit
    statuses: tuple[int, ...]  # of each try
    milliseconds: float
    megabytes: float  # of the worker's memory, beyond what it had before


def measure(*, short: bool) -> list[Row]:
    """The rows of the zoo: answers, time and memory."""
    with live_server("--workers", "1") as server:
        return judge(list(visit(server, short=short)))


def visit(server: LiveServer, *, short: bool) -> Iterator[Visit]:
    """Post every exhibit a few times; the short form keeps the best time, the full the median."""
    tries, typical = (3, min) if short else (5, statistics.median)
    for exhibit in exhibits():
        statuses, milliseconds = [], []
        with _memory(server.workers[0]) as megabytes:
            for _ in range(tries):
                status, seconds = _post(server, exhibit)
                statuses.append(status)
                milliseconds.append(seconds * 1000)
        yield Visit(exhibit, tuple(statuses), typical(milliseconds), megabytes())


@contextmanager
def _memory(pid: int) -> Iterator[Callable[[], float]]:
    """Gives what tells, after the block, how many megabytes the process had taken beyond before."""
    folder = Path(f"/proc/{pid}")
    (folder / "clear_refs").write_text("5")  # its peak is what it has now
    before = _peak(folder)
    yield lambda: (_peak(folder) - before) / 1000


def _peak(process: Path) -> int:
    """The peak of a process's memory in kilobytes, a thousand bytes each."""
    status = (process / "status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 // 1000


def _post(server: LiveServer, exhibit: Exhibit) -> tuple[int, float]:
    connection = http.client.HTTPConnection(*server.address, timeout=60)
    headers = {"Content-Type": exhibit.content_type}
    started = time.perf_counter()
    try:
        connection.request("POST", exhibit.path, exhibit.body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - started
    finally:
        connection.close()


def judge(visits: list[Visit]) -> list[Row]:
    """What the visits come to; the worst is named."""
    wrong = [
        f"{v.exhibit.name}: {v.statuses}" for v in visits if set(v.statuses) != {v.exhibit.status}
    ]
    slowest = max(visits, key=lambda visit: visit.milliseconds)
    largest = max(visits, key=lambda visit: visit.megabytes)
    return [
        Row(
            claim=f"{len(visits)} hostile and odd files are each refused or answered as they ought",
            seen="; ".join(wrong) or "all",
            bar="all",
            met=not wrong,
        ),
        Row(
            claim="The slowest of them",
            seen=f"{slowest.milliseconds:.0f} ms ({slowest.exhibit.name})",
            bar=f"at most {MOST_MILLISECONDS} ms",
            met=slowest.milliseconds <= MOST_MILLISECONDS,
        ),
        Row(
            claim="The most memory that one of them takes",
            seen=f"{largest.megabytes:.0f} MB ({largest.exhibit.name})",
            bar=f"at most {MOST_MEGABYTES} MB",
            met=largest.megabytes <= MOST_MEGABYTES,
        ),
    ]


if __name__ == "__main__":
    for row in measure(short=False):
        print(row)
