"""The production server: Gunicorn, one process per core."""

import errno
import socket
from typing import Any

import click
from apiflask import APIFlask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError

from drawn_digits.errors import DrawnDigitsError, SettingsError
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from drawn_digits.web.current_model import recognizer_of
from drawn_digits.web.logs import PrivateLogger
from drawn_digits.web.memory import return_large_blocks

_IN_THE_WAY = {
    errno.EADDRINUSE: "another program listens there; stop it or choose another --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
    errno.EACCES: "ports below 1024 need rights that this user does not have",
}


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl+C; then the process ends.

    Raises:
        SettingsError: the address cannot be listened on.
        ModelError: the model is missing or damaged.
    """
    load_recognizer(settings.model_folder)  # a bad file stops the start here, not in each worker
    _check_address(settings.host, settings.port)
    Server(settings).run()


def _check_address(host: str, port: int) -> None:
    # Gunicorn would try a taken port for five seconds and then only log it.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = _IN_THE_WAY.get(error.errno or 0, error.strerror or str(error))
        raise SettingsError(f"Cannot listen on {host} port {port}: {reason}.") from None


class Server(BaseApplication):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn with this package's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> APIFlask:
        """The application, warm. Gunicorn calls this in each worker, after the fork."""
        return_large_blocks()
        try:
            app = create_app(self._settings)
            recognizer_of(app).warm_up()
        except DrawnDigitsError as error:
            raise AppImportError(str(error)) from error  # stops the start without a traceback
        return app

    def _options(self) -> dict[str, Any]:
        return {
            "bind": _bind(self._settings.host, self._settings.port),
            "workers": self._settings.workers,
            # gthread: a slow client holds a thread, not the process. Measurements under slow
            # clients and overload are still to decide between it and gevent.
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "preload_app": False,  # an ONNX Runtime session does not survive a fork
            "timeout": 30,  # seconds without a sign of life until a worker is replaced
            "graceful_timeout": 20,  # seconds to finish what is in progress on SIGTERM
            "keepalive": 5,  # seconds
            "forwarded_allow_ips": "",  # nobody is believed about who the client is
            "control_socket_disable": True,  # a way in that nobody asked for
            "logger_class": PrivateLogger,
            "accesslog": "-" if self._settings.access_log else None,
            "loglevel": self._settings.log_level,
            "proc_name": "drawn-digits",
            "when_ready": _say_where,
        }


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _say_where(arbiter: Arbiter) -> None:
    click.echo(f"Drawn Digits answers at {arbiter.LISTENERS[0]} (Ctrl+C stops it)")
