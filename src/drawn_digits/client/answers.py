"""What a server of Drawn Digits answers, as ``Client`` gives it.

Each ``from_json`` reads what a JSON parser returns, leaves alone what it does not know, and raises
KeyError, TypeError, ValueError or OverflowError where the document is not of its form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import ServiceProblem


@dataclass(frozen=True, slots=True)
class Alternative:
    """A digit that it might be, and the calibrated probability, 0..1, that it is."""

    digit: int
    probability: float


@dataclass(frozen=True, slots=True)
class ModelReference:
    """Which model answered: its name, semantic version and the SHA-256 of its file."""

    name: str
    version: str
    sha256: str

    @classmethod
    def from_json(cls, document: Any) -> "ModelReference":
        return cls(document["name"], document["version"], document["sha256"])


@dataclass(frozen=True, slots=True)
class ModelDescription(ModelReference):
    """The model that answers, and the limits of what it is asked.

    ``is_digit`` is ``digit_probability >= digit_threshold``. ``limits`` counts bytes, pixels,
    strokes, points and items; ``metadata`` is what the model's file holds.
    """

    classes: tuple[str, ...]
    digit_threshold: float
    limits: Mapping[str, int]
    metadata: Mapping[str, Any]

    @classmethod
    def from_json(cls, document: Any) -> "ModelDescription":
        return cls(
            name=document["name"],
            version=document["version"],
            sha256=document["sha256"],
            classes=tuple(document["classes"]),
            digit_threshold=float(document["digit_threshold"]),
            limits=dict(document["limits"]),
            metadata=dict(document["metadata"]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the server's model says of one picture; arrays as in ``Prediction``.

    ``digit`` is the best guess, also where ``is_digit`` is False; ``confidence`` and
    ``digit_probability`` are 0..1. ``probabilities`` float32 [10], calibrated, sum 1.
    ``alternatives`` come most probable first. ``milliseconds`` is the server's time, of a batch
    for all of it.

    Only where they were asked for: ``ink`` float32 [28, 28], 0..1, is what the network saw;
    ``evidence`` float32 [10, h, w], ``softmax(evidence.mean((1, 2)))`` is ``probabilities``; with
    either, ``placement`` float32 [4] is the left, top, width and height of that frame in pixels
    of the picture.
    """

    id: str
    digit: int
    confidence: float
    is_digit: bool
    digit_probability: float
    probabilities: NDArray[np.float32]
    alternatives: tuple[Alternative, ...]
    model: ModelReference
    milliseconds: float
    placement: NDArray[np.float32] | None = None
    ink: NDArray[np.float32] | None = None
    evidence: NDArray[np.float32] | None = None

    @classmethod
    def from_json(cls, document: Any) -> "Answer":
        return cls(
            id=document["id"],
            digit=int(document["digit"]),
            confidence=float(document["confidence"]),
            is_digit=document["is_digit"],
            digit_probability=float(document["digit_probability"]),
            probabilities=np.array(document["probabilities"], np.float32),
            alternatives=tuple(
                Alternative(item["digit"], item["probability"]) for item in document["alternatives"]
            ),
            model=ModelReference.from_json(document["model"]),
            milliseconds=float(document["milliseconds"]),
            placement=_read_optional(document, "placement"),
            ink=_read_optional(document, "ink"),
            evidence=_read_optional(document, "evidence"),
        )


def _read_optional(document: Any, name: str) -> NDArray[np.float32] | None:
    return np.array(document[name], np.float32) if name in document else None


def read_problem(document: Any) -> ServiceProblem:
    """The problem in an RFC 9457 document."""
    texts = {name: str(document[name]) for name in ("type", "title", "detail")}
    return ServiceProblem(texts["type"], texts["title"], document["status"], texts["detail"])


def read_batch(document: Any) -> list[Answer | ServiceProblem]:
    """A batch's answers in the order of its items; in the place of a bad one its problem."""
    return [
        Answer.from_json(item) if "id" in item else read_problem(item)
        for item in document["predictions"]
    ]
