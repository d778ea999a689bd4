import re
from collections import Counter
from pathlib import Path

import ncompress
import pytest

from drawn_digits.errors import DataDamaged
from drawn_digits.training.data import PenSample, load_pendigits
from drawn_digits.training.data.splits import SPLITS, Split

Splits = dict[Split, list[PenSample]]


@pytest.fixture(scope="module")
def splits(data_folder: Path) -> Splits:
    return {split: load_pendigits(split) for split in SPLITS}


def test_every_one_of_the_10992_digits_is_in_one_split(splits: Splits) -> None:
    assert [len(splits[split]) for split in SPLITS] == [4996, 2498, 3498]
    everything = [sample for samples in splits.values() for sample in samples]
    assert len({(s.writer, s.label, s.ordinal) for s in everything}) == 10_992


def test_digits_of_the_test_writers_are_as_many_as_published(splits: Splits) -> None:
    published = [363, 364, 364, 336, 364, 335, 336, 364, 336, 336]
    counts = Counter(sample.label for sample in splits["test"])
    assert [counts[digit] for digit in "0123456789"] == published


def test_no_writer_is_in_two_splits(splits: Splits) -> None:
    writers = [{sample.writer for sample in splits[split]} for split in SPLITS]
    assert [len(each) for each in writers] == [20, 10, 14]
    assert len(set.union(*writers)) == 44


def test_the_first_digit_is_the_first_of_the_file_with_y_turned_down(
    splits: Splits, data_folder: Path
) -> None:
    packed = (data_folder / "pendigits/pendigits-orig.tra.Z").read_bytes()
    text = ncompress.decompress(packed).decode("latin-1")
    first = text.split(".PEN_DOWN")[1].split(".PEN_UP")[0]
    expected = [(float(x), -float(y)) for x, y in re.findall(r"(\d+)\s+(\d+)", first)]
    sample = splits["train"][0]
    assert (sample.label, sample.writer, sample.ordinal) == ("8", "pendigits-tra-12", 224)
    assert (sample.source, sample.donor) == ("pendigits", "")
    assert [(p.x, p.y) for p in sample.drawing.points] == expected


@pytest.mark.parametrize("content", [b"", b"no LZW", "cut"])
def test_a_damaged_file_is_named(
    content: bytes | str, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "pendigits/pendigits-orig.tes.Z"
    (tmp_path / "pendigits").mkdir()
    cut = (data_folder / name).read_bytes()[:50_000]
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else cut)
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    with pytest.raises(DataDamaged):
        load_pendigits("test")
