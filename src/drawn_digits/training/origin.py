"""Where a run comes from: the code, the machine and the library that trained it."""

import subprocess
from pathlib import Path

import keras

from drawn_digits.training.machine import describe_machine


def describe_origin() -> dict[str, str]:
    """What a run's folder keeps of its beginning, for the model's metadata."""
    return {
        "git_commit": git_commit(),
        "training_machine": describe_machine(),
        "keras": f"{keras.version()} on {keras.backend.backend()}",
    }


def git_commit() -> str:
    """The commit that the code is at, marked where files differ from it; "" outside a checkout."""
    described = subprocess.run(
        ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"],  # noqa: S607
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()
