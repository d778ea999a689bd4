"""The guide of the API is run as it stands: every command, every program, every quoted answer."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawn_digits import Drawing, rasterize
from drawn_digits.errors import InvalidInput, ModelError
from drawn_digits.ink.arrays import encode_png
from drawn_digits.ink.files import read_file
from drawn_digits.web.problems import Busy, RateLimited, UntrustedHost, status_of
from tests.live_server import LiveServer, live_server

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "api.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
EXAMPLES = re.findall(
    r"^```(sh|python)\n(.*?)^```\n(?:\n```(?:json|text)\n(.*?)^```\n)?", GUIDE, re.DOTALL | re.M
)


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with live_server("--workers", "1") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pictures and drawings that the guide speaks of."""
    for digit in (1, 7):
        source = ROOT / "tests" / "drawings" / f"{digit}.json"
        drawing = read_file(source)
        assert isinstance(drawing, Drawing)
        (tmp_path / f"{digit}.png").write_bytes(encode_png(rasterize(drawing)))
        shutil.copy(source, tmp_path)
    return tmp_path


def run(language: str, code: str, folder: Path) -> str:
    """What the example prints."""
    if shutil.which("curl") is None:
        pytest.fail("curl is missing, with which the guide's examples are run. Install it.")
    shell = {"sh": ["sh", "-euc"], "python": [sys.executable, "-W", "error", "-c"]}[language]
    result = subprocess.run(
        [*shell, code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def is_quoted(quoted: str, printed: str) -> bool:
    """Whether it is the same, spaces aside, where ``...`` stands for anything."""
    parts = ["".join(part.split()) for part in quoted.split("...")]
    pattern = ".*?".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, "".join(printed.split())) is not None


@pytest.mark.parametrize(("language", "code", "quoted"), EXAMPLES)
def test_an_example_prints_what_is_quoted(
    language: str, code: str, quoted: str, server: LiveServer, folder: Path
) -> None:
    assert ADDRESS in code
    printed = run(language, code.replace(ADDRESS, server.url), folder)
    assert is_quoted(quoted or '{..."digit": 7, ...}', printed), f"{code}\n{printed}"


def test_every_block_of_the_guide_is_an_example_or_its_answer() -> None:
    fences = re.findall(r"^```(\w+)$", GUIDE, re.M)
    answers = [quoted for _, _, quoted in EXAMPLES if quoted]
    assert len(fences) == len(EXAMPLES) + len(answers)
    assert {language for language, _, _ in EXAMPLES} == {"sh", "python"}
    assert len(EXAMPLES) >= 10


def test_another_answer_is_not_taken_for_the_quoted_one() -> None:
    assert is_quoted('{"a": 0.9..., "digit": 7, ...}\n', '{"a":0.95,"digit":7,"b":[1]}')
    assert not is_quoted('{"a": 0.9..., "digit": 7, ...}', '{"a":0.95,"digit":1,"b":[1]}')
    assert not is_quoted('{"digit": 7}', '{"digit":7,"b":1}')


def test_every_problem_of_a_request_is_listed_with_its_status() -> None:
    import drawn_digits.web.app  # noqa: F401 - every problem there is

    rows = re.findall(r"^\| (\d{3}) \| (.*) \|$", GUIDE, re.M)
    listed = {slug: int(status) for status, slugs in rows for slug in re.findall(r"`(.+?)`", slugs)}
    ours = [kind for kind in _every(InvalidInput) if kind.__module__.startswith("drawn_digits")]
    requests = {kind.slug: status_of(kind()) for kind in ours}
    of_the_command_line = {"unreadable-file", "unknown-digit"}
    server = {
        kind.slug: status_of(kind()) for kind in (Busy, RateLimited, ModelError, UntrustedHost)
    }
    of_addresses = {"not-found": 404, "method-not-allowed": 405}
    assert listed == server | of_addresses | {
        slug: status for slug, status in requests.items() if slug not in of_the_command_line
    }


def _every(kind: type[InvalidInput]) -> Iterator[type[InvalidInput]]:
    for child in kind.__subclasses__():
        yield child
        yield from _every(child)
