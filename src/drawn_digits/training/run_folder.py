"""A training run on disk: its configuration, history, curves, checkpoints and chosen weights."""

import csv
import io
import json
import warnings
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from drawn_digits.errors import TrainingError
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.origin import describe_origin
from drawn_digits.training.whole_file import writable_folder, write_whole


class RunFolder:
    """The files of one run. Every file appears whole or not at all, so a run may be killed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config_file = path / "config.json"
        self.history_file = path / "history.csv"
        self.curves_file = path / "curves.png"
        self.best_weights = path / "best.weights.h5"
        self.calibration_file = path / "calibration.json"
        self.origin_file = path / "origin.json"
        self.painted_file = path / "painted.npz"  # until the run ends

    def open(self, config: TrainingConfig) -> None:
        """Begin a run, or go on with one of the same configuration.

        Raises:
            TrainingError: the folder holds a run with another configuration.
            UnwritableFile: it cannot be written into.
        """
        if self.config_file.exists():
            self._check_same(config)
        else:
            writable_folder(self.path)
            write_whole(self.origin_file, json.dumps(describe_origin(), indent=2) + "\n")
            write_whole(self.config_file, json.dumps(asdict(config), indent=2) + "\n")

    def read_config(self) -> TrainingConfig:
        """The configuration of the run.

        Raises:
            TrainingError: there is no run in this folder, or it is of another version.
        """
        try:
            document = json.loads(self.config_file.read_text("utf-8"))
            if missing := {field.name for field in fields(TrainingConfig)} - set(document):
                raise TypeError(f"it does not have {', '.join(sorted(missing))}")
            return TrainingConfig(**document)
        except FileNotFoundError:
            raise TrainingError(
                f"{self.path} holds no training run. Train one with 'drawn-digits train'."
            ) from None
        except (TypeError, ValueError) as error:
            raise TrainingError(
                f"{self.config_file} cannot be read: {error}. If another version began the run, "
                "go on with that version, or train in another folder."
            ) from None

    def read_origin(self) -> dict[str, Any]:
        """The code, data, machine and library that began the run (``origin.describe_origin``)."""
        origin: dict[str, Any] = json.loads(self.origin_file.read_text("utf-8"))
        return origin

    def read_history(self) -> list[dict[str, float]]:
        """One row an epoch, oldest first; empty before the first epoch's end."""
        if not self.history_file.exists():
            return []
        with self.history_file.open(encoding="utf-8", newline="") as file:
            return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]

    def write_history(self, rows: list[dict[str, float]]) -> None:
        """Replace the history."""
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_whole(self.history_file, text.getvalue())

    def latest_checkpoint(self) -> tuple[int, Path | None]:
        """How many epochs are done, and the file to go on from."""
        found = sorted(self.path.glob("checkpoint-*.weights.h5"))
        return (int(found[-1].name.split("-")[1].split(".")[0]), found[-1]) if found else (0, None)

    def checkpoint(self, epochs_done: int) -> Path:
        """Where the checkpoint after so many epochs lies."""
        return self.path / f"checkpoint-{epochs_done:04d}.weights.h5"

    def load_weights(self, model: Any, path: Path) -> None:
        """Give a Keras model weights that this run saved.

        Raises:
            TrainingError: they are not there, or those of another form of the network.
        """
        if not path.exists():
            raise TrainingError(
                f"{path} is not there: the run has finished no epoch. Go on with the same "
                "'drawn-digits train' that began it."
            )
        try:
            with warnings.catch_warnings():
                # Of what is not in the file, Keras only warns, and leaves it as it was.
                warnings.simplefilter("error", UserWarning)
                model.load_weights(path)
        except (OSError, ValueError, UserWarning) as error:
            raise TrainingError(
                f"The weights in {path} are damaged, or do not fit the network of this version. "
                "Train in another folder (--run), or use the version that saved them: its commit "
                f"is in {self.origin_file}."
            ) from error

    def drop_checkpoints_before(self, epochs_done: int) -> None:
        """Remove what the newest checkpoint replaces."""
        for path in self.path.glob("checkpoint-*.weights.h5"):
            if path < self.checkpoint(epochs_done):
                path.unlink()

    def _check_same(self, config: TrainingConfig) -> None:
        begun, asked = asdict(self.read_config()), asdict(config)
        changed = [
            f"{key} {begun[key]} -> {asked[key]}" for key in asked if begun[key] != asked[key]
        ]
        if changed:
            raise TrainingError(
                f"{self.path} holds a run with another configuration ({', '.join(changed)}). "
                "Go on with the same options, or name another folder with --run."
            )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object, as ``calibration_file`` holds one."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
