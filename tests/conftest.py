"""What tests of every area share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The training data; without the variable such tests are skipped, with it they must run."""
    named = os.environ.get("DRAWN_DIGITS_DATA")
    if not named:
        pytest.skip("DRAWN_DIGITS_DATA is not set: the training data is not at hand")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"DRAWN_DIGITS_DATA names {folder}, which is no folder")
    return folder
