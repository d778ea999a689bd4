"""The model card in Hugging Face's form: every number in it is the report's or the file's."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from drawn_digits.errors import TrainingError
from drawn_digits.ink import rasterize
from drawn_digits.recognizer.model_file import read_model_file
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.settings import LIMITS
from drawn_digits.training import pose
from drawn_digits.training.data import Split
from drawn_digits.training.data.sources import SOURCES
from drawn_digits.training.data.splits import MNIST_TRAIN_IMAGES, PENDIGITS_WRITERS, UNIPEN_DONORS
from drawn_digits.training.data.typefaces import typefaces
from drawn_digits.training.evaluation.runs import learned_by
from drawn_digits.training.whole_file import write_whole

EVALUATION = "evaluation.json"
CARD = "README.md"
_WORST_WRITERS = 8


def publish_evaluation(output: Path, models_folder: Path) -> Path:
    """Put an evaluation's report beside its model, and renew the model card from it."""
    write_whole(models_folder / EVALUATION, (output / "report.json").read_text("utf-8"))
    return write_model_card(models_folder)


def write_model_card(models_folder: Path) -> Path:
    """Write the model card beside the model; where it is.

    Raises:
        TrainingError: there is no evaluation, or it is of another model.
    """
    path = models_folder / CARD
    write_whole(path, render_model_card(models_folder))
    return path


def render_model_card(models_folder: Path) -> str:
    """The card's text, from the model that ``current`` names and its ``evaluation.json``.

    Raises:
        TrainingError: there is no evaluation, or it is of another model.
    """
    file = read_model_file(models_folder)
    model = Recognizer(file).model
    report = _read_report(models_folder / EVALUATION, file.sha256)
    learned = learned_by(model.metadata["configuration"])
    return (
        _environment()
        .get_template("model_card.md.jinja")
        .render(
            report=report,
            model=model,
            metadata=model.metadata,
            size=len(file.content),
            sources=SOURCES,
            learned=learned,
            used=_used_for_training(learned),
            typefaces=_count_typefaces(learned),
            tested_typefaces=_count_typefaces([report["split"]]),
            rasterize=rasterize,
            pose=pose,
            limits=LIMITS,
            has_bad_labels=any(figures.get("bad_labels") for figures in report["sets"].values()),
            has_refusals_at_2_percent=all(
                "refused_at_2_percent_lost" in figures for figures in report["non_digits"].values()
            ),
            worst_writers=_worst_writers(report["sets"]),
        )
    )


def _read_report(path: Path, sha256: str) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise TrainingError(
            f"{path} is not there, so a model card would have no figures. Run: drawn-digits "
            "evaluate --publish"
        ) from None
    if report["model"]["sha256"] != sha256:
        raise TrainingError(
            f"{path} measured the model {report['model']['version']} and not the one beside it. "
            "Run: drawn-digits evaluate --publish"
        )
    return report


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("drawn_digits.training.evaluation", "."),
        autoescape=False,  # noqa: S701 - Markdown, and no text of it comes from outside
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["percent"] = lambda share, digits=2: f"{share:.{digits}%}"
    environment.filters["kilobytes"] = lambda count: round(count / 1000)
    return environment


def _used_for_training(splits: Iterable[Split]) -> dict[str, str]:
    """Which part of each source these splits are, train or train and validation."""
    writers = sorted(number for split in splits for number in PENDIGITS_WRITERS[split][1])
    donors = [donor for split in splits for donor in UNIPEN_DONORS[split]]
    images = "all 60,000" if "validation" in splits else f"the first {MNIST_TRAIN_IMAGES:,}"
    return {
        "mnist": f"{images} training images",
        "pendigits": f"writers {writers[0]} to {writers[-1]} of the first file",
        "unipen": f"donors {', '.join(donors)}",
    }


def _count_typefaces(splits: Iterable[Split]) -> int:
    counted = set(splits)
    return sum(face.split in counted for face in typefaces())


def _worst_writers(sets: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    rows = [
        (name, writer)
        for name, figures in sets.items()
        if name.endswith("anywhere")
        for writer in figures.get("writers", ())
    ]
    return sorted(rows, key=lambda row: float(row[1]["accuracy"]))[:_WORST_WRITERS]
