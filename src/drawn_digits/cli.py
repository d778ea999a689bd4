"""The command line. Heavy parts are imported by the command that needs them."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.errors import (
    DrawnDigitsError,
    InvalidInput,
    NothingDrawn,
    UnwritableFile,
)
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.files import read_file
from drawn_digits.ink.pictures import decode_picture
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.evidence import paint_evidence
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.settings import SECRETS, Settings, variable_of

EXIT_FAILURE = 1
"""Something that was asked for could not be done; click itself uses 2 for wrong usage."""
EXIT_SOME_UNREAD = 3
"""``predict`` answered some of the files, but not all."""


class LazyGroup(click.Group):
    """Imports the training commands when they are used: a server has no Keras."""

    lazy_commands: ClassVar[dict[str, str]] = {
        "data": "drawn_digits.training.data_commands:data",
        "train": "drawn_digits.training.commands:train",
        "evaluate": "drawn_digits.training.commands:evaluate",
        "export": "drawn_digits.training.commands:export",
        "model-card": "drawn_digits.training.commands:model_card",
    }

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *self.lazy_commands])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.lazy_commands:
            return super().get_command(context, name)
        module, attribute = self.lazy_commands[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, context: click.Context) -> Any:
        """Print errors that a user can mend as one sentence, without a traceback."""
        try:
            return super().invoke(context)
        except DrawnDigitsError as error:
            click.echo(f"drawn-digits: {error}", err=True)
            context.exit(EXIT_FAILURE)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drawn-digits")
def main() -> None:
    """Read drawn digits, serve the page and the API, and train the model behind them."""


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object for each file, a line each."
)
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Paint over the picture what speaks for the digit (blue) and what against it (orange).",
)
@click.option(
    "--evidence-for",
    type=click.IntRange(0, 9),
    metavar="DIGIT",
    help="The digit of --evidence.  [default: the one that was read]",
)
def predict(
    files: tuple[Path, ...], as_json: bool, evidence: Path | None, evidence_for: int | None
) -> None:
    """Read pictures (PNG, JPEG, WebP) and drawings (stroke JSON) from FILES.

    A file that ends in .json holds strokes, in the form that the API takes. The model is that of
    DRAWN_DIGITS_MODEL_FOLDER, or the package's own.

    Exit status: 0 when every file was answered, 3 when some were not, 1 when none was.
    """
    _check_evidence_options(files, evidence, evidence_for)
    recognizer = load_recognizer(Settings.from_environment(os.environ).model_folder)
    paint = partial(_write_evidence, evidence, evidence_for) if evidence else None
    rows = [_answer(recognizer, path, paint) for path in files]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
    else:
        click.echo(_format_table(rows))
    unread = sum("error" in row for row in rows)
    if unread:
        sys.exit(EXIT_FAILURE if unread == len(rows) else EXIT_SOME_UNREAD)


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1, this machine only]")
@click.option("--port", type=int, help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=int, help="Processes.  [default: one a core]")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the page and the API with Gunicorn.

    Options come before the environment variables DRAWN_DIGITS_HOST, DRAWN_DIGITS_PORT (or PORT)
    and DRAWN_DIGITS_WORKERS.
    """
    from drawn_digits.web.server import serve as serve_settings

    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    settings = Settings.from_environment(os.environ)
    chosen = {name: value for name, value in given.items() if value is not None}
    serve_settings(dataclasses.replace(settings, **chosen))


@main.command("settings")
def list_settings() -> None:
    """List the server's settings: environment variables, their values now and what they mean."""
    settings = Settings.from_environment(os.environ)
    items = dataclasses.fields(Settings)
    names = [variable_of(item.name) for item in items]
    values = [_format_value(item, getattr(settings, item.name)) for item in items]
    name_width, value_width = max(map(len, names)), max(map(len, values))
    for name, value, item in zip(names, values, items, strict=True):
        click.echo(f"{name:<{name_width}}  {value:<{value_width}}  {item.metadata['meaning']}")


def _format_value(item: dataclasses.Field[Any], value: object) -> str:
    """As it is written in the environment; a secret is not shown."""
    if item.name in SECRETS and value != item.default:
        return "(set)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


@main.command("export-site")
@click.argument("folder", type=click.Path(path_type=Path))
def export_site(folder: Path) -> None:
    """Write the page as plain files into FOLDER, for any web host: no server, no limit on visitors.

    The model answers on the visitors' devices. Hosts must serve .wasm files as application/wasm
    and, for other than local use, over HTTPS.
    """
    from drawn_digits.web.site import export_site as write_site

    write_site(folder, load_recognizer(Settings.from_environment(os.environ).model_folder))
    click.echo(f"Wrote the site into {folder}. To look at it: python -m http.server -d {folder}")


def _check_evidence_options(
    files: tuple[Path, ...], evidence: Path | None, evidence_for: int | None
) -> None:
    if evidence is None:
        if evidence_for is not None:
            raise click.UsageError("--evidence-for needs --evidence OUT.png, the file to write.")
        return
    if len(files) > 1:
        raise click.UsageError(
            f"--evidence writes one picture, but {len(files)} files came. Give them one by one."
        )
    if evidence.suffix.lower() != ".png":
        raise click.UsageError(f"--evidence writes PNG, so {str(evidence)!r} must end in .png.")
    if evidence.resolve() == files[0].resolve():
        raise click.UsageError("--evidence would overwrite FILES; name another file.")


def _write_evidence(
    path: Path, digit: int | None, picture: NDArray[np.uint8], prediction: Prediction
) -> None:
    painted = Image.fromarray(paint_evidence(picture, prediction, digit))
    try:
        painted.save(path)
    except OSError as error:
        raise UnwritableFile(f"{path} cannot be written: {error.strerror}.") from None


def _answer(
    recognizer: Recognizer,
    path: Path,
    paint: Callable[[NDArray[np.uint8], Prediction], None] | None,
) -> dict[str, Any]:
    """One file's row: the prediction, or the error's name and message."""
    try:
        picture = _read_picture(path)
        (prediction,) = recognizer.predict([picture])
        if prediction.nothing_drawn:
            raise NothingDrawn("The picture holds no ink: all of it looks like paper.")
    except InvalidInput as error:
        return {"file": str(path), "error": error.slug, "detail": str(error)}
    if paint:
        paint(picture, prediction)
    runner_up = prediction.ranking[1]
    return {"file": str(path), **prediction.to_json(), "runner_up": runner_up}


def _read_picture(path: Path) -> NDArray[np.uint8]:
    content = read_file(path)
    return rasterize(content) if isinstance(content, Drawing) else decode_picture(content)


def _format_table(rows: list[dict[str, Any]]) -> str:
    width = max(len("file"), *(len(row["file"]) for row in rows))
    lines = [f"{'file':<{width}}  digit  confidence  runner-up"]
    return "\n".join(lines + [f"{row['file']:<{width}}  {_format_answer(row)}" for row in rows])


def _format_answer(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"error  {row['detail']}"
    doubt = "" if row["is_digit"] else "  (probably not a digit)"
    runner_up = f"{row['runner_up']} {row['probabilities'][row['runner_up']]:.1%}"
    return f"{row['digit']:>5}  {row['confidence']:>10.1%}  {runner_up:>9}{doubt}"
