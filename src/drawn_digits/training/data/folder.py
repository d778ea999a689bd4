"""Where the training data lies on this machine."""

import os
from pathlib import Path

from drawn_digits.errors import DataMissing
from drawn_digits.training.data.extras import import_extra

DATA_VARIABLE = "DRAWN_DIGITS_DATA"


def data_folder() -> Path:
    """The folder that ``DRAWN_DIGITS_DATA`` names, or else the platform's cache folder."""
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    return Path(import_extra("platformdirs").user_cache_dir("drawn-digits")) / "data"


def find_file(name: str) -> Path:
    """The path of a data file such as ``mnist/train-images-idx3-ubyte.gz``.

    Raises:
        DataMissing: there is no such file; the message names the folder and the mending command.
    """
    path = data_folder() / name
    if not path.is_file():
        raise DataMissing(
            f"The data file {name} is not in {data_folder()}. Run: drawn-digits data fetch "
            f"(or set {DATA_VARIABLE} to a folder that holds it)."
        )
    return path
