"""What a client may ask for beside the digit: query parameters of the predictions."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from drawn_digits.errors import InvalidInput

CLASSES = 10


class InvalidQuery(InvalidInput):
    """A query parameter is unknown, or its value is none of those expected."""

    slug = "invalid-query"


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """The parameters, each with what it is where it is missing."""

    top: int = 3
    evidence: bool = False
    ink: bool = False


_MEANINGS = {
    "top": "how many alternatives to name, the most probable first",
    "evidence": "add what each place of the drawing says for each digit",
    "ink": "add the 28 x 28 pixels that the network saw",
}
_SCHEMAS: dict[type, dict[str, Any]] = {
    int: {"type": "integer", "minimum": 0, "maximum": CLASSES},
    bool: {"type": "boolean"},
}

PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "description": _MEANINGS[name],
        "schema": _SCHEMAS[type(default)] | {"default": default},
    }
    for name, default in asdict(AnswerOptions()).items()
]
"""The same for the OpenAPI document."""


def read_options(parameters: Iterable[tuple[str, str]]) -> AnswerOptions:
    """Options from the names and values of a query.

    Raises:
        InvalidQuery: what came, and what was expected.
    """
    known = [option.name for option in fields(AnswerOptions)]
    options: dict[str, Any] = {}
    for name, text in parameters:
        if name not in known:
            raise InvalidQuery(
                f"The query parameter {name[:40]!r} is unknown; known are {', '.join(known)}."
            )
        options[name] = _read_count(text) if name == "top" else _read_switch(name, text)
    return AnswerOptions(**options)


def _read_count(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= CLASSES:
        return int(text)
    raise InvalidQuery(f"top is {text[:40]!r}; expected is a whole number from 0 to {CLASSES}.")


def _read_switch(name: str, text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise InvalidQuery(f"{name} is {text[:40]!r}; expected is true or false.")
