"""Options that several commands have, each said once."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.evaluation.limits import SampleLimits

_CHOICES = {
    "network": click.Choice(["evidence", "classic"]),
    "precision": click.Choice(["float32", "mixed_bfloat16"]),
}
_SHOWN_DEFAULTS = {"precision": "the fastest on this processor"}


def models_option(use: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--models``: a folder with a model; ``use`` says what for, in the help's words."""
    return click.option(
        "--models",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=PACKAGED_MODELS,
        help=f"Folder with {use}.  [default: the shipped model]",
    )


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each field of TrainingConfig, with its default.

    Which precision is the default, a command finds out when it runs.
    """
    for field in reversed(dataclasses.fields(TrainingConfig)):
        command = click.option(
            "--" + field.name.replace("_", "-"),
            type=_CHOICES.get(field.name, type(field.default)),
            default=field.default,
            show_default=_SHOWN_DEFAULTS.get(field.name, True),
        )(command)
    return command


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each field of SampleLimits, with its default."""
    for field in reversed(dataclasses.fields(SampleLimits)):
        command = click.option(
            "--" + field.name.replace("_", "-"),
            type=click.IntRange(min=0),
            default=field.default,
            show_default=True,
            help=field.metadata["help"],
        )(command)
    return command
