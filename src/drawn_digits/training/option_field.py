"""Fields of a dataclass that are options of a command, too: meaning and range, said once."""

import dataclasses
from collections.abc import Sequence
from math import inf
from typing import Any

import click

from drawn_digits.errors import TrainingError


def option(
    default: str | float,
    meaning: str,
    *,
    least: float = 0,
    most: float = inf,
    choices: Sequence[str] = (),
) -> Any:
    """A field with its ``default``. A number lies from ``least`` to ``most``, both included.

    ``choices`` are what a text may be, where not all will do. ``meaning`` is the option's help.
    """
    metadata = {"meaning": meaning, "least": least, "most": most, "choices": choices}
    return dataclasses.field(default=default, metadata=metadata)


def check_fields(instance: Any) -> None:
    """What ``click_type`` does for a command, for those who call from Python.

    Raises:
        TrainingError: a number is out of its range, or a text is not one of its choices.
    """
    for field in dataclasses.fields(instance):
        value = getattr(instance, field.name)
        if not _is_allowed(value, **field.metadata):
            expected = _describe_range(**field.metadata)
            raise TrainingError(f"{field.name} is {value}; it must be {expected}.")


def _is_allowed(
    value: str | float, *, least: float, most: float, choices: Sequence[str], **_: Any
) -> bool:
    if isinstance(value, str):
        return not choices or value in choices
    return least <= value <= most


def _describe_range(*, least: float, most: float, choices: Sequence[str], **_: Any) -> str:
    if choices:
        return " or ".join(choices)
    return f"at least {least}" if most == inf else f"from {least} to {most:g}"


def click_type(field: "dataclasses.Field[Any]") -> "click.ParamType[Any]":
    """How a command reads the field's option."""
    least, most, choices = (field.metadata[key] for key in ("least", "most", "choices"))
    if isinstance(field.default, str):
        return click.Choice(choices) if choices else click.STRING
    number = click.IntRange if isinstance(field.default, int) else click.FloatRange
    return number(min=least, max=None if most == inf else most)
