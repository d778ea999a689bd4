"""How Gunicorn runs the service, whoever starts it: ``drawn-digits serve`` or ``gunicorn``."""

import gc
import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import click
from apiflask import APIFlask
from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError

from drawn_digits.errors import DrawnDigitsError
from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from drawn_digits.web.batching import BATCHER
from drawn_digits.web.current_model import RECOGNIZER
from drawn_digits.web.gate import GATE, NextLook, until_next_look
from drawn_digits.web.last_good_model import load_or_fall_back
from drawn_digits.web.logs import PrivateLogger
from drawn_digits.web.memory import return_large_blocks
from drawn_digits.web.metrics import FOLDER_VARIABLE, metrics, write_metrics_as
from drawn_digits.web.model_watch import watch_model
from drawn_digits.web.worker import Worker


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings by name."""
    return {
        "bind": _bind(settings.host, settings.port),
        "workers": settings.workers,
        "worker_class": Worker,
        "worker_connections": settings.connections,
        "preload_app": False,  # an ONNX Runtime session does not survive a fork
        "timeout": 30,  # seconds without a sign of life until a worker is replaced
        "graceful_timeout": 20,  # seconds to finish what is in progress on SIGTERM
        "max_requests": settings.recycle_after,
        "max_requests_jitter": settings.recycle_after // 10,  # not all at once
        "keepalive": 5,  # seconds
        "forwarded_allow_ips": "",  # Werkzeug's ProxyFix believes proxies, where there are any
        "control_socket_disable": True,  # a way in that nobody asked for
        "logger_class": PrivateLogger,
        "accesslog": "-" if settings.access_log else None,
        "loglevel": settings.log_level,
        "proc_name": "drawn-digits",
        "on_starting": _make_metrics_folder,
        "when_ready": _say_where,
        "pre_fork": _prepare_worker,
        "post_fork": _count_as_worker,
        "child_exit": _forget_worker,
        "on_exit": _remove_metrics_folder,
    }


def load_app(settings: Settings | None = None) -> APIFlask:
    """The application, warm. Gunicorn calls this in each worker, after the fork.

    Args:
        settings: read from the environment where it is None.
    """
    return_large_blocks()
    try:
        settings = settings or Settings.from_environment(os.environ)
        kept = kept_model_folder()
        app = create_app(settings, load_or_fall_back(settings.model_folder, kept))
    except DrawnDigitsError as error:
        raise AppImportError(str(error)) from error  # stops the start without a traceback
    GATE.of(app).look_by(NextLook())
    BATCHER.of(app).gather_by(until_next_look)
    metrics().name_model(RECOGNIZER.of(app))
    watch_model(app, settings.model_folder, kept)
    return app


def kept_model_folder() -> Path | None:
    """Where the workers of this server keep the last model that loaded; None outside a server."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return Path(folder) / "model" if folder else None


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _make_metrics_folder(arbiter: Arbiter) -> None:
    os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="drawn-digits-metrics-")


def _prepare_worker(arbiter: Arbiter, worker: Worker) -> None:
    """Number it, and keep its garbage collection from what it shares with its parent.

    That would write into every object there, and so make all pages, 9 MB, copies of its own.
    """
    taken = {other.number for other in arbiter.WORKERS.values()}
    worker.number = next(number for number in count() if number not in taken)
    gc.freeze()


def _count_as_worker(arbiter: Arbiter, worker: Worker) -> None:
    write_metrics_as(worker.number)


def _say_where(arbiter: Arbiter) -> None:
    click.echo(f"Drawn Digits answers at {arbiter.LISTENERS[0]} (Ctrl+C stops it)")


def _forget_worker(arbiter: Arbiter, worker: Worker) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    # Its counts stay for the next of its number, what it has in progress goes.
    mark_process_dead(worker.number)  # type: ignore[no-untyped-call]


def _remove_metrics_folder(arbiter: Arbiter) -> None:
    shutil.rmtree(os.environ[FOLDER_VARIABLE], ignore_errors=True)
