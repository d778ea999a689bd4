"""Options that several commands have, each said once."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.evaluation.limits import SampleLimits
from drawn_digits.training.option_field import click_type

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
    return _field_options(TrainingConfig, command)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each field of SampleLimits, with its default."""
    return _field_options(SampleLimits, command)


def _field_options(of: type[Any], command: Callable[..., Any]) -> Callable[..., Any]:
    for field in reversed(dataclasses.fields(of)):
        command = click.option(
            "--" + field.name.replace("_", "-"),
            type=click_type(field),
            default=field.default,
            show_default=_SHOWN_DEFAULTS.get(field.name, field.default != ""),
            help=field.metadata["meaning"],
        )(command)
    return command
