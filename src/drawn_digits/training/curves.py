"""Loss and accuracy curves of a run, for training and validation."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter


def draw_curves(history: Sequence[dict[str, float]], path: Path, own_after: int) -> None:
    """Write a PNG with both curves, side by side.

    After the epoch ``own_after`` MNIST's own reader learns, and of MNIST's images alone it is asked
    which digit they are, so the curves begin anew there. Both losses are means over all pictures,
    non-digits too, and validation has more of those: accuracies can be compared, losses cannot.
    """
    figure = Figure(figsize=(10, 4), layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    _draw(loss, history, "loss", "Loss")
    _draw(accuracy, history, "accuracy", "Accuracy")
    accuracy.yaxis.set_major_formatter(PercentFormatter(1.0))
    for axes in (loss, accuracy):
        _divide(axes, history, own_after)
        axes.legend()
    figure.savefig(path, dpi=110)


def _draw(axes: Axes, history: Sequence[dict[str, float]], name: str, title: str) -> None:
    epochs = [row["epoch"] for row in history]
    axes.plot(epochs, [row[name] for row in history], "o-", label="training", ms=3)
    axes.plot(epochs, [row[f"val_{name}"] for row in history], "s-", label="validation", ms=3)
    axes.set(title=title, xlabel="epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)


def _divide(axes: Axes, history: Sequence[dict[str, float]], own_after: int) -> None:
    if own_after < len(history):
        axes.axvline(own_after + 0.5, color="0.4", linestyle=":", label="then MNIST's own reader")
