import re
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drawn_digits.training.data import load_mnist, load_pendigits, load_unipen
from drawn_digits.training.data.bad_labels import (
    bad_labels,
    is_bad_label,
    mnist_bad_labels,
)
from drawn_digits.training.data.sources import UNIPEN_RELEASE, UNIPEN_SUBSET
from drawn_digits.training.data.splits import SPLITS, UNIPEN_DONORS

ROOT = Path(__file__).parents[3]
WRITER_ID = re.compile(r"(?:^|[\r\n])\.WRITER_ID[ \t]+([^\r\n]*[^\r\n\t ])")
PICTURE = re.compile(r'"image/png": "[^"]*"')  # its base64 spells anything


def test_each_sample_is_listed_once_with_what_it_shows_and_how_it_was_found() -> None:
    listed = bad_labels()
    assert len(listed) >= 20
    assert len({(b.source, b.writer, b.label, b.ordinal) for b in listed}) == len(listed)
    for bad in listed:
        assert bad.label in set("0123456789")
        assert bad.shows in {*"0123456789", "fragment", "several", "unclear"} - {bad.label}
        assert bad.rule


def test_mnist_s_test_file_is_listed_by_people_and_by_no_model_of_ours() -> None:
    listed = [bad for bad in bad_labels() if (bad.source, bad.writer) == ("mnist", "test")]
    assert len(listed) == 15  # as Northcutt et al. 2021 count them
    for bad in listed:
        assert bad.rule.startswith("labelerrors.com (Northcutt et al. 2021)")
        assert re.search("[012] of 5 people gave the label", bad.rule)


def unipen_names(folder: Path) -> set[str]:
    """Writers' ids as the archive has them; ids with a digit are codes and name nobody."""
    (path,) = (
        folder / name for name in (UNIPEN_SUBSET, UNIPEN_RELEASE) if (folder / name).exists()
    )
    donors = {donor for split in UNIPEN_DONORS.values() for donor in split}
    ids: set[str] = set()
    with tarfile.open(path) as archive:
        for member in archive:
            if donors & set(member.name.split("/")) and (file := archive.extractfile(member)):
                ids.update(WRITER_ID.findall(file.read().decode("latin-1")))
    return {name for name in ids if len(name) > 3 and not re.search(r"\d", name)}


def tracked_texts() -> dict[str, str]:
    """The texts that git tracks, without the pictures in notebooks."""
    kinds = ["*.csv", "*.json", "*.ipynb", "*.md", "*.py"]
    listed = subprocess.run(
        ["git", "ls-files", "-z", *kinds], cwd=ROOT, check=True, capture_output=True, text=True
    )
    names = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    return {name: PICTURE.sub("", (ROOT / name).read_text("utf-8")) for name in names}


def test_no_tracked_file_names_a_unipen_writer(data_folder: Path) -> None:
    names, texts = unipen_names(data_folder), tracked_texts()
    assert len(names) >= 90
    assert "src/drawn_digits/training/data/bad_labels.csv" in texts
    whole_name = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})(?![^\W_])")
    assert whole_name.search(f"unipen-apa-{next(iter(names))},3")
    assert [name for name, text in texts.items() if whole_name.search(text)] == []


@pytest.mark.usefixtures("data_folder")
def test_every_listed_sample_exists_with_that_label() -> None:
    pens = [
        pen
        for split in SPLITS
        for pen in load_pendigits(split) + load_unipen(split, "digits")
        if is_bad_label(pen)
    ]
    assert len(pens) == sum(bad.source != "mnist" for bad in bad_labels())
    assert not is_bad_label(replace(pens[0], ordinal=99_999))


@pytest.mark.usefixtures("data_folder")
def test_mnist_s_listed_indices_are_those_within_the_split() -> None:
    labels = {split: load_mnist(split)[1] for split in SPLITS}
    whole = {
        "train": np.concatenate([labels["train"], labels["validation"]]),
        "test": labels["test"],
    }
    listed = [bad for bad in bad_labels() if bad.source == "mnist"]
    assert all(str(whole[bad.writer][bad.ordinal]) == bad.label for bad in listed)
    found = [str(labels[split][index]) for split in SPLITS for index in mnist_bad_labels(split)]
    by_place = sorted(listed, key=lambda bad: (bad.writer == "test", bad.ordinal))
    assert found == [bad.label for bad in by_place]
