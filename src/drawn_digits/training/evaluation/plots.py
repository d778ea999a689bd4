"""Plots of a report's sections: reliability, sweeps over poses, and corruptions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import CANVAS_SIDE
from drawn_digits.training.evaluation.metrics import CALIBRATION_BINS, wilson_interval
from drawn_digits.training.evaluation.sweeps import SWEEPS, Sweep

_DPI = 110
_SWEEPS_A_ROW = 3
_LOWEST_ACCURACY = 0.8  # of the sweeps' axis: what matters is the last few percent


def draw_reliability(bins: Mapping[str, Sequence[Mapping[str, float]]], path: Path) -> None:
    """Accuracy over confidence for each set, and under it how many pictures each bin holds."""
    figure = Figure(figsize=(4.6 * len(bins), 5.2), layout="constrained")
    figure.suptitle(f"Is it as often right as it says? ({CALIBRATION_BINS} bins of confidence)")
    panels = figure.subplots(2, len(bins), sharex=True, squeeze=False, height_ratios=(3, 1))
    for (name, rows), (accuracy, counts) in zip(bins.items(), panels.T, strict=True):
        _draw_calibration(accuracy, name, rows)
        _draw_counts(counts, rows)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    figure.savefig(path, dpi=_DPI)


def draw_sweeps(sweeps: Mapping[str, Any], path: Path) -> None:
    """Accuracy and, below it, refusals over what each sweep varies."""
    rows = [SWEEPS[i : i + _SWEEPS_A_ROW] for i in range(0, len(SWEEPS), _SWEEPS_A_ROW)]
    figure = Figure(figsize=(4.2 * _SWEEPS_A_ROW, 5.2 * len(rows)), layout="constrained")
    figure.suptitle(
        f"{sweeps['count']} pen drawings, one property varied on a canvas of {CANVAS_SIDE} px; "
        'shaded: the range of "anywhere"'
    )
    blocks = figure.subfigures(len(rows), 1, squeeze=False)[:, 0]
    for block, row in zip(blocks, rows, strict=True):
        _draw_row(block, row, sweeps)
    figure.savefig(path, dpi=_DPI)


def draw_corruptions(corruptions: Mapping[str, Any], path: Path) -> None:
    """Accuracy for each corruption and severity, the hardest at the bottom."""
    rows = sorted(corruptions["accuracy"].items(), key=lambda row: -float(np.mean(row[1])))
    accuracy = np.array([values for _, values in rows])
    figure = Figure(figsize=(6.4, 7), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(accuracy, cmap="viridis", vmin=0.5, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(accuracy):
        colour = "black" if value > 0.8 else "white"
        axes.text(column, row, f"{value:.1%}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_title(
        f"Accuracy on {corruptions['count']} MNIST images, corrupted\n"
        f"clean {corruptions['clean']:.2%}, mean of all below {corruptions['mean']:.2%}"
    )
    axes.set(xlabel="severity", xticks=range(accuracy.shape[1]), yticks=range(len(rows)))
    axes.set_xticklabels([str(1 + column) for column in range(accuracy.shape[1])])
    axes.set_yticklabels([name.replace("_", " ") for name, _ in rows])
    figure.colorbar(image, format=PercentFormatter(1.0), extend="min", shrink=0.6)
    figure.savefig(path, dpi=_DPI)


def _draw_calibration(axes: Axes, name: str, rows: Sequence[Mapping[str, float]]) -> None:
    accuracy = _column(rows, "accuracy")
    low, high = np.array([wilson_interval(row["accuracy"], row["count"]) for row in rows]).T
    errors = np.maximum((accuracy - low, high - accuracy), 0)
    axes.plot((0, 1), (0, 1), "--", color="grey", label="perfectly calibrated")
    axes.errorbar(
        _column(rows, "confidence"),
        accuracy,
        errors,
        fmt="o",
        capsize=3,
        label="model, with 95 % interval",
    )
    axes.set(title=name, ylabel="accuracy", xlim=(0, 1.03), ylim=(0, 1.03))
    axes.grid(alpha=0.3)


def _draw_counts(axes: Axes, rows: Sequence[Mapping[str, float]]) -> None:
    axes.bar(_column(rows, "confidence"), _column(rows, "count"), width=0.8 / CALIBRATION_BINS)
    axes.set(xlabel="confidence", ylabel="pictures", yscale="log", ylim=(0.5, None))
    axes.grid(alpha=0.3)


def _draw_row(block: SubFigure, row: Sequence[Sweep], sweeps: Mapping[str, Any]) -> None:
    panels = block.subplots(
        2, len(row), sharex="col", sharey="row", squeeze=False, height_ratios=(3, 2)
    )
    for sweep, (accuracy, refused) in zip(row, panels.T, strict=True):
        _draw_sweep(accuracy, sweep, sweeps[sweep.name], "accuracy")
        _draw_sweep(refused, sweep, sweeps[sweep.name], "refused")
        accuracy.set(title=sweep.title, ylim=(_LOWEST_ACCURACY, 1.005))
        refused.set(xlabel=sweep.unit)
    for axes, label in zip(panels[:, 0], ("read right", 'called "not a digit"'), strict=True):
        axes.set(ylabel=label)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def _draw_sweep(axes: Axes, sweep: Sweep, points: Sequence[Mapping[str, float]], name: str) -> None:
    if sweep.anywhere:
        axes.axvspan(*sweep.anywhere, color="tab:green", alpha=0.12)
    style, colour = ("o-", "tab:blue") if name == "accuracy" else ("s-", "tab:orange")
    axes.plot(_column(points, "value"), _column(points, name), style, color=colour)
    axes.grid(alpha=0.3)


def _column(rows: Sequence[Mapping[str, float]], name: str) -> NDArray[np.float64]:
    return np.array([row[name] for row in rows], np.float64)
