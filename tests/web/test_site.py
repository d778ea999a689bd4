from pathlib import Path

import pytest
from click.testing import CliRunner

from drawn_digits.cli import main
from drawn_digits.errors import SiteError
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.web.site import export_site


def test_the_command_writes_the_page_its_files_and_the_model(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export-site", str(tmp_path / "site")])
    assert result.exit_code == 0, result.output
    assert "http.server" in result.output
    names = {path.relative_to(tmp_path / "site").as_posix() for path in tmp_path.rglob("*")}
    model = load_recognizer().model
    assert {"index.html", "service-worker.js", f"models/{model.sha256}.onnx"} <= names
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "Content-Security-Policy" in html
    assert "frame-ancestors" not in html


def test_an_old_site_is_written_over(tmp_path: Path) -> None:
    export_site(tmp_path, load_recognizer())
    (tmp_path / "index.html").write_text("old")
    export_site(tmp_path, load_recognizer())
    assert (tmp_path / "index.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("not a site")
    with pytest.raises(SiteError, match="new or an empty folder"):
        export_site(tmp_path, load_recognizer())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    result = CliRunner().invoke(main, ["export-site", str(tmp_path / "site")])
    assert result.exit_code == 1
    assert "is a file. Name a folder" in result.output


def test_a_page_that_is_not_built_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="make serve"):
        export_site(tmp_path / "site", load_recognizer(), static=tmp_path)
