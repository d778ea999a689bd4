"""The notebooks run, teach without model code of their own, and are committed fit to be read."""

import json
import platform
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from drawn_digits.recognizer.model_file import PACKAGED_MODELS, read_model_file

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 400 * 1024
MACHINE_PATH = re.compile(r"/(home|root|work|tmp|Users|usr|opt|var|mnt|venv|\.venv)/|[A-Z]:\\")

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(path: Path) -> list[Any]:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_quiet(cell: Any) -> bool:
    """Whether what the cell says is of the machine (TensorFlow's notes), not of the lesson."""
    return "quiet" in cell.metadata.get("tags", [])


def outputs(cells: list[Any], kind: str) -> list[Any]:
    """What the cells gave of a MIME type."""
    found = [output.get("data", {}).get(kind) for cell in cells for output in cell.outputs]
    return [data for data in found if data]


def printed(cells: list[Any]) -> str:
    """Everything that the cells gave but their pictures."""
    streams = [output.get("text", "") for cell in cells for output in cell.outputs]
    return "\n".join([*streams, *outputs(cells, "text/plain"), *outputs(cells, "text/html")])


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["1-data", "2-classic-network", "3-mistakes"]


@pytest.mark.usefixtures("data_folder")
@each_notebook
def test_it_runs_in_small_mode(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_NOTEBOOKS", "small")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    cells = [cell for cell in client.execute().cells if cell.cell_type == "code"]
    assert len(outputs(cells, "image/png")) >= 4
    assert len(outputs(cells, "text/html")) >= 4  # tables
    for cell in cells:
        if not is_quiet(cell):
            assert "stderr" not in {output.get("name") for output in cell.outputs}, cell.source


@each_notebook
def test_it_is_committed_with_the_outputs_of_one_run(path: Path) -> None:
    cells = code_cells(path)
    for place, cell in enumerate(cells, 1):
        assert cell.execution_count == place or is_quiet(cell)
    assert len(outputs(cells, "image/png")) >= 4
    assert "error" not in {output.output_type for cell in cells for output in cell.outputs}


def test_quiet_cells_are_committed_without_outputs() -> None:
    quiet = [cell for path in NOTEBOOKS for cell in code_cells(path) if is_quiet(cell)]
    assert quiet
    assert [cell.source for cell in quiet if cell.outputs] == []


@each_notebook
def test_it_names_no_machine(path: Path) -> None:
    cells = code_cells(path)
    sources = "\n".join(cell.source for cell in cells)
    assert not MACHINE_PATH.search(sources + printed(cells))
    assert not re.search(rf"\b{re.escape(platform.node())}\b", printed(cells))
    assert not any("execution" in cell.metadata for cell in cells)  # times of day


@each_notebook
def test_it_is_small(path: Path) -> None:
    assert path.stat().st_size <= MOST_BYTES


@each_notebook
def test_it_defines_no_model(path: Path) -> None:
    source = "\n".join(cell.source for cell in code_cells(path))
    assert not re.search(r"layers\.|Sequential|Model\(|tensorflow|^\s*class ", source, re.MULTILINE)
    assert "from drawn_digits" in source


def test_the_mistakes_are_those_of_the_shipped_model() -> None:
    version = read_model_file(PACKAGED_MODELS).version
    assert f"drawn-digits {version}\n" in printed(code_cells(FOLDER / "3-mistakes.ipynb"))


def test_the_figures_that_are_quoted_are_those_of_the_report() -> None:
    sets = json.loads((PACKAGED_MODELS / "evaluation.json").read_text("utf-8"))["sets"]
    names = "pendigits anywhere", "unipen anywhere"
    first, second = (f"{sets[name]['accuracy'] * 100:.1f}" for name in names)
    text = (FOLDER / "2-classic-network.ipynb").read_text("utf-8")
    assert f"never seen: {first} and {second} % *anywhere*" in text
