"""File headers, compared with what Pillow reads in them."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from drawn_digits.errors import DamagedPicture
from drawn_digits.ink.containers import bare_png, exif_orientation, png_size, webp_size


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (300, 8), (4097, 2), (2, 16383)])
@pytest.mark.parametrize(
    ("mode", "lossless", "chunk"),
    [("RGB", False, b"VP8 "), ("RGB", True, b"VP8L"), ("RGBA", False, b"VP8X")],
)
def test_the_three_kinds_of_webp_say_their_size(
    size: tuple[int, int], mode: str, lossless: bool, chunk: bytes
) -> None:
    translucent = Image.new(mode, size, (1, 2, 3) if mode == "RGB" else (1, 2, 3, 77))
    data = encode(translucent, "WEBP", lossless=lossless)
    assert data[12:16] == chunk
    assert webp_size(data) == size


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (70_000, 1)])
def test_a_png_says_its_size(size: tuple[int, int]) -> None:
    assert png_size(encode(Image.new("1", size), "PNG")) == size


def test_headers_that_are_cut_off_are_damaged() -> None:
    image = Image.new("RGB", (20, 20))
    with pytest.raises(DamagedPicture):
        png_size(encode(image, "PNG")[:23])
    with pytest.raises(DamagedPicture):
        webp_size(encode(image, "WEBP")[:29])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_read_in_both_byte_orders(order: str, orientation: int) -> None:
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "a camera of some maker"
    exif[0x0112] = orientation
    assert exif_orientation(exif.tobytes()) == orientation
    assert exif_orientation(exif.tobytes().removeprefix(b"Exif\0\0")) == orientation


@pytest.mark.parametrize(
    "exif", [b"", b"Exif\0\0", b"II*\0", b"MM\0*\0\0\0\x08\xff\xff", b"junk" * 9]
)
def test_what_holds_no_orientation_is_upright(exif: bytes) -> None:
    assert exif_orientation(exif) == 1


def test_an_orientation_outside_1_to_8_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 9
    assert exif_orientation(exif.tobytes()) == 1


def test_a_bare_png_has_the_same_pixels_and_no_comments() -> None:
    comments = PngInfo()
    comments.add_text("Author", "somebody", zip=True)
    image = Image.linear_gradient("L")
    bare = bare_png(encode(image, "PNG", pnginfo=comments, icc_profile=b"profile"))
    with Image.open(io.BytesIO(bare)) as read:
        assert read.tobytes() == image.tobytes()
        assert "Author" not in read.info
        assert "icc_profile" not in read.info


def test_a_png_with_two_headers_is_refused() -> None:
    """Its limit would be that of the first, its pixels those of the second."""
    small, large = (encode(Image.new("1", (side, side)), "PNG") for side in (28, 16_000))
    with pytest.raises(DamagedPicture, match="two headers"):
        bare_png(small[:33] + large[8:])
