"""The model is replaced again and again while it answers."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, takewhile
from pathlib import Path

import gevent
import onnx
from gevent.event import Event

from benchmarks.reliability.client import Outcome, closed_loop
from benchmarks.reliability.prepared import batch_request, picture_requests
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import run_alone, slack
from benchmarks.reliability.workers import held_by, wait_until
from drawn_digits.recognizer.model_file import PACKAGED_MODELS, POINTER
from tests.live_server import LiveServer, live_server

CONNECTIONS = 16
WORKERS = 2
_SECONDS = 2  # until all workers answer with a new model
_DAMAGED_SECONDS = 3  # for which a damaged one is offered: every worker has seen it by then


class Watch:
    """What the answers say of the model; ``allowed`` holds the SHA-256 of those that may answer.

    Each connection stays with its worker, so when the newest answers on all of them come from one
    model, so do those of all workers.
    """

    def __init__(self) -> None:
        self.allowed: set[str] = set()
        self.faults: Counter[str] = Counter()
        self.answers = 0
        self._newest: dict[int, set[str]] = {}

    def note(self, connection: int, outcome: Outcome) -> None:
        self.answers += 1
        if outcome.status != 200:
            self.faults[outcome.failure or f"status {outcome.status}"] += 1
            return
        named = models_of(outcome)
        self._newest[connection] = named
        self.faults["mixed"] += len(named) > 1
        self.faults["another model"] += not named <= self.allowed

    def all_say(self, sha256: str) -> bool:
        return len(self._newest) == CONNECTIONS and all(
            named == {sha256} for named in self._newest.values()
        )


def measure(*, short: bool) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = [put(folder, packaged_as(version), version) for version in ("1.0.0", "2.0.0")]
        environment = {"DRAWN_DIGITS_MODEL_FOLDER": name}
        with live_server("--workers", str(WORKERS), environment=environment) as server:
            watch = Watch()
            watch.allowed = {models[-1]}
            with _load(server, watch):
                wait_until(lambda: _all_workers_are_asked(server), "each worker has clients")
                wait_until(lambda: watch.all_say(models[-1]), "all connections are answered")
                seconds = swap(folder, models, watch, 5 if short else 100)
                swapped = watch.faults.copy(), watch.answers
                kept = offer_damaged(folder, watch)
    return [_swaps(seconds, *swapped), _latest(seconds, slack(short=short)), _damaged(kept)]


def packaged_as(version: str) -> bytes:
    """The packaged model under another version."""
    model = onnx.load_from_string((PACKAGED_MODELS / "digits.onnx").read_bytes())
    for entry in model.metadata_props:
        if entry.key == "version":
            entry.value = json.dumps(version)
    content: bytes = model.SerializeToString()
    return content


def put(folder: Path, content: bytes, version: str, sha256: str = "") -> str:
    """Write the model first and then the pointer, in one step; its SHA-256."""
    sha256 = sha256 or hashlib.sha256(content).hexdigest()
    (folder / f"{version}.onnx").write_bytes(content)
    point_at(folder, version, sha256)
    return sha256


def point_at(folder: Path, version: str, sha256: str) -> None:
    pointer = {"file": f"{version}.onnx", "version": version, "sha256": sha256}
    fresh = folder / f"{POINTER}.new"
    fresh.write_text(json.dumps(pointer))
    fresh.replace(folder / POINTER)


def models_of(outcome: Outcome) -> set[str]:
    """The SHA-256 of all models that an answer, or the answers of a batch, come from."""
    answer = json.loads(outcome.body)
    return {item["model"]["sha256"] for item in answer.get("predictions", [answer])}


def swap(folder: Path, models: list[str], watch: Watch, times: int) -> list[float]:
    """Put the two models in place in turn: seconds until all workers answer with the new one."""
    seconds = []
    for number in range(times):
        new = models[number % 2]
        watch.allowed = set(models)
        point_at(folder, f"{number % 2 + 1}.0.0", new)
        seconds.append(wait_until(partial(watch.all_say, new), "all workers take the new model"))
        watch.allowed = {new}  # and from now on nobody else answers
    return seconds


def offer_damaged(folder: Path, watch: Watch) -> dict[str, int]:
    """What a damaged model does: faults of the answers while it is offered, by its damage."""
    content = packaged_as("3.0.0")
    damages = {"wrong SHA-256": (content, "0" * 64), "truncated": (content[:-100_000], "")}
    faults = {}
    for damage, (damaged, sha256) in damages.items():
        watch.faults.clear()
        before = watch.answers
        put(folder, damaged, "3.0.0", sha256)
        gevent.sleep(_DAMAGED_SECONDS)
        faults[f"{damage}, {watch.answers - before:,} answers"] = watch.faults.total()
    return faults


@contextmanager
def _load(server: LiveServer, watch: Watch) -> Iterator[None]:
    """Clients that send pictures and batches, for as long as the block runs."""
    end = Event()
    requests = [*picture_requests(), batch_request()]
    clients = [
        gevent.spawn(
            closed_loop,
            server.address,
            requests,
            takewhile(lambda _: not end.is_set(), count(place)),
            partial(watch.note, place),
            connections=1,
        )
        for place in range(CONNECTIONS)
    ]
    try:
        yield
    finally:
        end.set()
        gevent.joinall(clients, raise_error=True)


def _all_workers_are_asked(server: LiveServer) -> bool:
    held = [held_by(server, worker) for worker in server.workers]
    return min(held) > 0 and sum(held) == CONNECTIONS


def _swaps(seconds: list[float], faults: Counter[str], answers: int) -> Row:
    found = {kind: number for kind, number in faults.items() if number}
    seen = f"{sum(found.values())} of {answers:,} answers {found or ''}".strip()
    claim = f"Errors, mixed batches and wrong models in {len(seconds)} replacements of the model"
    return Row(claim, seen, "0", not found)


def _latest(seconds: list[float], width: int) -> Row:
    bar, longest = _SECONDS * width, max(seconds)
    claim = "From a new model in place until all workers answer with it"
    return Row(claim, f"{longest:.2f} s at most", f"{bar} s", longest <= bar)


def _damaged(faults: dict[str, int]) -> Row:
    seen = "; ".join(f"{damage}: {number}" for damage, number in faults.items())
    claim = "Answers that fail or change while a damaged model is offered"
    return Row(claim, seen, "0", not any(faults.values()))


if __name__ == "__main__":
    run_alone(measure)
