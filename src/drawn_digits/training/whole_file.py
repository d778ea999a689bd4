"""Files that are there whole or not at all, whenever the program is killed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drawn_digits.errors import UnwritableFile


def writable_folder(folder: Path) -> Path:
    """``folder``, made where it is not there: asked for before the work that fills it.

    Raises:
        UnwritableFile: it cannot be made or written into.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise UnwritableFile(
            f"{folder} cannot be written into: {error.strerror}. Name another folder."
        ) from None


@contextmanager
def replaced_whole(path: Path) -> Iterator[Path]:
    """Where to write what shall take the place of ``path``; it does when all is written.

    It lies beside ``path``, on the same disk, and has the same suffix: Keras and NumPy go by it.
    What a kill left there is overwritten the next time.
    """
    new = path.with_name("new-" + path.name)
    yield new
    new.replace(path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old or the new one, never a part."""
    with replaced_whole(path) as new:
        new.write_text(text, "utf-8")
