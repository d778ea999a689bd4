"""Files that hold a picture or a drawing."""

import json
from pathlib import Path

from drawn_digits.errors import InvalidDrawing, UnreadableFile
from drawn_digits.ink.drawing import Drawing


def read_file(path: Path) -> bytes | Drawing:
    """The drawing in a file that ends in ``.json``; any other file's bytes, not yet decoded.

    Raises:
        UnreadableFile: it is missing or cannot be opened.
        InvalidDrawing (or a subclass): it ends in ``.json`` and holds no drawing.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"The file {path} cannot be read: {error.strerror}.") from None
    if path.suffix.lower() != ".json":
        return content
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidDrawing(f"The file {path} is not JSON that can be read: {error}.") from None
    return Drawing.from_json(document)
