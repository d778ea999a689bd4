import hashlib
import json
import logging
from pathlib import Path

import pytest

from drawn_digits.errors import ModelError
from drawn_digits.recognizer.model_file import ModelFile, read_model_file
from drawn_digits.web.last_good_model import keep_model, load_or_fall_back


def model(content: bytes, version: str) -> ModelFile:
    return ModelFile(content, version, hashlib.sha256(content).hexdigest())


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A folder whose file is the one that its pointer names, and no model."""
    folder = tmp_path / "damaged"
    folder.mkdir()
    content = b"no model"
    (folder / "9.onnx").write_bytes(content)
    pointer = {"file": "9.onnx", "version": "9", "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "current").write_text(json.dumps(pointer))
    return folder


def test_a_damaged_model_is_replaced_by_the_last_that_loaded(damaged: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shipped = load_or_fall_back(None, kept)
    assert load_or_fall_back(damaged, kept).file == shipped.file
    assert read_model_file(kept) == shipped.file


def test_without_one_that_loaded_a_damaged_model_stops_the_start(
    damaged: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="ONNX Runtime does not load the model 9"):
        load_or_fall_back(damaged, tmp_path / "kept")


def test_outside_a_server_nothing_is_kept(damaged: Path) -> None:
    assert load_or_fall_back(None, None).file == read_model_file()
    with pytest.raises(ModelError):
        load_or_fall_back(damaged, None)


def test_only_the_last_one_is_kept(tmp_path: Path) -> None:
    first, second = model(b"first", "1"), model(b"second", "2")
    for file in (first, second, first, second):
        keep_model(file, tmp_path)
        assert read_model_file(tmp_path) == file
        assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file, no folder")
    with caplog.at_level(logging.WARNING):
        keep_model(model(b"first", "1"), tmp_path / "kept")
    assert "The model 1 cannot be kept" in caplog.text
