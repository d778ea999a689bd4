"""The predictions of the HTTP API: drawings and pictures in, answers out."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from drawn_digits.errors import InvalidInput, NothingDrawn
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.web.answer_options import AnswerOptions, read_options
from drawn_digits.web.batching import BATCHER
from drawn_digits.web.body import read_body
from drawn_digits.web.current_model import RECOGNIZER, describe_reference
from drawn_digits.web.gate import GATE
from drawn_digits.web.inputs import read_batch, read_one
from drawn_digits.web.metrics import metrics
from drawn_digits.web.problems import describe_problem
from drawn_digits.web.schemas import Answer, Batch, problem_responses

predictions = APIBlueprint("predictions", __name__, url_prefix="/api/v1", tag="predictions")

_PROBLEMS = {
    400: "The body is empty, broken off or not what its content type says.",
    408: "The body took too long to arrive.",
    413: "More bytes, pixels, strokes or points than are read.",
    414: "More bytes of a query than any of its parameters needs.",
    415: "Another content type or picture format than the known ones.",
    422: "Not a drawing, not one still picture, nothing is drawn, or a wrong query.",
    429: "More requests than the operator allows: see Retry-After.",
    503: "The model cannot be used, or too many answers are in progress: see Retry-After.",
}
_PROBLEMS_OF_A_BATCH = _PROBLEMS | {
    413: "More bytes, items, points or pixels than are read.",
    415: "Another content type than the known ones.",
    422: "Not a batch, or a wrong query.",
}

_ONE = (
    '{"strokes": [...]} or {"image": "data:..."} as application/json, or a picture as image/png, '
    "image/jpeg or image/webp"
)
_SEVERAL = (
    '{"items": [...]} as application/json, each of them {"strokes": [...]} or '
    '{"image": "data:..."}, or the files of a form as multipart/form-data'
)


@predictions.post("/predictions")
@predictions.output(Answer)
@predictions.doc(responses=problem_responses(_PROBLEMS), operation_id="predict")
def predict() -> Response:
    """Read the digit in strokes, in a data URL or in a picture.

    Nothing of the request is stored or logged.
    """
    recognizer, options = RECOGNIZER.current, read_options(request.args.items(multi=True))
    body, start = read_body(_ONE), time.perf_counter()
    gate = GATE.current
    with gate.admit():
        picture = read_one(body)
        # Under overload two are admitted at a time, and whoever is waits for nobody.
        prediction = BATCHER.current.predict(recognizer, picture, alone=not gate.is_calm)
    # A response, for APIFlask copies anything else field by field through the schema.
    return jsonify(_describe(prediction, options) | _describe_origin(recognizer, start))


@predictions.post("/predictions/batch")
@predictions.output(Batch)
@predictions.doc(responses=problem_responses(_PROBLEMS_OF_A_BATCH), operation_id="predict_batch")
def predict_batch() -> Response:
    """Read the digits in up to 64 drawings and pictures, one in each, in their order.

    One that cannot be read has its problem in its place, and the others are answered. One model
    answers all of them. Nothing of the request is stored or logged.
    """
    recognizer, options = RECOGNIZER.current, read_options(request.args.items(multi=True))
    body, start = read_body(_SEVERAL), time.perf_counter()
    with GATE.current.admit():
        answers = [_try_to_describe(read, options) for read in _predict_some(recognizer, body)]
    origin = _describe_origin(recognizer, start)
    answers = [answer | origin if "id" in answer else answer for answer in answers]
    return jsonify({"predictions": answers})


def _predict_some(recognizer: Recognizer, body: bytes) -> list[Prediction | InvalidInput]:
    items = read_batch(body)
    answers = iter(recognizer.predict(item for item in items if not isinstance(item, InvalidInput)))
    return [item if isinstance(item, InvalidInput) else next(answers) for item in items]


def _try_to_describe(read: Prediction | InvalidInput, options: AnswerOptions) -> dict[str, Any]:
    try:
        if isinstance(read, InvalidInput):
            raise read
        return _describe(read, options)
    except InvalidInput as error:
        metrics().count_refusal(error.slug)
        return describe_problem(error)


def _describe(prediction: Prediction, options: AnswerOptions) -> dict[str, Any]:
    if prediction.nothing_drawn:
        raise NothingDrawn("The picture holds no ink: all of it is paper. Draw a digit.")
    metrics().count_prediction(prediction)
    answer: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        **prediction.to_json(),
        "alternatives": _describe_ranking(prediction, options.top),
    }
    if options.ink or options.evidence:
        answer["placement"] = prediction.placement.tolist()
    if options.ink:
        answer["ink"] = prediction.ink.tolist()
    if options.evidence:
        answer["evidence"] = prediction.evidence.tolist()
    return answer


def _describe_ranking(prediction: Prediction, top: int) -> Sequence[dict[str, Any]]:
    return [
        {"digit": digit, "probability": float(prediction.probabilities[digit])}
        for digit in prediction.ranking[:top]
    ]


def _describe_origin(recognizer: Recognizer, start: float) -> dict[str, Any]:
    milliseconds = round((time.perf_counter() - start) * 1000, 3)
    return {"model": describe_reference(recognizer), "milliseconds": milliseconds}
