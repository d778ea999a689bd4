"""What the README says is what the program does and the evaluation measured."""

import json
import re
from pathlib import Path

import pytest

from drawn_digits.recognizer.model_file import PACKAGED_MODELS, read_model_file
from drawn_digits.recognizer.recognizer import load_recognizer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
REPORTS = {
    "shipped": PACKAGED_MODELS / "evaluation.json",
    "classic": ROOT / "docs" / "evaluation" / "classic.json",
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_figures_are_the_evaluation_s(name: str) -> None:
    from drawn_digits.training.evaluation.table import format_table

    report = json.loads(REPORTS[name].read_text("utf-8"))
    assert report["split"] == "test"
    assert report.get("limits", {}).get("max_samples", 0) == 0, "a figure of a trial"
    printed = re.search(rf"<!-- {name} -->\n```\n(.*?)\n```", README, re.DOTALL)
    assert printed is not None
    assert printed.group(1) == format_table(report)


def test_the_evaluation_is_that_of_the_shipped_model() -> None:
    report = json.loads(REPORTS["shipped"].read_text("utf-8"))
    model = load_recognizer().model
    assert report["model"]["sha256"] == model.sha256
    assert report["model"]["version"] == model.version


def test_the_size_of_the_shipped_file_is_said() -> None:
    kilobytes = round(len(read_model_file().content) / 1000)
    assert f"The model is one file of {kilobytes} KB." in README


def test_the_python_example_reads_its_seven(capsys: pytest.CaptureFixture[str]) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    exec(example.group(1), {})  # noqa: S102 - the README's own code
    assert capsys.readouterr().out.startswith("7 ")


def test_every_linked_file_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) >= 6
    for link in links:
        assert (ROOT / link).exists(), link
