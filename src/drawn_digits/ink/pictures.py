"""Pictures from outside: checked, decoded and made grey, or refused by name."""

import base64
import binascii
import io
import math
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from drawn_digits.errors import (
    DamagedPicture,
    InvalidPicture,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedPictureFormat,
)
from drawn_digits.ink.containers import (
    bare_png,
    check_webp_chunks,
    exif_orientation,
    png_size,
    sniff_format,
    webp_size,
)
from drawn_digits.ink.jpeg_header import JpegHeader, read_jpeg_header
from drawn_digits.settings import LIMITS

Turn = Image.Transpose

_TURNS = {  # what makes a picture of this EXIF orientation upright
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}

_PNG_DEPTH = 24  # where a PNG says how many bits a sample has
_BAND_PIXELS = 2**18  # converted at a time

_DATA_URL = re.compile(r"data:(?P<media>[^,;]*)(?P<parameters>[^,]*),", re.IGNORECASE)
PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")
"""Media types of the formats that are read."""


def decode_picture(data: bytes) -> NDArray[np.uint8]:
    """The grey picture [height, width], 0 black to 255 white, that an encoded file holds.

    PNG, JPEG and WebP, told apart by content. The EXIF turn is applied, transparency is laid over
    white, and a longer side above ``LIMITS.picture_side`` is reduced by averaging whole blocks.
    Of a JPEG that holds several pictures (MPO) the first is read. Nothing of the file is kept.

    Raises:
        InvalidPicture: there are no bytes.
        UnsupportedPictureFormat, AnimatedPicture, DamagedPicture: what the file is.
        PictureTooLarge, PictureTooSmall: its bytes or its sides; known before decoding.
    """
    _check_bytes(len(data))
    with _open(data) as image:
        grey = _reduce(_load_grey(image))
        # Known only now: in a PNG it may come after the pixels.
        orientation = exif_orientation(image.info.get("exif", b""))
    if orientation in _TURNS:
        grey = grey.transpose(_TURNS[orientation])
    return np.array(grey, dtype=np.uint8)


def count_pixels(data: bytes) -> int:
    """How many pixels a batch's limit counts for an encoded picture; nothing is decoded.

    As its header says; of a baseline JPEG, whose pixels are mostly skipped, an eighth.

    Raises:
        InvalidPicture: the bytes are no picture that ``decode_picture`` reads.
    """
    kind = sniff_format(data)
    if kind == "PNG":
        width, height = png_size(data)
    elif kind == "WEBP":
        width, height = webp_size(data)
    else:
        header = read_jpeg_header(data)
        width, height = header.width, header.height
        if not header.in_scans:
            return width * height // LIMITS.jpeg_pixels_as_one
    return width * height


