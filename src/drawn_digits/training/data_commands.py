"""``drawn-digits data``: fetch, list and verify the training data, and question its labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from drawn_digits.errors import DataDamaged, DataMissing
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.data.extras import import_extra
from drawn_digits.training.data.fetch import Progress, fetch_file, file_status
from drawn_digits.training.data.folder import data_folder
from drawn_digits.training.data.sources import SOURCES, DataFile, Source
from drawn_digits.training.options import models_option
from drawn_digits.training.whole_file import writable_folder

source_names = click.argument(
    "names",
    metavar="[SOURCE]...",
    nargs=-1,
    type=click.Choice([source.name for source in SOURCES]),
)


@click.group()
def data() -> None:
    """Fetch, list, verify and question the training data (mnist, pendigits, unipen)."""


@data.command()
@source_names
def fetch(names: tuple[str, ...]) -> None:
    """Download what is missing, verify it, and keep it for later.

    An interrupted download goes on where it stopped. Without SOURCE, fetches everything but
    unipen, and says how to get that by hand.
    """
    folder = data_folder()
    for source in _chosen(names):
        _fetch_source(source, folder)


@data.command("list")
def list_sources() -> None:
    """Show each source, its licence and address, and which of its files are here."""
    folder = data_folder()
    click.echo(f"Data folder: {folder}")
    for source in SOURCES:
        click.echo(f"\n{source.name}: {source.title}\n  {source.licence}, {source.page}")
        click.echo(f"  {source.citation}")
        for file in source.files:
            here = _at_hand(file, folder)
            click.echo(f"  {'here   ' if here else 'missing'}  {here or file.name}")


@data.command()
@source_names
def verify(names: tuple[str, ...]) -> None:
    """Check every file against its SHA-256; fails when one is missing or damaged."""
    folder = data_folder()
    statuses = {
        file.name: file_status(file, folder) for source in _chosen(names) for file in source.files
    }
    for name, status in statuses.items():
        click.echo(f"{status:10}  {name}")
    for status, error in (("damaged", DataDamaged), ("missing", DataMissing)):
        if bad := [name for name in statuses if statuses[name] == status]:
            raise error(f"In {folder}, {status}: {', '.join(bad)}. Run: drawn-digits data fetch")


@data.command()
@models_option("the model to ask")
@click.option(
    "--below",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="A label is suspect when it gets less than this probability.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Ask about so many samples of each source and split; 0 for all.",
)
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("runs/suspects.png"),
    show_default=True,
    help="File for a picture of all that were found.",
)
def suspects(models: Path, below: float, limit: int, sheet: Path) -> None:
    """Ask a model for wrong labels in training and validation, for somebody to look at.

    Prints the suspects as CSV and draws them on one sheet. "listed" are those that
    training/data/bad_labels.csv names already. All samples take some minutes.
    """
    import_extra("matplotlib")
    writable_folder(sheet.parent)
    from drawn_digits.training.suspects import draw_suspects, find_suspects

    click.echo("source,writer,ordinal,label,read,probability,listed")
    found = []
    for suspect in find_suspects(load_recognizer(models), below, limit):
        found.append(suspect)
        sample = suspect.sample
        name = f"{sample.source},{sample.writer},{sample.ordinal},{sample.label}"
        listed = "yes" if sample.is_listed else "no"
        click.echo(f"{name},{suspect.read},{suspect.probability:.3f},{listed}")
    draw_suspects(found, sheet)
    click.echo(f"{len(found)} suspects are drawn in {sheet}.", err=True)


def _chosen(names: tuple[str, ...]) -> list[Source]:
    return [source for source in SOURCES if not names or source.name in names]


def _fetch_source(source: Source, folder: Path) -> None:
    for file in source.files:
        if file.addresses:
            with _progress_bar(file.name) as progress:
                fetch_file(file, folder, progress)
        else:
            _check_by_hand(file, folder, source.by_hand.format(folder=folder))
        click.echo(f"here  {_at_hand(file, folder)}")


def _at_hand(file: DataFile, folder: Path) -> str:
    """The file's name, or its stand-in's where only that is here; "" where neither is."""
    names = (name for name in (file.name, file.stand_in) if name)
    return next((name for name in names if (folder / name).is_file()), "")


def _check_by_hand(file: DataFile, folder: Path, advice: str) -> None:
    status = file_status(file, folder)
    if status == "missing":
        raise DataMissing(advice)
    if status == "damaged":
        raise DataDamaged(
            f"{folder / file.name} is damaged: its SHA-256 is not the right one. Remove it, or put "
            f"a sound one in its place. {advice}"
        )


@contextmanager
def _progress_bar(name: str) -> Iterator[Progress]:
    """A bar with speed and time left, on a terminal only."""
    rich = import_extra("rich.progress")
    console = import_extra("rich.console").Console(stderr=True)
    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.DownloadColumn(),
        rich.TransferSpeedColumn(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
