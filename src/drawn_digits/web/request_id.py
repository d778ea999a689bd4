"""A name for every request, in its answer and in the access log."""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any

HEADER = "X-Request-Id"

# What platforms and proxies send: short, and nothing that could break a log line.
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")

Application = Callable[..., Iterable[bytes]]  # WSGI


def name_request(given: str) -> str:
    """The client's own name for its request, where that is one, or else a new one."""
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(16)


def name_requests(application: Application) -> Application:
    """``application``, with ``X-Request-Id`` in each answer: the client's own, or a new one."""

    def named(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name = name_request(environ.get("HTTP_X_REQUEST_ID", ""))

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, (HEADER, name)], *error)

        return application(environ, start)

    return named
