"""Packages that only training needs, asked for at the door."""

import importlib
from types import ModuleType

from drawn_digits.errors import MissingExtra


def import_extra(module: str) -> ModuleType:
    """Import a package of the ``train`` extra.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"Training and its data need the package {error.name}, which is not installed. "
            "In a checkout: make .venv/.dev, or pip install '.[train]'"
        ) from None
