"""Pictures, compared with OpenCV's decoders and with pixels computed by hand."""

import base64
import contextlib
import io
import struct
import warnings
import zlib

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from drawn_digits.errors import (
    AnimatedPicture,
    DamagedPicture,
    DrawnDigitsError,
    InvalidPicture,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedPictureFormat,
)
from drawn_digits.ink.pictures import decode_data_url, decode_picture
from drawn_digits.settings import LIMITS


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(
    width: int, height: int, bits: int, colour: int, pixels: bytes, extra: bytes = b""
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", zlib.compress(pixels, 9))
        + png_chunk(b"IEND", b"")
    )


def photo(height: int = 60, width: int = 90) -> NDArray[np.uint8]:
    """A smooth colour picture [height, width, 3] in which every place differs."""
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height))
    return np.stack(channels, axis=2).astype(np.uint8)


def opencv(data: bytes) -> NDArray[np.uint8]:
    """OpenCV's grey reading, EXIF turn included."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, dtype=np.uint8)


def largest_difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other.astype(int)).max())


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("JPEG", {"quality": 90}), ("WEBP", {"lossless": True}), ("WEBP", {})],
)
def test_colour_pictures_are_as_grey_as_opencv_says(kind: str, options: dict[str, object]) -> None:
    data = encode(Image.fromarray(photo()), kind, **options)
    grey = decode_picture(data)
    assert grey.dtype == np.uint8
    assert largest_difference(grey, opencv(data)) <= 2  # the two round luminance differently


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_exif_turns_the_picture_as_opencv_does(kind: str, orientation: int) -> None:
    image = Image.fromarray(photo())
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned_jpeg = encode(image, "JPEG", quality=95, exif=exif)
    data = turned_jpeg if kind == "JPEG" else encode(image, kind, exif=exif)
    assert largest_difference(decode_picture(data), opencv(turned_jpeg)) <= 8  # JPEG is lossy


def test_exif_that_comes_after_the_pixels_of_a_png_turns_it_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(Image.fromarray(photo()), "PNG", exif=exif)
    start = data.index(b"eXIf") - 4
    length = 12 + int.from_bytes(data[start : start + 4])
    end = len(data) - 12  # of IEND
    moved = data[:start] + data[start + length : end] + data[start : start + length] + data[end:]
    np.testing.assert_array_equal(decode_picture(moved), decode_picture(data))


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"MM\0*\0"])
def test_broken_exif_leaves_the_picture_upright(exif: bytes) -> None:
    data = encode(Image.fromarray(photo()), "JPEG", exif=exif)
    assert decode_picture(data).shape == (60, 90)


def test_transparency_is_laid_over_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.putpixel((3, 4), (0, 0, 0, 255))
    image.putpixel((5, 4), (0, 0, 0, 128))
    expected = np.full((10, 10), 255)
    expected[4, 3], expected[4, 5] = 0, 127
    assert np.array_equal(decode_picture(encode(image)), expected)
    assert np.array_equal(decode_picture(encode(image, "WEBP", lossless=True)), expected)
    assert np.array_equal(decode_picture(encode(image.convert("LA"))), expected)


def test_transparency_of_palettes_and_of_single_greys_is_laid_over_white() -> None:
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([0, 0, 0, 10, 10, 10])
    palette.putpixel((3, 4), 1)
    expected = np.full((10, 10), 255)
    expected[4, 3] = 10
    assert np.array_equal(decode_picture(encode(palette, transparency=0)), expected)
    grey = Image.new("L", (10, 10), 0)
    grey.putpixel((3, 4), 10)
    assert np.array_equal(decode_picture(encode(grey, transparency=0)), expected)


@pytest.mark.parametrize(
    ("depth", "values"),
    [(1, [0]), (2, [1]), (4, [5]), (8, [5]), (16, [0x1234]), (16, [0x1AB, 0x2CD, 0x3EF])],
)
@pytest.mark.parametrize("is_paper", [True, False])
def test_the_value_that_means_paper_has_the_pixels_depth(
    depth: int, values: list[int], is_paper: bool
) -> None:
    row = "".join(f"{value:0{depth}b}" for value in values) * 8
    line = b"\0" + int(row, 2).to_bytes(len(row) // 8)
    colour = 2 if len(values) == 3 else 0
    other = values[0] ^ (1 if colour == 0 else 0x100)  # of three colours 8 bits of each are kept
    paper = values if is_paper else [other, *values[1:]]
    extra = png_chunk(b"tRNS", struct.pack(f">{len(paper)}H", *paper))
    grey = decode_picture(png(8, 8, depth, colour, line * 8, extra))
    assert (grey == 255).all() == is_paper


def test_palette_and_two_level_pictures_keep_their_greys() -> None:
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, 200, 200, 200])
    assert (decode_picture(encode(palette)) == 200).all()
    two_levels = Image.new("1", (8, 8), 1)
    two_levels.putpixel((2, 1), 0)
    grey = decode_picture(encode(two_levels))
    assert (grey[1, 2], grey[0, 0]) == (0, 255)


def test_16_bit_greys_are_scaled_not_cut_off() -> None:
    values = np.linspace(0, 65_535, 64).round().astype(np.uint16).reshape(8, 8)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    data = png(8, 8, 16, 0, rows)
    assert np.array_equal(decode_picture(data), np.round(values / 257))
    transparent = png(8, 8, 16, 0, rows, png_chunk(b"tRNS", struct.pack(">H", values[0, 0])))
    assert decode_picture(transparent)[0, 0] == 255


def test_cmyk_jpegs_are_read_as_the_colours_they_were_made_from() -> None:
    image = Image.fromarray(photo())
    data = encode(image.convert("CMYK"), "JPEG", quality=95)
    assert largest_difference(decode_picture(data), np.asarray(image.convert("L"))) <= 8


@pytest.mark.parametrize(("width", "height"), [(1025, 700), (2000, 1000), (700, 3001)])
def test_larger_pictures_are_reduced_by_averaging_blocks(width: int, height: int) -> None:
    picture = photo(height, width)[:, :, 2]
    factor = -(-max(width, height) // LIMITS.picture_side)
    grey = decode_picture(encode(Image.fromarray(picture)))
    assert max(grey.shape) <= LIMITS.picture_side
    whole = picture[: height // factor * factor, : width // factor * factor]
    expected = cv2.resize(
        whole, (width // factor, height // factor), interpolation=cv2.INTER_AREA
    ).astype(np.uint8)
    assert largest_difference(grey[: height // factor, : width // factor], expected) <= 1


def test_a_50_megapixel_jpeg_is_read_at_reduced_size() -> None:
    data = encode(Image.fromarray(photo(250, 200)[:, :, 1]).resize((6250, 8000)), "JPEG")
    grey = decode_picture(data)
    assert grey.shape == (1000, 782)
    assert abs(int(grey[500, 400]) - 127) <= 2  # the vertical ramp's middle


def test_the_pixel_limits_are_exact() -> None:
    assert decode_picture(encode(Image.new("L", (2000, 2000), 255))).shape == (1000, 1000)
    with pytest.raises(PictureTooLarge, match="2001 x 2000"):
        decode_picture(encode(Image.new("L", (2001, 2000), 255)))
    with pytest.raises(PictureTooLarge):
        decode_picture(encode(Image.new("L", (2001, 2000), 255), "WEBP"))
    with pytest.raises(PictureTooLarge):
        decode_picture(encode(Image.new("L", (6251, 8000), 255), "JPEG"))


def test_a_progressive_jpeg_is_refused_above_the_pixels_that_are_read_at_full_size() -> None:
    grey = Image.new("L", (2000, 2000), 255)
    assert decode_picture(encode(grey, "JPEG", progressive=True)).shape == (1000, 1000)
    with pytest.raises(PictureTooLarge, match="progressive JPEG picture is 2001 x 2000"):
        decode_picture(encode(Image.new("L", (2001, 2000), 255), "JPEG", progressive=True))


def test_the_largest_webp_has_fewer_pixels_than_other_formats() -> None:
    assert decode_picture(encode(Image.new("L", (1250, 2000), 255), "WEBP")).shape == (1000, 625)
    with pytest.raises(PictureTooLarge, match="1251 x 2000"):
        decode_picture(encode(Image.new("L", (1251, 2000), 255), "WEBP"))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    row = b"\0" + bytes(-(-13_000 // 8))
    bomb = png(13_000, 13_000, 1, 0, row * 13_000)
    assert len(bomb) < 25_000
    with pytest.raises(PictureTooLarge, match="169,000,000 pixels"):
        decode_picture(bomb)


def test_compressed_comments_are_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    text = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))
    profile = png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000)))
    data = png(8, 8, 8, 0, (b"\0" + bytes(8)) * 8, extra=text + profile)
    monkeypatch.setattr(zlib, "decompressobj", None)  # Pillow unpacks metadata with this
    assert decode_picture(data).shape == (8, 8)


@pytest.mark.parametrize("filler", [b"\xff\xe9\x00\x02", b"\xff"])
def test_headers_without_end_are_refused_before_they_are_parsed(
    filler: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, rest = (whole := encode(Image.fromarray(photo()), "JPEG"))[:2], whole[2:]
    assert decode_picture(start + filler * 100 + rest).shape == (60, 90)
    monkeypatch.setattr(JpegImageFile, "_open", None)
    with pytest.raises(DamagedPicture, match="segments"):
        decode_picture(start + filler * 1_000_000 + rest)


def test_a_png_of_empty_chunks_is_refused() -> None:
    data = png(8, 8, 8, 0, (b"\0" + bytes(8)) * 8, extra=png_chunk(b"abCd", b"") * 400_000)
    with pytest.raises(DamagedPicture, match="chunks"):
        decode_picture(data)


def test_a_webp_of_empty_chunks_is_refused() -> None:
    still = encode(Image.new("RGBA", (20, 20)), "WEBP")[8:]

    def with_chunks(count: int) -> bytes:
        body = still + b"abcd\0\0\0\0" * count
        return b"RIFF" + struct.pack("<I", len(body)) + body

    assert decode_picture(with_chunks(100)).shape == (20, 20)
    with pytest.raises(DamagedPicture, match="chunks"):
        decode_picture(with_chunks(500_000))


def test_a_png_without_its_palette_is_damaged() -> None:
    with pytest.raises(DamagedPicture):
        decode_picture(png(8, 8, 8, 3, (b"\0" + bytes(8)) * 8))


def test_transparency_and_16_bits_are_the_same_in_every_band_of_a_large_picture() -> None:
    alpha = np.tile(np.arange(256, dtype=np.uint8), (900, 4))
    image = Image.merge("LA", [Image.new("L", (1024, 900), 0), Image.fromarray(alpha)])
    assert np.array_equal(decode_picture(encode(image)), 255 - alpha)
    wide = np.tile(np.arange(1024, dtype=np.uint16) * 64, (900, 1))
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in wide)
    assert np.array_equal(decode_picture(png(1024, 900, 16, 0, rows)), np.round(wide / 257))


@pytest.mark.parametrize(("width", "height"), [(7, 20), (20, 7), (1, 1), (1024 * 9, 63)])
def test_small_and_narrow_pictures_are_refused(width: int, height: int) -> None:
    with pytest.raises(PictureTooSmall):
        decode_picture(encode(Image.new("L", (width, height))))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animated_pictures_are_refused(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "black")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
    with pytest.raises(AnimatedPicture):
        decode_picture(data)


def test_of_several_pictures_in_one_jpeg_the_first_is_read() -> None:
    pictures = [Image.new("L", (20, 20), grey) for grey in (200, 10)]
    data = encode(pictures[0], "MPO", save_all=True, append_images=pictures[1:])
    assert (decode_picture(data) == 200).all()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_cut_off_pictures_are_damaged(kind: str) -> None:
    data = encode(Image.fromarray(photo()), kind)
    for length in (16, 24, 30, len(data) // 4, len(data) // 2):
        with pytest.raises(DamagedPicture):
            decode_picture(data[:length])


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM"])
def test_other_formats_are_refused_by_content(kind: str) -> None:
    with pytest.raises(UnsupportedPictureFormat):
        decode_picture(encode(Image.new("L", (20, 20)), kind))


@pytest.mark.parametrize("data", [b"hello", b"\0" * 100, b"<svg/>", b"RIFF0000WAVE", b"\x89PNG"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedPictureFormat):
        decode_picture(data)


def test_no_bytes_and_too_many_bytes_are_refused() -> None:
    with pytest.raises(InvalidPicture, match="empty"):
        decode_picture(b"")
    with pytest.raises(PictureTooLarge, match="5,000,001 bytes"):
        decode_picture(bytes(LIMITS.picture_bytes + 1))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_changed_bytes_give_a_picture_or_a_named_error_and_no_warning(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(Image.fromarray(photo(20, 20)), kind, exif=exif)
    random = np.random.default_rng(1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(1500):
            changed = bytearray(data)
            for place in random.integers(0, len(data), random.integers(1, 6)):
                changed[place] = random.integers(0, 256)
            with contextlib.suppress(DrawnDigitsError):
                assert decode_picture(bytes(changed)).ndim == 2
    assert caught == []


def test_a_data_url_holds_the_picture_bytes() -> None:
    for media in ("image/png", "image/jpeg", "image/webp", "IMAGE/PNG"):
        text = f"data:{media};base64,{base64.b64encode(b'12345').decode()}"
        assert decode_data_url(text) == b"12345"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "data:image/png,abc",
        "data:image/png;base64",
        "data:image/png;charset=x;base64,QUJD",
        "data:image/png;base64,QUJ",
        "data:image/png;base64,QU JD",
        "data:image/png;base64,QU-_",
        "data:image/png;base64,\u00e9\u00e9\u00e9\u00e9",
    ],
)
def test_a_broken_data_url_is_refused(text: str) -> None:
    with pytest.raises(InvalidPicture):
        decode_data_url(text)


def test_a_data_url_of_another_type_or_too_large_is_refused() -> None:
    with pytest.raises(UnsupportedPictureFormat, match="image/gif"):
        decode_data_url("data:image/gif;base64,QUJD")
    within = base64.b64encode(bytes(LIMITS.picture_bytes)).decode()
    assert len(decode_data_url("data:image/png;base64," + within)) == LIMITS.picture_bytes
    beyond = base64.b64encode(bytes(LIMITS.picture_bytes + 3)).decode()
    with pytest.raises(PictureTooLarge):
        decode_data_url("data:image/png;base64," + beyond)
