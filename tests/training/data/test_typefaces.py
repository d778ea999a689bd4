import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from drawn_digits.training.data.splits import SPLITS
from drawn_digits.training.data.typefaces import CELL_SIDE, load_typefaces, typefaces
from tests.training.data.typeface_sheet import LONGER_SIDE, draw_digits

FREE = {"OFL-1.1", "Apache-2.0", "MIT"}


def inked() -> np.ndarray:
    """Whether there is ink, bool [typefaces, 10, 80, 80], in the table's order."""
    cells = {
        (digit.typeface, digit.label): digit.picture < 128
        for split in SPLITS
        for digit in load_typefaces(split)
    }
    return np.array([[cells[face.package, d] for d in "0123456789"] for face in typefaces()])


def test_every_typeface_has_a_row_of_ten_digits_in_their_cells() -> None:
    ink = inked()
    assert ink.shape == (len(typefaces()), 10, CELL_SIDE, CELL_SIDE)
    assert len(ink) > 200
    extents = [max(np.ptp(places, axis=1)) + 1 for row in ink for places in map(np.nonzero, row)]
    assert min(extents) >= LONGER_SIDE - 3
    assert max(extents) <= LONGER_SIDE + 3
    border = ink.copy()
    border[..., 1:-1, 1:-1] = False
    assert not border.any()


def test_a_split_s_digits_are_labelled_in_their_order() -> None:
    digits = load_typefaces("validation")
    assert "".join(digit.label for digit in digits) == "0123456789" * (len(digits) // 10)
    assert [digit.picture.tobytes() for digit in load_typefaces("validation", 13)] == [
        digit.picture.tobytes() for digit in digits[:13]
    ]


def test_splits_share_no_typeface_and_no_family() -> None:
    families = {
        split: {
            face.package.split("/")[1].split("-")[0] for face in typefaces() if face.split == split
        }
        for split in SPLITS
    }
    assert min(len(load_typefaces(split)) for split in SPLITS) >= 200
    assert not families["train"] & families["validation"]
    assert not (families["train"] | families["validation"]) & families["test"]


def test_no_typeface_is_nearly_another_one() -> None:
    ink = inked().reshape(len(typefaces()), 10, -1).astype(np.float32)
    sizes = ink.sum(axis=2)
    both = np.einsum("idp,jdp->ijd", ink, ink)
    alike = (both / (sizes[:, None] + sizes[None] - both)).min(axis=2)
    assert np.triu(alike, 1).max() <= 0.85


def test_the_table_says_where_a_typeface_is_from_and_that_it_is_free() -> None:
    assert len({face.package for face in typefaces()}) == len(typefaces())
    for face in typefaces():
        assert re.fullmatch(r"@fontsource/[a-z0-9-]+", face.package)
        assert re.fullmatch(r"\d+\.\d+\.\d+", face.version)
        assert face.licence in FREE


def test_the_sheet_is_drawn_from_font_files() -> None:
    """DejaVu's one is taller than wide and ends where matplotlib's own file says."""
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    cells = draw_digits(font.read_bytes())
    assert len(cells) == 10
    for cell in cells:
        assert cell.shape == (CELL_SIDE, CELL_SIDE)
        assert set(np.unique(cell)) == {0, 255}
        rows, columns = np.nonzero(cell == 0)
        assert np.ptp(rows) + 1 == pytest.approx(LONGER_SIDE, abs=2)
        assert rows.mean() == pytest.approx(CELL_SIDE / 2, abs=10)
        assert columns.min() + columns.max() == pytest.approx(CELL_SIDE - 1, abs=2)
    zero, eight = (cells[digit] == 0 for digit in (0, 8))
    assert not zero[CELL_SIDE // 2, CELL_SIDE // 2]
    assert eight[CELL_SIDE // 2 - 8 : CELL_SIDE // 2 + 8, CELL_SIDE // 2].any()
