import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from drawn_digits.errors import ModelError
from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.recognizer.recognizer import load_recognizer


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("digits.onnx", "current"):
        shutil.copy(PACKAGED_MODELS / name, tmp_path / name)
    return tmp_path


def point_at(folder: Path, content: bytes, file: str = "digits.onnx") -> None:
    pointer = {"file": file, "version": "9", "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "current").write_text(json.dumps(pointer), "utf-8")


def test_a_model_describes_itself(models: Path) -> None:
    model = load_recognizer(models).model
    assert model.name == "drawn-digits"
    assert model.classes == tuple("0123456789")
    assert 0 < model.digit_threshold < 1
    assert model.sha256 == hashlib.sha256((models / "digits.onnx").read_bytes()).hexdigest()
    for key in ("training_data", "configuration", "git_commit", "metrics", "licence"):
        assert model.metadata[key]


def test_a_changed_model_is_refused(models: Path) -> None:
    content = bytearray((models / "digits.onnx").read_bytes())
    content[-5] ^= 1
    (models / "digits.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256"):
        load_recognizer(models)


def test_a_missing_model_or_pointer_is_named(models: Path) -> None:
    (models / "digits.onnx").unlink()
    with pytest.raises(ModelError, match=r"digits\.onnx cannot be read"):
        load_recognizer(models)
    (models / "current").unlink()
    with pytest.raises(ModelError, match="no model is known"):
        load_recognizer(models)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"file": "digits.onnx"}', "null", "[" * 9**5])
def test_a_damaged_pointer_is_refused(models: Path, text: str) -> None:
    (models / "current").write_text(text, "utf-8")
    with pytest.raises(ModelError, match="not of the form"):
        load_recognizer(models)


@pytest.mark.parametrize("file", ["../digits.onnx", "/digits.onnx", "digits.onnx\0"])
def test_a_pointer_cannot_leave_its_folder(models: Path, file: str) -> None:
    point_at(models, b"", file=file)
    with pytest.raises(ModelError, match="beside it"):
        load_recognizer(models)


def test_a_file_that_is_no_model_is_refused(models: Path) -> None:
    (models / "digits.onnx").write_bytes(b"not a model")
    point_at(models, b"not a model")
    with pytest.raises(ModelError, match="ONNX Runtime does not load"):
        load_recognizer(models).warm_up()


def test_a_model_without_our_metadata_is_refused(models: Path) -> None:
    proto = onnx.load(str(models / "digits.onnx"))
    del proto.metadata_props[:]
    content = proto.SerializeToString()
    (models / "digits.onnx").write_bytes(content)
    point_at(models, content)
    with pytest.raises(ModelError, match="metadata"):
        load_recognizer(models).warm_up()


def test_weights_outside_the_file_are_refused(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = model_with_external_weights(models / "weights.bin")
    (models / "digits.onnx").write_bytes(content)
    point_at(models, content)
    monkeypatch.chdir(models)  # where ONNX Runtime would look for them
    with pytest.raises(ModelError, match="External data"):
        load_recognizer(models).warm_up()


def model_with_external_weights(path: Path) -> bytes:
    values = numpy_helper.from_array(np.arange(600, dtype=np.float32), "w")
    path.write_bytes(values.raw_data)
    values.ClearField("raw_data")
    values.data_location = TensorProto.EXTERNAL
    entry = values.external_data.add()
    entry.key, entry.value = "location", path.name
    float_600 = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [600]) for name in "ab"]
    add = helper.make_node("Add", ["a", "w"], ["b"])
    graph = helper.make_graph([add], "external", float_600[:1], float_600[1:], [values])
    opset = helper.make_opsetid("", 17)
    content: bytes = helper.make_model(
        graph, opset_imports=[opset], ir_version=8
    ).SerializeToString()
    return content
