"""The commands that learn: train, evaluate, export. Keras is imported when one of them runs."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import Split
from drawn_digits.training.data.extras import import_extra

# TensorFlow prints notes about oneDNN and missing GPUs at every start; errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

CLASSIC_EPOCHS = 20  # as the classic recipe is published
_DEFAULT = click.core.ParameterSource.DEFAULT
_CHOICES = {"network": click.Choice(["evidence", "classic"])}


def require_training_packages() -> None:
    """Ask for what the base install leaves out before any work begins.

    Raises:
        MissingExtra: the extra ``train`` is not installed.
    """
    for module in ("keras", "matplotlib", "onnx", "rich"):
        import_extra(module)


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each field of TrainingConfig, with its default."""
    for field in reversed(dataclasses.fields(TrainingConfig)):
        command = click.option(
            "--" + field.name.replace("_", "-"),
            type=_CHOICES.get(field.name, type(field.default)),
            default=field.default,
            show_default=True,
        )(command)
    return command


@click.command()
@click.option(
    "--run",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the run.  [default: runs/NETWORK]",
)
@config_options
@click.pass_context
def train(context: click.Context, /, run: Path | None, **values: Any) -> None:
    """Train a network; an interrupted run goes on where it stopped.

    Writes into the run's folder: config.json, history.csv, curves.png, best.weights.h5, and for
    the evidence network calibration.json. '--network classic' trains the well-known network as
    it is usually trained, on MNIST alone, for 20 epochs unless --epochs is given.
    """
    require_training_packages()
    from drawn_digits.training.train import train as train_run

    if values["network"] == "classic" and context.get_parameter_source("epochs") == _DEFAULT:
        values["epochs"] = CLASSIC_EPOCHS
    config = TrainingConfig(**values)
    folder = run or Path("runs") / config.network
    train_run(config, folder)
    click.echo(f"Done: {folder} holds the curves (curves.png) and the best weights.")


@click.command()
@click.option(
    "--split", type=click.Choice(["test", "validation"]), default="test", show_default=True
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.json and the pictures.  [default: runs/evaluation-SPLIT]",
)
@click.option(
    "--models",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PACKAGED_MODELS,
    help="Folder with the model to evaluate.  [default: the shipped model]",
)
@click.option(
    "--classic-run",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Evaluate the classic network of this run instead, prepared the classic way.",
)
def evaluate(split: Split, output: Path | None, models: Path, classic_run: Path | None) -> None:
    """Measure a model: MNIST, and pen drawings centred and anywhere.

    Choose by '--split validation'; look at test when everything is chosen.
    """
    require_training_packages()
    from drawn_digits.training.evaluate import evaluate_classic, evaluate_model

    folder = output or Path("runs") / f"evaluation-{split}"
    if classic_run:
        click.echo(evaluate_classic(classic_run, split, folder))
    else:
        click.echo(evaluate_model(models, split, folder))
    click.echo(f"The whole report and its pictures are in {folder}.")


@click.command()
@click.option(
    "--run",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("runs/evidence"),
    show_default=True,
)
@click.option("--version", required=True, help="Version of the model, such as 1.0.0.")
@click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False),
    default=PACKAGED_MODELS,
    help="Folder for digits.onnx and current.  [default: the package's]",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("weights/digits.keras"),
    show_default=True,
    help="File for the Keras model that the ONNX file comes from.",
)
def export(run: Path, version: str, models: Path, weights: Path) -> None:
    """Write a run's ONNX file, run it against Keras, and refuse on a difference."""
    require_training_packages()
    from drawn_digits.training.export import export_run

    click.echo(f"Wrote {export_run(run, models, weights, version)} and {weights}.")
