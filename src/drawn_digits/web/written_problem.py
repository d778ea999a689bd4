"""A problem as the bytes that WSGI would make of it, for a worker that answers without."""

import time
from collections.abc import Iterable
from typing import Any, Literal

from flask import Response
from gunicorn.util import http_date

from drawn_digits.errors import DrawnDigitsError
from drawn_digits.web.problems import respond
from drawn_digits.web.request_id import HEADER
from drawn_digits.web.security import add_security_headers

_API = "/api/"  # whose answers no cache keeps


class WrittenProblem:
    """The answer to what cannot be answered, written once but for its date and its name.

    Args:
        error: what is wrong.
        connection: what becomes of it after the answer.
    """

    def __init__(self, error: DrawnDigitsError, connection: Literal["close", "keep-alive"]) -> None:
        self.slug = error.slug
        response = respond(error)
        self.status = response.status_code
        self._fields, self.body = _write(response, connection)
        self._dated = (0, b"")

    def to_bytes(self, name: str) -> bytes:
        """For the request ``name``, which it carries as ``X-Request-Id``."""
        return b"%b%b\r\n\r\n%b" % (self._head_of(int(time.time())), name.encode(), self.body)

    def _head_of(self, second: int) -> bytes:
        """All of the head but for the name at its end."""
        if self._dated[0] != second:
            head = f"{self._fields}Date: {http_date(second)}\r\n{HEADER}: "
            self._dated = (second, head.encode("latin-1"))
        return self._dated[1]


def _write(response: Response, connection: str) -> tuple[str, bytes]:
    """The head without its end, and the body, as WSGI would give them."""
    lines: list[str] = []

    def refuse(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(response.status, response.headers.to_wsgi_list())
        return [response.get_data()]

    def note(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        fields = [*headers, ("Server", "gunicorn"), ("Connection", connection)]
        lines.extend([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields), ""])

    (body,) = add_security_headers(refuse)({"PATH_INFO": _API}, note)
    return "\r\n".join(lines), body
