"""Sixteen clients that draw without a pause: what they get, how fast, and what it costs."""

import os
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import fmean

from benchmarks.reliability.classic import classic_server
from benchmarks.reliability.client import Outcome, closed_loop
from benchmarks.reliability.prepared import is_right, picture_requests, pictures
from benchmarks.reliability.processes import cpu_seconds
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import median_ms, percentile_ms, run_alone, slack
from drawn_digits import decode_picture, load_recognizer
from tests.live_server import LiveServer, live_server

CONNECTIONS = 16
_FULL_TURNS = 10, 10_000, 1_000, 50


@dataclass(frozen=True, slots=True)
class Load:
    """What sixteen clients saw; times in seconds, CPU time of the whole server and of the client.

    ``faults`` counts by kind what is not the right digit.
    """

    latencies: Sequence[float]
    faults: Counter[str]
    seconds: float
    server_cpu: float
    client_cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


def measure(*, short: bool) -> list[Row]:
    """In turns, for the speed of a machine that others share changes within minutes."""
    turns, requests, answers, classic_requests = (1, 2_000, 500, 25) if short else _FULL_TURNS
    loads, bare, classic = [], [], []
    with live_server() as server, classic_server() as ask_classic:
        put_load(server, 200)  # warm
        for _ in range(turns):
            loads.append(put_load(server, requests))
            bare.append(bare_cpu_seconds(answers))
            classic.append(ask_classic(classic_requests))
    load, width = _sum_up(loads), slack(short=short)
    rows = [_errors(load), _cpu(load, fmean(bare)), _tail(load, width)]
    return [*rows, _rate(load, fmean(classic), width)]


def _sum_up(loads: Sequence[Load]) -> Load:
    return Load(
        latencies=[seconds for load in loads for seconds in load.latencies],
        faults=sum((load.faults for load in loads), Counter()),
        seconds=sum(load.seconds for load in loads),
        server_cpu=sum(load.server_cpu for load in loads),
        client_cpu=sum(load.client_cpu for load in loads),
    )


def put_load(server: LiveServer, requests: int) -> Load:
    latencies: list[float] = []
    faults: Counter[str] = Counter()

    def note(outcome: Outcome) -> None:
        latencies.append(outcome.seconds)
        if not is_right(outcome):
            faults[outcome.failure or f"status {outcome.status}"] += 1

    begin, own, of_server = time.perf_counter(), time.process_time(), _cpu_of(server)
    closed_loop(server.address, picture_requests(), range(requests), note, connections=CONNECTIONS)
    seconds = time.perf_counter() - begin
    cpu = _cpu_of(server) - of_server
    return Load(latencies, faults, seconds, cpu, time.process_time() - own)


def bare_cpu_seconds(answers: int) -> float:
    """CPU seconds of decoding and inference without HTTP.

    In as many processes at once as the server has workers: where cores share their units, an
    answer takes longer while its neighbour computes too.
    """
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        return fmean(pool.map(_answer_in_a_loop, [answers] * cores))


def _answer_in_a_loop(answers: int) -> float:
    recognizer, shown = load_recognizer(), pictures()
    recognizer.warm_up()
    begin = time.process_time()
    for number in range(answers):
        recognizer.predict([decode_picture(shown[number % 10])])
    return (time.process_time() - begin) / answers


def _cpu_of(server: LiveServer) -> float:
    return sum(map(cpu_seconds, [server.pid, *server.workers]))


def _errors(load: Load) -> Row:
    count = len(load.latencies)
    seen = f"{load.faults.total()} of {count:,} {dict(load.faults) or ''}".strip()
    claim = f"Answers to {CONNECTIONS} clients that are not the right digit"
    return Row(claim, seen, "0", load.faults.total() == 0)


def _cpu(load: Load, bare: float) -> Row:
    each = load.server_cpu / len(load.latencies)
    seen = f"{each * 1000:.2f} ms, bare {bare * 1000:.2f} ms: {each / bare:.2f} times"
    claim = "CPU time of an answer beside decoding and inference alone"
    return Row(claim, seen, "at most 2 times", each <= 2 * bare)


def _tail(load: Load, width: int) -> Row:
    typical, late = median_ms(load.latencies), percentile_ms(load.latencies, 99)
    seen = f"{typical:.1f} ms, 99th percentile {late:.1f} ms: {late / typical:.1f} times"
    bar = 4 * width
    return Row("Latency, median", seen, f"99th at most {bar} times", late <= bar * typical)


def _rate(load: Load, classic: float, width: int) -> Row:
    own = load.client_cpu / len(load.latencies) * 1000
    seen = (
        f"{load.rate:.0f} a second (client: {own:.2f} ms each), classic {classic:.1f}: "
        f"{load.rate / classic:.0f} times"
    )
    bar = 40 / width
    claim = "Answers a second beside the classic way"
    return Row(claim, seen, f"at least {bar:.0f} times", load.rate >= bar * classic)


if __name__ == "__main__":
    run_alone(measure)
