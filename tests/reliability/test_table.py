"""The page of all measures, and what it says of those that are missing."""

from pathlib import Path

import pytest

from benchmarks.reliability import table
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import show

MET = Row("Wrong answers", "0 of 2,000", "0", met=True)
MISSED = Row("Seconds a|b", "3", "at most 2", met=False)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table, "_KEPT", tmp_path / "kept")
    monkeypatch.setattr(table, "_TABLE", tmp_path / "reliability.md")
    return tmp_path / "reliability.md"


def test_the_page_shows_all_that_was_kept_and_counts_what_is_missed(page: Path) -> None:
    table.keep("load", [MET])
    table.keep("leak", [MISSED])
    assert table.write_table() == 1
    text = page.read_text()
    assert "| Wrong answers | 0 of 2,000 | 0 | yes |" in text
    assert "| Seconds a\\|b | 3 | at most 2 | **no** |" in text
    assert "gunicorn" in text.split("| Claim")[0]


def test_the_page_names_what_was_not_measured(page: Path) -> None:
    table.keep("load", [MET])
    table.write_table()
    assert "Not measured yet: overload, slow_clients" in page.read_text()


def test_a_measure_that_is_run_again_replaces_its_rows(page: Path) -> None:
    table.keep("load", [MISSED])
    table.keep("load", [MET])
    assert table.write_table() == 0


def test_rows_are_printed_with_their_bars(capsys: pytest.CaptureFixture[str]) -> None:
    assert show([MET, MISSED]) == 1
    assert "MISSED Seconds a|b: 3 (bar: at most 2)" in capsys.readouterr().out
