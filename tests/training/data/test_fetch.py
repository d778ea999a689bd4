import gzip
import hashlib
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from drawn_digits.errors import DataDamaged, DataError, DataUnreachable
from drawn_digits.training.data.fetch import fetch_file, file_status, present_checksums
from drawn_digits.training.data.sources import DataFile, Source
from tests.training.file_server import FileServer

CONTENT = os.urandom(300_000)


@pytest.fixture
def file(server: FileServer) -> DataFile:
    server.files["/numbers.bin"] = CONTENT
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return DataFile("set/numbers.bin", sha256, len(CONTENT), (f"{server.url}/numbers.bin",))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_arrives_whole_and_under_its_name_only(file: DataFile, tmp_path: Path) -> None:
    path = fetch_file(file, tmp_path)
    assert path == tmp_path / "set/numbers.bin"
    assert path.read_bytes() == CONTENT
    assert names(tmp_path) == ["numbers.bin"]


def test_progress_ends_at_the_size_of_the_file(file: DataFile, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    fetch_file(file, tmp_path, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_sound_file_is_not_fetched_again(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    fetch_file(file, tmp_path)
    fetch_file(file, tmp_path)
    assert len(server.requested_ranges) == 1


def test_a_damaged_file_is_replaced(file: DataFile, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin").write_bytes(CONTENT[:-1])
    assert fetch_file(file, tmp_path).read_bytes() == CONTENT


def test_a_broken_connection_keeps_what_came_and_the_next_call_goes_on_there(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    server.cut_after = 100_000
    with pytest.raises(DataUnreachable, match="goes on where it stopped"):
        fetch_file(file, tmp_path)
    assert names(tmp_path) == ["numbers.bin.part"]
    kept = (tmp_path / "set/numbers.bin.part").stat().st_size
    assert 0 < kept <= 100_000
    server.cut_after = None
    assert fetch_file(file, tmp_path).read_bytes() == CONTENT
    assert server.requested_ranges == [None, f"bytes={kept}-"]
    assert names(tmp_path) == ["numbers.bin"]


def test_a_server_without_ranges_starts_over(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    server.knows_ranges = False
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin.part").write_bytes(CONTENT[:1000])
    assert fetch_file(file, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"something else", CONTENT + b"more", CONTENT])
def test_whatever_lies_in_the_part_file_the_result_is_sound(
    left: bytes, file: DataFile, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin.part").write_bytes(left)
    assert fetch_file(file, tmp_path).read_bytes() == CONTENT
    assert names(tmp_path) == ["numbers.bin"]


def test_wrong_bytes_are_refused_and_removed(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    server.files["/numbers.bin"] = CONTENT[:-1] + b"?"
    with pytest.raises(DataDamaged, match=f"SHA-256 is not {file.sha256}"):
        fetch_file(file, tmp_path)
    assert names(tmp_path) == []


def test_a_damaged_file_stays_until_a_sound_one_came(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin").write_bytes(b"old")
    server.status = 500
    with pytest.raises(DataUnreachable):
        fetch_file(file, tmp_path)
    assert (tmp_path / "set/numbers.bin").read_bytes() == b"old"


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_refusal_is_named_with_its_status(
    status: int, file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    server.status = status
    with pytest.raises(DataUnreachable, match=str(status)):
        fetch_file(file, tmp_path)
    assert names(tmp_path) == []


def test_no_network_is_named(file: DataFile, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but not listening: connections are refused
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/numbers.bin"
        with pytest.raises(DataUnreachable, match="Check the network"):
            fetch_file(replace(file, addresses=(address,)), tmp_path)
    assert names(tmp_path) == []


def test_the_next_mirror_is_tried(file: DataFile, server: FileServer, tmp_path: Path) -> None:
    server.files["/wrong"] = b"wrong"
    mirrors = (f"{server.url}/absent", f"{server.url}/wrong", *file.addresses)
    assert fetch_file(replace(file, addresses=mirrors), tmp_path).read_bytes() == CONTENT
    assert names(tmp_path) == ["numbers.bin"]


def test_every_mirror_that_failed_is_named(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    mirrors = (f"{server.url}/first", f"{server.url}/second")
    with pytest.raises(DataUnreachable, match=r"/first.*/second"):
        fetch_file(replace(file, addresses=mirrors), tmp_path)


def test_a_folder_that_cannot_be_made_is_named(file: DataFile, tmp_path: Path) -> None:
    (tmp_path / "set").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="Cannot write"):
        fetch_file(file, tmp_path)


def test_mirrors_may_compress_the_same_content_differently(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    packed = replace(file, compressed_anyhow=True)
    for level in (1, 9):
        server.files["/numbers.bin"] = gzip.compress(CONTENT, level, mtime=level)
        path = fetch_file(packed, tmp_path / str(level))
        assert gzip.decompress(path.read_bytes()) == CONTENT


def test_a_part_from_another_mirror_is_thrown_away(
    file: DataFile, server: FileServer, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin.part").write_bytes(gzip.compress(CONTENT, mtime=1)[:5000])
    server.files["/numbers.bin"] = gzip.compress(CONTENT, mtime=2)
    path = fetch_file(replace(file, compressed_anyhow=True), tmp_path)
    assert gzip.decompress(path.read_bytes()) == CONTENT


def test_status_tells_missing_sound_damaged_and_unverified(file: DataFile, tmp_path: Path) -> None:
    file = replace(file, stand_in="set/release.bin")
    assert file_status(file, tmp_path) == "missing"
    (tmp_path / "set").mkdir()
    (tmp_path / "set/release.bin").write_bytes(b"anything")
    assert file_status(file, tmp_path) == "unverified"
    (tmp_path / "set/numbers.bin").write_bytes(CONTENT)
    assert file_status(file, tmp_path) == "sound"
    (tmp_path / "set/numbers.bin").write_bytes(CONTENT[:-1])
    assert file_status(file, tmp_path) == "damaged"


@pytest.mark.parametrize("damage", [b"", b"no gzip", gzip.compress(CONTENT, mtime=1)[:-9]])
def test_a_damaged_gzip_is_not_sound(damage: bytes, file: DataFile, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin").write_bytes(damage)
    assert file_status(replace(file, compressed_anyhow=True), tmp_path) == "damaged"


def test_checksums_are_those_of_what_is_there(file: DataFile, tmp_path: Path) -> None:
    """A stand-in is named as such, and a file that is not the right one has its own checksum."""
    alone = replace(file, name="set/alone.bin")
    packed = replace(file, name="set/packed.gz", compressed_anyhow=True)
    replaced = replace(file, stand_in="set/release.bin")
    missing = replace(file, name="set/missing.bin")
    files = (alone, packed, replaced, missing)
    (tmp_path / "set").mkdir()
    (tmp_path / "set/alone.bin").write_bytes(b"other")
    (tmp_path / "set/packed.gz").write_bytes(gzip.compress(CONTENT))
    (tmp_path / "set/release.bin").write_bytes(b"release")
    assert present_checksums(Source("s", "S", "", "", "", files), tmp_path) == {
        "set/alone.bin": hashlib.sha256(b"other").hexdigest(),
        "set/packed.gz": file.sha256,
        "set/release.bin": hashlib.sha256(b"release").hexdigest(),
    }


def test_of_what_cannot_be_decompressed_there_is_no_checksum(
    file: DataFile, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/numbers.bin").write_bytes(b"no gzip")
    source = Source("s", "S", "", "", "", (replace(file, compressed_anyhow=True),))
    assert present_checksums(source, tmp_path) == {"set/numbers.bin": ""}
