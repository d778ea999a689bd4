import sys
from pathlib import Path

import platformdirs
import pytest

from drawn_digits.errors import DataMissing, MissingExtra
from drawn_digits.training.data.folder import data_folder, find_file


def test_the_variable_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    assert data_folder() == tmp_path


@pytest.mark.parametrize("value", [None, ""])
def test_without_it_data_is_in_the_cache_folder(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRAWN_DIGITS_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("DRAWN_DIGITS_DATA", value)
    assert data_folder().is_relative_to(platformdirs.user_cache_dir("drawn-digits"))


def test_a_folder_in_place_of_the_file_is_missing_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    with pytest.raises(DataMissing, match="drawn-digits data fetch"):
        find_file("mnist")


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRAWN_DIGITS_DATA", raising=False)
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    with pytest.raises(MissingExtra, match=r"platformdirs.*\.\[train\]"):
        data_folder()
