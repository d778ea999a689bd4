"""How a measure that runs alone shows its rows."""

import argparse
import statistics
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from benchmarks.reliability.row import Row

Measure = Callable[..., list[Row]]


def run_alone(measure: Measure) -> None:
    """Print the rows of ``measure``; exits with 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="as CI runs it")
    raise SystemExit(show(measure(short=parser.parse_args().short)))


def show(rows: Iterable[Row]) -> int:
    """Print rows; how many miss their bar."""
    missed = 0
    for row in rows:
        missed += not row.met
        mark = "met   " if row.met else "MISSED"
        print(f"{mark} {row.claim}: {row.seen} (bar: {row.bar})", flush=True)
    return missed


def slack(*, short: bool) -> int:
    """How many times as wide a bar on time is in the short form.

    CI's machines run other things beside it, so a bar as wide as the full form's would fail there
    without a fault of the server; three times as wide still finds what is slow by its making.
    """
    return 3 if short else 1


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """Milliseconds within which ``share`` percent of them lie."""
    return float(np.percentile(seconds, share)) * 1000


def median_ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000
