"""The Triton repository, read by protobuf's own parser.

Once, by hand, tritonclient's model_config_pb2 read it too.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from click.testing import CliRunner
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format

from drawn_digits.cli import main
from drawn_digits.recognizer.recognizer import load_recognizer

FIELDS = {  # those of Triton's model_config.proto that are used, with their kinds
    "ModelConfig": {
        "name": "string",
        "backend": "string",
        "max_batch_size": "int32",
        "input": "Port*",
        "output": "Port*",
        "dynamic_batching": "Empty",
        "parameters": "Parameter*",
    },
    "Port": {"name": "string", "data_type": "Type", "dims": "int64*", "reshape": "Shape"},
    "Shape": {"shape": "int64*"},
    "Parameter": {"key": "string", "value": "Text"},
    "Text": {"string_value": "string"},
    "Empty": {},
}
TYPES = {"TYPE_UINT8": "tensor(uint8)", "TYPE_FP32": "tensor(float)"}


def parse_config(text: str) -> Any:
    kinds = descriptor_pb2.FieldDescriptorProto
    scalars = {"string": kinds.TYPE_STRING, "int32": kinds.TYPE_INT32, "int64": kinds.TYPE_INT64}
    file = descriptor_pb2.FileDescriptorProto(name="triton.proto", package="triton")
    types = file.enum_type.add(name="Type")
    for number, name in enumerate(TYPES):
        types.value.add(name=name, number=number)
    for message, fields in FIELDS.items():
        described = file.message_type.add(name=message)
        for number, (name, kind) in enumerate(fields.items(), 1):
            plain = kind.removesuffix("*")
            label = kinds.LABEL_REPEATED if kind.endswith("*") else kinds.LABEL_OPTIONAL
            field = described.field.add(name=name, number=number, label=label)
            if plain in scalars:
                field.type = scalars[plain]
            else:
                field.type_name = f".triton.{plain}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    config = message_factory.GetMessageClass(pool.FindMessageTypeByName("triton.ModelConfig"))
    return text_format.Parse(text, config())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    result = CliRunner().invoke(main, ["export", "--triton", str(tmp_path / "models")])
    assert result.exit_code == 0, result.output
    return tmp_path / "models" / "drawn_digits"


def test_the_description_names_the_ports_that_the_file_has(repository: Path) -> None:
    config = parse_config((repository / "config.pbtxt").read_text())
    session = onnxruntime.InferenceSession(repository / "1" / "model.onnx")
    assert config.name == repository.name
    for described, real in (
        (config.input, session.get_inputs()),
        (config.output, session.get_outputs()),
    ):
        assert [port.name for port in described] == [port.name for port in real]
        for port, onnx_port in zip(described, real, strict=True):
            dims = [size if isinstance(size, int) else -1 for size in onnx_port.shape[1:]]
            own = list(port.reshape.shape) if port.HasField("reshape") else list(port.dims)
            assert own == dims
            kind = port.DESCRIPTOR.fields_by_name["data_type"].enum_type.values[port.data_type]
            assert TYPES[kind.name] == onnx_port.type


def test_the_file_answers_batches_as_the_description_says(repository: Path) -> None:
    config = parse_config((repository / "config.pbtxt").read_text())
    session = onnxruntime.InferenceSession(repository / "1" / "model.onnx")
    names = [port.name for port in config.output]
    for batch in (1, 3, config.max_batch_size):
        outputs = session.run(names, {"image": np.full((batch, 40, 50), 255, np.uint8)})
        for port, output in zip(config.output, outputs, strict=True):
            size = int(np.prod([batch, *port.dims]))
            assert output.shape[0] == batch
            assert output.size == size


def test_it_is_the_model_that_is_served(repository: Path) -> None:
    config = parse_config((repository / "config.pbtxt").read_text())
    file = load_recognizer().file
    said = {item.key: item.value.string_value for item in config.parameters}
    assert said == {"version": file.version, "sha256": file.sha256}
    assert (repository / "1" / "model.onnx").read_bytes() == file.content


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps({}))
    result = CliRunner().invoke(main, ["export", "--triton", str(tmp_path / "file" / "models")])
    assert result.exit_code == 1
    assert "cannot be written" in result.output
