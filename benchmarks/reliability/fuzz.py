"""A minute of coverage-guided fuzzing for each reader of outside input: only named errors come out.

Alone: ``python -m benchmarks.reliability.fuzz``.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.reliability.fuzz_targets import TARGETS
from benchmarks.reliability.row import Row

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "reliability" / "corpus"

_LARGEST = 20_000  # bytes of an input
_MEMORY = 1_024  # megabytes that one may take
_SLOWEST = 5  # seconds


def measure(*, short: bool) -> list[Row]:
    """A row for each target: how many inputs it read, and what came out."""
    return [_judge(target, *fuzz(target, seconds=5 if short else 60)) for target in TARGETS]


def fuzz(target: str, seconds: int) -> tuple[int, str]:
    """The number of inputs that were tried, and what atheris said where one of them failed."""
    with tempfile.TemporaryDirectory() as found:
        options = (
            f"-max_total_time={seconds}",
            f"-max_len={_LARGEST}",
            f"-rss_limit_mb={_MEMORY}",
            f"-timeout={_SLOWEST}",
            f"-artifact_prefix={found}/",
            "-print_final_stats=1",
        )
        # It writes what it finds into the first folder, and only reads the second.
        command = ["-m", "benchmarks.reliability.fuzz_run", target, *options]
        run = subprocess.run(  # noqa: S603
            [sys.executable, *command, found, str(CORPUS / target)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    tried = re.search(r"number_of_executed_units: (\d+)", run.stderr)
    return int(tried[1]) if tried else 0, run.stderr[-2_000:] if run.returncode else ""


def _judge(target: str, tried: int, failure: str) -> Row:
    return Row(
        claim=f"Fuzzing: {target.replace('_', ' ')} are read or refused by name",
        seen=f"{tried:,} inputs, {failure or 'no other error'}",
        bar="no other error",
        met=tried > 0 and not failure,
    )


if __name__ == "__main__":
    for row in measure(short=False):
        print(row)
