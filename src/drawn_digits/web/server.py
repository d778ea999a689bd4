"""The production server: Gunicorn, one process per core."""

import errno
import socket

from apiflask import APIFlask
from gunicorn.app.base import BaseApplication

from drawn_digits.errors import SettingsError
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.settings import Settings
from drawn_digits.web.gunicorn_options import gunicorn_options, load_app

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
        for name, value in gunicorn_options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> APIFlask:
        """The application, warm. Gunicorn calls this in each worker, after the fork."""
        return load_app(self._settings)
