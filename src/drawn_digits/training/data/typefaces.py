"""Digits of handwriting typefaces: the hands of some two hundred designers and school systems.

The pen sets have the hands of 116 people. Typefaces add shapes that people draw and those did
not: the sevens of forty countries' schools, narrow hands, eights that stay open, scripts. Their
letter forms are drawn once each, so they vary only by what training does to them.

``typefaces.csv`` names the npm packages, all under free licences, and ``typefaces.png`` holds what
they draw: a row for each, ten cells of 80 pixels, dark on light. How the two were made is in
``tests/training/data/typeface_sheet.py``.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.training.data.splits import Split

CELL_SIDE = 80
TABLE = Path(__file__).with_name("typefaces.csv")
SHEET = Path(__file__).with_name("typefaces.png")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A row of the table. Designs with a common first name are in the same split."""

    package: str
    version: str
    licence: str
    split: Split


@dataclass(frozen=True, slots=True)
class TypefaceDigit:
    """One digit. ``picture`` is uint8 [80, 80], 0 ink and 255 paper."""

    label: str
    typeface: str
    picture: NDArray[np.uint8]


@cache
def typefaces() -> tuple[Typeface, ...]:
    """The whole table, in the order of the sheet's rows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Typeface(**row) for row in csv.DictReader(file))  # type: ignore[arg-type]


def load_typefaces(split: Split, limit: int = 0) -> list[TypefaceDigit]:
    """The digits of a split, 0 to 9 of one typeface after the other; ``limit`` 0 gives all."""
    rows = [(row, face) for row, face in enumerate(typefaces()) if face.split == split]
    digits = [
        TypefaceDigit(str(digit), face.package, _cells()[row, digit])
        for row, face in rows
        for digit in range(10)
    ]
    return digits[: limit or None]


@cache
def _cells() -> NDArray[np.uint8]:
    """uint8 [typefaces, 10, 80, 80]."""
    with Image.open(SHEET) as sheet:
        pixels = np.asarray(sheet.convert("L"))
    return pixels.reshape(-1, CELL_SIDE, 10, CELL_SIDE).transpose(0, 2, 1, 3)
