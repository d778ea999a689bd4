"""Where a run comes from: the code, the data, the machine and the library that trained it."""

import subprocess
from pathlib import Path
from typing import Any

import keras

from drawn_digits.training.data.fetch import present_checksums
from drawn_digits.training.data.folder import data_folder
from drawn_digits.training.data.sources import SOURCES
from drawn_digits.training.machine import describe_machine


def describe_origin() -> dict[str, Any]:
    """What a run's folder keeps of its beginning, for the model's metadata."""
    data = {source.name: present_checksums(source, data_folder()) for source in SOURCES}
    return {"training_data": data, **describe_setting()}


def describe_setting() -> dict[str, str]:
    """What figures depend on beside the data: the code, the machine and the library."""
    return {
        "git_commit": git_commit(),
        "training_machine": describe_machine(),
        "keras": f"{keras.version()} on {keras.backend.backend()}",
    }


def git_commit() -> str:
    """The commit that the code is at, marked where files differ from it; "" outside a checkout.

    A copy in another project's checkout, as in its environment, is outside of one.
    """
    if not _git("ls-files", Path(__file__).name):
        return ""
    return _git("describe", "--always", "--abbrev=40", "--exclude=*", "--dirty")


def _git(*words: str) -> str:
    """What git answers, or "" where there is none or it fails."""
    try:
        answered = subprocess.run(  # noqa: S603
            ["git", *words],  # noqa: S607
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answered.stdout.strip()
