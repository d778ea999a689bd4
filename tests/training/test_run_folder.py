import json
from dataclasses import asdict
from pathlib import Path

import keras
import pytest

from drawn_digits.errors import TrainingError
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.whole_file import write_whole


def test_history_comes_back_as_written(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.read_history() == []
    rows = [{"epoch": 1.0, "loss": 0.5}, {"epoch": 2.0, "loss": 0.25}]
    run.write_history(rows)
    assert run.read_history() == rows


def test_the_latest_checkpoint_is_found_and_older_ones_go(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.latest_checkpoint() == (0, None)
    for epoch in (9, 10, 11):
        run.checkpoint(epoch).touch()
    (tmp_path / "new-checkpoint-0012.weights.h5").touch()  # a kill left it behind
    assert run.latest_checkpoint() == (11, run.checkpoint(11))
    run.drop_checkpoints_before(11)
    assert not run.checkpoint(9).exists()
    assert run.checkpoint(11).exists()


def test_a_configuration_of_another_version_is_refused(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    document = asdict(TrainingConfig()) | {"no_such_field": 1}
    write_whole(run.config_file, json.dumps(document))
    with pytest.raises(TrainingError, match="no_such_field"):
        run.open(TrainingConfig())


def test_a_damaged_configuration_is_refused(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    write_whole(run.config_file, "{")
    with pytest.raises(TrainingError, match="cannot be read"):
        run.read_config()


def test_a_configuration_that_lacks_a_field_is_not_filled_with_todays_default(
    tmp_path: Path,
) -> None:
    run = RunFolder(tmp_path)
    run.open(TrainingConfig())
    document = json.loads(run.config_file.read_text("utf-8"))
    del document["photographed"]
    write_whole(run.config_file, json.dumps(document))
    with pytest.raises(TrainingError, match="photographed"):
        run.read_config()


def test_weights_that_are_missing_or_cut_off_are_refused(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    with pytest.raises(TrainingError, match="finished no epoch"):
        run.load_weights(model, run.best_weights)
    model.save_weights(run.best_weights)
    content = run.best_weights.read_bytes()
    run.best_weights.write_bytes(content[: len(content) // 2])
    with pytest.raises(TrainingError, match="damaged"):
        run.load_weights(model, run.best_weights)
