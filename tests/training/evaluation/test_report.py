import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from drawn_digits.cli import main
from drawn_digits.recognizer.model_file import PACKAGED_MODELS, read_model_file
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.data import Split
from drawn_digits.training.evaluation.limits import SampleLimits
from drawn_digits.training.evaluation.report import evaluate_model, has_learned, to_text

pytestmark = pytest.mark.usefixtures("data_folder")

SMALL = SampleLimits(max_samples=150, corruption_images=20, sweep_drawings=20)
PEN_SETS = [f"{s} {p}" for s in ("pendigits", "unipen") for p in ("centred", "anywhere")]
DIGIT_SETS = ["mnist", *PEN_SETS, "typefaces"]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("evaluation")
    told: list[str] = []
    table = evaluate_model(PACKAGED_MODELS, "validation", folder, SMALL, tell=told.append)
    (folder / "printed").write_text(table)
    (folder / "told").write_text("\n".join(told))
    return folder


@pytest.fixture(scope="module")
def report(output: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((output / "report.json").read_text("utf-8"))
    return parsed


def test_the_report_says_what_was_measured_where_and_how_much_of_it(report: dict[str, Any]) -> None:
    assert report["model"]["sha256"] == read_model_file().sha256
    assert report["split"] == "validation"
    assert report["limits"] == {
        "max_samples": 150,
        "corruption_images": 20,
        "sweep_drawings": 20,
    }
    assert "cores" in report["machine"]
    assert report["wall_seconds"] > 0


def test_the_report_covers_every_set_and_its_figures_agree(report: dict[str, Any]) -> None:
    assert list(report["sets"]) == DIGIT_SETS
    for figures in report["sets"].values():
        matrix = np.array(figures["confusion_matrix"])
        assert matrix.sum() == figures["count"] == 150
        assert matrix.trace() == figures["count"] - figures["mistakes"]
        assert figures["accuracy"] == pytest.approx(matrix.trace() / matrix.sum())
        if "writers" in figures:
            assert sum(writer["count"] for writer in figures["writers"]) == 150
            assert sum(writer["mistakes"] for writer in figures["writers"]) == figures["mistakes"]
    assert [name for name in DIGIT_SETS if "writers" in report["sets"][name]] == PEN_SETS


@pytest.mark.parametrize(
    ("chosen_run", "split", "learned"),
    [
        ("", "validation", False),
        ("", "test", False),
        ("runs/evidence", "validation", True),
        ("runs/evidence", "test", False),
    ],
)
def test_a_repeat_has_learned_validation(chosen_run: str, split: Split, learned: bool) -> None:
    assert has_learned({"chosen_run": chosen_run}, split) is learned


def test_a_model_from_before_there_were_repeats_has_not_learned_validation() -> None:
    assert has_learned({"seed": 1}, "validation") is False


def test_the_report_says_whether_the_shipped_model_has_learned_what_it_reads(
    report: dict[str, Any], output: Path
) -> None:
    configuration = load_recognizer().model.metadata["configuration"]
    assert report["seen_in_training"] is bool(configuration.get("chosen_run"))
    says_so = "SEEN IN TRAINING" in (output / "printed").read_text()
    assert says_so is report["seen_in_training"]


def test_the_evaluation_reads_the_shipped_model_s_pictures_the_way_it_was_trained(
    report: dict[str, Any],
) -> None:
    """No measure of quality: the shipped model may have learned these pictures."""
    for figures in report["sets"].values():
        assert figures["accuracy"] >= 0.95
    for figures in report["non_digits"].values():
        assert figures["count"] == 150
        assert figures["auroc"] > 0.97


def test_the_shipped_model_reads_unseen_writers() -> None:
    shipped = json.loads((PACKAGED_MODELS / "evaluation.json").read_text("utf-8"))
    assert (shipped["split"], shipped["model"]["sha256"]) == ("test", read_model_file().sha256)
    assert shipped["sets"]["mnist"]["accuracy"] >= 0.995
    for name in ("pendigits anywhere", "unipen anywhere"):
        assert shipped["sets"][name]["accuracy"] >= 0.975
    for figures in shipped["non_digits"].values():
        assert figures["auroc"] > 0.99


def test_the_other_sections_are_there_and_belong_to_the_same_model(report: dict[str, Any]) -> None:
    counts = {
        name: sum(row["count"] for row in rows) for name, rows in report["reliability"].items()
    }
    assert counts == {"mnist": 150, "pen drawings anywhere": 300}
    refused = [
        report["sets"][f"{source} anywhere"]["refused"] for source in ("pendigits", "unipen")
    ]
    assert report["operating_point"]["digits_lost"] == pytest.approx(np.mean(refused))
    assert report["sweeps"]["count"] == report["corruptions"]["count"] == 20
    assert not any(report["never_digits"].values())
    assert "runs" not in report


def test_the_pictures_and_the_printed_table_are_written(output: Path) -> None:
    names = [f"confusion-{name.replace(' ', '-')}" for name in DIGIT_SETS]
    names += ["mistakes", "reliability", "sweeps", "corruptions"]
    assert sorted(path.stem for path in output.glob("*.png")) == sorted(names)
    for path in output.glob("*.png"):
        with Image.open(path) as picture:
            assert np.asarray(picture.convert("L")).std() > 5
    table = (output / "printed").read_text()
    assert table + "\n" == (output / "table.txt").read_text()
    assert "pendigits anywhere" in table
    assert "corruptions" in (output / "told").read_text()


def test_the_text_keeps_a_confusion_matrix_readable_and_loses_nothing() -> None:
    report = {
        "matrix": np.arange(100).reshape(10, 10).tolist(),
        "rows": [{"a": 1}, {"a": 2}],
        "b": 0,
    }
    text = to_text(report)
    assert json.loads(text) == report
    assert len(text.splitlines()) == 2 + 12 + 4 + 1


def test_the_classic_way_can_be_measured_too(tmp_path: Path) -> None:
    run = str(tmp_path / "classic")
    options = ["--network", "classic", "--epochs", "1", "--max-samples", "2000"]
    assert CliRunner().invoke(main, ["train", "--run", run, *options]).exit_code == 0
    arguments = ["--classic-run", run, "--split", "validation", "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(
        main, ["evaluate", *arguments, "--max-samples", "200"], catch_exceptions=False
    )
    assert result.exit_code == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    sets = report["sets"]
    assert sets["mnist"]["accuracy"] > sets["pendigits anywhere"]["accuracy"] + 0.1
    assert not {"sweeps", "corruptions", "operating_point", "runs"} & set(report)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--publish", "--split", "validation"], "whole test split"),
        (["--publish", "--max-samples", "5"], "whole test split"),
        (["--publish", "--corruption-images", "5"], "whole test split"),
        (["--publish", "--sweep-drawings", "5"], "no other limits"),
        (["--publish", "--run", ".", "--run", "."], "3 or more --run"),
        (["--classic-run", ".", "--publish"], "yardstick"),
        (["--classic-run", ".", "--run", "."], "yardstick"),
        (["--classic-run", ".", "--spread-of", "README.md"], "yardstick"),
        (["--run", ".", "--spread-of", "README.md"], "not from both"),
        (["--spread-of", "README.md"], "README.md is no report"),
        (["--max-samples", "-1"], "-1"),
        (["--run", "."], "no training run"),
        (["--output", "/proc/evaluation"], "/proc/evaluation cannot be written into"),
        (["--output", "/proc/e", "--classic-run", "."], "/proc/e cannot be written into"),
    ],
)
def test_what_cannot_be_measured_is_refused_at_once(options: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["evaluate", *options])
    assert result.exit_code != 0
    assert message in " ".join(result.output.split())
