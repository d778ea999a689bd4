"""The requests that the measures send: ten hand-drawn digits in every form, ready to go out."""

import base64
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.reliability.client import Outcome
from drawn_digits import Drawing, rasterize

_DRAWINGS = Path(__file__).resolve().parents[2] / "tests" / "drawings"
_PREDICT = "/api/v1/predictions"
READY = b"GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n"


def post(path: str, content_type: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@cache
def pictures() -> tuple[bytes, ...]:
    """PNG, 280 x 280; number n shows the digit n."""
    return tuple(_encode(_drawing(digit)) for digit in range(10))


def picture_requests() -> list[bytes]:
    """Ten; number n shows the digit n."""
    return [post(_PREDICT, "image/png", png) for png in pictures()]


def stroke_requests() -> list[bytes]:
    """Ten; number n draws the digit n."""
    return [
        post(_PREDICT, "application/json", json.dumps(_read(digit)).encode()) for digit in range(10)
    ]


def batch_request() -> bytes:
    """The ten digits in their order, in one request."""
    items = [{"image": _data_url(png)} for png in pictures()]
    body = json.dumps({"items": items}).encode()
    return post(f"{_PREDICT}/batch", "application/json", body)


def bad_requests() -> list[bytes]:
    """Each is refused, each at another place."""
    return [
        post(_PREDICT, "image/png", pictures()[3][:-300]),
        post(_PREDICT, "image/png", b"not a picture"),
        post(_PREDICT, "application/json", b'{"strokes": [['),
        post(_PREDICT, "application/json", b'{"strokes": []}'),
        post(_PREDICT, "text/plain", b"hello"),
        post("/api/v1/nothing", "image/png", pictures()[3]),
    ]


def is_right(outcome: Outcome) -> bool:
    """Whether request n of ten was answered with the digit n."""
    return outcome.status == 200 and json.loads(outcome.body)["digit"] == outcome.number % 10


def _read(digit: int) -> dict[str, Any]:
    drawing: dict[str, Any] = json.loads((_DRAWINGS / f"{digit}.json").read_text("utf-8"))
    return drawing


def _drawing(digit: int) -> Drawing:
    return Drawing.from_json(_read(digit))


def _encode(drawing: Drawing) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rasterize(drawing)).save(buffer, "png")
    return buffer.getvalue()


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
