"""What a JPEG says of itself: its size, and whether its pixels come in several scans.

Segments are walked as libjpeg walks them, so no other reader can be shown another picture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drawn_digits.errors import DamagedPicture, UnsupportedPictureFormat

_SCAN, _END = 0xDA, 0xD9
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the others are tables

# Zeros and restarts belong to the pixels, fill bytes lie between segments.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")

_SEGMENTS_READ = 2_000  # a photo has a few dozen; Pillow needs a microsecond for each
_BYTES_SKIPPED = 1_000  # before a segment; Pillow needs a tenth of a microsecond for each
_SCANS_READ = 50  # encoders write ten; each costs a walk over all of the picture


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Sides in pixels; ``in_scans``: a decoder keeps every coefficient, at full size."""

    width: int
    height: int
    in_scans: bool


def read_jpeg_header(data: bytes) -> JpegHeader:
    """The header of a JPEG.

    Raises:
        DamagedPicture: it has none, or goes on and on, which costs seconds to read.
        UnsupportedPictureFormat: neither baseline nor progressive, which nothing else writes.
    """
    frame, colours, segments = b"", 0, _segments(data)
    for marker, content in segments:
        if marker in _FRAMES:
            _check_kind(marker)
            frame, progressive = content, marker == _PROGRESSIVE
        elif marker == _SCAN:
            colours = content[0] if content else 0
            break
    if len(frame) < 6 or not colours:
        raise DamagedPicture("The JPEG picture has no header. Save it again.")
    in_scans = progressive or colours < frame[5]
    if in_scans:
        _check_scans(segments)
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    return JpegHeader(width, height, in_scans)


def _check_kind(marker: int) -> None:
    if marker not in (_BASELINE, _EXTENDED, _PROGRESSIVE):
        raise UnsupportedPictureFormat(
            "The JPEG picture is of a kind that browsers do not show either (lossless or "
            "arithmetic coding). Save it again."
        )


def _check_scans(rest: Iterator[tuple[int, bytes]]) -> None:
    if sum(marker == _SCAN for marker, _ in rest) >= _SCANS_READ:
        raise DamagedPicture(f"The JPEG picture has more than {_SCANS_READ} scans. Save it again.")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment's marker and content, up to the picture's end."""
    position, marker = 2, 0
    for _ in range(_SEGMENTS_READ):
        end = len(data) if marker == _SCAN else position + _BYTES_SKIPPED
        found = _MARKER.search(data, position, end)
        if not found and end < len(data):
            raise DamagedPicture(
                f"The JPEG picture has more than {_BYTES_SKIPPED} bytes between two segments. Save "
                "it again."
            )
        if not found or (marker := found[1][0]) == _END:
            return
        start = found.end()
        position = start + max(2, int.from_bytes(data[start : start + 2]))
        yield marker, data[start + 2 : position]
    raise DamagedPicture(
        f"The JPEG picture has more than {_SEGMENTS_READ} segments. Save it again."
    )
