"""Request bodies: read within the limit, and read to the end before an answer goes out."""

import io
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, cast

import gevent
from flask import Response, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from drawn_digits.errors import TooManyPoints
from drawn_digits.settings import LIMITS
from drawn_digits.web.problems import (
    BadRequestBody,
    BatchTooLarge,
    BodyTooLarge,
    EmptyBody,
    MalformedForm,
    MalformedJson,
    SlowBody,
)

JSON = "application/json"
MULTIPART = "multipart/form-data"
_COMMAS_OF_A_POINT = 4  # three between x, y, time and pressure, and one after it
_OTHER_COMMAS = LIMITS.batch_items * (LIMITS.strokes + 4)  # between strokes, frames and items
_PIECE = 256 * 1024  # bytes discarded at a time


def read_body(expected: str) -> bytes:
    """The current request's body; ``expected`` says what belongs there, for who sends none.

    Raises:
        BodyTooLarge: it has more than ``LIMITS.body_bytes``.
        EmptyBody: it has none.
        BadRequestBody: the client broke off, or sent chunks that are none.
        SlowBody: it takes longer than the setting ``body_seconds``.
    """
    try:
        with _limited_time():
            body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large() from None
    except gevent.Timeout as limit:
        raise SlowBody(
            f"The body did not arrive within {limit.seconds} seconds. Send a smaller picture."
        ) from None
    except Exception:  # each WSGI server has error classes of its own for a broken transfer
        raise BadRequestBody(
            "The body could not be read to its end. Send as many bytes as Content-Length says, "
            "or well-formed chunks."
        ) from None
    if len(body) > LIMITS.body_bytes:
        raise _too_large()
    if not body:
        raise EmptyBody(f"The body is empty. Send {expected}.")
    return body


def _limited_time() -> gevent.Timeout:
    """Ends the reading within it; a client that sends a byte a second would go on for weeks."""
    return gevent.Timeout(current_app.config["BODY_SECONDS"])


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(
        f"The body has more than {LIMITS.body_bytes:,} bytes. Send a smaller picture or fewer "
        "points."
    )


def parse_json(body: bytes, most_points: int) -> Any:
    """What the JSON says, where it is not longer than drawings of so many points.

    Raises:
        TooManyPoints: it holds more values; parsed they would take 25 times the body's memory.
        MalformedJson: it is not JSON, or nested deeper than Python's stack.
    """
    if body.count(b",") > _COMMAS_OF_A_POINT * most_points + _OTHER_COMMAS:
        raise TooManyPoints(
            f"The JSON holds more values than {most_points:,} points have. Send fewer points."
        )
    try:
        return json.loads(body)
    except RecursionError:
        raise MalformedJson("The JSON is nested too deeply; a drawing has four levels.") from None
    except ValueError as error:  # also text that is not UTF-8, and numbers of 5,000 digits
        raise MalformedJson(f"The body is not JSON: {str(error)[:200]}.") from None


def parse_files(body: bytes, parameters: Mapping[str, str]) -> list[bytes]:
    """The files of a ``multipart/form-data`` body in their order; none touches the disk.

    ``parameters`` are the content type's, with the boundary.

    Raises:
        MalformedForm: it is no form, or a part of it is no file.
        BatchTooLarge: it has more parts than a batch may hold items.
    """
    parser = FormDataParser(
        stream_factory=_keep_in_memory,
        max_form_parts=LIMITS.batch_items,
        cls=list,  # type: ignore[arg-type]  # all parts in their order, whatever their names
        silent=False,
    )
    try:
        _, fields, files = parser.parse(io.BytesIO(body), MULTIPART, len(body), dict(parameters))
    except RequestEntityTooLarge:
        raise BatchTooLarge(
            f"The form has more than {LIMITS.batch_items} parts. Send several batches."
        ) from None
    except ValueError as error:
        raise MalformedForm(f"The body is no form with files: {str(error)[:200]}.") from None
    if fields:
        raise MalformedForm(
            "A part of the form has no filename, so it is no file. With curl: -F picture=@7.png"
        )
    return [file.read() for _, file in cast(list[tuple[str, FileStorage]], files)]


def _keep_in_memory(*_: Any, **__: Any) -> io.BytesIO:
    """Where a form's file goes; Werkzeug's own factory writes large ones to the disk."""
    return io.BytesIO()


def discard_unread_body(response: Response) -> Response:
    """Read what the client is still sending, up to ``LIMITS.discarded_bytes``.

    Most clients read the answer only after sending everything. If the server closed before that
    (Gunicorn does where the client asked for ``Connection: close``), the system would reset the
    connection and the client would never see why it was refused.
    """
    # Without this mark of a server that ends the stream by itself, reading on could wait forever.
    if request.environ.get("wsgi.input_terminated"):
        _discard(request.environ["wsgi.input"])
    return response


def _discard(stream: IO[bytes]) -> None:
    remaining = LIMITS.discarded_bytes
    # Broken off or malformed, in the server's own classes of error: then nobody waits for more.
    with suppress(Exception, gevent.Timeout), _limited_time():
        while remaining > 0 and (piece := stream.read(min(_PIECE, remaining))):
            remaining -= len(piece)
