"""A real HTTP server on loopback that serves bytes well or badly, as a test asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class FileServer:
    """``files`` are served by path; ``cut_after`` ends each reply early; ``status`` refuses all."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: int | None = None
    status: int | None = None
    knows_ranges: bool = True
    requested_ranges: list[str | None] = field(default_factory=list)


@contextmanager
def file_server() -> Iterator[FileServer]:
    """Serve on a free port until the block ends."""
    state = FileServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(state: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.requested_ranges.append(asked)
            content = state.files.get(urlsplit(self.path).path)
            if state.status or content is None:
                return self.send_error(state.status or 404)
            start = int(asked.split("=")[1].rstrip("-")) if asked and state.knows_ranges else 0
            if start and start >= len(content):
                return self.send_error(416)
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self.wfile.write(content[start:][: state.cut_after])
            return None

        def log_message(self, *_: object) -> None:
            """Keep the tests' output to the tests."""

    return Handler
