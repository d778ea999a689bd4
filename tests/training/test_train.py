"""Real, small training runs: a few hundred samples, on the real data."""

import csv
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from drawn_digits.cli import main
from drawn_digits.errors import TrainingError
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data.sources import SOURCES
from drawn_digits.training.machine import fastest_precision
from drawn_digits.training.recipes import classic_recipe
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.train import augmentation_strength, check_chosen_run, keep

pytestmark = pytest.mark.usefixtures("data_folder")

SMALL = ("--max-samples", "150", "--digit-variants", "2", "--digit-variants-an-epoch", "1")
SMALL_RUN = (
    *SMALL,
    "--made-non-digits",
    "50",
    "--made-pages",
    "20",
    "--non-digit-variants",
    "1",
    "--batch-size",
    "64",
    "--beside-mnist",
    "40",
    "--warmup-epochs",
    "0.5",
)
TWO_AND_THREE = ("--epochs", "2", "--mnist-epochs", "3")


def command(folder: Path, *options: str) -> list[str]:
    return ["train", "--run", str(folder), *SMALL_RUN, *options]


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, command(folder, *options), catch_exceptions=False)


def history(folder: Path) -> list[dict[str, str]]:
    with (folder / "history.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "uninterrupted"
    result = run(folder, *TWO_AND_THREE)
    assert result.exit_code == 0
    assert result.stderr.index("painting the drawings") < result.stderr.index("epoch 1/5")
    return folder


def test_a_run_writes_history_curves_weights_and_calibration(uninterrupted: Path) -> None:
    rows = history(uninterrupted)
    assert [float(row["epoch"]) for row in rows] == [1, 2, 3, 4, 5]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert all(np.isfinite(float(row[name])) for row in rows)
        assert float(rows[0]["seconds"]) > 0
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
    origin = RunFolder(uninterrupted).read_origin()
    assert len(origin["git_commit"].removesuffix("-dirty")) == 40
    assert "cores" in origin["training_machine"]
    assert " on " in origin["keras"]
    used = {file.sha256 for source in SOURCES for file in source.files}
    assert {sha for files in origin["training_data"].values() for sha in files.values()} == used
    assert (uninterrupted / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (uninterrupted / "best.weights.h5").exists()
    assert (uninterrupted / "calibration.json").exists()


def test_a_run_killed_between_epochs_goes_on_to_the_same_result(
    uninterrupted: Path, tmp_path: Path
) -> None:
    """Killed as its reader learns, between its two readers, and as MNIST's reader learns."""
    folder = tmp_path / "killed"
    for after in (1, 2, 3):
        kill_after(folder, after)
    assert 3 <= RunFolder(folder).latest_checkpoint()[0] < 5
    goes_on = run(folder, *TWO_AND_THREE)
    assert goes_on.exit_code == 0
    assert "that this run has painted" in goes_on.stderr
    assert not list(folder.glob("*painted*"))
    for ours, theirs in zip(history(folder), history(uninterrupted), strict=True):
        assert float(ours["val_loss"]) == pytest.approx(float(theirs["val_loss"]), rel=0.001)
        assert float(ours["loss"]) == pytest.approx(float(theirs["loss"]), rel=0.001)


def test_the_last_epochs_have_less_augmentation() -> None:
    config = TrainingConfig(epochs=5, gentle_epochs=2, augmentation=0.8, gentle_augmentation=0.5)
    strengths = [augmentation_strength(config, epoch) for epoch in range(6)]
    assert strengths == pytest.approx([0.8, 0.8, 0.8, 0.4, 0.4, 0.4])


def kill_after(folder: Path, epochs: int) -> None:
    """Begin or resume the run in a process of its own, and kill it when it has done so many."""
    process = subprocess.Popen(
        [sys.executable, "-m", "drawn_digits", *command(folder, *TWO_AND_THREE)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_checkpoint(folder, process, epochs)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def wait_for_checkpoint(folder: Path, process: "subprocess.Popen[bytes]", epochs: int) -> None:
    deadline = time.monotonic() + 300  # where all cores are busy
    while RunFolder(folder).latest_checkpoint()[0] < epochs:
        assert process.poll() is None, "training ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_calculates_in_what_is_fastest_here(uninterrupted: Path) -> None:
    assert RunFolder(uninterrupted).read_config().precision == fastest_precision()


def test_a_finished_run_trains_no_more(uninterrupted: Path) -> None:
    before = (uninterrupted / "history.csv").read_text()
    assert run(uninterrupted, *TWO_AND_THREE).exit_code == 0
    assert (uninterrupted / "history.csv").read_text() == before


def test_another_configuration_in_the_same_folder_is_refused(uninterrupted: Path) -> None:
    result = run(uninterrupted, "--epochs", "4", "--seed", "7", "--mnist-epochs", "3")
    assert result.exit_code == 1
    assert "painting" not in result.stderr
    assert "epochs 2 -> 4" in result.stderr
    assert "seed 1 -> 7" in result.stderr


def test_the_classic_network_learns_mnist(tmp_path: Path) -> None:
    options = ("--network", "classic", "--epochs", "4", "--max-samples", "2000")
    result = CliRunner().invoke(main, ["train", "--run", str(tmp_path / "classic"), *options])
    assert result.exit_code == 0, result.output
    assert float(history(tmp_path / "classic")[-1]["val_accuracy"]) > 0.7


def test_an_unknown_network_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "--network", "resnet")
    assert result.exit_code == 2
    assert "'evidence', 'classic'" in result.output


def test_a_chosen_run_is_repeated_with_its_configuration_and_calibration(
    uninterrupted: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "repeat"
    options = ["--chosen-run", str(uninterrupted), "--seed", "7"]
    result = CliRunner().invoke(main, ["train", "--run", str(folder), *options])
    assert result.exit_code == 0
    chosen, repeat = RunFolder(uninterrupted).read_config(), RunFolder(folder).read_config()
    assert repeat == replace(chosen, chosen_run=str(uninterrupted), seed=7)
    calibration = (uninterrupted / "calibration.json").read_text()
    assert (folder / "calibration.json").read_text() == calibration


@pytest.mark.parametrize(("network", "kept"), [("classic", 1), ("evidence", 2)])
def test_the_classic_network_keeps_its_best_weights_and_the_shipped_one_its_last(
    network: str, kept: int, tmp_path: Path
) -> None:
    config = TrainingConfig(network=network, max_samples=20)
    recipe, run = classic_recipe(config), RunFolder(tmp_path)
    history: list[dict[str, float]] = []
    for epoch, accuracy in enumerate((0.9, 0.8), 1):
        for weight in recipe.network.trainable_weights:
            weight.assign(np.full(weight.shape, epoch))
        history.append({"epoch": epoch, "val_accuracy": accuracy})
        keep(recipe, run, history, config)
    recipe.network.load_weights(run.best_weights)
    assert {float(w.numpy().max()) for w in recipe.network.trainable_weights} == {kept}


def test_neither_a_repeat_nor_the_classic_network_can_be_repeated(
    uninterrupted: Path, tmp_path: Path
) -> None:
    for name, config in (
        ("a repeat itself", TrainingConfig(chosen_run=str(uninterrupted))),
        ("the classic network", TrainingConfig(network="classic")),
    ):
        RunFolder(tmp_path / name).open(config)
        with pytest.raises(TrainingError, match=name):
            check_chosen_run(RunFolder(tmp_path / name))


def test_a_chosen_run_is_not_repeated_by_another_network(
    uninterrupted: Path, tmp_path: Path
) -> None:
    options = ["--chosen-run", str(uninterrupted), "--network", "classic"]
    result = CliRunner().invoke(main, ["train", "--run", str(tmp_path / "classic"), *options])
    assert result.exit_code == 1
    assert "--network classic cannot be given" in result.stderr
    assert not (tmp_path / "classic").exists()


def test_an_unfinished_run_cannot_be_repeated(tmp_path: Path) -> None:
    RunFolder(tmp_path / "chosen").open(TrainingConfig())
    options = ["--chosen-run", str(tmp_path / "chosen")]
    result = CliRunner().invoke(main, ["train", "--run", str(tmp_path / "repeat"), *options])
    assert result.exit_code == 1
    assert "is not finished" in result.output
    assert not (tmp_path / "repeat").exists()
