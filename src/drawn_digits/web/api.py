"""The HTTP API, version 1: a drawing or a picture in, an answer out."""

import time
import uuid
from dataclasses import asdict
from typing import Any

import numpy as np
from apiflask import APIBlueprint
from flask import current_app, request
from numpy.typing import NDArray

from drawn_digits.errors import InvalidDrawing, InvalidPicture, NothingDrawn
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.pictures import decode_data_url, decode_picture
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.settings import LIMITS
from drawn_digits.web.answer_options import AnswerOptions, read_options
from drawn_digits.web.body import parse_json, read_body
from drawn_digits.web.problems import UnsupportedContentType
from drawn_digits.web.schemas import (
    PICTURE_TYPES,
    Answer,
    Health,
    ModelDescription,
    problem_responses,
)

RECOGNIZER = "drawn_digits.recognizer"
"""Under this name ``app.extensions`` holds the process's one ``Recognizer``."""

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="predictions")
health = APIBlueprint("health", __name__, tag="health")

_PROBLEMS = problem_responses(
    {
        400: "The body is empty, broken off or not JSON.",
        413: "More bytes, pixels, strokes or points than are read.",
        415: "Another content type or picture format than the known ones.",
        422: "Not a drawing, not one still picture, nothing is drawn, or a wrong query.",
        503: "The model cannot be used.",
    }
)


@api.post("/predictions")
@api.output(Answer)
@api.doc(summary="Read one digit", responses=_PROBLEMS, operation_id="predict")
def predict() -> dict[str, Any]:
    """Read the digit in strokes, in a data URL or in a picture.

    Nothing of the request is stored or logged.
    """
    recognizer, options = current_recognizer(), read_options(request.args.items(multi=True))
    body = read_body()
    start = time.perf_counter()
    (prediction,) = recognizer.predict([_read_ink(body)])
    if prediction.nothing_drawn:
        raise NothingDrawn("The picture holds no ink: all of it is paper. Draw a digit.")
    return {
        "id": str(uuid.uuid4()),
        **prediction.to_json(),
        **describe_more(prediction, options),
        "model": _reference(recognizer),
        "milliseconds": round((time.perf_counter() - start) * 1000, 3),
    }


@api.get("/model")
@api.output(ModelDescription)
@api.doc(summary="The model that answers", operation_id="describe_model")
def describe_model() -> dict[str, Any]:
    recognizer = current_recognizer()
    return _reference(recognizer) | {
        "classes": recognizer.model.classes,
        "digit_threshold": recognizer.model.digit_threshold,
        "limits": asdict(LIMITS),
        "metadata": recognizer.model.metadata,
    }


@health.get("/healthz")
@health.output(Health)
@health.doc(summary="Whether the process is alive", operation_id="check_health")
def check_health() -> dict[str, str]:
    return {"status": "ok"}


def current_recognizer() -> Recognizer:
    """The recognizer of the application that answers."""
    recognizer: Recognizer = current_app.extensions[RECOGNIZER]
    return recognizer


def describe_more(prediction: Prediction, options: AnswerOptions) -> dict[str, Any]:
    """Alternatives, and the reasons that were asked for."""
    more: dict[str, Any] = {
        "alternatives": [
            {"digit": digit, "probability": float(prediction.probabilities[digit])}
            for digit in prediction.ranking[: options.top]
        ]
    }
    if options.ink or options.evidence:
        more["placement"] = prediction.placement.tolist()
    if options.ink:
        more["ink"] = prediction.ink.tolist()
    if options.evidence:
        more["evidence"] = prediction.evidence.tolist()
    return more


def _reference(recognizer: Recognizer) -> dict[str, Any]:
    model = recognizer.model
    return {"name": model.name, "version": model.version, "sha256": model.sha256}


def _read_ink(body: bytes) -> Drawing | NDArray[np.uint8]:
    if request.mimetype == "application/json":
        return _read_document(parse_json(body))
    if request.mimetype in PICTURE_TYPES:
        return decode_picture(body)
    raise UnsupportedContentType(
        f"The content type is {request.mimetype[:80]!r}; expected is application/json, "
        f"{', '.join(PICTURE_TYPES)}."
    )


def _read_document(document: object) -> Drawing | NDArray[np.uint8]:
    if not (isinstance(document, dict) and "image" in document):
        return Drawing.from_json(document)
    if len(document) > 1:
        raise InvalidDrawing(
            f"An image came together with {len(document) - 1} other keys. Send either "
            '{"image": "data:..."} or {"strokes": [...]}.'
        )
    if not isinstance(document["image"], str):
        raise InvalidPicture("image must be a text such as 'data:image/png;base64,iVBOR...'.")
    return decode_picture(decode_data_url(document["image"]))
