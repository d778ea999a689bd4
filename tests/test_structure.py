"""The layout is the architecture: imports run in the design's directions only."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "drawn_digits"
TRAINING_ONLY = {"keras", "tensorflow", "matplotlib", "onnx", "tf2onnx", "pandas", "rich"}

# area: the areas that it may import. The command line names training's commands as texts only.
ALLOWED = {
    "errors": set(),
    "settings": {"errors"},
    "ink": {"errors", "settings"},
    "client": {"errors", "ink"},
    "recognizer": {"errors", "settings", "ink"},
    "web": {"errors", "settings", "ink", "recognizer"},
    "training": {"errors", "settings", "ink", "recognizer", ""},
    "cli": {"errors", "settings", "ink", "recognizer", "web"},
    "__main__": {"cli"},
    "": {"errors", "ink", "recognizer", "client"},  # the package's public names
}

# Training's rooms in the order of the work: none imports a later one.
LEARN = ("data", "samples", "network", "calibrate", "export", "evaluation")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def area_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import; write the whole name"
            yield node.module or ""


def area_of_name(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_in_the_design_s_directions(path: Path) -> None:
    own = area_of(path)
    for name in imported_names(path):
        if name.split(".")[0] != "drawn_digits":
            continue
        area = area_of_name(name)
        assert area == own or area in ALLOWED[own], f"{own or 'the package'} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_learns_comes_in_the_design_s_order(path: Path) -> None:
    own = room_of(path.relative_to(PACKAGE).with_suffix("").parts)
    if own in ("commands", "options"):  # they start all of it
        return
    rooms = {room_of(tuple(name.split(".")[1:])) for name in imported_names(path)}
    later = LEARN[LEARN.index(own) + 1 :] if own in LEARN else ("evaluation",)
    assert not rooms & set(later)


def room_of(parts: tuple[str, ...]) -> str:
    """The module or folder of training that a path or a name lies in, "" outside."""
    return parts[1] if len(parts) > 1 and parts[0] == "training" else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_training_imports_what_only_training_needs(path: Path) -> None:
    if area_of(path) != "training":
        found = {name.split(".")[0] for name in imported_names(path)} & TRAINING_ONLY
        assert not found


def test_every_area_of_the_package_has_its_rule() -> None:
    assert {area_of(path) for path in modules()} == set(ALLOWED)


def test_answering_imports_no_keras_and_no_tensorflow() -> None:
    code = """
import sys, numpy, drawn_digits, drawn_digits.cli, drawn_digits.web.server
drawn_digits.load_recognizer().predict([numpy.eye(28, dtype="uint8") * 255])
print(sorted({name.split(".")[0] for name in sys.modules}))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(ast.literal_eval(result.stdout))
    assert "onnxruntime" in loaded
    assert not loaded & TRAINING_ONLY
