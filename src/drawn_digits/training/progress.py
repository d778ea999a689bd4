"""What a run tells: that it paints, a bar with the time left, and one line an epoch."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def announce_painting(is_kept: bool) -> None:
    """Say why no step is done yet; there are minutes of it, unless a run goes on."""
    text = (
        "going on with the drawings that this run has painted"
        if is_kept
        else "painting the drawings that are learned from, before the first epoch: minutes on few "
        "cores"
    )
    Console(stderr=True).print(text, highlight=False, soft_wrap=True)


class TrainingProgress:
    """Shows those of a run's ``all_epochs`` that are ``to_do`` now, counted from 0."""

    def __init__(self, all_epochs: int, steps_an_epoch: int, to_do: range) -> None:
        self._epochs = all_epochs
        self._bar = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %  loss {task.fields[loss]:.4f}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(elapsed_when_finished=False),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task(
            "train",
            total=len(to_do) * steps_an_epoch,
            epoch=f"{min(to_do.start + 1, all_epochs)}/{all_epochs}",
            loss=float("nan"),
        )
        self.callback = _StepCallback(self._step)

    def __enter__(self) -> "TrainingProgress":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def report(self, row: Mapping[str, float]) -> None:
        """Print one epoch's result, above the bar."""
        epoch = int(row["epoch"])
        self._bar.console.print(
            f"epoch {epoch}/{self._epochs}  loss {row['loss']:.4f}  "
            f"accuracy {row['accuracy']:.4f}  validation loss {row['val_loss']:.4f}  "
            f"validation accuracy {row['val_accuracy']:.4f}",
            highlight=False,
            soft_wrap=True,
        )
        self._bar.update(self._task, epoch=f"{min(epoch + 1, self._epochs)}/{self._epochs}")

    def _step(self, loss: float) -> None:
        self._bar.update(self._task, advance=1, loss=loss)


class _StepCallback(keras.callbacks.Callback):  # type: ignore[misc]
    def __init__(self, step: Any) -> None:
        super().__init__()
        self._step = step

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._step((logs or {}).get("loss", float("nan")))
