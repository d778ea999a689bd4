"""The commands that learn: train, evaluate, export. Keras is imported when one of them runs."""

import dataclasses
import os
from pathlib import Path
from typing import Any

import click

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.recognizer.triton import write_triton_repository
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import Split
from drawn_digits.training.data.extras import import_extra
from drawn_digits.training.evaluation.limits import SampleLimits
from drawn_digits.training.machine import fastest_precision, keep_freed_memory
from drawn_digits.training.options import config_options, limit_options, models_option
from drawn_digits.training.whole_file import writable_folder

# TensorFlow prints notes about oneDNN and missing GPUs at every start; errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

_FEWEST_PUBLISHED_RUNS = 3
_DEFAULT = click.core.ParameterSource.DEFAULT


def require_training_packages() -> None:
    """Ask for what the base install leaves out before any work begins.

    Raises:
        MissingExtra: the extra ``train`` is not installed.
    """
    for module in ("keras", "matplotlib", "onnx", "rich"):
        import_extra(module)


@click.command()
@click.option(
    "--run",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the run.  [default: runs/NETWORK, or runs/repeat]",
)
@config_options
@click.pass_context
def train(context: click.Context, /, run: Path | None, **values: Any) -> None:
    """Train a network; an interrupted run goes on where it stopped.

    Writes into the run's folder: config.json, history.csv, curves.png, best.weights.h5, and for
    the evidence network calibration.json. '--network classic' trains the well-known network as
    it is usually trained, on MNIST alone, for 20 epochs unless --epochs is given. '--chosen-run'
    repeats a finished run, with its configuration, on train and validation together.
    """
    require_training_packages()
    from drawn_digits.training.train import train as train_run

    given = {
        name: value
        for name, value in values.items()
        if context.get_parameter_source(name) != _DEFAULT
    }
    config = dataclasses.replace(_default_config(given), **given)
    keep_freed_memory()
    folder = run or Path("runs") / ("repeat" if config.chosen_run else config.network)
    train_run(config, folder)
    click.echo(f"Done: {folder} holds the curves (curves.png) and the best weights.")


def _default_config(given: dict[str, Any]) -> TrainingConfig:
    """What holds for the options that are not given."""
    from drawn_digits.training.recipes import CLASSIC_CONFIG
    from drawn_digits.training.run_folder import RunFolder

    if given.get("chosen_run"):
        return RunFolder(Path(given["chosen_run"])).read_config()
    if given.get("network") == "classic":
        return CLASSIC_CONFIG
    return TrainingConfig(precision=fastest_precision())


@click.command()
@click.option(
    "--split",
    type=click.Choice(["test", "validation"]),
    default="test",
    show_default=True,
    help="Whose images and drawings are read: models are chosen by validation's.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for report.json and the pictures.  [default: runs/evaluation-SPLIT]",
)
@models_option("the model to evaluate")
@click.option(
    "--run",
    "runs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="A finished run of the same recipe with another seed; repeat it to report the spread.",
)
@click.option(
    "--spread-of",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Instead of --run: an earlier report.json with the spread, of a model with these weights.",
)
@click.option(
    "--classic-run",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Evaluate the classic network of this run instead, prepared the classic way.",
)
@click.option(
    "--publish",
    is_flag=True,
    help="Write evaluation.json and the model card (README.md) beside the model, too.",
)
@limit_options
def evaluate(
    split: Split,
    output: Path | None,
    models: Path,
    runs: tuple[Path, ...],
    spread_of: Path | None,
    classic_run: Path | None,
    publish: bool,
    **amounts: int,
) -> None:
    """Measure a model: MNIST, pen drawings centred and anywhere, and what is no digit.

    The shipped model is measured on thinner, smaller, turned and corrupted digits as well. Choose
    by '--split validation'; look at test when everything is chosen.
    """
    require_training_packages()
    from drawn_digits.training.evaluation.model_card import publish_evaluation
    from drawn_digits.training.evaluation.report import evaluate_classic, evaluate_model

    folder, limits = output or Path("runs") / f"evaluation-{split}", SampleLimits(**amounts)
    if classic_run and (publish or runs or spread_of):
        raise click.UsageError(
            "--classic-run measures the yardstick: no --run, no --spread-of and no --publish."
        )
    if runs and spread_of:
        raise click.UsageError("The spread comes from --run or from --spread-of, not from both.")
    if publish:
        _check_publishable(split, limits, runs)
        writable_folder(models)
    if classic_run:
        click.echo(evaluate_classic(classic_run, split, folder, limits))
    else:
        click.echo(evaluate_model(models, split, folder, limits, runs, spread_of, tell=_tell))
    if publish:
        click.echo(f"Wrote {publish_evaluation(folder, models)}.")
    click.echo(f"The whole report and its pictures are in {folder}.")


def _check_publishable(split: Split, limits: SampleLimits, runs: tuple[Path, ...]) -> None:
    if split != "test" or limits != SampleLimits():
        raise click.UsageError(
            "--publish needs the whole test split and no other limits than the usual ones, for "
            "the README quotes it."
        )
    if 0 < len(runs) < _FEWEST_PUBLISHED_RUNS:
        raise click.UsageError(
            f"--publish needs {_FEWEST_PUBLISHED_RUNS} or more --run, or none: fewer tell little "
            "of the spread."
        )


def _tell(part: str) -> None:
    click.echo(f"measuring: {part}", err=True)


@click.command("model-card")
@models_option("the model and its evaluation.json")
def model_card(models: Path) -> None:
    """Write the model card (README.md beside the model) from evaluation.json and the model."""
    require_training_packages()
    from drawn_digits.training.evaluation.model_card import write_model_card

    click.echo(f"Wrote {write_model_card(models)}.")


@click.command()
@click.option(
    "--run",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs/repeat"),
    show_default=True,
    help="Folder of the finished run.",
)
@click.option("--version", help="Version of the model, such as 1.0.0.")
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
@click.option(
    "--from-weights",
    is_flag=True,
    help="Export the model of --weights anew, with the normalizer as it is now, and no run.",
)
@click.option(
    "--triton",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the model of --models into DIR as NVIDIA Triton serves it, and nothing else.",
)
def export(
    run: Path,
    version: str | None,
    models: Path,
    weights: Path,
    from_weights: bool,
    triton: Path | None,
) -> None:
    """Write a run's ONNX file, run it against Keras, and refuse on a difference."""
    if triton is not None:
        click.echo(f"Wrote {write_triton_repository(triton, load_recognizer(models))}.")
        return
    if version is None:
        raise click.UsageError("Missing option '--version', such as 1.0.0.")
    require_training_packages()
    from drawn_digits.training.export import export_run, export_weights

    if from_weights:
        click.echo(f"Wrote {export_weights(weights, models, version)} from {weights}.")
        return
    click.echo(f"Wrote {export_run(run, models, weights, version)} and {weights}.")
