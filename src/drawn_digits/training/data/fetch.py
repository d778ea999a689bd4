"""Files from their official addresses into the data folder: whole and verified, or not at all."""

import gzip
import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from drawn_digits.errors import DataDamaged, DataError, DataUnreachable
from drawn_digits.training.data.extras import import_extra
from drawn_digits.training.data.sources import DataFile, Source

if TYPE_CHECKING:
    from requests import Response

Progress = Callable[[int, int | None], None]
"""Called with the bytes on disk so far and the bytes expected (None where the server says not)."""

Status = Literal["sound", "unverified", "damaged", "missing"]

_CHUNK_BYTES = 2**16
_TIMEOUT_SECONDS = (10, 30)  # to connect, between two reads


def fetch_file(file: DataFile, folder: Path, progress: Progress = lambda *_: None) -> Path:
    """Download ``file`` to its place in ``folder``, unless it is there and sound already.

    Bytes arrive under ``<name>.part``; a later call goes on where that ends. Only what has the
    right checksum gets its name. Addresses are tried in order.

    Raises:
        DataUnreachable: no address could be reached, or the connection broke; what came is kept.
        DataDamaged: what came has the wrong checksum; it is removed.
        DataError: the folder cannot be written to.
    """
    target = folder / file.name
    if target.is_file() and is_sound(target, file):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        _fetch_from_any(file, part, progress)
        return part.replace(target)
    except OSError as error:
        raise DataError(f"Cannot write {target}: {error}. Free or name another folder.") from error


def file_status(file: DataFile, folder: Path) -> Status:
    """Whether the file is there and has its checksum; a stand-in can only be "unverified"."""
    path = folder / file.name
    if path.is_file():
        return "sound" if is_sound(path, file) else "damaged"
    if file.stand_in and (folder / file.stand_in).is_file():
        return "unverified"
    return "missing"


def is_sound(path: Path, file: DataFile) -> bool:
    """Whether what lies at ``path`` has the checksum of ``file``."""
    return _checksum(path, file) == file.sha256


def present_checksums(source: Source, folder: Path) -> dict[str, str]:
    """SHA-256 of each of the source's files, or of its stand-in, by its name.

    What is not there is left out; of a file that cannot be decompressed it is "".
    """
    found: dict[str, str] = {}
    for file in source.files:
        names = [name for name in (file.name, file.stand_in) if (folder / name).is_file()]
        found |= {name: _checksum(folder / name, file) for name in names[:1]}
    return found


def _checksum(path: Path, file: DataFile) -> str:
    try:
        with gzip.open(path) if file.compressed_anyhow else path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return ""


def _fetch_from_any(file: DataFile, part: Path, progress: Progress) -> None:
    problems: list[DataError] = []
    for address in file.addresses:
        try:
            return _fetch_from(address, file, part, progress)
        except (DataDamaged, DataUnreachable) as problem:
            problems.append(problem)
    raise type(problems[-1])(" ".join(str(problem) for problem in problems))


def _fetch_from(address: str, file: DataFile, part: Path, progress: Progress) -> None:
    """Leave the whole, sound file at ``part``, going on with what an earlier call left there."""
    if part.exists():
        if is_sound(part, file) or _download(address, part, progress, file):
            return
        part.unlink()  # begun from another mirror, or of an older file: once more, from the start
    if not _download(address, part, progress, file):
        part.unlink()
        raise DataDamaged(
            f"{address} gave something else than {file.name}: its SHA-256 is not {file.sha256}. "
            "Nothing was kept. Try again later; if it stays so, the file there has changed."
        )


def _download(address: str, part: Path, progress: Progress, file: DataFile) -> bool:
    """Append what is missing to ``part``; whether it is then the right file."""
    requests = import_extra("requests")
    start = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        with requests.get(address, headers=headers, stream=True, timeout=_TIMEOUT_SECONDS) as reply:
            if reply.status_code == requests.codes.requested_range_not_satisfiable:
                return False
            reply.raise_for_status()
            _save(reply, part, start, progress)
    except requests.RequestException as error:
        raise DataUnreachable(
            f"{address} could not be fetched: {error}. Check the network and run "
            "drawn-digits data fetch again; it goes on where it stopped."
        ) from error
    return is_sound(part, file)


def _save(reply: "Response", part: Path, start: int, progress: Progress) -> None:
    resumed = reply.status_code == 206  # a server that knows no ranges sends all of it, as 200
    done = start if resumed else 0
    length = reply.headers.get("Content-Length")
    total = done + int(length) if length else None
    with part.open("ab" if resumed else "wb") as file:
        for chunk in reply.iter_content(_CHUNK_BYTES):
            file.write(chunk)
            done += len(chunk)
            progress(done, total)
