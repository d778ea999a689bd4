"""The rows of all measures, kept between runs, and the page that shows them."""

import dataclasses
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.reliability.row import Row
from drawn_digits.training.machine import processor

MODULES = (
    "load",
    "overload",
    "slow_clients",
    "ending",
    "swap",
    "leak",
    "start",
    "contract",
    "fuzz",
    "zoo",
)
_ROOT = Path(__file__).resolve().parents[2]
_KEPT = _ROOT / "runs" / "reliability"
_TABLE = _ROOT / "docs" / "reliability.md"
_PACKAGES = ("gunicorn", "gevent", "onnxruntime")
_HEAD = """\
# How the service behaves under load, attack and failure

Written by `make reliability`, which takes 15 minutes; `python -m benchmarks.reliability load`
repeats one measure and writes this page anew. CI runs a short form of each, which widens the bars
on time threefold (`python -m benchmarks.reliability --short`).
"""


def keep(name: str, rows: Sequence[Row]) -> None:
    """Remember the rows of a module, and where and when they were seen."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    kept = {"conditions": conditions(), "rows": [dataclasses.asdict(row) for row in rows]}
    (_KEPT / f"{name}.json").write_text(json.dumps(kept, indent=1), "utf-8")


def conditions() -> str:
    """The day, the machine and the versions."""
    python = platform.python_version()
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    today = datetime.now(UTC).date().isoformat()
    return f"{today}, {processor()}, {os.cpu_count()} cores, Python {python}, {packages}"


def write_table() -> int:
    """Write the page from what is remembered; how many bars are missed in it."""
    kept = {name: _recall(name) for name in MODULES if (_KEPT / f"{name}.json").exists()}
    parts = [_HEAD]
    for where in sorted({str(module["conditions"]) for module in kept.values()}):
        rows = [row for m in kept.values() if m["conditions"] == where for row in m["rows"]]
        parts.append(f"{where}:\n\n{to_markdown(rows)}")
    if missing := [name for name in MODULES if name not in kept]:
        parts.append(f"Not measured yet: {', '.join(missing)}.\n")
    _TABLE.write_text("\n".join(parts), "utf-8")
    print(f"{_TABLE} is written.")
    return sum(not row.met for module in kept.values() for row in module["rows"])


def _recall(name: str) -> dict[str, Any]:
    kept = json.loads((_KEPT / f"{name}.json").read_text("utf-8"))
    return {"conditions": kept["conditions"], "rows": [Row(**row) for row in kept["rows"]]}


def to_markdown(rows: Sequence[Row]) -> str:
    lines = ["| Claim | Seen | Bar | Met |", "|---|---|---|---|"]
    for row in rows:
        cells = (row.claim, row.seen, row.bar, "yes" if row.met else "**no**")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
