"""The zoo: hostile and odd files, all made here, each with the status that it is answered with.

``200`` is asked of what is odd and yet a still picture within the limits.
"""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.reliability.file_parts import (
    COLOUR_AND_ALPHA,
    GREY,
    PALETTE,
    adam7,
    encoded,
    jpeg_segment,
    png,
    png_chunk,
    rows,
    seven,
    webp,
    webp_canvas,
    webp_chunk,
    webp_frame_of,
    with_jpeg_segments,
)
from drawn_digits.settings import LIMITS

_WEBP_SIDE = int(LIMITS.webp_pixels**0.5)

PNG, JPEG, WEBP, JSON = "image/png", "image/jpeg", "image/webp", "application/json"
BATCH = "/api/v1/predictions/batch"


@dataclass(frozen=True)
class Exhibit:
    """A body, how it is posted, and the status that it has to get."""

    name: str
    content_type: str
    body: bytes
    status: int
    path: str = "/api/v1/predictions"


def exhibits() -> Iterator[Exhibit]:
    """All of them; each is made when it is asked for, since many have megabytes."""
    for cage in (_bombs, _pngs, _jpegs, _webps, _other_formats, _data_urls, _json, _batches):
        yield from cage()
    yield from _cut_off()


def _bombs() -> Iterator[Exhibit]:
    tiny = zlib.compress(bytes(100))
    zeros = zlib.compress(bytes(100_000_000), 9)
    header = png((280, 280), 8, GREY, zlib.compress(rows(np.asarray(seven()))))
    text, profile = png_chunk(b"zTXt", b"a\0\0" + zeros), png_chunk(b"iCCP", b"a\0\0" + zeros)
    packed = zlib.compress(rows(np.asarray(seven())))
    yield Exhibit("PNG of 50,000 x 50,000", PNG, png((50_000, 50_000), 1, GREY, tiny), 413)
    yield Exhibit("PNG of 2**31 - 1 squared", PNG, png((2**31 - 1, 2**31 - 1), 8, GREY, tiny), 413)
    claimed = png((28, 28), 8, GREY, b"")[:33]  # signature and header
    other = png((16_000, 16_000), 1, GREY, zlib.compress(bytes(16_000 * 2_001), 9))
    yield Exhibit("PNG with a second, larger header", PNG, claimed + other[8:], 422)
    yield Exhibit("PNG with 100 MB of pixels too many", PNG, png((28, 28), 8, GREY, zeros), 422)
    yield Exhibit("PNG with a text bomb", PNG, png((280, 280), 8, GREY, packed, before=text), 200)
    yield Exhibit("PNG with a profile bomb", PNG, header[:33] + profile + header[33:], 200)
    lossless = b"\x2f" + struct.pack("<I", 16_383 | 16_383 << 14) + bytes(20)
    yield Exhibit("WebP of 16,384 x 16,384", WEBP, webp(webp_chunk(b"VP8L", lossless)), 413)
    canvas = webp_canvas(2**24, 2**24, 0)
    yield Exhibit("WebP of 2**24 squared", WEBP, webp(canvas, webp_frame_of(seven())), 413)
    small = encoded(seven(), "JPEG")
    size = small.index(b"\xff\xc0") + 5
    huge = small[:size] + struct.pack(">HH", 65_500, 65_500) + small[size + 4 :]
    yield Exhibit("JPEG of 65,500 x 65,500", JPEG, huge, 413)


