"""What a worker says itself while its gate is full, before anything else is done.

Under overload there are more refusals than answers. Made like any other answer, by WSGI, each takes
twice as long, and at four times the capacity next to nothing is left for answers.
"""

import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from gunicorn.http.message import Request
from gunicorn.util import http_date

from drawn_digits.web.gate import busy
from drawn_digits.web.problems import respond
from drawn_digits.web.request_id import HEADER
from drawn_digits.web.security import add_security_headers

PATHS = ("/api/v1/predictions", "/api/v1/predictions/batch")
"""Where answers are computed."""

_SMALL_BODY = 65_536  # bytes; the rest of it is here within a moment
_NOT_SIMPLE = {"EXPECT", "ORIGIN", "TRANSFER-ENCODING"}


def is_simple(request: Request) -> bool:
    """Whether a refusal can be all that is said.

    The connection stays, nobody waits to send or still sends for long, and no page of another
    origin is to read it.
    """
    headers = dict(request.headers)
    length = headers.get("CONTENT-LENGTH", "")
    return (
        request.path in PATHS
        and request.method == "POST"
        and request.version == (1, 1)
        and not request.should_close()
        and headers.keys().isdisjoint(_NOT_SIMPLE)
        and length.isdecimal()
        and int(length) <= _SMALL_BODY
    )


class Refusal:
    """The answer of a full gate, written once but for its date and the request's name."""

    status = respond(busy()).status_code

    def __init__(self) -> None:
        self._head, self.body = _answer_of_a_full_gate()

    def to_bytes(self, name: str) -> bytes:
        """For the request ``name``, which it carries as ``X-Request-Id``."""
        return b"%b%b\r\n\r\n%b" % (self._head_of(int(time.time())), name.encode(), self.body)

    @lru_cache(maxsize=1)  # noqa: B019 - one a process, and one second of it
    def _head_of(self, second: int) -> bytes:
        """All of the head but for the name at its end."""
        return f"{self._head}Date: {http_date(second)}\r\n{HEADER}: ".encode("latin-1")


def _answer_of_a_full_gate() -> tuple[str, bytes]:
    """The head without its end, and the body, as WSGI would give them."""
    lines: list[str] = []

    def refuse(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        response = respond(busy())
        start_response(response.status, response.headers.to_wsgi_list())
        return [response.get_data()]

    def note(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        fields = [*headers, ("Server", "gunicorn"), ("Connection", "keep-alive")]
        lines.extend([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields), ""])

    (body,) = add_security_headers(refuse)({"PATH_INFO": PATHS[0]}, note)
    return "\r\n".join(lines), body
