"""The last model that loaded, for workers that start while a damaged one is in its place."""

import json
import logging
import os
from pathlib import Path

from drawn_digits.errors import ModelError
from drawn_digits.recognizer.model_file import POINTER, ModelFile
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer

_log = logging.getLogger(__name__)


def load_or_fall_back(folder: Path | None, kept: Path | None) -> Recognizer:
    """The model that ``folder/current`` names, warm; where that is damaged, the last that loaded.

    ``kept`` is the folder that all workers of this server keep that one in, if they do.

    Raises:
        ModelError: it is damaged, and none has loaded before.
    """
    try:
        recognizer = _load(folder)
    except ModelError:
        if kept is None or not (kept / POINTER).exists():
            raise
        return _load(kept)  # model_watch logs what is wrong with the other
    keep_model(recognizer.file, kept)
    return recognizer


def keep_model(file: ModelFile, kept: Path | None) -> None:
    """Remember a model that has loaded, in the place of the one before, where there is a folder.

    A disk that is full or read-only is logged: it stops no answer now.
    """
    if kept is None:
        return
    try:
        _keep(file, kept)
    except OSError as error:
        _log.warning("The model %s cannot be kept for later workers: %s", file.version, error)


def _keep(file: ModelFile, kept: Path) -> None:
    name = f"{file.sha256}.onnx"
    if (kept / name).exists():
        return
    kept.mkdir(exist_ok=True)
    before = list(kept.glob("*.onnx"))
    pointer = {"file": name, "version": file.version, "sha256": file.sha256}
    _write_whole(kept / name, file.content)
    _write_whole(kept / POINTER, json.dumps(pointer).encode())
    for old in before:
        old.unlink(missing_ok=True)  # another worker may have been quicker


def _load(folder: Path | None) -> Recognizer:
    recognizer = load_recognizer(folder)
    recognizer.warm_up()
    return recognizer


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