def _pngs() -> Iterator[Exhibit]:
    grey, zip_rows = np.asarray(seven()), zlib.compress(rows(np.asarray(seven())))
    valid = encoded(seven(), "PNG")
    wide = zlib.compress(rows(grey.astype(">u2") * 257))
    bad_index = zlib.compress(rows(np.where(grey < 128, 200, 1).astype(np.uint8)))
    two_colours = png_chunk(b"PLTE", bytes([0, 0, 0, 255, 255, 255]))
    exif = Image.Exif()
    exif[0x0112] = 6
    yield Exhibit("16-bit PNG", PNG, png((280, 280), 16, GREY, wide), 200)
    yield Exhibit("largest 16-bit PNG", PNG, _large_png(16, GREY, 2), 200)
    yield Exhibit("largest PNG with alpha", PNG, _large_png(8, COLOUR_AND_ALPHA, 4), 200)
    woven = png((280, 280), 8, GREY, zlib.compress(adam7(grey)), interlaced=True)
    yield Exhibit("interlaced PNG", PNG, woven, 200)
    palette = png((280, 280), 8, PALETTE, bad_index, before=two_colours)
    yield Exhibit("PNG with colours beyond its palette", PNG, palette, 200)
    without = png((280, 280), 8, PALETTE, bad_index)
    yield Exhibit("PNG without its palette", PNG, without, 422)
    yield Exhibit("PNG turned by EXIF", PNG, encoded(seven(), "PNG", exif=exif), 200)
    huge_exif = png_chunk(b"eXIf", b"II*\0" + bytes(4_000_000))
    yield Exhibit("PNG with 4 MB of EXIF", PNG, _with(valid, huge_exif), 200)
    yield Exhibit("PNG of 7 x 7", PNG, encoded(seven(7), "PNG"), 422)
    yield Exhibit("PNG of 8 x 8", PNG, encoded(seven(8), "PNG"), 200)
    line = zlib.compress(bytes(2 * 4_000_000))
    yield Exhibit("PNG of 1 x 4,000,000", PNG, png((1, 4_000_000), 8, GREY, line), 422)
    yield Exhibit("PNG of 4,000,000 x 1", PNG, png((4_000_000, 1), 8, GREY, line), 422)
    yield Exhibit("PNG of 0 x 0", PNG, png((0, 0), 8, GREY, zip_rows), 422)
    yield Exhibit("PNG of an unknown depth", PNG, png((280, 280), 3, GREY, zip_rows), 422)
    wrong_sum = valid[:29] + bytes(4) + valid[33:]
    yield Exhibit("PNG with a wrong checksum", PNG, wrong_sum, 422)
    noise = zip_rows[:100] + b"\xff" * 50 + zip_rows[150:]
    yield Exhibit("PNG with broken zlib", PNG, png((280, 280), 8, GREY, noise), 422)
    many = png_chunk(b"abCd", b"") * 400_000
    yield Exhibit("PNG of 400,000 chunks", PNG, _with(valid, many), 422)
    endless = struct.pack(">I", 2**32 - 1) + b"abCd"
    yield Exhibit("PNG with a chunk of 4 GB", PNG, _with(valid, endless), 422)
    moving = png_chunk(b"acTL", struct.pack(">II", 10_000, 0))
    frame = png_chunk(b"fcTL", bytes(26)) + png_chunk(b"fdAT", bytes(4) + zip_rows[:300])
    yield Exhibit("APNG of 10,000 frames", PNG, _with(valid, moving + frame * 10_000), 422)
    yield Exhibit("PNG and ZIP", PNG, valid + _zip(), 200)
    html = png_chunk(b"tEXt", b"a\0<script>alert(1)</script>")
    yield Exhibit("PNG with HTML", PNG, _with(valid, html), 200)
    yield Exhibit("PNG as JPEG", JPEG, valid, 200)
    yield Exhibit("PNG as text", "text/plain", valid, 415)


def _large_png(depth: int, colour: int, pixel_bytes: int) -> bytes:
    """A 7 of as many pixels as are read at full size."""
    side = int(LIMITS.pixels**0.5)
    pixels = np.repeat(np.asarray(seven(side)), pixel_bytes, axis=1)
    return png((side, side), depth, colour, zlib.compress(rows(pixels), 1))


def _with(valid: bytes, chunks: bytes) -> bytes:
    """The PNG with more chunks after its header."""
    return valid[:33] + chunks + valid[33:]


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("7.html", "<script>alert(1)</script>")
    return buffer.getvalue()


