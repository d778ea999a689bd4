"""The recognizer: pictures or drawings in, predictions out, one ONNX Runtime session a process."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import InvalidPicture, ModelError
from drawn_digits.ink.arrays import check_array
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.model_file import (
    PACKAGED_MODELS,
    ModelFile,
    ModelInfo,
    describe_model,
    read_model_file,
)
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.settings import LIMITS

if TYPE_CHECKING:
    import onnxruntime

# What one run reads: enough to amortize the call, little enough to stay in the cache and in
# 30 MB. Runs of 12 pictures of 280 x 280 take three quarters of the time of runs of 64.
_RUN_PICTURES = 64
_RUN_PIXELS = 1_000_000
_OUTPUTS = ("probabilities", "digit_probability", "ink", "placement", "evidence")
# ONNX Runtime looks for weights outside the file in this folder, which cannot exist: a model is
# one file whose SHA-256 was checked, and a file that refers to others is refused.
_NO_EXTERNAL_DATA = "/dev/null/external-data-is-refused"


class Recognizer:
    """Runs one model ``file``. Threads may share it; the session is created at its first use.

    Create the session (``warm_up`` or a prediction) after a server's fork, never before:
    ONNX Runtime's threads do not survive one. What another process gets pickled is the file; its
    session is created there.
    """

    def __init__(self, file: ModelFile) -> None:
        self.file = file

    def __reduce__(self) -> tuple[type["Recognizer"], tuple[ModelFile]]:
        return Recognizer, (self.file,)

    @cached_property
    def model(self) -> ModelInfo:
        """Name, version, SHA-256, classes and metadata of the model."""
        return describe_model(self.file, self._session.get_modelmeta().custom_metadata_map)

    @property
    def ports(self) -> tuple[Sequence[Any], Sequence[Any]]:
        """Inputs and outputs of the file, with ONNX Runtime's ``name``, ``type``, ``shape``."""
        return self._session.get_inputs(), self._session.get_outputs()

    def warm_up(self) -> None:
        """Create the session and run it once, so that the first answer does not wait.

        Raises:
            ModelError: it cannot be loaded, or does not run.
        """
        blank = np.full((LIMITS.smallest_side, LIMITS.smallest_side), 255, np.uint8)
        try:
            self.predict([blank])
        except ModelError:
            raise
        except Exception as error:  # as in _session
            raise ModelError(
                f"The model {self.file.version} loads, but does not answer: {error}"
            ) from error

    def predict(self, inputs: Iterable[NDArray[np.uint8] | Drawing]) -> list[Prediction]:
        """Read pictures and drawings, in order.

        Pictures are uint8 [height, width], sides from 8 to 1024, dark on light or light on dark;
        they may differ in size. A picture without ink gives a Prediction that says so.

        Raises:
            NothingDrawn: a drawing has no points.
            InvalidPicture: an array is not of the form above.
        """
        pictures = [_to_picture(item) for item in inputs]
        predictions: dict[int, Prediction] = {}
        for indices in _batches_of_one_size(pictures):
            batch = np.stack([pictures[index] for index in indices])
            predictions.update(zip(indices, self._run(batch), strict=True))
        return [predictions[index] for index in range(len(pictures))]

    def _run(self, batch: NDArray[np.uint8]) -> list[Prediction]:
        outputs = self._session.run(_OUTPUTS, {"image": batch})
        threshold = self.model.digit_threshold
        return [
            Prediction(
                probabilities=probabilities,
                digit_probability=float(digit_probability),
                is_digit=bool(digit_probability >= threshold),
                ink=ink,
                placement=placement,
                evidence=evidence,
            )
            for probabilities, digit_probability, ink, placement, evidence in zip(
                *outputs, strict=True
            )
        ]

    @cached_property
    def _session(self) -> "onnxruntime.InferenceSession":
        # Importing ONNX Runtime starts threads, and a process that forks must have none: workers
        # forked after an early import hang at their end.
        # From 1.32 on it reports to its maker: it kept a device id and a queue in ~/.cache, and
        # its own switch in Python comes too late for that (its Privacy.md).
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a server runs a process a core; more threads fight
        options.inter_op_num_threads = 1
        # The arena keeps the largest picture's memory for each thread and never gives it back
        # (eight threads: 197 MB, without it 88 to 164), and saves no time that can be measured.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", _NO_EXTERNAL_DATA
        )
        try:
            return onnxruntime.InferenceSession(
                self.file.content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's own error classes have no common base but this
            raise ModelError(
                f"ONNX Runtime does not load the model {self.file.version}: {error}"
            ) from error


def load_recognizer(folder: Path | None = None) -> Recognizer:
    """The recognizer for the packaged model, or for the one that ``folder/current`` names.

    Raises:
        ModelError: the model is missing or damaged.
    """
    return Recognizer(read_model_file(PACKAGED_MODELS if folder is None else folder))


def _to_picture(item: NDArray[np.uint8] | Drawing) -> NDArray[np.uint8]:
    if isinstance(item, Drawing):
        return rasterize(item)
    check_array(item)
    if min(item.shape) < LIMITS.smallest_side or max(item.shape) > LIMITS.picture_side:
        raise InvalidPicture(
            f"A picture's sides must be {LIMITS.smallest_side} to {LIMITS.picture_side} pixels, "
            f"but {item.shape[0]} x {item.shape[1]} came. Pad or reduce it."
        )
    return item


def _batches_of_one_size(pictures: Sequence[NDArray[np.uint8]]) -> list[list[int]]:
    by_size: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, picture in enumerate(pictures):
        by_size[picture.shape].append(index)
    runs: list[list[int]] = []
    for (height, width), indices in by_size.items():
        count = max(1, min(_RUN_PICTURES, _RUN_PIXELS // (height * width)))
        runs += [indices[start : start + count] for start in range(0, len(indices), count)]
    return runs
