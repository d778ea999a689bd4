"""Shapes of requests and answers: the only home, from which the OpenAPI document is made.

Answers are marshmallow schemas, which also write them. Requests are JSON Schemas that only
describe: ``Drawing.from_json`` reads strokes, and says what is wrong in words, at a fraction of
what a schema library needs for 20,000 points.
"""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from drawn_digits.settings import LIMITS
from drawn_digits.web.problems import PROBLEM_TYPE

PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")

_probability = Range(0, 1)


class ModelReference(Schema):
    """Which model answered."""

    name = String(required=True)
    version = String(required=True)
    sha256 = String(required=True, validate=Length(equal=64))


class Alternative(Schema):
    """A digit that it might be."""

    digit = Integer(required=True, validate=Range(0, 9))
    probability = Float(required=True, validate=_probability)


class Answer(Schema):
    """What the model reads."""

    id = String(required=True, metadata={"description": "of this answer; nothing is kept under it"})
    digit = Integer(
        required=True,
        validate=Range(0, 9),
        metadata={"description": "the best guess, also where is_digit is false"},
    )
    confidence = Float(
        required=True,
        validate=_probability,
        metadata={"description": "calibrated probability of that digit"},
    )
    is_digit = Boolean(
        required=True, metadata={"description": "whether this is taken for one digit at all"}
    )
    digit_probability = Float(required=True, validate=_probability)
    probabilities = List(
        Float(validate=_probability),
        required=True,
        validate=Length(equal=10),
        metadata={"description": "of the digits 0 to 9; they sum to 1"},
    )
    alternatives = List(
        Nested(Alternative),
        required=True,
        metadata={"description": "as many as top asks for, the most probable first"},
    )
    placement = List(
        Float(),
        validate=Length(equal=4),
        metadata={
            "description": "with evidence or ink: left, top, width and height of the frame that "
            "the network saw, in pixels of the picture"
        },
    )
    ink = List(
        List(Float(validate=_probability), validate=Length(equal=28)),
        validate=Length(equal=28),
        metadata={"description": "with ink=true: rows of what the network saw, 1 is ink"},
    )
    evidence = List(
        List(List(Float())),
        validate=Length(equal=10),
        metadata={
            "description": "with evidence=true: for each digit the rows of the frame's places; "
            "the softmax of the means over the places is probabilities"
        },
    )
    model = Nested(ModelReference, required=True)
    milliseconds = Float(
        required=True,
        metadata={"description": "from the received body to the answer; of a batch: for all of it"},
    )


class Batch(Schema):
    """An answer or a problem for each item, in their order."""

    # Which shapes there are says BATCH_ITEM; a schema library's union would only copy them.
    predictions = List(Dict(), required=True)


class ModelDescription(ModelReference):
    """The model that answers, and the limits of what it is asked."""

    classes = List(String(), required=True)
    digit_threshold = Float(
        required=True,
        validate=_probability,
        metadata={"description": "is_digit is digit_probability >= this"},
    )
    limits = Dict(keys=String(), values=Integer(), required=True)
    metadata = Dict(keys=String(), required=True)


class Health(Schema):
    """The process is alive."""

    status = String(required=True, validate=OneOf(["ok"]))


class Readiness(Schema):
    """Drawings are answered, by this model."""

    status = String(required=True, validate=OneOf(["ready"]))
    model = Nested(ModelReference, required=True)


class Problem(Schema):
    """RFC 9457: what came, what was expected and how to mend it."""

    type = String(required=True, metadata={"description": "stable name, such as nothing-drawn"})
    title = String(required=True)
    status = Integer(required=True)
    detail = String(required=True)


POINT: dict[str, Any] = {
    "type": "object",
    "required": ["x", "y"],
    "additionalProperties": False,
    "properties": {
        "x": {"type": "number", "description": "grows to the right, in any unit"},
        "y": {"type": "number", "description": "grows downwards"},
        "time": {"type": ["number", "null"], "description": "milliseconds from any start"},
        "pressure": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "default": 0.5},
    },
}

STROKES: dict[str, Any] = {
    "type": "object",
    "required": ["strokes"],
    "additionalProperties": False,
    "description": "Scaled and centred, unless width and height say where on a canvas it lies.",
    "properties": {
        "strokes": {
            "type": "array",
            "maxItems": LIMITS.strokes,
            "items": {
                "type": "array",
                "maxItems": LIMITS.points,
                "items": {"$ref": "#/components/schemas/Point"},
            },
        },
        "width": {"type": ["number", "null"], "exclusiveMinimum": 0},
        "height": {"type": ["number", "null"], "exclusiveMinimum": 0},
        "line_width": {"type": ["number", "null"], "exclusiveMinimum": 0},
    },
}

DATA_URL: dict[str, Any] = {
    "type": "object",
    "required": ["image"],
    "additionalProperties": False,
    "properties": {
        "image": {"type": "string", "pattern": "^data:image/(png|jpeg|webp);base64,"},
    },
}

REQUEST_COMPONENTS = {"Point": POINT, "Strokes": STROKES, "PictureAsDataUrl": DATA_URL}

_JSON_ITEM: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/components/schemas/Strokes"},
        {"$ref": "#/components/schemas/PictureAsDataUrl"},
    ]
}

PREDICTION_REQUEST: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": _JSON_ITEM,
            "example": {"strokes": [[{"x": 12, "y": 40}, {"x": 14, "y": 90}]]},
        },
        # An empty schema is OpenAPI 3.1's way of saying: raw bytes of this type.
        **{media_type: {"schema": {}} for media_type in PICTURE_TYPES},
    },
}


BATCH_REQUEST: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["items"],
                "additionalProperties": False,
                "properties": {
                    "items": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": LIMITS.batch_items,
                        "items": _JSON_ITEM,
                    }
                },
            },
            "example": {"items": [{"strokes": [[{"x": 12, "y": 40}, {"x": 14, "y": 90}]]}]},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "description": "PNG, JPEG or WebP files under any names; their order counts.",
                "minProperties": 1,
                "additionalProperties": {"type": "string", "contentMediaType": "image/png"},
            }
        },
    },
}

BATCH_ITEM: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/components/schemas/Answer"},
        {"$ref": "#/components/schemas/Problem"},
    ]
}


def problem_responses(descriptions: dict[int, str]) -> dict[int, Any]:
    """APIFlask's ``responses`` for these statuses, each a problem."""
    return {
        status: {"description": text, "content": {PROBLEM_TYPE: {"schema": Problem}}}
        for status, text in descriptions.items()
    }
