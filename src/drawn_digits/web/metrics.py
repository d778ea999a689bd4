"""What Prometheus counts. All workers write into files of one folder, and each can sum them up."""

import os
import time
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client finds the folder of the files; it looks once, when it is imported."""

NO_DIGIT = "none"

_CONFIDENCES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1)
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

Application = Callable[..., Iterable[bytes]]  # WSGI


class Metrics:
    """The metrics of this process."""

    def __init__(self) -> None:
        # Here, and not above: the folder must be known before (FOLDER_VARIABLE).
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = CollectorRegistry()
        make = partial(_make, self._registry)
        self.requests = make(Counter, "requests", "Answered requests", ("method", "path", "status"))
        self.seconds = make(
            Histogram,
            "request_seconds",
            "From the read headers of a request to its answer",
            ("path",),
            buckets=_SECONDS,
        )
        self.predictions = make(
            Counter, "predictions", f"Drawings read, '{NO_DIGIT}' where no digit", ("digit",)
        )
        self.confidence = make(
            Histogram, "confidence", "Of those that are digits", buckets=_CONFIDENCES
        )
        self.refusals = make(Counter, "refusals", "Problems, those of batch items too", ("type",))
        self.in_progress = make(
            Gauge, "in_progress", "Requests that are being answered", multiprocess_mode="livesum"
        )
        self.models = make(
            Gauge,
            "model",
            "Workers that answer with this model",
            ("version", "sha256"),
            multiprocess_mode="livesum",
        )

    def count_prediction(self, prediction: Prediction) -> None:
        """Count an answer to a drawing."""
        digit = str(prediction.digit) if prediction.is_digit else NO_DIGIT
        self.predictions.labels(digit).inc()
        if prediction.is_digit:
            self.confidence.observe(prediction.confidence)

    def count_request(self, method: str, path: str, status: str, seconds: float) -> None:
        """Count an answered request; ``path`` is one of few."""
        self.requests.labels(method if method in _METHODS else "other", path, status).inc()
        self.seconds.labels(path).observe(seconds)

    def count_refusal(self, problem_type: str) -> None:
        """Count a problem by its ``type``."""
        self.refusals.labels(problem_type).inc()

    def name_model(self, new: Recognizer, old: Recognizer | None = None) -> None:
        """Say that this worker answers with ``new`` now, and no more with ``old``."""
        if old is not None:
            self.models.labels(old.file.version, old.file.sha256).set(0)
        self.models.labels(new.file.version, new.file.sha256).set(1)

    def to_text(self) -> tuple[bytes, str]:
        """The metrics of all workers in Prometheus' text form, and its content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if FOLDER_VARIABLE in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST


def _make(
    registry: Any, kind: Any, name: str, meaning: str, labels: tuple[str, ...] = (), **how: Any
) -> Any:
    return kind(f"drawn_digits_{name}", meaning, labels, registry=registry, **how)


def write_metrics_as(worker: int) -> None:
    """Let this process count on in the files of the worker that had its number before.

    They would be named after processes, and every worker that is replaced would leave its own.
    """
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: worker)  # type: ignore[no-untyped-call]


@cache
def metrics() -> Metrics:
    """The metrics of this process, made at their first use."""
    return Metrics()


def measure_requests(application: Application, paths: frozenset[str]) -> Application:
    """``application``, with every request counted and timed.

    ``paths`` are those that are named in the metrics; others, which anybody may invent, are
    named by their first part where it is one of theirs, or else ``other``.
    """

    def measured(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start, statuses = time.perf_counter(), [""]

        def note_status(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            statuses[0] = status.partition(" ")[0]
            return start_response(status, headers, *error)

        with metrics().in_progress.track_inprogress():
            body = application(environ, note_status)
        path = _name_path(environ["PATH_INFO"], paths)
        seconds = time.perf_counter() - start
        metrics().count_request(environ["REQUEST_METHOD"], path, statuses[0], seconds)
        return body

    return measured


def _name_path(path: str, known: frozenset[str]) -> str:
    if path in known:
        return path
    folder = "/" + path.split("/", 2)[1] + "/" if path.count("/") > 1 else ""
    return folder if folder in known else "other"
