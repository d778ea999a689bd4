"""The short forms of the measures that put load on a real server.

Each runs in a process of its own, as ``make reliability`` runs it: the load client is gevent's, and
its loop has no place among the other tests.
"""

import subprocess
import sys

import pytest

from benchmarks.reliability.table import MODULES

pytestmark = pytest.mark.alone

# These have tests of their own, in this process.
OTHERS = ("contract", "fuzz", "zoo")


@pytest.mark.parametrize("name", [name for name in MODULES if name not in OTHERS])
def test_every_bar_is_met(name: str) -> None:
    # The bars on time are three times as wide in the short form (show.slack): CI's machine runs
    # other things beside it. What is counted has no slack.
    command = [sys.executable, "-W", "error", "-m", f"benchmarks.reliability.{name}", "--short"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
