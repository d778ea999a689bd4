"""Headers that every answer carries."""

from collections.abc import Callable, Iterable
from typing import Any

# Nothing but the page's own files; 'wasm-unsafe-eval' lets ONNX Runtime compile WebAssembly.
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)

CONTENT_SECURITY_POLICY = "; ".join(_DIRECTIVES)

POLICY_OF_A_PAGE = "; ".join(d for d in _DIRECTIVES if not d.startswith("frame-ancestors"))
"""The same inside a page, for hosts that send no headers of ours; there frames cannot be named."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_PRIVATE = ("Cache-Control", "no-store")  # what people drew stays out of every cache

Application = Callable[..., Iterable[bytes]]  # WSGI


def add_security_headers(application: Application) -> Application:
    """``application``, with ``HEADERS`` in each answer, and no cache keeping the API's."""
    added = list(HEADERS.items())

    def secured(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_api = environ["PATH_INFO"].startswith("/api/")

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            is_private = is_api and not any(name == "Cache-Control" for name, _ in headers)
            private = [_PRIVATE] if is_private else []
            return start_response(status, [*headers, *added, *private], *error)

        return application(environ, start)

    return secured
