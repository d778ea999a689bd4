"""Files that hold a picture or a drawing."""

import json
from pathlib import Path

from drawn_digits.errors import InvalidDrawing, UnreadableFile
from drawn_digits.ink.drawing import Drawing
from drawn_digits.settings import LIMITS


def read_file(path: Path) -> bytes | Drawing:
    """The drawing in a file that ends in ``.json``; any other file's bytes, not yet decoded.

    Raises:
        UnreadableFile: it is missing, cannot be opened or is too large.
        InvalidDrawing (or a subclass): it ends in ``.json`` and holds no drawing.
    """
    if path.suffix.lower() != ".json":
        return _read_start(path, LIMITS.picture_bytes)
    content = _read_start(path, LIMITS.body_bytes)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidDrawing(f"The file {path} is not JSON that can be read: {error}.") from None
    return Drawing.from_json(document)


def _read_start(path: Path, most: int) -> bytes:
    """The file's bytes; of one that is larger than memory no more than is needed to refuse it."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFile(f"The file {path} cannot be read: {reason}.") from None
    if len(content) > most:
        raise UnreadableFile(
            f"The file {path} has more than {most:,} bytes, which is all that is read. "
            "Choose a smaller one."
        )
    return content
