"""A real server for tests: ``python -m drawn_digits serve`` on a free port, ended afterwards."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_START_SECONDS = 20
_SOURCES = Path(__file__).parents[1] / "src"


@dataclass(frozen=True)
class LiveServer:
    """A running server: its address, its master process and the file of its output."""

    url: str
    pid: int
    log: Path
    start_seconds: float

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def live_server(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[LiveServer]:
    """Run ``drawn-digits serve`` with these arguments until the block ends.

    ``start_seconds`` is the time from starting the process to its first answer.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        started = time.monotonic()
        with log.open("wb") as output:
            process = start_server(
                port, *arguments, environment=environment, output=output.fileno()
            )
        try:
            _wait_for_answer(process, port, log)
            yield LiveServer(url, process.pid, log, time.monotonic() - started)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def start_server(
    port: int,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    output: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start ``drawn-digits serve --port``; ``output`` takes stdout and stderr together."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command = [sys.executable, "-W", "error", "-m", "drawn_digits", "serve"]
    return subprocess.Popen(
        [*command, "--port", str(port), *arguments],
        env=kept | {"PYTHONPATH": str(_SOURCES)} | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def becomes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it does within this time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.02)
        finally:
            connection.close()
    process.kill()
    process.wait()
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
