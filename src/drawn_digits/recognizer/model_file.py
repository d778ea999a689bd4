"""Model files: found by ``current``, read whole, checked by SHA-256, described by themselves."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drawn_digits.errors import ModelError

PACKAGED_MODELS = Path(__file__).parent / "models"
POINTER = "current"
"""The file in a models folder that names the model to serve: file, version and SHA-256."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The bytes of a model whose SHA-256 is the one that was expected."""

    content: bytes
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model says of itself in its metadata."""

    name: str
    version: str
    sha256: str
    classes: tuple[str, ...]
    digit_threshold: float
    metadata: Mapping[str, Any]


def read_model_file(folder: Path = PACKAGED_MODELS) -> ModelFile:
    """Read the model that ``folder/current`` names.

    Raises:
        ModelError: the pointer or the model is missing or damaged, or the SHA-256 differs.
    """
    pointer = _read_pointer(folder / POINTER)
    path = folder / pointer["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}.") from None
    found = hashlib.sha256(content).hexdigest()
    if found != pointer["sha256"]:
        raise ModelError(
            f"The model {path} has the SHA-256 {found}, but {folder / POINTER} names "
            f"{pointer['sha256']}: one of the two files is damaged or was changed. "
            "Export the model again or reinstall the package."
        )
    return ModelFile(content, pointer["version"], found)


def describe_model(file: ModelFile, metadata: Mapping[str, str]) -> ModelInfo:
    """Read a model's own metadata, as ONNX keeps it: texts, the structured ones as JSON."""
    try:
        values = {key: json.loads(value) for key, value in metadata.items()}
        return ModelInfo(
            name=str(values["name"]),
            version=str(values["version"]),
            sha256=file.sha256,
            classes=tuple(values["classes"]),
            digit_threshold=float(values["digit_threshold"]),
            metadata=values,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"The model's metadata cannot be used ({error!r}). Only files written by "
            "'drawn-digits export' can be loaded."
        ) from None


def _read_pointer(path: Path) -> dict[str, str]:
    try:
        pointer = json.loads(path.read_text("utf-8"))
        found = {key: str(pointer[key]) for key in ("file", "version", "sha256")}
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}), so no model is known. A models folder "
            "holds a file 'current' beside the model, as 'drawn-digits export' writes it."
        ) from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ModelError(
            f"{path} is not of the form "
            '{"file": "digits.onnx", "version": "...", "sha256": "..."}.'
        ) from None
    if Path(found["file"]).name != found["file"] or "\0" in found["file"]:
        raise ModelError(f"{path} names {found['file']!r}; a model lies beside it, not elsewhere.")
    return found
