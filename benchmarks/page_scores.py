"""Rates the page with Lighthouse, in the system's Chromium: ``make lighthouse``.

Every run has a browser of its own that has never seen the page, and Lighthouse's usual phone: a
slow one on a slow network. Exits with 1 where a median is below its bar. The reports themselves
go to ``runs/lighthouse``.
"""

import json
import os
import shutil
from pathlib import Path

from benchmarks.lighthouse_scores import Report, below_the_bar, flaws, medians, scores, table
from hatch_build import run_npm
from tests.live_server import live_server

RUNS = 5
_ROOT = Path(__file__).resolve().parents[1]
_LIGHTHOUSE = _ROOT / "benchmarks" / "lighthouse"
_REPORTS = _ROOT / "runs" / "lighthouse"


def main() -> None:
    os.environ["CHROME_PATH"] = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    _REPORTS.mkdir(parents=True, exist_ok=True)
    with live_server() as server:
        reports = [rate(server.url, _REPORTS / f"{number}.json") for number in range(1, RUNS + 1)]
    runs = [scores(report) for report in reports]
    print(f"{os.cpu_count()} cores, Lighthouse {reports[0]['lighthouseVersion']}")
    print(table(runs))
    print("\nWithout full marks, and the mark in each run:", *flaws(reports), sep="\n  ")
    if failures := below_the_bar(medians(runs)):
        raise SystemExit("\n".join(failures))


def rate(url: str, file: Path) -> Report:
    """One run, whose report goes to ``file``."""
    run_npm(
        "run",
        "--prefix",
        str(_LIGHTHOUSE),
        "--silent",
        "rate",
        "--",
        f"{url}/",
        f"--output-path={file}",
    )
    report: Report = json.loads(file.read_text("utf-8"))
    return report


if __name__ == "__main__":
    main()
