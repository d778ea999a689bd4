"""Shapes of requests and answers: the only home, from which the OpenAPI document is made.

Answers are marshmallow schemas, which also write them. Requests are JSON Schemas that only
describe: ``Drawing.from_json`` reads strokes, and says what is wrong in words, at a fraction of
what a schema library needs for 20,000 points.
"""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from drawn_digits.ink.pictures import PICTURE_TYPES
from drawn_digits.settings import LIMITS
from drawn_digits.web.problems import PROBLEM_TYPE

_probability = Range(0, 1)


def _means(description: str) -> dict[str, str]:
    """A field's ``metadata`` with its description."""
    return {"description": description}


class ModelReference(Schema):
    """Which model answered."""

    name = String(required=True, metadata=_means("what it reads"))
    version = String(required=True, metadata=_means("semantic"))
    sha256 = String(
        required=True, validate=Length(equal=64), metadata=_means("of its file, in hexadecimal")
    )


class Alternative(Schema):
    """A digit that it might be."""

    digit = Integer(required=True, validate=Range(0, 9), metadata=_means("the one it might be"))
    probability = Float(required=True, validate=_probability, metadata=_means("calibrated"))


class Answer(Schema):
    """What the model reads."""

    id = String(required=True, metadata=_means("of this answer; nothing is kept under it"))
    digit = Integer(
        required=True,
        validate=Range(0, 9),
        metadata=_means("the best guess, also where is_digit is false"),
    )
    confidence = Float(
        required=True,
        validate=_probability,
        metadata=_means("calibrated probability of that digit"),
    )
    is_digit = Boolean(required=True, metadata=_means("whether this is taken for one digit at all"))
    digit_probability = Float(
        required=True,
        validate=_probability,
        metadata=_means("that the drawing is one digit; is_digit is this compared to a threshold"),
    )
    probabilities = List(
        Float(validate=_probability),
        required=True,
        validate=Length(equal=10),
        metadata=_means("of the digits 0 to 9; they sum to 1"),
    )
    alternatives = List(
        Nested(Alternative),
        required=True,
        metadata=_means("as many as top asks for, the most probable first"),
    )
    placement = List(
        Float(),
        validate=Length(equal=4),
        metadata=_means(
            "with evidence or ink: left, top, width and height of the frame that "
            "the network saw, in pixels of the picture"
        ),
    )
    ink = List(
        List(Float(validate=_probability), validate=Length(equal=28)),
        validate=Length(equal=28),
        metadata=_means("with ink=true: rows of what the network saw, 1 is ink"),
    )
    evidence = List(
        List(List(Float())),
        validate=Length(equal=10),
        metadata=_means(
            "with evidence=true: for each digit the rows of the frame's places; "
            "the softmax of the means over the places is probabilities"
        ),
    )
    model = Nested(ModelReference, required=True, metadata=_means("that answered"))
    milliseconds = Float(
        required=True,
        metadata=_means("from the received body to the answer; of a batch: for all of it"),
    )


class Batch(Schema):
    """An answer or a problem for each item, in their order."""

    # Which shapes there are says BATCH_ITEM; a schema library's union would only copy them.
    predictions = List(
        Dict(), required=True, metadata=_means("as many as there were items; a bad one's problem")
    )


class ModelDescription(ModelReference):
    """The model that answers, and the limits of what it is asked."""

    classes = List(String(), required=True, metadata=_means("the digits, as probabilities go"))
    digit_threshold = Float(
        required=True,
        validate=_probability,
        metadata=_means("is_digit is digit_probability >= this"),
    )
    limits = Dict(
        keys=String(),
        values=Integer(),
        required=True,
        metadata=_means("of input: bytes, pixels, strokes, points, items"),
    )
    metadata = Dict(
        keys=String(),
        required=True,
        metadata=_means("that the file holds: training data, configuration, metrics, licence"),
    )


class Health(Schema):
    """The process is alive."""

    status = String(required=True, validate=OneOf(["ok"]), metadata=_means("always the same"))


class Readiness(Schema):
    """Drawings are answered, by this model."""

    status = String(required=True, validate=OneOf(["ready"]), metadata=_means("always the same"))
    model = Nested(ModelReference, required=True, metadata=_means("that answers"))


