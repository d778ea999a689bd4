"""Parts of picture files, put together by hand where no library writes such files."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.web.ink_samples import SEVEN, picture

GREY, COLOUR, PALETTE, COLOUR_AND_ALPHA = 0, 2, 3, 6  # PNG's colour types
_ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2))


def seven(side: int = 280) -> Image.Image:
    """A grey picture of a 7, black on white."""
    drawn = Image.open(io.BytesIO(picture(SEVEN)))
    return drawn if side == 280 else drawn.resize((side, side))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(name: bytes, content: bytes, *, right_sum: bool = True) -> bytes:
    body = name + content
    checksum = zlib.crc32(body) ^ (0 if right_sum else 1)
    return struct.pack(">I", len(content)) + body + struct.pack(">I", checksum)


def png(
    sides: tuple[int, int],
    depth: int,
    colour: int,
    packed: bytes,
    *,
    before: bytes = b"",
    interlaced: bool = False,
) -> bytes:
    """A PNG of these zlib-packed rows, with the chunks ``before`` them."""
    header = struct.pack(">IIBBBBB", *sides, depth, colour, 0, 0, interlaced)
    chunks = (
        png_chunk(b"IHDR", header),
        before,
        png_chunk(b"IDAT", packed),
        png_chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def rows(pixels: NDArray[np.generic]) -> bytes:
    """PNG's unfiltered rows of an array [height, width or bytes of it]."""
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def adam7(pixels: NDArray[np.uint8]) -> bytes:
    """PNG's interlaced rows of a grey picture [height, width]."""
    passes = (*_ADAM7, (1, 0, 2, 1))
    return b"".join(rows(pixels[top::down, left::right]) for top, left, down, right in passes)


def with_jpeg_segments(jpeg: bytes, segments: bytes) -> bytes:
    """The JPEG with these bytes right after its first marker."""
    return jpeg[:2] + segments + jpeg[2:]


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


def webp_chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webp(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_frame_of(image: Image.Image, **options: object) -> bytes:
    """The one chunk that holds a still WebP's pixels."""
    return encoded(image, "WEBP", **options)[12:]


def webp_canvas(width: int, height: int, flags: int) -> bytes:
    """The chunk VP8X; flag 2 says animation, 16 says alpha."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)
