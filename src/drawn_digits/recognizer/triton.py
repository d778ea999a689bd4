"""The model as NVIDIA Triton serves it: the same file, and a description of its ports."""

from pathlib import Path
from typing import Any

from drawn_digits.errors import UnwritableFile
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.settings import LIMITS

NAME = "drawn_digits"

_TYPES = {"tensor(uint8)": "TYPE_UINT8", "tensor(float)": "TYPE_FP32"}

_CONFIG = """\
# Drawn Digits {version}, SHA-256 {sha256}.
# image: grey pictures, dark on light or light on dark, sides from {smallest} to {largest} pixels.
name: "{name}"
backend: "onnxruntime"
max_batch_size: {batch}
{ports}
# Requests with pictures of one size are read together.
dynamic_batching {{ }}
parameters {{ key: "version" value {{ string_value: "{version}" }} }}
parameters {{ key: "sha256" value {{ string_value: "{sha256}" }} }}
"""
_PORT = '{kind} {{ name: "{name}" data_type: {type} dims: [ {dims} ] }}'


def write_triton_repository(folder: Path, recognizer: Recognizer) -> Path:
    """Write a model repository into ``folder`` for ``tritonserver --model-repository``.

    Returns the model's folder in it, with ``config.pbtxt`` and ``1/model.onnx``.

    Raises:
        UnwritableFile: it cannot be written there.
    """
    model = folder / NAME
    try:
        (model / "1").mkdir(parents=True, exist_ok=True)
        (model / "1" / "model.onnx").write_bytes(recognizer.file.content)
        (model / "config.pbtxt").write_text(_describe(recognizer), "utf-8")
    except OSError as error:
        raise UnwritableFile(f"{model} cannot be written: {error.strerror}.") from None
    return model


def _describe(recognizer: Recognizer) -> str:
    inputs, outputs = recognizer.ports
    ports = [_port("input", port) for port in inputs] + [_port("output", port) for port in outputs]
    file = recognizer.file
    return _CONFIG.format(
        name=NAME,
        version=file.version,
        sha256=file.sha256,
        smallest=LIMITS.smallest_side,
        largest=LIMITS.picture_side,
        batch=LIMITS.batch_items,
        ports="\n".join(ports),
    )


def _port(kind: str, port: Any) -> str:
    """Triton adds the first dimension, the batch's, by itself; -1 is a variable one."""
    dims = [str(size) if isinstance(size, int) else "-1" for size in port.shape[1:]]
    # Without dimensions of its own Triton wants one, and to be told that the model has none.
    shape = "" if dims else " reshape { shape: [ ] }"
    text = _PORT.format(
        kind=kind, name=port.name, type=_TYPES[port.type], dims=", ".join(dims or ["1"])
    )
    return text.removesuffix(" }") + shape + " }"