class Problem(Schema):
    """RFC 9457: what came, what was expected and how to mend it."""

    type = String(required=True, metadata=_means("stable name, such as nothing-drawn"))
    title = String(required=True, metadata=_means("the same in words"))
    status = Integer(required=True, metadata=_means("of HTTP"))
    detail = String(
        required=True, metadata=_means("what came, what was expected and how to mend it")
    )


POINT: dict[str, Any] = {
    "type": "object",
    "required": ["x", "y"],
    "additionalProperties": False,
    "properties": {
        "x": {"type": "number", "description": "grows to the right, in any unit"},
        "y": {"type": "number", "description": "grows downwards"},
        "time": {"type": ["number", "null"], "description": "milliseconds from any start"},
        "pressure": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
            "default": 0.5,
            "description": "the line is wider where it is more",
        },
    },
}


def _length(description: str) -> dict[str, Any]:
    return {"type": ["number", "null"], "exclusiveMinimum": 0, **_means(description)}


def _needs(other: str, name: str) -> dict[str, Any]:
    """A number under this name asks for one under the other."""

    def given(which: str) -> dict[str, Any]:
        return {"required": [which], "properties": {which: {"type": "number"}}}

    return {"if": given(name), "then": given(other)}


STROKES: dict[str, Any] = {
    "type": "object",
    "required": ["strokes"],
    "additionalProperties": False,
    "description": "Scaled and centred, unless width and height say where on a canvas it lies.",
    "properties": {
        "strokes": {
            "type": "array",
            "description": "each from the pen's going down to its going up",
            "maxItems": LIMITS.strokes,
            "contains": {"type": "array", "minItems": 1},
            "items": {
                "type": "array",
                "maxItems": LIMITS.points,
                "items": {"$ref": "#/components/schemas/Point"},
            },
        },
        "width": _length("of the canvas, in the points' unit"),
        "height": _length("of the canvas"),
        "line_width": _length("of the pen; 22 of 280 pixels where it is missing"),
    },
    "allOf": [_needs("height", "width"), _needs("width", "height")],
}

DATA_URL: dict[str, Any] = {
    "type": "object",
    "required": ["image"],
    "additionalProperties": False,
    "properties": {
        "image": {
            "type": "string",
            "format": "picture-data-url",
            "description": "data:image/png;base64,iVBOR... (or jpeg, webp)",
        },
    },
}

REQUEST_COMPONENTS = {"Point": POINT, "Strokes": STROKES, "PictureAsDataUrl": DATA_URL}

_JSON_ITEM: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/components/schemas/Strokes"},
        {"$ref": "#/components/schemas/PictureAsDataUrl"},
    ]
}

_ANYTHING_ELSE = _means("Whatever else comes has its problem in its place.")

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
                        "description": "read in their order",
                        "minItems": 1,
                        "maxItems": LIMITS.batch_items,
                        "items": {"anyOf": [*_JSON_ITEM["oneOf"], _ANYTHING_ELSE]},
                    }
                },
            },
            "example": {"items": [{"strokes": [[{"x": 12, "y": 40}, {"x": 14, "y": 90}]]}]},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["picture"],
                "additionalProperties": False,
                "properties": {
                    "picture": {
                        "type": "array",
                        "description": "PNG, JPEG or WebP files, read in their order; "
                        "what is none of these has its problem in its place. "
                        "Files under other names are read too",
                        "minItems": 1,
                        "maxItems": LIMITS.batch_items,
                        # Without a type: raw bytes, as OpenAPI 3.1 says it.
                        "items": {"contentMediaType": "application/octet-stream"},
                    }
                },
            },
        },
    },
}

BATCH_ITEM: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/components/schemas/Answer"},
        {"$ref": "#/components/schemas/Problem"},
    ]
}


_RETRY_AFTER = {
    "Retry-After": {
        "description": "seconds to wait; a model that cannot be used names none",
        "schema": {"type": "integer", "minimum": 0},
    }
}


def problem_responses(descriptions: dict[int, str]) -> dict[int, Any]:
    """APIFlask's ``responses`` for these statuses, each a problem."""
    return {
        status: {
            "description": text,
            "content": {PROBLEM_TYPE: {"schema": Problem}},
            **({"headers": _RETRY_AFTER} if status in (429, 503) else {}),
        }
        for status, text in descriptions.items()
    }
