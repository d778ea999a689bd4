import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from drawn_digits.cli import main
from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.model_file import PACKAGED_MODELS, read_model_file
from drawn_digits.training.data.sources import SOURCES
from drawn_digits.training.evaluation.model_card import (
    publish_evaluation,
    render_model_card,
    write_model_card,
)
from tests.training.evaluation.repeated import publish_configured

CARD = (PACKAGED_MODELS / "README.md").read_text("utf-8")
REPORT: dict[str, Any] = json.loads((PACKAGED_MODELS / "evaluation.json").read_text("utf-8"))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder with the shipped model and a report that has every section."""
    for name in ("digits.onnx", "current"):
        shutil.copy(PACKAGED_MODELS / name, tmp_path / name)
    refused = {"refused": [0.9, 0.92, 0.97], "mean": 0.93, "sd": 0.036}
    auroc = {"auroc": [0.99, 0.98, 1.0], "mean": 0.99, "sd": 0.01}
    spread = {"accuracy": [0.9, 0.91, 0.95], "mean": 0.92, "sd": 0.0265, "ece": [0, 0, 0]}
    writer = {"writer": "pendigits-tes-01", "count": 250, "mistakes": 30, "accuracy": 0.88}
    sets = {name: figures | {"writers": [writer]} for name, figures in REPORT["sets"].items()}
    sections = {
        "sets": sets,
        "runs": {
            "count": 3,
            "seed": [4, 5, 6],
            "learned": ["train", "validation"],
            "sets": {"mnist": spread},
            "non_digits": {"letters": {"refused": refused, "auroc": auroc}},
        },
        "corruptions": {"count": 7, "clean": 0.99, "mean": 0.75, "accuracy": {"fog": [0.8] * 5}},
        "operating_point": {"threshold": 0.4, "digits_lost": 0.0123},
        "never_digits": {"all white": False, "all black": True},
        "wall_seconds": 150,
    }
    (tmp_path / "evaluation.json").write_text(json.dumps(REPORT | sections), "utf-8")
    return tmp_path


def card_of(models: Path, **configuration: Any) -> str:
    """The card, were the shipped model of another configuration."""
    publish_configured(models, **configuration)
    report = json.loads((models / "evaluation.json").read_text("utf-8"))
    report["model"]["sha256"] = read_model_file(models).sha256
    (models / "evaluation.json").write_text(json.dumps(report), "utf-8")
    return render_model_card(models)


def front_matter(card: str) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return parsed


def test_the_shipped_card_is_what_the_shipped_evaluation_gives() -> None:
    assert render_model_card(PACKAGED_MODELS) == CARD


def test_the_front_matter_is_of_hugging_face_s_form_with_the_report_s_figures() -> None:
    data = front_matter(CARD)
    assert data["license"] == "mit"
    assert data["pipeline_tag"] == "image-classification"
    assert {"library_name", "tags", "datasets", "metrics"} <= set(data)
    results = data["model-index"][0]["results"]
    assert [result["dataset"]["name"] for result in results] == list(REPORT["sets"])
    for result in results:
        assert {"type"} <= set(result["task"])
        assert {"type", "name"} <= set(result["dataset"])
        figures = REPORT["sets"][result["dataset"]["name"]]
        found = {metric["type"]: metric["value"] for metric in result["metrics"]}
        assert found["accuracy"] == pytest.approx(figures["accuracy"], abs=5e-5)
        assert found["expected_calibration_error"] == pytest.approx(figures["ece"], abs=5e-5)


def test_every_section_of_hugging_face_s_form_is_there() -> None:
    headings = re.findall(r"^## (.+)$", CARD, re.MULTILINE)
    assert headings == [
        "Model details",
        "Uses",
        "Bias, risks and limitations",
        "How to get started with the model",
        "Training details",
        "Evaluation",
        "Environmental impact",
        "Technical specifications",
        "How to reproduce",
        "Citation",
    ]


def test_the_card_names_the_file_and_every_source_with_licence_and_citation() -> None:
    assert read_model_file().sha256 in CARD
    for source in SOURCES:
        for fact in (source.title, source.licence, source.citation, source.page):
            assert fact in CARD


def test_the_examples_run_beside_the_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PACKAGED_MODELS)
    examples = re.findall(r"```python\n(.*?)```", CARD, re.DOTALL)
    for example in examples:
        exec(example, {})  # noqa: S102 - the card's own code
    seven, zero = capsys.readouterr().out.splitlines()
    assert seven.startswith("7 ")
    assert zero.split() == ["0", "True"]


def test_whatever_the_report_holds_is_told(models: Path) -> None:
    card = render_model_card(models)
    for figure in (
        "92.00% ± 2.65% | 90.00%, 91.00%, 95.00%",
        "3 seeds (4, 5, 6), trained on train and validation",
        "| letters | 93.00% ± 3.60% | 90.00%, 92.00%, 97.00% | 0.9900 ± 0.0100 |",
        "| pendigits anywhere | pendigits-tes-01 | 250 | 30 | 88.00% |",
        "| fog | 80.0% | 80.0% | 80.0% | 80.0% | 80.0% |",
        "1.23% of the digits anywhere",
        "1 of 2 are taken for a digit",
        "2.5 minutes on",
    ):
        assert figure in card


def test_the_card_of_a_repeat_names_validation_among_what_was_learned(models: Path) -> None:
    card = card_of(models, chosen_run="runs/evidence", as_written=0.5, photographed=0.15)
    for fact in (
        "all 60,000 training images",
        "writers 1 to 30 of the first file",
        "donors syn, apb, val, gmd, app, art, apa.",
        "train and validation together",
        "are left out",
        "50% of the pictures",
        "15% of those",
        "pages without a drawing",
    ):
        assert fact in card
    assert "first 55,000" not in card


def test_the_card_of_a_run_that_was_not_repeated_names_the_training_split(models: Path) -> None:
    card = card_of(models, chosen_run="")
    for fact in ("the first 55,000 training images", "writers 1 to 20", "syn, apb, val, gmd, app."):
        assert fact in card
    assert "train and validation together" not in card


@pytest.mark.parametrize("rows", re.findall(r"(?:^\|.*\n)+", CARD, re.MULTILINE))
def test_every_table_has_the_same_columns_in_each_row(rows: str) -> None:
    assert len({line.count("|") for line in rows.splitlines()}) == 1


def test_the_command_writes_the_card_beside_the_model(models: Path) -> None:
    result = CliRunner().invoke(main, ["model-card", "--models", str(models)])
    assert result.exit_code == 0
    assert (models / "README.md").read_text("utf-8") == render_model_card(models)


def test_publishing_puts_the_report_and_its_card_beside_the_model(models: Path) -> None:
    output = models / "output"
    output.mkdir()
    (models / "evaluation.json").replace(output / "report.json")
    path = publish_evaluation(output, models)
    assert json.loads((models / "evaluation.json").read_text("utf-8"))["wall_seconds"] == 150
    assert path.read_text("utf-8") == render_model_card(models)


def test_without_an_evaluation_there_is_no_card(models: Path) -> None:
    (models / "evaluation.json").unlink()
    with pytest.raises(TrainingError, match="evaluate --publish"):
        write_model_card(models)
    assert not (models / "README.md").exists()


def test_an_evaluation_of_another_model_is_refused(models: Path) -> None:
    other = REPORT | {"model": REPORT["model"] | {"sha256": "0" * 64}}
    (models / "evaluation.json").write_text(json.dumps(other), "utf-8")
    with pytest.raises(TrainingError, match="not the one beside it"):
        render_model_card(models)
