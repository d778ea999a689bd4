import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from drawn_digits.cli import main
from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.training.data import load_non_digits, load_pendigits
from drawn_digits.training.evaluate import evaluate_model
from drawn_digits.training.evaluation_sets import digit_sets, pictures_anywhere, pictures_centred

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("evaluation")
    (folder / "printed").write_text(evaluate_model(PACKAGED_MODELS, "validation", folder))
    return folder


def test_the_report_covers_every_set_and_its_figures_agree(output: Path) -> None:
    report = json.loads((output / "report.json").read_text("utf-8"))
    counts = {name: figures["count"] for name, figures in report["sets"].items()}
    assert counts["mnist"] == 5000
    assert set(counts) == {"mnist"} | {
        f"{source} {place}"
        for source in ("pendigits", "unipen")
        for place in ("centred", "anywhere")
    }
    for figures in report["sets"].values():
        matrix = np.array(figures["confusion_matrix"])
        assert matrix.sum() == figures["count"]
        assert matrix.trace() == figures["count"] - figures["mistakes"]
        assert figures["accuracy"] == pytest.approx(matrix.trace() / matrix.sum())
    letters, made = report["non_digits"].values()
    assert letters["count"] == len(load_non_digits("validation"))
    assert made["count"] == 2000
    assert min(letters["auroc"], made["auroc"]) > 0.97


def test_the_shipped_model_reads_the_validation_writers(output: Path) -> None:
    sets = json.loads((output / "report.json").read_text("utf-8"))["sets"]
    assert sets["mnist"]["accuracy"] >= 0.99
    for name in ("pendigits anywhere", "unipen anywhere"):
        assert sets[name]["accuracy"] >= 0.97


def test_the_pictures_and_the_printed_table_are_written(output: Path) -> None:
    assert len(list(output.glob("confusion-*.png"))) == 5
    assert (output / "mistakes.png").read_bytes().startswith(b"\x89PNG")
    table = (output / "printed").read_text()
    assert table + "\n" == (output / "table.txt").read_text()
    assert "pendigits anywhere" in table


def test_pictures_are_the_same_each_time_and_half_of_anywhere_is_light_on_dark() -> None:
    pens = load_pendigits("validation")[:200]
    first, second = list(pictures_anywhere(pens)), list(pictures_anywhere(pens))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    dark_paper = np.mean([picture.mean() < 128 for picture in first])
    assert 0.4 < dark_paper < 0.6
    assert all(picture.mean() > 128 for picture in pictures_centred(pens))


def test_validation_and_test_share_no_writer() -> None:
    writers = {
        split: {pen.writer for s in digit_sets(split) for pen in s.pens}
        for split in ("validation", "test")
    }
    assert writers["validation"]
    assert not writers["validation"] & writers["test"]


def test_the_classic_way_can_be_measured_too(tmp_path: Path) -> None:
    run = str(tmp_path / "classic")
    options = ["--network", "classic", "--epochs", "1", "--max-samples", "2000"]
    assert CliRunner().invoke(main, ["train", "--run", run, *options]).exit_code == 0
    arguments = ["--classic-run", run, "--split", "validation", "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(main, ["evaluate", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    sets = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["sets"]
    assert sets["mnist"]["accuracy"] > sets["pendigits anywhere"]["accuracy"] + 0.1