def _jpegs() -> Iterator[Exhibit]:
    valid = encoded(seven(), "JPEG")
    exif = Image.Exif()
    exif[0x0112] = 8
    yield Exhibit("JPEG of CMYK", JPEG, encoded(seven().convert("CMYK"), "JPEG"), 200)
    yield Exhibit("progressive JPEG", JPEG, encoded(seven(), "JPEG", progressive=True), 200)
    yield Exhibit("JPEG turned by EXIF", JPEG, encoded(seven(), "JPEG", exif=exif), 200)
    exif_segments = jpeg_segment(0xE1, b"Exif\0\0II*\0" + bytes(65_000)) * 70
    profile = b"".join(
        jpeg_segment(0xE2, b"ICC_PROFILE\0" + bytes([part, 70]) + bytes(65_000))
        for part in range(1, 71)
    )
    yield Exhibit("JPEG with 4.5 MB of EXIF", JPEG, with_jpeg_segments(valid, exif_segments), 200)
    yield Exhibit("JPEG with 4.5 MB of profile", JPEG, with_jpeg_segments(valid, profile), 200)
    comments = jpeg_segment(0xFE, b"") * 1_000_000
    yield Exhibit("JPEG of a million segments", JPEG, with_jpeg_segments(valid, comments), 422)
    fill = with_jpeg_segments(valid, b"\xff" * 4_900_000)
    yield Exhibit("JPEG with 5 MB of fill", JPEG, fill, 422)
    junk = with_jpeg_segments(valid, jpeg_segment(0xFE, b"") + bytes(4_900_000))
    yield Exhibit("JPEG with 5 MB of junk", JPEG, junk, 422)
    stuffing = with_jpeg_segments(valid, b"\xff\0" * 2_400_000)
    yield Exhibit("JPEG with 5 MB of escaped junk", JPEG, stuffing, 422)
    yield Exhibit("JPEG of 50 megapixels", JPEG, _large_jpeg(), 200)
    yield Exhibit("progressive JPEG of 50 megapixels", JPEG, _large_jpeg(progressive=True), 413)
    yield Exhibit("JPEG of 50 megapixels in scans", JPEG, _in_scans(_large_jpeg()), 413)
    yield Exhibit("progressive JPEG of 60,000 scans", JPEG, _many_scans(), 422)
    yield Exhibit("largest progressive JPEG", JPEG, _large_jpeg(2000, 2000, progressive=True), 200)
    yield Exhibit("JPEG as WebP", WEBP, valid, 200)


def _large_jpeg(width: int = 6250, height: int = 8000, **options: object) -> bytes:
    return encoded(_noisy(width, height), "JPEG", quality=10, **options)


