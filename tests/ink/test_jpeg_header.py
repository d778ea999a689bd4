"""JPEG headers, compared with what Pillow reads, and those that cost a decoder too much."""

import io

import pytest
from PIL import Image

from drawn_digits.errors import DamagedPicture, DrawnDigitsError, UnsupportedPictureFormat
from drawn_digits.ink.jpeg_header import read_jpeg_header
from drawn_digits.ink.pictures import decode_picture

COMMENT = b"\xff\xfe\x00\x02"
SCAN_OF_ONE_COLOUR = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"


def jpeg(mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [(8, 300), (300, 8), (4097, 9)])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_size_and_kind_are_those_that_pillow_reads(
    mode: str, size: tuple[int, int], progressive: bool
) -> None:
    data = jpeg(mode, size, progressive=progressive)
    header = read_jpeg_header(data)
    with Image.open(io.BytesIO(data)) as image:
        assert (header.width, header.height) == image.size
        assert header.in_scans == ("progressive" in image.info)


def test_a_scan_of_fewer_colours_than_the_picture_is_one_of_several() -> None:
    data = jpeg()
    start = data.index(b"\xff\xda")
    assert not read_jpeg_header(data).in_scans
    assert read_jpeg_header(data[:start] + SCAN_OF_ONE_COLOUR + data[start + 14 :]).in_scans


def test_fifty_scans_are_read_and_not_one_more() -> None:
    data = jpeg("L", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    most = 50 - data.count(b"\xff\xda")
    assert decode_picture(data[:-2] + scan * most + data[-2:]).shape == (40, 60)
    with pytest.raises(DamagedPicture, match="50 scans"):
        read_jpeg_header(data[:-2] + scan * (most + 1) + data[-2:])


def test_scans_behind_an_end_inside_a_comment_are_counted() -> None:
    data = jpeg("L", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(DamagedPicture, match="50 scans"):
        read_jpeg_header(data[:-2] + b"\xff\xfe\x00\x04\xff\xd9" + scan * 60 + data[-2:])


def test_what_follows_the_picture_s_end_does_not_count() -> None:
    data = jpeg(progressive=True)
    assert read_jpeg_header(data + b"\xff\xda\x00\x02" * 100).in_scans


@pytest.mark.parametrize("marker", [0xC3, 0xC9, 0xCA])
def test_kinds_that_no_browser_shows_are_refused(marker: int) -> None:
    data = jpeg().replace(b"\xff\xc0", bytes([0xFF, marker]), 1)
    with pytest.raises(UnsupportedPictureFormat, match="browsers"):
        decode_picture(data)


def test_a_frame_hidden_in_a_table_is_not_believed() -> None:
    """Pillow skips no such table, so it would read the size that lies in it."""
    data = jpeg()
    frame = data.index(b"\xff\xc0")
    hidden = b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
    table = b"\xff\xcc" + (2 + len(hidden)).to_bytes(2) + hidden
    start = data.index(b"\xff\xda")
    assert frame < start
    with pytest.raises(DrawnDigitsError):
        decode_picture(data[:start] + table + data[start:])


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\xff\0", b"\xff\xd0"])
def test_few_bytes_between_segments_are_skipped_and_many_are_damage(filler: bytes) -> None:
    data = jpeg()
    start = data[:2] + COMMENT
    assert decode_picture(start + filler * 100 + data[2:]).shape == (40, 60)
    with pytest.raises(DamagedPicture, match="1000 bytes between"):
        read_jpeg_header(start + filler * 2_000 + data[2:])


@pytest.mark.parametrize("length", [3, 20, 100, 200])
def test_a_header_that_is_cut_off_is_damaged(length: int) -> None:
    with pytest.raises(DamagedPicture):
        read_jpeg_header(jpeg()[:length])
