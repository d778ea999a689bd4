"""Runs as training leaves them, with weights that were drawn and not learned."""

import dataclasses
import json
from pathlib import Path
from statistics import stdev

import numpy as np
import pytest

from drawn_digits.errors import TrainingError
from drawn_digits.training.calibrate import Calibration
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.evaluation.runs import (
    check_finished,
    check_runs,
    measure_runs,
    read_spread,
    spread_over_runs,
)
from drawn_digits.training.evaluation.sets import EvaluationSet
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.whole_file import write_whole
from tests.training.drawn_network import draw_network

SHIPPED = dataclasses.asdict(TrainingConfig())


def begin_run(folder: Path, config: TrainingConfig) -> Path:
    RunFolder(folder).open(config)
    return folder


def finish_run(folder: Path, validation_accuracy: float) -> None:
    run = RunFolder(folder)
    draw_network(run.read_config().seed).save_weights(run.best_weights)
    biases = (0.0,) * 10
    calibration = Calibration(1.2, biases, biases, 0.9, 0.3, validation_accuracy, 0.05, 0.6)
    write_whole(run.calibration_file, json.dumps(dataclasses.asdict(calibration)))


def noise(name: str, count: int) -> EvaluationSet:
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
    labels = rng.integers(0, 10, count)
    return EvaluationSet(name, labels, np.zeros(count, bool), images=images, is_anywhere=True)


def test_every_run_is_exported_and_measured_and_their_spread_is_told(tmp_path: Path) -> None:
    runs = [begin_run(tmp_path / str(seed), TrainingConfig(seed=seed)) for seed in (1, 2)]
    for run, accuracy in zip(runs, (0.98, 0.99), strict=True):
        finish_run(run, accuracy)
    check_runs(runs, SHIPPED)
    figures = measure_runs(runs, [noise("digits", 40)], [noise("letters", 30)])
    assert (figures["count"], figures["seed"]) == (2, [1, 2])
    assert figures["learned"] == ["train"]
    assert figures["validation_accuracy"] == [0.98, 0.99]
    assert len(figures["sets"]["digits"]["ece"]) == 2
    for name, spread in (
        ("accuracy", figures["sets"]["digits"]),
        ("refused", figures["non_digits"]["letters"]["refused"]),
        ("auroc", figures["non_digits"]["letters"]["auroc"]),
    ):
        assert len(spread[name]) == 2
        assert spread["mean"] == pytest.approx(sum(spread[name]) / 2)
        assert spread["sd"] == pytest.approx(stdev(spread[name]))
    assert 0 < figures["non_digits"]["letters"]["auroc"]["mean"] < 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]


def test_repeats_tell_no_validation_accuracy_for_they_learned_validation() -> None:
    measured = [
        {
            "configuration": {"seed": seed, "chosen_run": "evidence"},
            "validation_accuracy": 0.98,
            "sets": {"digits": {"accuracy": accuracy, "ece": 0.01}},
            "non_digits": {"letters": {"refused": 0.9, "auroc": 0.95}},
        }
        for seed, accuracy in ((1, 0.96), (2, 0.98), (3, 0.97))
    ]
    figures = spread_over_runs(measured)
    assert figures["seed"] == [1, 2, 3]
    assert figures["learned"] == ["train", "validation"]
    assert "validation_accuracy" not in figures
    digits = figures["sets"]["digits"]
    assert (digits["mean"], digits["sd"]) == (pytest.approx(0.97), pytest.approx(0.01))


def write_report(folder: Path, version: str, **sections: object) -> Path:
    file = folder / "report.json"
    report = {"model": {"version": version}, "split": "test"} | sections
    file.write_text(json.dumps(report), "utf-8")
    return file


