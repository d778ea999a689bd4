"""A client of the HTTP API: pictures and drawings go out, typed answers come back."""

import base64
import json
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from drawn_digits.client.answers import Answer, ModelDescription, read_batch, read_problem
from drawn_digits.client.connection import Connection, Reply
from drawn_digits.errors import (
    InvalidPicture,
    ServiceProblem,
    ServiceUnreachable,
    SettingsError,
    UnexpectedAnswer,
)
from drawn_digits.ink.arrays import encode_png
from drawn_digits.ink.containers import sniff_format
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.files import read_file

Picture = str | PathLike[str] | bytes | Drawing | NDArray[np.uint8]
"""A file's path (PNG, JPEG, WebP, or ``.json`` with strokes), such a picture's bytes, a drawing,
or a grey picture [height, width], 0 black to 255 white."""

_T = TypeVar("_T")


class Client:
    """Asks a server of Drawn Digits, over one connection that is kept until ``close``.

    Use it as a context manager, and not from several threads at once: give each its own.
    Redirects are not followed, and proxies named by the environment are not used. Over https the
    server must prove its name to the system's authorities, or to those in the file that
    ``SSL_CERT_FILE`` names.

    A prediction changes nothing on the server, so it may be asked for twice: once more where the
    connection was refused or broke off, and up to ``retries`` times where the server is busy
    (429 or 503) and its ``Retry-After`` asks for at most ``timeout`` seconds, which are waited.

    Args:
        url: where the server is, such as ``http://127.0.0.1:8000``, or ``https://host/digits``
            where a proxy has it below a path.
        timeout: seconds to wait for a connection, and for each piece of an answer.
        retries: how often at most a busy server is asked again.

    Raises:
        SettingsError: one of these cannot be used.
    """

    def __init__(self, url: str, *, timeout: float = 10.0, retries: int = 2) -> None:
        if retries < 0:
            raise SettingsError(f"retries is {retries}; it must be 0 or more.")
        self._connection = Connection(url, timeout)
        self._retries = retries

    def predict(
        self,
        picture: Picture,
        *,
        top: int | None = None,
        evidence: bool = False,
        ink: bool = False,
    ) -> Answer:
        """Read the digit in one picture or drawing.

        Args:
            picture: see ``Picture``.
            top: how many alternatives to name, 0 to 10; None: as many as the server does (3).
            evidence: add what each place of the picture says for each digit.
            ink: add the 28 x 28 pixels that the network saw.

        Raises:
            InvalidInput: a file or an array that cannot be read here; nothing was sent.
            ServiceProblem: why the server gives no answer.
            ServiceUnreachable, ServiceTimeout, UnexpectedAnswer: nobody, or somebody else.
        """
        path = "/api/v1/predictions" + _query(top, evidence, ink)
        return self._ask(Answer.from_json, path, _describe_item(picture))

    def predict_batch(
        self,
        pictures: Iterable[Picture],
        *,
        top: int | None = None,
        evidence: bool = False,
        ink: bool = False,
    ) -> list[Answer | ServiceProblem]:
        """Read the digits in up to 64 pictures and drawings, one in each, with one request.

        The answers come in the order of the pictures. In the place of one that the server cannot
        read is the ServiceProblem that says why; it is returned, not raised.

        Raises:
            As ``predict`` does, where the batch as a whole is not answered.
        """
        items = [_describe_item(picture) for picture in pictures]
        path = "/api/v1/predictions/batch" + _query(top, evidence, ink)
        return self._ask(read_batch, path, {"items": items})

    def model(self) -> ModelDescription:
        """Describe the model that answers, and the limits of what it is asked.

        Raises:
            ServiceError: as ``predict`` does.
        """
        return self._ask(ModelDescription.from_json, "/api/v1/model")

    def is_ready(self) -> bool:
        """Whether drawings are answered now; False also where nobody answers.

        Raises:
            ServiceProblem, UnexpectedAnswer: what answers is no server of Drawn Digits.
        """
        try:
            reply = self._connection.ask("/readyz")
        except ServiceUnreachable:
            return False
        return reply.status < 500 and self._read(_read_status, reply) == "ready"

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, read: Callable[[Any], _T], path: str, document: object = None) -> _T:
        """What ``read`` makes of the answer; a document is posted, without one it is a GET."""
        return self._read(read, self._connection.ask_while_busy(path, document, self._retries))

    def _read(self, read: Callable[[Any], _T], reply: Reply) -> _T:
        try:
            content = json.loads(reply.body)
            if reply.status == 200:
                return read(content)
            problem = read_problem(content)
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            raise UnexpectedAnswer(f"{self._connection.url} answered {_describe(reply)}") from None
        raise problem


def _read_status(content: Any) -> object:
    return content["status"]


def _query(top: int | None, evidence: bool, ink: bool) -> str:
    options = {"top": top, "evidence": evidence or None, "ink": ink or None}
    asked = {name: str(value).lower() for name, value in options.items() if value is not None}
    return f"?{urlencode(asked)}" if asked else ""


def _describe_item(picture: Picture) -> dict[str, object]:
    if isinstance(picture, str | PathLike):
        picture = read_file(Path(picture))
    if isinstance(picture, Drawing):
        return picture.to_json()
    data = picture if isinstance(picture, bytes) else encode_png(picture)
    return {"image": f"data:{_media_type(data)};base64,{base64.b64encode(data).decode()}"}


def _media_type(data: bytes) -> str:
    try:
        return f"image/{sniff_format(data).lower()}"
    except InvalidPicture:
        return "image/png"  # the server looks for itself, and says what is wrong


def _describe(reply: Reply) -> str:
    start = reply.body[:60].decode(errors="replace")
    came = f"{reply.status} with {reply.headers.get_content_type()} that begins {start!r}"
    target = reply.headers.get("Location")
    if target:
        return f"{came} and points to {target[:200]!r}. Give Client that address, if you trust it."
    return f"{came}, not as the API of Drawn Digits does. See whether the address is right."