def _noisy(width: int, height: int) -> Image.Image:
    """A 7 in colour whose grain makes the file long."""
    grain = np.random.default_rng(1).integers(0, 40, (256, 256, 3), np.uint8)
    pixels = np.tile(grain, (height // 256 + 1, width // 256 + 1, 1))[:height, :width]
    return Image.fromarray(pixels + np.asarray(seven().resize((width, height)))[:, :, None] // 2)


def _in_scans(jpeg: bytes) -> bytes:
    """The JPEG's header with a scan of the first colour alone, as if each colour had its own."""
    start = jpeg.index(b"\xff\xda")
    length = int.from_bytes(jpeg[start + 2 : start + 4])
    alone = jpeg_segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return jpeg[:start] + alone + jpeg[start + 2 + length :]


def _many_scans() -> bytes:
    """A 4-megapixel progressive JPEG whose last scan is repeated until the file is full."""
    jpeg = encoded(Image.new("L", (2000, 2000), 255), "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last * ((LIMITS.picture_bytes - len(jpeg)) // len(last)) + jpeg[-2:]


def _webps() -> Iterator[Exhibit]:
    colours = seven().convert("RGBA")
    frame = webp_frame_of(seven(), lossless=True)
    still = webp_canvas(280, 280, 0)
    yield Exhibit("lossless WebP", WEBP, encoded(seven(), "WEBP", lossless=True), 200)
    yield Exhibit("lossy WebP with alpha", WEBP, encoded(colours, "WEBP"), 200)
    yield Exhibit("largest WebP", WEBP, encoded(seven(_WEBP_SIDE), "WEBP", method=0), 200)
    large = encoded(_noisy(_WEBP_SIDE, _WEBP_SIDE), "WEBP", lossless=True, method=0)
    yield Exhibit("largest lossless WebP", WEBP, large, 200)
    yield Exhibit("WebP with a header of its own", WEBP, webp(still, frame), 200)
    other = webp(webp_canvas(100, 100, 0), frame)
    yield Exhibit("WebP of another size than its canvas", WEBP, other, 422)
    yield Exhibit("WebP without pixels", WEBP, webp(still), 422)
    profile = webp_chunk(b"ICCP", bytes(4_500_000))
    yield Exhibit(
        "WebP with 4.5 MB of profile", WEBP, webp(webp_canvas(280, 280, 32), profile, frame), 200
    )
    yield Exhibit("WebP of 10,000 frames", WEBP, _moving_webp(), 422)
    many = webp(still, webp_chunk(b"abcd", b"") * 500_000, frame)
    yield Exhibit("WebP of 500,000 chunks", WEBP, many, 422)
    yield Exhibit("WebP that claims 4 GB", WEBP, b"RIFF\xff\xff\xff\xffWEBP" + frame, 422)


def _moving_webp() -> bytes:
    """Ten thousand frames of 28 x 28."""
    place = bytes(6) + (27).to_bytes(3, "little") * 2 + (40).to_bytes(3, "little") + b"\0"
    frame = webp_chunk(b"ANMF", place + webp_frame_of(seven(28), lossless=True))
    head = webp_canvas(28, 28, 2), webp_chunk(b"ANIM", bytes(6))
    return webp(*head, *[frame] * 10_000)


def _other_formats() -> Iterator[Exhibit]:
    for kind in ("GIF", "TIFF", "BMP", "ICO", "PDF", "EPS", "PPM", "JPEG2000", "AVIF"):
        yield Exhibit(f"{kind} as PNG", PNG, encoded(seven(), kind), 415)
    gif = b"GIF89a" + struct.pack("<HHBBB", 28, 28, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 28, 28, 0) + b"\x02\x02\x4c\x01\x00"
    yield Exhibit("GIF of 10,000 frames", "image/gif", gif + frame * 10_000 + b";", 415)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield Exhibit("SVG", "image/svg+xml", svg, 415)
    yield Exhibit("SVG as PNG", PNG, svg, 415)
    yield Exhibit("ZIP", PNG, _zip(), 415)
    yield Exhibit("nothing", PNG, b"", 400)
    yield Exhibit("one byte", PNG, b"\x89", 415)
    yield Exhibit("5 MB of zeros", PNG, bytes(LIMITS.picture_bytes), 415)
    yield Exhibit("a byte too many", PNG, bytes(LIMITS.picture_bytes + 1), 413)


def _cut_off() -> Iterator[Exhibit]:
    for media_type, kind in ((PNG, "PNG"), (JPEG, "JPEG"), (WEBP, "WEBP")):
        whole = encoded(seven(), kind)
        for share in (0.02, 0.5, 0.95):
            body = whole[: max(12, int(len(whole) * share))]
            yield Exhibit(f"{kind} cut at {share:.0%}", media_type, body, 422)


def _data_urls() -> Iterator[Exhibit]:
    text = base64.b64encode(encoded(seven(), "PNG")).decode()
    for name, url, status in (
        ("", f"data:image/png;base64,{text}", 200),
        (" that names JPEG", f"data:image/jpeg;base64,{text}", 200),
        (" in capitals", f"DATA:IMAGE/PNG;BASE64,{text}", 200),
        (" with spaces", f"data:image/png;base64,{text[:20]} {text[20:]}", 422),
        (" with a line end", f"data:image/png;base64,{text}\n", 422),
        (" of the other alphabet", "data:image/png;base64," + text.replace("/", "_"), 422),
        (" without padding", f"data:image/png;base64,{text[:-3]}", 422),
        (" with padding inside", f"data:image/png;base64,====\u200b{text}", 422),
        (" of another type", f"data:text/html;base64,{text}", 415),
        (" without base64", f"data:image/png,{text}", 422),
        (" of nothing", "data:image/png;base64,", 422),
        (" of 6 MB", "data:image/png;base64," + "A" * 7_900_000, 413),
        (" of the largest", "data:image/png;base64," + "A" * 6_666_664, 415),
        (" with parameters", "data:image/png" + ";a=b" * 1_900_000 + ";base64," + text, 422),
        (" that is an address", "https://example.org/7.png", 422),
    ):
        yield Exhibit(f"data URL{name}", JSON, json.dumps({"image": url}).encode(), status)


def _json() -> Iterator[Exhibit]:
    point = b'{"x":1,"y":2}'
    for number in (b"NaN", b"Infinity", b"-Infinity", b"1e400", b"1" + b"0" * 400):
        yield Exhibit(
            f"x is {number[:9].decode()}", JSON, _strokes(b'{"x":%b,"y":2}' % number), 422
        )
    for name, body, status in (
        ("5,000 digits", _strokes(b'{"x":%b,"y":2}' % (b"9" * 5000)), 400),
        ("8 MB of digits", b"9" * 8_000_000, 400),
        ("8 MB of a decimal", b"0." + b"9" * 7_900_000, 422),
        ("depth of 1,000,000", b"[" * 1_000_000 + b"]" * 1_000_000, 400),
        ("depth of objects", b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000, 400),
        ("a million points", _strokes(b",".join([b'{"x":1}'] * 990_000)), 413),
        ("100,000 points", _strokes(b",".join([point] * 100_000)), 413),
        ("100,000 strokes", b'{"strokes":[%b]}' % b",".join([b"[]"] * 100_000), 413),
        ("8 MB of empty objects", _filled(b"{}"), 413),
        ("8 MB of empty lists", _filled(b"[]"), 413),
        ("8 MB of decimals", _filled(b"1.5"), 413),
        ("8 MB of names", _names(750_000), 413),
        ("8 MB of a name", b'{"%b":1}' % (b"a" * 7_900_000), 422),
        ("8 MB of escapes", b'{"%b":1}' % (b"\\u0041" * 1_300_000), 422),
        ("8 MB of spaces", b" " * 8_000_000, 400),
        ("8 MB of zeros", bytes(8_000_000), 400),
        ("a byte more than 8 MB", b" " * (LIMITS.body_bytes + 1), 413),
        ("no UTF-8", b"\xff\xfe\xfa", 400),
        ("a lone surrogate", b'{"strokes":[],"\\ud800":1}', 422),
    ):
        yield Exhibit(f"JSON: {name}", JSON, body, status)


def _strokes(points: bytes) -> bytes:
    return b'{"strokes":[[%b]]}' % points


def _filled(value: bytes) -> bytes:
    """A list of these that has nearly as many bytes as a body may have."""
    return b"[" + (value + b",") * (LIMITS.body_bytes // (len(value) + 1) - 1) + value + b"]"


def _names(count: int) -> bytes:
    return b"{" + b",".join(b'"%x":1' % number for number in range(count)) + b"}"


def _batches() -> Iterator[Exhibit]:
    for name, body in (
        ("empty objects", _filled(b"{}")),
        ("names", _names(750_000)),
        ("points", b",".join([b'{"x":1}'] * 990_000)),
    ):
        yield Exhibit(f"batch: 8 MB of {name}", JSON, b'{"items":[%b]}' % body, 413, BATCH)