def decode_data_url(text: str) -> bytes:
    """The encoded picture inside ``data:image/png;base64,...`` (or jpeg, webp).

    Raises:
        InvalidPicture: the text is no such address, or its base64 is broken.
        UnsupportedPictureFormat: it names another media type.
        PictureTooLarge: it holds more bytes than ``LIMITS.picture_bytes``.
    """
    head = _DATA_URL.match(text)
    if head is None or head["parameters"].lower() != ";base64":
        raise InvalidPicture(
            f"A picture in JSON looks like 'data:image/png;base64,iVBOR...', "
            f"but {text[:40]!r} came."
        )
    if head["media"].lower() not in PICTURE_TYPES:
        raise UnsupportedPictureFormat(
            f"The data URL holds {head['media'][:40]!r}; expected is one of "
            f"{', '.join(PICTURE_TYPES)}."
        )
    _check_bytes((len(text) - head.end()) * 3 // 4 - 2)  # two may be padding
    try:
        return base64.b64decode(text[head.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidPicture(
            f"The data URL's base64 cannot be read ({error}). Use the standard alphabet, with "
            "padding, without spaces or line ends."
        ) from None


def _check_bytes(count: int) -> None:
    if count > LIMITS.picture_bytes:
        raise PictureTooLarge(
            f"The picture has {count:,} bytes, at most {LIMITS.picture_bytes:,} are read. "
            "Send a smaller picture."
        )


class _StillJpeg(JpegImageFile):
    """A JPEG whose EXIF Pillow leaves alone: it would parse all of it, and warn, for the dpi."""

    def getexif(self) -> Image.Exif:
        return Image.Exif()


class _StillWebP(WebPImageFile):
    """A WebP whose decoder, with two pictures of its own, goes before Pillow makes a third."""

    def load_prepare(self) -> None:
        self._decoder = None
        super().load_prepare()


def _open(data: bytes) -> ImageFile:
    """The picture with its header read and checked, its pixels not yet decoded.

    The readers are named here instead of asking ``Image.open``: that would warn about large
    pictures through Python's warnings, which a server with threads cannot catch.
    """
    kind = sniff_format(data)
    if kind == "PNG":
        _check_sides(*png_size(data), LIMITS.pixels)
        image = _parse(PngImageFile, bare_png(data))
        _scale_transparency(image, depth=data[_PNG_DEPTH])
        return image
    if kind == "WEBP":
        _check_sides(*webp_size(data), LIMITS.webp_pixels)
        check_webp_chunks(data)
        return _parse(_StillWebP, data)
    return _open_jpeg(data, read_jpeg_header(data))


def _scale_transparency(image: ImageFile, depth: int) -> None:
    """Pillow scales pixels of 2, 4 and 3 x 16 bits to 8, but not the value that means paper."""
    value = image.info.get("transparency")
    if isinstance(value, int) and image.mode == "L" and depth < 8:
        image.info["transparency"] = value * 255 // (2**depth - 1)
    elif isinstance(value, tuple) and depth == 16:
        image.info["transparency"] = tuple(part >> 8 for part in value)


def _open_jpeg(data: bytes, header: JpegHeader) -> ImageFile:
    if header.in_scans:
        _check_sides(header.width, header.height, LIMITS.pixels, "progressive JPEG picture")
    _check_sides(header.width, header.height, LIMITS.jpeg_pixels)
    image = _parse(_StillJpeg, data)
    if image.size != (header.width, header.height):  # it reads segments of tables as segments
        raise DamagedPicture("The JPEG picture has two sizes. Save it again.")
    # Decodes at 1/2, 1/4 or 1/8 of the size, never below the side that is wanted.
    image.draft("L", _inside(*image.size))
    return image


def _parse(reader: type[ImageFile], data: bytes) -> ImageFile:
    try:
        return reader(io.BytesIO(data))
    except Exception as error:
        raise _damaged(error) from None


def _load_grey(image: ImageFile) -> Image.Image:
    try:
        image.load()
        return _grey(image)
    except Exception as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> DamagedPicture:
    # Decoders meet broken bytes with a dozen kinds of exception; all of them mean this.
    return DamagedPicture(f"The picture is damaged or cut off ({error}). Save or send it again.")


def _check_sides(width: int, height: int, most_pixels: int, kind: str = "picture") -> None:
    if width * height > most_pixels:
        raise PictureTooLarge(
            f"The {kind} is {width} x {height} = {width * height:,} pixels, at most "
            f"{most_pixels:,} are read. Send a smaller picture."
        )
    _check_shorter_side(width, height)


def _check_shorter_side(width: int, height: int) -> None:
    if min(width, height) < LIMITS.smallest_side:
        raise PictureTooSmall(
            f"The picture is {width} x {height} pixels once its longer side fits "
            f"{LIMITS.picture_side}; a digit needs at least {LIMITS.smallest_side} each way. "
            "Send a larger or less narrow picture."
        )


def _inside(width: int, height: int) -> tuple[int, int]:
    longer = max(width, height, LIMITS.picture_side)
    return (
        max(1, width * LIMITS.picture_side // longer),
        max(1, height * LIMITS.picture_side // longer),
    )


def _grey(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return _by_bands(image, _grey_of_16_bits)
    if image.has_transparency_data:
        return _by_bands(image, _over_white)
    return image.convert("L")


def _by_bands(image: Image.Image, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """The grey picture, some rows at a time: what converting needs beside it stays small."""
    grey = Image.new("L", image.size)
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        band = (0, top, image.width, min(top + rows, image.height))
        grey.paste(convert(image.crop(band)), band)
    return grey


def _over_white(image: Image.Image) -> Image.Image:
    paper, colours = Image.new("RGB", image.size, "white"), image.convert("RGBA")
    paper.paste(colours, mask=colours)
    return paper.convert("L")


def _grey_of_16_bits(image: Image.Image) -> Image.Image:
    wide = np.asarray(image).astype(np.uint32)
    grey = ((wide + 128) // 257).astype(np.uint8)  # 65,535 / 257 = 255; Pillow would cut off at 255
    if "transparency" in image.info:
        grey[wide == image.info["transparency"]] = 255
    return Image.fromarray(grey)


def _reduce(grey: Image.Image) -> Image.Image:
    factor = math.ceil(max(grey.size) / LIMITS.picture_side)
    reduced = grey.reduce(factor) if factor > 1 else grey
    _check_shorter_side(*reduced.size)
    return reduced
