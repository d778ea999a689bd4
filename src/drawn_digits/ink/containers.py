"""What a picture's file says about itself, read before any decoder touches it.

Pillow opens a file by parsing everything in it: it unpacks compressed comments, parses EXIF and
warns on the way. Three facts are wanted before that: which format it is, how many pixels it
claims, and whether it moves. They lie at fixed places.
"""

import struct
from collections.abc import Iterator

from drawn_digits.errors import (
    AnimatedPicture,
    DamagedPicture,
    InvalidPicture,
    UnsupportedPictureFormat,
)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Compressed texts and colour profiles can unpack to a thousand times their size.
_PNG_CHUNKS_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"})
_PNG_CHUNKS_READ = 20_000  # 5 MB of IDAT in pieces of 256 bytes; a picture of empty chunks is none

_WEBP_CHUNKS_READ = 1_000  # a still picture has at most seven kinds of them

_ORIENTATION_TAG = 0x0112
_UPRIGHT = 1


def sniff_format(data: bytes) -> str:
    """``"PNG"``, ``"JPEG"`` or ``"WEBP"``, from the first bytes alone.

    Raises:
        InvalidPicture: no bytes came.
        UnsupportedPictureFormat: the bytes begin as none of the three does.
    """
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if not data:
        raise InvalidPicture("The picture is empty (0 bytes). Send a PNG, JPEG or WebP picture.")
    raise UnsupportedPictureFormat(
        "The bytes are no PNG, JPEG or WebP picture. Save the picture in one of these formats."
    )


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height that the PNG header claims."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        raise DamagedPicture("The PNG picture has no header. Save it again.")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height that the first WebP chunk claims.

    The layout is that of https://developers.google.com/speed/webp/docs/riff_container.
    """
    kind, header = data[12:16], data[20:30]
    if len(header) == 10 and kind == b"VP8X":
        return 1 + int.from_bytes(header[4:7], "little"), 1 + int.from_bytes(header[7:10], "little")
    if len(header) == 10 and kind == b"VP8L":
        bits = int.from_bytes(header[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if len(header) == 10 and kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", header, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise DamagedPicture("The WebP picture has no header. Save it again.")


def bare_png(data: bytes) -> bytes:
    """The PNG with its pixels, palette, transparency and EXIF, and nothing else.

    Raises:
        AnimatedPicture: it has an animation control chunk.
        DamagedPicture: it has two headers, or consists of absurdly many chunks.
    """
    kept = [PNG_SIGNATURE]
    for number, (name, chunk) in enumerate(_png_chunks(data)):
        if name == b"acTL":
            raise AnimatedPicture("The PNG picture is animated. Send one still picture.")
        if name == b"IHDR" and number > 0:  # Pillow believes the last, png_size the first
            raise DamagedPicture("The PNG picture has two headers. Save it again.")
        if number == _PNG_CHUNKS_READ:
            raise DamagedPicture(f"The PNG picture has more than {number} chunks. Save it again.")
        if name in _PNG_CHUNKS_KEPT:
            kept.append(chunk)
    return b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = len(PNG_SIGNATURE)
    while start + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, start)
        end = start + 8 + length + 4  # length, name, content, checksum
        yield name, data[start:end]
        start = end


def check_webp_chunks(data: bytes) -> None:
    """Refuse what is more than one still picture.

    Raises:
        AnimatedPicture: it has several frames.
        DamagedPicture: it consists of absurdly many chunks.
    """
    start, frames = 12, 0
    for _ in range(_WEBP_CHUNKS_READ):
        frames += data[start : start + 4] == b"ANMF"
        if frames > 1:
            raise AnimatedPicture("The WebP picture is animated. Send one still picture.")
        length = int.from_bytes(data[start + 4 : start + 8], "little")
        start += 8 + length + length % 2
        if start >= len(data):
            return
    raise DamagedPicture(
        f"The WebP picture has more than {_WEBP_CHUNKS_READ} chunks. Save it again."
    )


def exif_orientation(exif: bytes) -> int:
    """The EXIF orientation, 1..8; 1 (upright) where it is missing or cannot be read.

    Pillow's own reader parses every tag and warns about each that is broken; one number is needed.
    """
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return _UPRIGHT
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, directory)
        for entry in range(entries):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, directory + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG:
                return value if 1 <= value <= 8 else _UPRIGHT
    except struct.error:  # it ends before its directory does
        pass
    return _UPRIGHT
