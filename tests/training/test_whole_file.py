from pathlib import Path

import pytest

from drawn_digits.errors import UnwritableFile
from drawn_digits.training.whole_file import replaced_whole, writable_folder, write_whole


def test_a_file_is_the_old_one_until_all_of_the_new_one_is_written(tmp_path: Path) -> None:
    path = tmp_path / "curves.txt"
    write_whole(path, "old")
    with replaced_whole(path) as new:
        new.write_text("ne")
        assert path.read_text("utf-8") == "old"
        new.write_text("new")
    assert path.read_text("utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_writing_that_failed_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "curves.txt"
    write_whole(path, "old")
    with pytest.raises(OSError, match="the disk is full"):
        write_half(path)
    assert path.read_text("utf-8") == "old"
    write_whole(path, "new")
    assert list(tmp_path.iterdir()) == [path]


def write_half(path: Path) -> None:
    with replaced_whole(path) as new:
        new.write_text("ne")
        raise OSError("the disk is full")


def test_the_new_file_has_the_suffixes_that_writers_go_by(tmp_path: Path) -> None:
    with replaced_whole(tmp_path / "best.weights.h5") as new:
        assert new.suffixes == [".weights", ".h5"]
        new.touch()


def test_a_folder_that_can_be_written_into_is_made_and_left_empty(tmp_path: Path) -> None:
    folder = writable_folder(tmp_path / "runs" / "evaluation")
    assert folder.is_dir()
    assert not list(folder.iterdir())
    assert writable_folder(folder) == folder


@pytest.mark.parametrize("name", ["file", "file/below", "/proc/runs"])
def test_a_folder_that_cannot_be_written_into_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableFile, match=f"{name} cannot be written into"):
        writable_folder(tmp_path / name)
