"""Draws the sheet of typefaces from the packages that its table names.

    python -m tests.training.data.typeface_sheet

A design of which every digit is nearly that of one row above was left out of the table.
"""

import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drawn_digits.training.data.typefaces import CELL_SIDE, SHEET, Typeface, typefaces
from hatch_build import run_npm

LONGER_SIDE = 72  # pixels, of a digit in its cell
_OVERSAMPLING = 4
_REGULAR = 400  # weight


def draw_sheet(target: Path = SHEET) -> None:
    """Fetch every package and write the sheet, one bit a pixel."""
    rows = [np.hstack(draw_digits(fetch_font(face))) for face in typefaces()]
    Image.fromarray(np.vstack(rows)).convert("1", dither=Image.Dither.NONE).save(
        target, optimize=True
    )


def fetch_font(face: Typeface) -> bytes:
    """The Latin font of the package whose weight is next to regular, as TrueType."""
    with TemporaryDirectory() as folder:
        run_npm("pack", "--silent", "--pack-destination", folder, f"{face.package}@{face.version}")
        [package] = Path(folder).iterdir()
        with tarfile.open(package) as archive:
            fonts = {
                name: archive.extractfile(name)
                for name in archive.getnames()
                if name.endswith("-normal.woff") and "-latin-" in name
            }
            best = min(fonts, key=lambda name: abs(int(name.split("-")[-2]) - _REGULAR))
            content = fonts[best]
            assert content is not None
            return to_truetype(content.read())


def to_truetype(web_font: bytes) -> bytes:
    """WOFF unpacked, for FreeType as Pillow brings it."""
    font = TTFont(BytesIO(web_font))
    font.flavor = None
    unpacked = BytesIO()
    font.save(unpacked)
    return unpacked.getvalue()


def draw_digits(font: bytes) -> list[NDArray[np.uint8]]:
    """Ten cells, each digit as large as fits and in the middle."""
    return [_draw(font, str(digit)) for digit in range(10)]


def _draw(font: bytes, text: str) -> NDArray[np.uint8]:
    """Drawn twice: a font's metrics say how far the next letter is, not where the ink ends."""
    longer = LONGER_SIDE * _OVERSAMPLING
    probe = _ink_of(font, text, longer)
    digit = _ink_of(font, text, longer * longer / max(probe.size))
    side = CELL_SIDE * _OVERSAMPLING
    cell = Image.new("L", (side, side))
    cell.paste(digit, ((side - digit.width) // 2, (side - digit.height) // 2))
    small = cell.resize((CELL_SIDE, CELL_SIDE), Image.Resampling.BOX)
    return np.asarray(small.point(lambda value: 255 * (value < 128)))


def _ink_of(font: bytes, text: str, size: float) -> Image.Image:
    """Light ink on dark, cropped to it."""
    image = Image.new("L", (8 * LONGER_SIDE * _OVERSAMPLING,) * 2)
    middle = (image.width / 2, image.height / 2)
    typeface = ImageFont.truetype(BytesIO(font), size)
    ImageDraw.Draw(image).text(middle, text, font=typeface, fill=255, anchor="mm")
    return image.crop(image.getbbox())


if __name__ == "__main__":
    draw_sheet()
