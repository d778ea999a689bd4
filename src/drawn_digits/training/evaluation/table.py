"""A report's main figures as text, a line a set."""

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Any]

_SEEN = "SEEN IN TRAINING: {} learned {}, so this says nothing of unseen writers."


def format_table(report: Figures) -> str:
    """The table that ``evaluate`` prints and the README quotes; absent sections are left out."""
    seen = report.get("seen_in_training")
    lines = [_SEEN.format("the model has", report["split"])] if seen else []
    lines += [*_digits(report["sets"]), *_non_digits(report["non_digits"])]
    if "corruptions" in report:
        lines += _corruptions(report["corruptions"])
    if "runs" in report:
        # Runs of another kind than the model: repeats, beside one that was chosen on validation.
        seen = report.get("split") in report["runs"].get("learned", ())
        lines += [_SEEN.format("the runs have", report["split"])] if seen else []
        lines += _runs(report["runs"])
    return "\n".join(lines)


def _digits(sets: Figures) -> list[str]:
    has_bad = any(figures.get("bad_labels") for figures in sets.values())
    good = f"{'good labels':>13}" if has_bad else ""
    lines = [
        f"{'set':<20}{'digits':>8}{'wrong':>7}{'right':>9}{good}{'NLL':>8}{'ECE':>8}{'refused':>9}"
    ]
    for name, f in sets.items():
        good = f"{f['accuracy_without_bad_labels']:>13.2%}" if has_bad else ""
        lines.append(
            f"{name:<20}{f['count']:>8}{f['mistakes']:>7}{f['accuracy']:>9.2%}{good}"
            f"{f['nll']:>8.4f}{f['ece']:>8.2%}{f['refused']:>9.2%}"
        )
    return lines


def _non_digits(sets: Figures) -> list[str]:
    lines = [f"{'no digits':<38}{'count':>6}{'refused':>9}{'AUROC':>8}"]
    for name, f in sets.items():
        lines.append(f"{name:<38}{f['count']:>6}{f['refused']:>9.2%}{f['auroc']:>8.4f}")
    return lines


def _corruptions(corruptions: Figures) -> list[str]:
    kinds = len(corruptions["accuracy"])
    return [
        f"{kinds} corruptions of mnist, 5 strengths: {corruptions['mean']:.2%} right on average "
        f"(clean {corruptions['clean']:.2%})"
    ]


def _runs(runs: Figures) -> list[str]:
    of = f" of {runs['model_version']}" if "model_version" in runs else ""
    lines = [f"{f'right, over seeds{of}':<38}{'mean':>9}   {'sd':>6}"]
    for name, f in runs["sets"].items():
        lines.append(f"{name:<38}{f['mean']:>9.2%} ± {f['sd']:>6.2%} over {runs['count']} runs")
    lines.append(f"{f'refused, over seeds{of}':<38}{'mean':>9}   {'sd':>6}")
    for name, f in runs["non_digits"].items():
        refused = f["refused"]
        lines.append(
            f"{name:<38}{refused['mean']:>9.2%} ± {refused['sd']:>6.2%} over {runs['count']} runs, "
            f"AUROC {f['auroc']['mean']:.4f} ± {f['auroc']['sd']:.4f}"
        )
    return lines
