"""A real server that says what a test wants it to say, over loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HANG_UP = b""
"""Instead of an answer: the request is read, and the connection closed."""


@dataclass
class ScriptedServer:
    """Where it is, and what it was asked: the path, body and client's port of each request."""

    url: str
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)


def answer(status: int, body: bytes, content_type: str = "application/json", **more: str) -> bytes:
    """An answer's bytes; ``more`` are headers, with underscores for hyphens."""
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))} | more
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Status", *lines, "", ""]).encode() + body


@contextmanager
def scripted_server(*answers: bytes) -> Iterator[ScriptedServer]:
    """Give these answers in their order, whatever is asked; then hang up."""
    script = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept

        def do_POST(self) -> None:
            seen.paths.append(self.path)
            seen.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            seen.ports.append(self.client_address[1])
            said = next(script, HANG_UP)
            self.close_connection = said == HANG_UP or b"Connection: close" in said
            self.wfile.write(said)

        do_GET = do_POST  # noqa: N815 - the base class looks for this name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True  # a client's kept connection must not hold up the end
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        seen = ScriptedServer(f"http://127.0.0.1:{server.server_port}")
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()
