"""Whether a worker that answers for days grows: memory, descriptors and threads.

The requests come in rounds, each over new connections, so that every worker gets its share. The
first tenth warms up: what the first answers of each kind need for good is no growth.
"""

from collections import Counter
from dataclasses import dataclass

import gevent

from benchmarks.reliability.client import Outcome, closed_loop
from benchmarks.reliability.prepared import (
    bad_requests,
    batch_request,
    picture_requests,
    stroke_requests,
)
from benchmarks.reliability.processes import descriptors, pss_bytes, threads
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import run_alone
from benchmarks.reliability.workers import held_by, wait_until
from tests.live_server import LiveServer, live_server

CONNECTIONS = 16
_WARM_UP, _ROUNDS = 10, 90
_GROWTH_MB = 5
_NEVER_RECYCLED = {"DRAWN_DIGITS_RECYCLE_AFTER": "0"}


@dataclass(frozen=True, slots=True)
class Size:
    """What a worker takes up while nobody asks."""

    pss: int
    descriptors: int
    threads: int


def measure(*, short: bool) -> list[Row]:
    requests = 50 if short else 2_000  # a round: 5,000 and 200,000 in all
    with live_server("--workers", "2", environment=_NEVER_RECYCLED) as server:
        ask_everything(server, _WARM_UP, requests)
        before = sizes(server)
        statuses = ask_everything(server, _ROUNDS, requests)
        after = sizes(server)
    return [_statuses(statuses), *growth(before, after)]


def ask_everything(server: LiveServer, rounds: int, requests: int) -> Counter[str]:
    """Pictures, strokes, bad input and a batch in turn; how often each status came.

    Each round has that many requests, over new connections.
    """
    statuses: Counter[str] = Counter()

    def note(outcome: Outcome) -> None:
        statuses[outcome.failure or f"{outcome.status // 100}xx"] += 1

    mixed = [*picture_requests(), *stroke_requests(), *bad_requests(), batch_request()]
    for first in range(0, rounds * requests, requests):
        numbers = range(first, first + requests)
        closed_loop(server.address, mixed, numbers, note, connections=CONNECTIONS)
    return statuses


def sizes(server: LiveServer) -> dict[int, Size]:
    """By worker, when all connections are closed."""
    wait_until(lambda: not any(held_by(server, pid) for pid in server.workers), "all have gone")
    gevent.sleep(1)
    return {
        pid: Size(pss_bytes(pid), descriptors(pid), threads(pid)) for pid in sorted(server.workers)
    }


def _statuses(statuses: Counter[str]) -> Row:
    seen = ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))
    claim = "Pictures, strokes, bad input and batches: statuses"
    return Row(claim, seen, "2xx and 4xx alone", set(statuses) == {"2xx", "4xx"})


def growth(before: dict[int, Size], after: dict[int, Size]) -> list[Row]:
    """What the workers, by process id, took up more after than before."""
    if before.keys() != after.keys():
        gone = f"{len(before.keys() - after.keys())} were replaced"
        return [Row("Workers that answered all of them", gone, "the same", False)]
    grown = max(after[pid].pss - before[pid].pss for pid in before) / 1e6
    rows = [
        Row(
            "Memory that a worker has gained since the warm-up",
            f"{grown:.1f} MB at most",
            f"under {_GROWTH_MB} MB",
            grown < _GROWTH_MB,
        )
    ]
    for name in ("descriptors", "threads"):
        old, new = ([getattr(size, name) for size in side.values()] for side in (before, after))
        claim, seen = f"Open {name} of the workers", f"{old}, then {new}"
        no_more = all(now <= then for then, now in zip(old, new, strict=True))
        rows.append(Row(claim, seen, "no more", no_more))
    return rows


if __name__ == "__main__":
    run_alone(measure)
