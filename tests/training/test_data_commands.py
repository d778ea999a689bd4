import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drawn_digits.errors import DataDamaged, DataMissing, DataUnreachable
from drawn_digits.training import data_commands
from drawn_digits.training.data.sources import SOURCES, DataFile, Source
from tests.training.file_server import FileServer

CONTENT = b"seven" * 1000
NAME = "small/digits.bin"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(data_commands.data, arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def source(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> Source:
    """The only source of the table: one file on the local server."""
    server.files["/digits.bin"] = CONTENT
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    file = DataFile(NAME, sha256, len(CONTENT), (f"{server.url}/digits.bin",))
    small = Source("small", "Small", "https://example.org", "CC BY 4.0", "Nobody", (file,))
    monkeypatch.setattr(data_commands, "SOURCES", (small,))
    return small


@pytest.mark.usefixtures("source")
def test_fetch_then_verify(folder: Path) -> None:
    fetched = run("fetch")
    assert (fetched.exit_code, fetched.output) == (0, f"here  {NAME}\n")  # no bar: no terminal
    assert (folder / NAME).read_bytes() == CONTENT
    assert run("verify").output.split() == ["sound", NAME]


@pytest.mark.usefixtures("source")
def test_verify_fails_on_a_missing_and_on_a_damaged_file(folder: Path) -> None:
    missing = run("verify")
    assert isinstance(missing.exception, DataMissing)
    assert missing.output.split() == ["missing", NAME]
    (folder / "small").mkdir()
    (folder / NAME).write_bytes(CONTENT[:-1])
    damaged = run("verify")
    assert isinstance(damaged.exception, DataDamaged)
    assert damaged.output.split() == ["damaged", NAME]


@pytest.mark.usefixtures("source", "folder")
def test_a_refusing_server_fails_the_command(server: FileServer) -> None:
    server.status = 503
    assert isinstance(run("fetch").exception, DataUnreachable)


def test_list_shows_every_source_with_licence_address_and_files(folder: Path) -> None:
    (folder / "pendigits").mkdir()
    (folder / "pendigits/pendigits-orig.tes.Z").touch()
    lines = run("list").output.splitlines()
    assert lines[0] == f"Data folder: {folder}"
    assert "  here     pendigits/pendigits-orig.tes.Z" in lines
    assert "  missing  pendigits/pendigits-orig.tra.Z" in lines
    for source in SOURCES:
        assert f"  {source.licence}, {source.page}" in lines


def test_fetching_unipen_says_what_to_do_by_hand(folder: Path) -> None:
    error = run("fetch", "unipen").exception
    assert isinstance(error, DataMissing)
    assert f"{folder}/unipen/unipen-CDROM-train_r01_v07.tgz" in str(error)
    assert "zenodo.1195803" in str(error)


def test_a_damaged_archive_is_to_be_removed(folder: Path) -> None:
    """Another one beside it would not help: the damaged one is asked for first."""
    archive = folder / "unipen/train_r01_v07-subset.tar.xz"
    archive.parent.mkdir()
    archive.write_bytes(b"cut off")
    error = run("fetch", "unipen").exception
    assert isinstance(error, DataDamaged)
    assert f"{archive} is damaged" in str(error)
    assert "Remove it" in str(error)


def test_the_official_unipen_archive_is_taken_but_cannot_be_verified(folder: Path) -> None:
    (folder / "unipen").mkdir()
    (folder / "unipen/unipen-CDROM-train_r01_v07.tgz").touch()
    fetched = run("fetch", "unipen")
    assert (fetched.exit_code, fetched.output) == (
        0,
        "here  unipen/unipen-CDROM-train_r01_v07.tgz\n",
    )
    verified = run("verify", "unipen")
    assert verified.exit_code == 0
    assert verified.output.startswith("unverified")


def test_an_unknown_source_is_wrong_usage() -> None:
    result = run("fetch", "emnist")
    assert result.exit_code == 2
    assert "pendigits" in result.output


def test_the_data_at_hand_is_sound(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(data_folder))
    result = run("verify")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == ["sound"] * 7
