"""What is fuzzed: functions of bytes that may refuse their input by name, and nothing else."""

import contextlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from drawn_digits.errors import InvalidInput
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.pictures import decode_data_url, decode_picture
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.web.body import parse_files

BOUNDARY = "b"


def _read_picture(data: bytes) -> None:
    decode_picture(data)


def _read_data_url(data: bytes) -> None:
    decode_data_url(data.decode("utf-8", "surrogateescape"))


def _read_strokes(data: bytes) -> None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):  # what parse_json answers for
        return
    rasterize(Drawing.from_json(document))


def _read_form(data: bytes) -> None:
    parse_files(data, {"boundary": BOUNDARY})


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "pictures": _read_picture,
        "data_urls": _read_data_url,
        "strokes": _read_strokes,
        "forms": _read_form,
    }
)


def read(target: str, data: bytes) -> None:
    """Hand the bytes to a target; every error but the named ones comes out."""
    with contextlib.suppress(InvalidInput):
        TARGETS[target](data)
