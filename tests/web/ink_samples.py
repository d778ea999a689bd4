"""Drawings and pictures that the web tests send."""

import base64
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

SEVEN = [[(60, 60), (220, 60), (130, 230)]]
ONE = [[(140, 40), (140, 240)]]
FOUR = [[(90, 50), (80, 150), (200, 150)], [(170, 60), (165, 240)]]


def strokes(*lines: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The API's JSON for these lines."""
    return {"strokes": [[{"x": x, "y": y} for x, y in line] for line in lines]}


def picture(lines: list[list[tuple[int, int]]], kind: str = "PNG", side: int = 280) -> bytes:
    """The lines, black on white, as an encoded picture."""
    image = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.line(line, fill=0, width=22, joint="curve")
    return encoded(image, kind)


def as_data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
