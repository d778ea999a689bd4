import io
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from drawn_digits.errors import DataDamaged, DataMissing
from drawn_digits.training.data import PenSample, load_unipen
from drawn_digits.training.data.splits import SPLITS, UNIPEN_DONORS, Split
from drawn_digits.training.data.unipen import find_archive, read_donor

Splits = dict[Split, list[PenSample]]

# From the data's own README: an independent reader's counts.
DIGITS = {
    "syn": 4554, "apb": 2033, "val": 1462, "gmd": 1145, "app": 1046,
    "apa": 692, "uqb": 598, "aga": 405, "art": 170,
}  # fmt: skip


@pytest.fixture(scope="module")
def digits(data_folder: Path) -> Splits:
    return {split: load_unipen(split, "digits") for split in SPLITS}


@pytest.mark.usefixtures("data_folder")
@pytest.mark.parametrize("donor", DIGITS)
def test_a_donor_s_digits_are_as_many_as_published(donor: str) -> None:
    samples = read_donor(find_archive(), donor)["digits"]
    assert len(samples) == DIGITS[donor]
    assert {sample.label for sample in samples} == set("0123456789")


def test_217_exact_duplicates_are_left_out(digits: Splits) -> None:
    kept = sum(len(samples) for samples in digits.values())
    assert kept == sum(DIGITS.values()) - 217


def test_every_sample_has_its_own_name(digits: Splits) -> None:
    everything = [sample for samples in digits.values() for sample in samples]
    names = {(s.source, s.writer, s.label, s.ordinal) for s in everything}
    assert len(names) == len(everything)


def test_each_split_holds_its_donors_and_no_writer_of_another(digits: Splits) -> None:
    for split, samples in digits.items():
        assert {sample.donor for sample in samples} == set(UNIPEN_DONORS[split])
        assert all(s.writer.startswith(f"unipen-{s.donor}-") for s in samples)
    donors = Counter(donor for each in UNIPEN_DONORS.values() for donor in each)
    assert set(donors.values()) == {1}


def test_sixes_are_upright(digits: Splits) -> None:
    """A 6 begins above where it ends: y grows downwards."""
    sixes = [s.drawing.points for s in digits["test"] if s.label == "6"]
    upright = sum(points[0].y < points[-1].y for points in sixes)
    assert upright > 0.95 * len(sixes)


def test_lines_of_coarse_donors_are_smoothed_and_others_are_as_issued(digits: Splits) -> None:
    whole: dict[str, bool] = {}
    for samples in digits.values():
        for sample in samples:
            numbers = (point.x for point in sample.drawing.points)
            whole[sample.donor] = whole.get(sample.donor, True) and all(
                x.is_integer() for x in numbers
            )
    assert {donor for donor, is_whole in whole.items() if not is_whole} == {"apa", "app"}


@pytest.mark.usefixtures("data_folder")
def test_letters_and_symbols_follow_their_donor() -> None:
    letters, symbols = load_unipen("test", "letters"), load_unipen("test", "symbols")
    assert all(sample.label.isalpha() for sample in letters)
    assert not any(sample.label.isalnum() for sample in symbols)
    assert {sample.donor for sample in letters} == {"uqb", "aga"}


HAND_MADE = {
    "release/data/1a/uqb/one.dat": '.INCLUDE uqb/pen.dat\n.SEGMENT CHARACTER 0 OK "1"\n',
    "release/data/1a/uqb/two.dat": '.INCLUDE uqb/pen.dat\n.SEGMENT CHARACTER 0 OK "1"\n',
    "release/data/1a/xyz/not_a_donor.dat": "unreadable",
    "release/include/uqb/pen.dat": ".WRITER_ID Zoë\n.PEN_DOWN\n1 2\n3 4\n",
}


def write_archive(folder: Path, files: dict[str, str], name: str = "") -> Path:
    path = folder / "unipen" / (name or "train_r01_v07-subset.tar.xz")
    path.parent.mkdir()
    with tarfile.open(path, "w:xz" if path.suffix == ".xz" else "w:gz") as archive:
        for member, text in files.items():
            entry = tarfile.TarInfo(member)
            content = text.encode("latin-1")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    return tmp_path


def test_included_files_are_found_below_include_and_text_is_latin_1(empty_folder: Path) -> None:
    write_archive(empty_folder, HAND_MADE)
    (sample,) = load_unipen("test", "digits")
    assert (sample.writer, sample.ordinal, sample.label) == ("unipen-uqb-01", 1, "1")
    assert [(p.x, p.y) for p in sample.drawing.points] == [(1, -2), (3, -4)]


def segment_by(writer: str, label: str) -> str:
    strokes = ".PEN_DOWN\n1 2\n3 4\n"
    return f'.WRITER_ID {writer}\n{strokes}.SEGMENT CHARACTER 0 OK "{label}"\n'


def test_writers_are_numbers_by_first_appearance_and_the_same_in_every_kind(
    empty_folder: Path,
) -> None:
    files = {
        "data/1a/uqb/one.dat": segment_by("Zoë", "1"),
        "data/1a/uqb/two.dat": segment_by("Bob", "2"),
        "data/1b/uqb/one.dat": segment_by("Ann", "A"),
        "data/1b/uqb/two.dat": segment_by("Bob", "B"),
        "data/1d/uqb/one.dat": segment_by("Zoë", "!"),
        "data/1d/uqb/two.dat": segment_by("Eve", "?"),
    }
    write_archive(empty_folder, files)
    kinds = read_donor(find_archive(), "uqb").values()
    writers = {sample.label: sample.writer for samples in kinds for sample in samples}
    assert writers == {
        label: f"unipen-uqb-{number}"
        for label, number in {
            "1": "01", "2": "02", "A": "03", "B": "02", "!": "01", "?": "04"
        }.items()
    }  # fmt: skip


def test_the_official_archive_serves_as_well(empty_folder: Path) -> None:
    write_archive(empty_folder, HAND_MADE, "unipen-CDROM-train_r01_v07.tgz")
    assert len(read_donor(find_archive(), "uqb")["digits"]) == 2


def test_a_missing_archive_says_what_to_download_and_where_to_put_it(empty_folder: Path) -> None:
    with pytest.raises(DataMissing) as caught:
        load_unipen("test", "digits")
    assert "doi.org/10.5281/zenodo.1195803" in str(caught.value)
    assert f"{empty_folder}/unipen/unipen-CDROM-train_r01_v07.tgz" in str(caught.value)


def test_an_include_that_is_not_there_is_named(empty_folder: Path) -> None:
    without = {name: text for name, text in HAND_MADE.items() if "include" not in name}
    write_archive(empty_folder, without)
    with pytest.raises(DataDamaged, match=r"uqb/pen\.dat"):
        load_unipen("test", "digits")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.8])
def test_a_truncated_archive_is_named(share: float, empty_folder: Path) -> None:
    path = write_archive(empty_folder, HAND_MADE)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataDamaged, match="cannot be read"):
        load_unipen("test", "digits")
