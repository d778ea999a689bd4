"""The wheel holds what answers, page and model included, and nothing that only learns needs."""

import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.live_server import live_server

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)], check=True
    )
    return next(folder.glob("drawn_digits-*.whl"))


def test_the_wheel_holds_page_template_and_model(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "web/static/.vite/manifest.json",
        "web/templates/index.html",
        "recognizer/models/digits.onnx",
        "recognizer/models/current",
        "recognizer/models/evaluation.json",
    ):
        assert f"drawn_digits/{part}" in names
    packed = {name.rsplit(".", 2)[-2] for name in names if name.endswith(".br")}
    assert packed >= {"js", "css", "wasm"}  # the page and what runs the model, as sent to browsers
    assert not [name for name in names if name.endswith((".keras", ".h5", ".ts", ".scss"))]
    assert not [name for name in names if "node_modules" in name or name.startswith("tests")]


def test_the_page_of_the_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    with live_server("--workers", "1", environment={"PYTHONPATH": str(tmp_path)}) as server:
        page = get(server.url + "/")
        assets = re.findall(r'"(static/[^"]+)"', page)
        assert len(assets) >= 3
        for asset in assets:
            assert (tmp_path / "drawn_digits" / "web" / asset).exists()
            assert get(f"{server.url}/{asset}")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
    return text
