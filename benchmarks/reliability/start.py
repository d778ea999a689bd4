"""How soon the server is ready, and what it takes up: memory, disk, and nothing unneeded."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from benchmarks.reliability.client import ask_once
from benchmarks.reliability.load import put_load
from benchmarks.reliability.prepared import READY
from benchmarks.reliability.processes import pss_bytes
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import run_alone, slack
from tests.live_server import live_server

_ROOT = Path(__file__).resolve().parents[2]
_REQUIREMENTS = _ROOT / "requirements" / "serve.txt"
_START_SECONDS, _WORKER_MB, _INSTALL_MB = 1.5, 120, 400
_DATABASE = "sqlalchemy"

# Loads what a worker loads, which is more than the master does, and answers.
_PROGRAM = """
import sys
from drawn_digits.settings import Settings
import drawn_digits.cli, drawn_digits.web.server
from drawn_digits.web.gunicorn_options import load_app
assert load_app(Settings()).test_client().get("/readyz").status_code == 200
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def measure(*, short: bool) -> list[Row]:
    return [
        _start([start_seconds() for _ in range(5)], slack(short=short)),
        _memory(worker_bytes()),
        _install(installed_bytes() if short else fresh_install_bytes()),
        _imports(loaded_modules()),
    ]


def start_seconds() -> float:
    """From starting the process to its first "ready"."""
    begin = time.monotonic()
    with live_server() as server:
        while ask_once(server.address, READY).status != 200:
            time.sleep(0.01)
        return time.monotonic() - begin


def worker_bytes() -> int:
    """The memory of the largest worker after a thousand requests."""
    with live_server() as server:
        put_load(server, 1_000)
        return max(map(pss_bytes, server.workers))


def fresh_install_bytes() -> int:
    """What a new environment takes up that is to serve: its packages and this one."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run(  # noqa: S603
            [*pip, "install", "--require-hashes", "-r", str(_REQUIREMENTS)], check=True
        )
        (packages,) = Path(folder).glob("lib/python*/site-packages")
        return _size(packages.rglob("*")) + _own_bytes()


def installed_bytes() -> int:
    """The same of this environment: of what it has, all that serve.txt names."""
    return sum(map(_distribution_bytes, required_names())) + _own_bytes()


def required_names() -> set[str]:
    """Some are listed twice, for two versions of Python."""
    lines = _REQUIREMENTS.read_text("utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line and line[0] != " "}


def _distribution_bytes(name: str) -> int:
    try:
        parts = files(name) or []
    except PackageNotFoundError:  # for another system or another Python
        return 0
    return _size(Path(str(part.locate())) for part in parts)


def _own_bytes() -> int:
    return _size((_ROOT / "src" / "drawn_digits").rglob("*"))


def _size(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file() and not path.is_symlink())


def loaded_modules() -> set[str]:
    """Top-level names of all that the server imports until it is ready."""
    command = [sys.executable, "-c", _PROGRAM]
    result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return set(result.stdout.split())


def _start(seconds: list[float], width: int) -> Row:
    typical, bar = statistics.median(seconds), _START_SECONDS * width
    seen = f"median of 5: {typical:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
    return Row("From start to ready", seen, f"at most {bar} s", typical <= bar)


def _memory(size: int) -> Row:
    claim, mb = "Memory of a worker after 1,000 requests (PSS)", size / 1e6
    return Row(claim, f"{mb:.0f} MB", f"at most {_WORKER_MB} MB", mb <= _WORKER_MB)


def _install(size: int) -> Row:
    claim, mb = "Size of the serving install", size / 1e6
    return Row(claim, f"{mb:.0f} MB", f"at most {_INSTALL_MB} MB", mb <= _INSTALL_MB)


def _imports(modules: set[str]) -> Row:
    loaded = _DATABASE in modules
    seen = f"{'loaded' if loaded else 'not'} among {len(modules)} top-level modules"
    return Row(f"The database layer ({_DATABASE}) in the server", seen, "not loaded", not loaded)


if __name__ == "__main__":
    run_alone(measure)
