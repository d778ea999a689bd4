"""Another model is put in place while a real server answers."""

import hashlib
import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from tests.live_server import LiveServer, becomes_true, live_server
from tests.web.ink_samples import SEVEN, picture

CONTENT = (PACKAGED_MODELS / "digits.onnx").read_bytes()


def with_version(version: str) -> bytes:
    """The packaged model under another version."""
    model = onnx.load_from_string(CONTENT)
    for entry in model.metadata_props:
        if entry.key == "version":
            entry.value = json.dumps(version)
    content: bytes = model.SerializeToString()
    return content


def put(folder: Path, content: bytes, version: str, sha256: str | None = None) -> str:
    """The model's file first, then the pointer in one step, as an operator would."""
    sha256 = sha256 or hashlib.sha256(content).hexdigest()
    name = f"{version}.onnx"
    (folder / name).write_bytes(content)
    fresh = folder / "current.new"
    fresh.write_text(json.dumps({"file": name, "version": version, "sha256": sha256}))
    fresh.replace(folder / "current")
    return sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, CONTENT, "1.0.0-first")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[LiveServer]:
    environment = {"DRAWN_DIGITS_MODEL_FOLDER": str(folder)}
    with live_server("--workers", "2", environment=environment) as running:
        yield running


def ask(server: LiveServer) -> dict[str, Any]:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    try:
        connection.request(
            "POST", "/api/v1/predictions", picture(SEVEN), {"Content-Type": "image/png"}
        )
        response = connection.getresponse()
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.read())
        return answer
    finally:
        connection.close()


def all_say(server: LiveServer, sha256: str) -> bool:
    return {ask(server)["model"]["sha256"] for _ in range(20)} == {sha256}


def test_every_worker_takes_the_new_model_within_two_seconds(
    server: LiveServer, folder: Path
) -> None:
    sha256 = put(folder, with_version("2.0.0"), "2.0.0")
    assert becomes_true(lambda: all_say(server, sha256), seconds=2)
    assert ask(server)["model"]["version"] == "2.0.0"
    assert ask(server)["digit"] == 7


@pytest.mark.parametrize(
    "damage", ["changed", "cut", "no model", "other outputs", "no name", "no file"]
)
def test_a_damaged_model_leaves_the_old_one_answering(
    server: LiveServer, folder: Path, damage: str
) -> None:
    old = ask(server)["model"]["sha256"]
    if damage == "changed":
        put(folder, CONTENT, "2.0.0", sha256="0" * 64)
    elif damage == "cut":
        put(folder, CONTENT[:-100_000], "2.0.0")
    elif damage == "no model":
        put(folder, b"no model", "2.0.0")
    elif damage == "other outputs":
        put(folder, CONTENT.replace(b"evidence", b"evidenca"), "2.0.0")
    elif damage == "no name":
        (folder / "current").write_text('{"file": "\\u0000", "version": "2", "sha256": "0"}')
    else:
        (folder / "current").unlink()
    said = "1.0.0-first goes on answering"
    assert becomes_true(lambda: server.log.read_text().count(said) == 2, 3)
    assert all_say(server, old)
    sha256 = put(folder, with_version("3.0.0"), "3.0.0")
    assert becomes_true(lambda: all_say(server, sha256), seconds=2)


def test_a_worker_that_starts_beside_a_damaged_model_answers_with_the_old_one(
    server: LiveServer, folder: Path
) -> None:
    """Workers are recycled, and may be killed, while a bad file is in place."""
    old = ask(server)["model"]["sha256"]
    assert becomes_true(lambda: len(server.workers) == 2, 5)
    before = set(server.workers)
    put(folder, b"no model", "2.0.0")
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert becomes_true(lambda: len(set(server.workers) - before) == 2, 5)
    assert all_say(server, old)
    sha256 = put(folder, with_version("3.0.0"), "3.0.0")
    assert becomes_true(lambda: all_say(server, sha256), seconds=2)


def test_the_same_model_named_again_changes_nothing(server: LiveServer, folder: Path) -> None:
    old = ask(server)["model"]["sha256"]
    put(folder, CONTENT, "1.0.0-first")
    time.sleep(1)
    assert all_say(server, old)
    assert "answering" not in server.log.read_text()