@pytest.mark.parametrize("version", ["1.6.0", "1.6.1", "1.6.2"])
def test_the_spread_of_an_earlier_report_says_which_model_s_it_is(
    tmp_path: Path, version: str
) -> None:
    """1.6.1 and 1.6.2 have 1.6.0's weights; their own reports have the spread from 1.6.0's."""
    runs = {"count": 3} if version == "1.6.0" else {"count": 3, "model_version": "1.6.0"}
    report = write_report(tmp_path, version, runs=runs)
    metadata = {"version": "1.6.2", "weights_of": "1.6.0"}
    assert read_spread(report, "test", metadata) == {"count": 3, "model_version": "1.6.0"}


def test_the_spread_of_other_weights_is_refused(tmp_path: Path) -> None:
    report = write_report(tmp_path, "1.5.0", runs={"count": 3})
    with pytest.raises(TrainingError, match=r"figures of 1\.5\.0, whose weights are not those"):
        read_spread(report, "test", {"version": "1.6.1", "weights_of": "1.6.0"})


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"split": "test"}', "\xff"])
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    report = tmp_path / "report.json"
    report.write_text(content, "latin-1")
    with pytest.raises(TrainingError, match=r"report\.json is no report"):
        read_spread(report, "test", {"version": "1"})


def test_a_report_without_a_spread_or_of_another_split_is_refused(tmp_path: Path) -> None:
    for sections in ({}, {"runs": {"count": 3}, "split": "validation"}):
        report = write_report(tmp_path, "1", **sections)
        with pytest.raises(TrainingError, match="no figures over seeds on test"):
            read_spread(report, "test", {"version": "1"})


def test_no_runs_need_no_check() -> None:
    check_runs((), SHIPPED)


def test_one_run_or_one_seed_twice_shows_no_spread(tmp_path: Path) -> None:
    first = begin_run(tmp_path / "first", TrainingConfig(seed=1))
    again = begin_run(tmp_path / "again", TrainingConfig(seed=1))
    for runs in ((first,), (first, again)):
        with pytest.raises(TrainingError, match="two or more runs of different seeds"):
            check_runs(runs, SHIPPED)


def test_runs_of_different_recipes_are_refused_by_what_differs(tmp_path: Path) -> None:
    first = begin_run(tmp_path / "first", TrainingConfig(seed=1))
    other = begin_run(tmp_path / "other", TrainingConfig(seed=2, dropout=0.4))
    with pytest.raises(TrainingError, match=r"other is not of the recipe .* \(dropout\)"):
        check_runs((first, other), SHIPPED)


def test_runs_of_one_recipe_that_the_model_is_not_of_are_refused(tmp_path: Path) -> None:
    longer = TrainingConfig().epochs + 1
    runs = [
        begin_run(tmp_path / str(seed), TrainingConfig(seed=seed, epochs=longer)) for seed in (1, 2)
    ]
    with pytest.raises(TrainingError, match=r"recipe of the model \(epochs\)"):
        check_runs(runs, SHIPPED)
    older = {name: value for name, value in SHIPPED.items() if name != "made_pages"}
    with pytest.raises(TrainingError, match="made_pages"):
        check_runs(runs, older | {"epochs": longer})
    check_runs(runs, SHIPPED | {"epochs": longer, "seed": 7, "chosen_run": "runs/evidence"})


def test_repeats_of_each_seed_s_own_chosen_run_are_one_recipe(tmp_path: Path) -> None:
    runs = [
        begin_run(tmp_path / str(seed), TrainingConfig(seed=seed, chosen_run=f"runs/{seed}"))
        for seed in (1, 2)
    ]
    check_runs(runs, SHIPPED)
    once = begin_run(tmp_path / "once", TrainingConfig(seed=3))
    with pytest.raises(TrainingError, match="chosen_run"):
        check_runs([*runs, once], SHIPPED)


def test_a_run_that_is_not_finished_says_so(tmp_path: Path) -> None:
    run = begin_run(tmp_path / "begun", TrainingConfig())
    with pytest.raises(TrainingError, match="not finished"):
        check_finished([run])
    with pytest.raises(TrainingError, match="not finished"):
        measure_runs([run], [], [])
