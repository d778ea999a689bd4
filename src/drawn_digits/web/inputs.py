"""What requests hold: one drawing or picture, or a batch of them."""

from collections.abc import Sequence
from typing import Any

import gevent
import numpy as np
from flask import request
from numpy.typing import NDArray

from drawn_digits.errors import InvalidDrawing, InvalidInput, InvalidPicture
from drawn_digits.ink.drawing import Drawing, kind_of
from drawn_digits.ink.pictures import PICTURE_TYPES, count_pixels, decode_data_url, decode_picture
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.settings import LIMITS
from drawn_digits.web.body import JSON, MULTIPART, parse_files, parse_json
from drawn_digits.web.problems import BatchTooLarge, InvalidBatch, UnsupportedContentType

Picture = NDArray[np.uint8]
Encoded = bytes | Drawing
"""A picture's file, or a drawing: read, and not yet made pixels of."""


def read_one(body: bytes) -> Picture:
    """The picture that the current request's body holds; a drawing is painted.

    Raises:
        UnsupportedContentType: neither JSON nor a picture.
        InvalidInput: why it cannot be read.
    """
    if request.mimetype == JSON:
        return _paint(_read_document(parse_json(body, LIMITS.points)))
    if request.mimetype in PICTURE_TYPES:
        return _paint(body)
    raise _unsupported(JSON, *PICTURE_TYPES)


def read_batch(body: bytes) -> list[Picture | InvalidInput]:
    """The pictures of a batch in their order, each or what is wrong with it.

    Raises:
        UnsupportedContentType, InvalidBatch, BatchTooLarge: of the batch as a whole.
    """
    items = [_read_item(item) for item in _read_items(body)]
    _check_size(items)
    return [item if isinstance(item, InvalidInput) else _try_to_paint(item) for item in items]


def _read_items(body: bytes) -> Sequence[Any]:
    """The documents of a JSON batch, or the files of a form."""
    if request.mimetype == MULTIPART:
        items: Any = parse_files(body, request.mimetype_params)
    elif request.mimetype == JSON:
        items = _read_list(parse_json(body, LIMITS.batch_points))
    else:
        raise _unsupported(JSON, MULTIPART)
    if not items:
        raise InvalidBatch(f"The batch is empty. Send 1 to {LIMITS.batch_items} items.")
    if len(items) > LIMITS.batch_items:
        raise BatchTooLarge(
            f"The batch holds more than {LIMITS.batch_items} items. Send several batches."
        )
    return list(items)


def _read_list(document: Any) -> list[Any]:
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or len(document) > 1:
        raise InvalidBatch(
            'A batch is {"items": [...]}, and nothing beside it; each item is '
            '{"strokes": [...]} or {"image": "data:..."}. ' + _what_came(document)
        )
    return items


def _what_came(document: Any) -> str:
    if not isinstance(document, dict):
        return f"What came is {kind_of(document)}."
    return f"The keys that came: {', '.join(map(repr, document)) or 'none'}."[:200]


def _read_item(item: Any) -> Encoded | InvalidInput:
    try:
        return item if isinstance(item, bytes) else _read_document(item)
    except InvalidInput as error:
        return error


def _check_size(items: Sequence[Encoded | InvalidInput]) -> None:
    pixels = sum(_pixels(item) for item in items if isinstance(item, bytes))
    points = sum(len(item.points) for item in items if isinstance(item, Drawing))
    for what, count, most in (
        ("pictures of the batch count {:,} pixels", pixels, LIMITS.batch_pixels),
        ("drawings of the batch have {:,} points", points, LIMITS.batch_points),
    ):
        if count > most:
            raise BatchTooLarge(
                f"The {what.format(count)}, at most {most:,} are read. Send several batches, or "
                "large pictures one by one."
            )


def _pixels(data: bytes) -> int:
    try:
        return count_pixels(data)
    except InvalidPicture:
        return 0  # decoding says what is wrong


def _try_to_paint(item: Encoded) -> Picture | InvalidInput:
    gevent.sleep(0)  # between two items of a batch others are served
    try:
        return _paint(item)
    except InvalidInput as error:
        return error


def _paint(item: Encoded) -> Picture:
    return rasterize(item) if isinstance(item, Drawing) else decode_picture(item)


def _read_document(document: object) -> Encoded:
    if not (isinstance(document, dict) and "image" in document):
        return Drawing.from_json(document)
    if len(document) > 1:
        raise InvalidDrawing(
            f"An image came together with {len(document) - 1} other keys. Send either "
            '{"image": "data:..."} or {"strokes": [...]}.'
        )
    if not isinstance(document["image"], str):
        raise InvalidPicture(
            "image must be a text such as 'data:image/png;base64,iVBOR...', but "
            f"{kind_of(document['image'])} came."
        )
    return decode_data_url(document["image"])


def _unsupported(*expected: str) -> UnsupportedContentType:
    return UnsupportedContentType(
        f"The content type is {request.mimetype[:80]!r}; expected is {', '.join(expected)}."
    )
