"""What deploys the service, as far as it runs without a platform and without Docker's engine."""

import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from drawn_digits.settings import Settings
from tests.live_server import LiveServer, becomes_true, free_port
from tests.web.ink_samples import SEVEN, picture

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
BINARIES = Path(sys.executable).parent


def instructions(name: str) -> list[str]:
    return re.findall(rf"^\s*{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def command(text: str) -> list[str]:
    """The words of an instruction in exec form; Docker needs no shell to run it."""
    words: list[str] = json.loads(text)
    return words


@contextmanager
def procfile_server() -> Iterator[LiveServer]:
    """The Procfile's web process, started as a platform does: PORT is set, and PATH.

    Honcho prints in its own signal handler, which Python forbids while it prints a line of the
    server's. So the web process itself is told to end, as Heroku tells every process; Honcho
    says that it did, and ends too.
    """
    port = free_port()
    environment = {
        "PATH": f"{BINARIES}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PORT": str(port),
        "LANG": "C.UTF-8",
    }
    honcho = [sys.executable, "-m", "honcho", "--env", "/dev/null", "start", "web"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "honcho.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                honcho, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            with web_process(port, log) as server:
                yield server
            process.wait(timeout=30)
        finally:
            process.kill()  # does nothing where it has ended, as it should
        assert "web.1 stopped" in log.read_text(), log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()


@contextmanager
def web_process(port: int, log: Path) -> Iterator[LiveServer]:
    """The process that Honcho says it started, once it is ready, until it is told to end."""
    assert becomes_true(lambda: b"web.1 started" in log.read_bytes(), seconds=20), log.read_text()
    (pid,) = re.findall(rb"web\.1 started \(pid=(\d+)\)", log.read_bytes())
    server = LiveServer(f"http://127.0.0.1:{port}", int(pid), log, 0)
    try:
        assert becomes_true(lambda: ask(server, "GET", "/readyz")[0] == 200, seconds=20)
        yield server
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # of its own: Honcho gives it a session


def ask(
    server: LiveServer, method: str, path: str, body: bytes = b""
) -> tuple[int | None, dict[str, Any]]:
    connection = http.client.HTTPConnection(*server.address, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "image/png"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except ConnectionError:
        return None, {}
    finally:
        connection.close()


def test_the_procfiles_web_process_answers_and_ends_when_told() -> None:
    with procfile_server() as server:
        status, answer = ask(server, "POST", "/api/v1/predictions", picture(SEVEN))
        assert (status, answer["digit"]) == (200, 7)
    assert ask(server, "GET", "/healthz")[0] is None


def test_the_container_s_health_check_tells_a_server_from_none() -> None:
    (check,) = instructions("HEALTHCHECK")
    words = [sys.executable, *command(check.partition("CMD ")[2])[1:]]
    with procfile_server() as server:
        port = str(server.address[1])
        assert subprocess.run(words, env={"PORT": port}).returncode == 0
        ours = {"PORT": "9", "DRAWN_DIGITS_PORT": port}  # as serve reads them
        assert subprocess.run(words, env=ours).returncode == 0
    result = subprocess.run(words, env={"PORT": port}, capture_output=True)
    assert result.returncode != 0


def test_the_container_runs_what_the_procfile_runs_and_not_as_root() -> None:
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert command(instructions("CMD")[-1]) == shlex.split(procfile["web"])
    assert int(instructions("USER")[-1]) > 0


def test_what_the_dockerfile_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for line in instructions("COPY"):
        if line.startswith("--from="):
            continue
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored


def test_the_container_builds_the_wheel_with_all_that_building_needs() -> None:
    """Nothing is fetched without a hash: the wheel is built without isolation."""
    (lists,) = re.findall(r"&& pip install --require-hashes (-r .*)", DOCKERFILE)
    pinned = "\n".join((ROOT / name).read_text("utf-8") for name in re.findall(r"-r (\S+)", lists))
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    for requirement in needed:
        name = re.split(r"[<>=]", requirement)[0]
        assert re.search(rf"^{name}==", pinned, re.MULTILINE), f"{name} is not in {lists}"


@pytest.mark.parametrize("name", ["keras", "tensorflow", "matplotlib", "pytest", "nodejs"])
def test_what_serves_needs_nothing_that_only_trains_tests_or_builds(name: str) -> None:
    (where,) = re.findall(r"/venv/bin/pip install --require-hashes -r (\S+)", DOCKERFILE)
    assert not re.findall(rf"^{name}\S*==", (ROOT / where).read_text(), re.MULTILINE)


def test_the_settings_of_the_platforms_are_known() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    Settings.from_environment({name: item["value"] for name, item in app["env"].items()})
    Settings.from_environment(compose["services"]["web"]["environment"])


def test_the_container_may_write_nothing_but_tmp() -> None:
    web = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["web"]
    assert web["read_only"] is True
    assert [entry.split(":")[0] for entry in web["tmpfs"]] == ["/tmp"]  # noqa: S108
    assert web["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in web["ports"])


def test_no_visitor_writes_what_the_service_believes_of_the_guides_proxy() -> None:
    """A proxy like nginx passes on the headers that it is not told to set."""
    guide = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    written = re.findall(r"proxy_set_header X-Forwarded-(\w+) ", guide)
    assert {"For", "Proto"} <= set(written)


@pytest.mark.parametrize("name", ["serve", "dev"])
def test_the_lists_pin_every_extra_that_a_listed_package_asks_for(name: str) -> None:
    # pip 23 takes "pydantic[email]" of another package for a requirement of its own, and once a
    # newer pydantic is out refuses it as not pinned.
    listed = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    lines = re.findall(r"^(\S+==.*?) \\$", listed, re.MULTILINE)
    pins = [Requirement(line.split(";")[0]) for line in lines]
    extras = {canonicalize_name(pin.name): pin.extras for pin in pins}
    asked = [wanted for pin in pins for wanted in required_by(pin) if wanted.extras]
    missing = [one for one in asked if not one.extras <= extras[canonicalize_name(one.name)]]
    assert asked
    assert not missing


def required_by(pin: Requirement) -> list[Requirement]:
    """What an installed package asks for, with the extras that the list names."""
    try:
        texts = metadata.requires(pin.name) or []
    except metadata.PackageNotFoundError:  # for another platform
        return []
    wanted = [Requirement(text) for text in texts]
    environments = [{"extra": extra} for extra in pin.extras or {""}]
    return [
        one
        for one in wanted
        if one.marker is None or any(one.marker.evaluate(env) for env in environments)
    ]
