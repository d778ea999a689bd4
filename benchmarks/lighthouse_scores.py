"""What several runs of Lighthouse say together: the medians, the bars, and what costs points."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

BARS = {"performance": 90, "accessibility": 100, "best-practices": 100}
"""The lowest median that passes, of 100."""

Report = Mapping[str, Any]
"""One run, as Lighthouse writes it in JSON."""

Scores = Mapping[str, int]
"""Of 100, one per category."""


def scores(report: Report) -> Scores:
    """A category that Lighthouse could not score counts as 0."""
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in BARS}


def medians(runs: Sequence[Scores]) -> Scores:
    """Of an even number of runs the lower of the middle two."""
    return {name: statistics.median_low(run[name] for run in runs) for name in BARS}


def below_the_bar(middle: Scores) -> list[str]:
    """One sentence for each category whose median does not pass."""
    return [
        f"{name}: the median is {middle[name]}, the bar {bar}."
        for name, bar in BARS.items()
        if middle[name] < bar
    ]


def table(runs: Sequence[Scores]) -> str:
    rows = [(str(number), run) for number, run in enumerate(runs, 1)]
    rows += [("median", medians(runs)), ("bar", BARS)]
    cells = [("run", *BARS)] + [(name, *(str(run[bar]) for bar in BARS)) for name, run in rows]
    return "\n".join(_line(*row) for row in cells)


def flaws(reports: Sequence[Report]) -> list[str]:
    """One line for each audit without full marks in any run, with its mark in each of them."""
    names = {
        name: None for report in reports for name in _audits(report) if _falls_short(report, name)
    }
    return [_flaw([report["audits"][name] for report in reports]) for name in names]


def _audits(report: Report) -> list[str]:
    return [audit["id"] for name in BARS for audit in report["categories"][name]["auditRefs"]]


def _falls_short(report: Report, name: str) -> bool:
    """No mark is none that is missed, unless the audit broke."""
    audit = report["audits"][name]
    mark: float | None = audit["score"]
    return mark < 1 if mark is not None else audit["scoreDisplayMode"] == "error"


def _flaw(audits: Sequence[Mapping[str, Any]]) -> str:
    marks = " ".join("-" if audit["score"] is None else f"{audit['score']:.2f}" for audit in audits)
    worst = min(audits, key=lambda audit: 1 if audit["score"] is None else audit["score"])
    return f"{worst['id']} ({marks}) {worst['title']} {worst.get('displayValue', '')}".rstrip()


def _line(first: str, *others: str) -> str:
    return f"{first:<8}" + "".join(f"{other:>16}" for other in others)
