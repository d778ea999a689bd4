"""From a run to the shipped file: one ONNX file, proved by running it, and its Keras weights."""

import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx

from drawn_digits import __version__
from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.model_file import POINTER
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.by_origin import each_reads_its_own
from drawn_digits.training.calibrate import Calibration, load_network, read_calibration
from drawn_digits.training.folding import fold
from drawn_digits.training.half_size import half_size
from drawn_digits.training.normalizer import CENTRE, CLASS_NAMES, FRAME_SIDE, INK_SIDE
from drawn_digits.training.proof import PROOF_SIZES, compare, proof_pictures, prove
from drawn_digits.training.recognizer_model import build_recognizer_model, load_recognizer_model
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.whole_file import replaced_whole, writable_folder, write_whole

MODEL_NAME = "drawn-digits"
LICENCE = (
    "MIT; trained on MNIST (CC BY-SA 3.0), Pen-Based Recognition of Handwritten Digits "
    "(CC BY 4.0), UNIPEN (CC BY 4.0) and handwriting typefaces (OFL 1.1, Apache 2.0, MIT)"
)


def export_run(run_folder: Path, models_folder: Path, weights_file: Path, version: str) -> Path:
    """Export the run's best weights with its calibration.

    Writes ``digits.onnx`` and ``current`` into ``models_folder`` and the whole Keras model, without
    optimizer state, to ``weights_file``.

    Raises:
        TrainingError: ONNX Runtime and Keras do not agree, the file is too large, or the run
            cannot be exported. Nothing is written then.
        UnwritableFile: one of the folders cannot be written into.
    """
    run = RunFolder(run_folder)
    if run.read_config().network != "evidence":
        raise TrainingError(
            f"{run_folder} holds the classic network, which has no preprocessing and no evidence "
            "and is kept as a yardstick. Export a run of '--network evidence'."
        )
    calibration = read_calibration(run)
    model = build_recognizer_model(
        fold(load_network(run)),
        temperature=calibration.temperature,
        pen_biases=calibration.pen_biases,
        mnist_biases=calibration.mnist_biases,
        digit_scale=calibration.digit_scale,
    )
    content = _proved_file(model, describe_run(run, calibration, version))
    writable_folder(weights_file.parent)
    with replaced_whole(weights_file) as new_weights:
        model.save(new_weights)
    return publish(content, models_folder, version)


def export_weights(weights_file: Path, models_folder: Path, version: str) -> Path:
    """Export the Keras model of the shipped file anew, with the normalizer as it is now.

    ``weights_file`` is the one that ``export_run`` wrote beside the model in ``models_folder``,
    whose metadata stays, but for the versions: ``weights_of`` is the one that was trained.

    Raises:
        TrainingError: there is no such file, it does not answer clean pictures of 28 pixels and
            more as that model does, or ONNX Runtime and Keras do not agree. Nothing is written
            then.
        UnwritableFile: the folder cannot be written into.
    """
    if not weights_file.is_file():
        raise TrainingError(
            f"{weights_file} is not there. It is the Keras model that a former export wrote."
        )
    model, shipped = load_recognizer_model(weights_file), load_recognizer(models_folder)
    for size in (size for size in PROOF_SIZES if min(size) >= FRAME_SIDE):
        compare(model, shipped, proof_pictures(np.random.default_rng(0), 1, size))
    before = shipped.model
    metadata = {
        **before.metadata,
        "version": version,
        "package_version": __version__,
        "weights_of": before.metadata.get("weights_of", before.version),
    }
    return publish(_proved_file(model, metadata), models_folder, version)


def _proved_file(model: keras.Model, metadata: Mapping[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        candidate = Path(temporary) / "digits.onnx"
        write_onnx(model, candidate, metadata)
        content = candidate.read_bytes()
    prove(content, model, metadata["version"])
    return content


def write_onnx(model: keras.Model, path: Path, metadata: Mapping[str, Any]) -> None:
    """Convert a recognizer model to ONNX, its metadata inside."""
    signature = [keras.InputSpec(shape=(None, None, None), dtype="uint8", name="image")]
    with each_reads_its_own(model):
        model.export(str(path), format="onnx", input_signature=signature, verbose=False)
    proto = onnx.load(str(path))
    _name_dimensions(proto)
    half_size(proto)
    onnx.helper.set_model_props(proto, {key: json.dumps(value) for key, value in metadata.items()})
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, str(path))


def publish(content: bytes, folder: Path, version: str) -> Path:
    """Write the model, then the pointer that names it; both whole or not at all."""
    path = writable_folder(folder) / "digits.onnx"
    with replaced_whole(path) as new:
        new.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    pointer = {"file": path.name, "version": version, "sha256": sha256}
    write_whole(folder / POINTER, json.dumps(pointer, indent=2) + "\n")
    return path


def describe_run(run: RunFolder, calibration: Calibration, version: str) -> dict[str, Any]:
    """The metadata that the file carries, JSON values. It names runs, not where they lie."""
    configuration = dataclasses.asdict(run.read_config())
    configuration["chosen_run"] = Path(configuration["chosen_run"]).name
    return {
        "name": MODEL_NAME,
        "version": version,
        "classes": CLASS_NAMES,
        "frame_side": FRAME_SIDE,
        "ink_side": INK_SIDE,
        "centre": CENTRE,
        "digit_threshold": calibration.digit_threshold,
        "training_seconds": round(training_seconds(run)),
        "configuration": configuration,
        **run.read_origin(),
        "package_version": __version__,
        "metrics": dataclasses.asdict(calibration),
        "licence": LICENCE,
    }


def training_seconds(run: RunFolder) -> float:
    """Wall time of the run's epochs, rendering included, and of the run that it repeats."""
    chosen = run.read_config().chosen_run
    seconds = sum(row["seconds"] for row in run.read_history())
    return seconds + (training_seconds(RunFolder(Path(chosen))) if chosen else 0.0)


def _name_dimensions(proto: onnx.ModelProto) -> None:
    for dimension, name in zip(
        proto.graph.input[0].type.tensor_type.shape.dim, ("batch", "height", "width"), strict=True
    ):
        dimension.dim_param = name
