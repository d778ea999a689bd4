"""Headers that every answer carries."""

from flask import Response, request

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


def add_security_headers(response: Response) -> Response:
    """Set ``HEADERS``, and keep what people drew out of every cache."""
    response.headers.update(HEADERS)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
