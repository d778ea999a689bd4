"""Whom a worker refuses itself while its gate is full, before anything else is done.

Under overload there are more refusals than answers. Made like any other answer, by WSGI, each takes
twice as long, and at four times the capacity next to nothing is left for answers.
"""

from gunicorn.http.message import Request

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
