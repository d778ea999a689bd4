"""Gunicorn's worker: one thread in which thousands of connections wait and answers are computed."""

import struct
import sys
import time
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

import gevent
from gevent import socket
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn.http.message import Request
from gunicorn.workers.ggevent import GeventWorker

from drawn_digits.web.batching import BATCHER
from drawn_digits.web.gate import GATE, busy, until_next_look
from drawn_digits.web.metrics import metrics
from drawn_digits.web.problems import Busy
from drawn_digits.web.refusal import is_simple
from drawn_digits.web.request_id import HEADER, name_request
from drawn_digits.web.unparsed import find_problem
from drawn_digits.web.written_problem import WrittenProblem

_SIGN_OF_LIFE = 0.25  # seconds between two, and until a signal is heeded
_SECONDS_TO_END = 2  # for a client whose request cannot be read
# Linux' struct tcp_info: of a listening socket, the fifth number after eight bytes says how many
# connections wait to be accepted.
_TCP_INFO = struct.Struct("8x 16x I")


class Worker(GeventWorker):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn's gevent worker without monkey patching, and fair under overload.

    Only the listening sockets become gevent's, and with them the connections: a slow client holds
    a few kilobytes, no thread. Nothing else here waits for a network, but for the storage of rate
    limits where one is named (``access``).
    """

    number: int
    """From 0 on, the smallest that no other worker has."""

    def patch(self) -> None:
        """Replace the listeners, which is all of Gunicorn's own method that is needed."""
        self.sockets: list[Any] = [_cooperative(listener) for listener in self.sockets]

    def run(self) -> None:
        """Serve until told to end; then finish what has begun.

        As Gunicorn's own method, with another server (``_Server``) and quicker to end.
        """
        servers = [self._listen(listener) for listener in self.sockets]
        while self.alive:
            self.notify()
            gevent.sleep(_SIGN_OF_LIFE)
        for server in servers:
            server.close()
        with gevent.Timeout(self.cfg.graceful_timeout, False):
            while any(len(server.pool) for server in servers):
                self.notify()
                gevent.sleep(_SIGN_OF_LIFE)
        for server in servers:
            server.stop(timeout=1)  # whoever still sends or reads is cut off

    def handle_request(self, *arguments: Any) -> bool:
        """Answer a request; the connection's next one is read when all others were looked at.

        Without that, a client that asks again at once is served before all others, for its next
        request is there before the loop looks for one. A sleep of 0 would not do: the loop goes on
        to the next who slept so before it looks.
        """
        request, client = arguments[1:3]
        if self.alive and GATE.of(self.wsgi).is_full and is_simple(request):
            self._refuse(request, client)
        else:
            self._answer(client, arguments)
        until_next_look()
        return True

    def handle_error(
        self, request: Request, client: socket.socket, address: Any, error: BaseException
    ) -> None:
        """Answer what went wrong: what cannot be read with a problem, the rest as Gunicorn does.

        Gunicorn would answer both in HTML, and log what came.
        """
        if problem := find_problem(error):
            self._say_what_is_wrong(WrittenProblem(problem, "close"), client)
        else:
            super().handle_error(request, client, address, error)

    def _say_what_is_wrong(self, answer: WrittenProblem, client: socket.socket) -> None:
        name = name_request("")
        metrics().count_refusal(answer.slug)
        self.log.warning("%s: answered %d, %s", name, answer.status, answer.slug)
        with suppress(OSError):  # the client has gone
            client.sendall(answer.to_bytes(name))
            _discard_rest(client)

    def _answer(self, client: socket.socket, arguments: tuple[Any, ...]) -> None:
        _hold_back(client, True)
        try:
            super().handle_request(*arguments)
        finally:
            _hold_back(client, False)

    def _refuse(self, request: Request, client: socket.socket) -> None:
        GATE.of(self.wsgi).note_refusal()
        BATCHER.of(self.wsgi).read_waiting()  # who is admitted does not wait for those who are not
        begin = time.perf_counter()
        name = name_request(dict(request.headers).get(HEADER.upper(), ""))
        answer = self._refusal.to_bytes(name)
        seconds = time.perf_counter() - begin
        metrics().count_refusal(Busy.slug)
        metrics().count_request(request.method, request.path, str(self._refusal.status), seconds)
        self.log.note_answer(
            name=name,
            method=request.method,
            path=request.path,
            status=self._refusal.status,
            size=len(self._refusal.body),
            seconds=seconds,
        )
        client.sendall(answer)  # last: Gunicorn answers an error before it, and none after it

    @cached_property
    def _refusal(self) -> WrittenProblem:
        return WrittenProblem(busy(), "keep-alive")

    def _listen(self, listener: socket.socket) -> StreamServer:
        listener.setblocking(True)
        pool = Pool(self.worker_connections)
        server = _Server(listener, handle=partial(self.handle, listener), spawn=pool)
        server.workers = self.cfg.workers
        server.start()
        return server


class _Server(StreamServer):  # type: ignore[misc]  # gevent has no types
    """Accepts its share of the connections that wait, so that workers have about as many.

    Gunicorn lets gevent accept one between two looks at all connections. Then clients with a new
    connection for each request wait in the system's queue, where no gate can refuse them. And if
    it accepts all, one worker may get them all.
    """

    workers = 1

    @property
    def max_accept(self) -> int:
        """How many connections to accept now."""
        return max(1, _count_waiting(self.socket) // self.workers)


def _hold_back(client: socket.socket, held: bool) -> None:
    """Let the head of an answer wait for its body: one packet, and the client wakes up once."""
    if sys.platform.startswith("linux") and client.fileno() >= 0:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, held)


def _discard_rest(client: socket.socket) -> None:
    """Read what is still being sent; if it were left, the system would reset the connection."""
    client.shutdown(socket.SHUT_WR)
    with gevent.Timeout(_SECONDS_TO_END, False):
        while client.recv(65_536):
            pass


def _count_waiting(listener: socket.socket) -> int:
    """How many connections wait to be accepted; 0 where the system does not say."""
    if not sys.platform.startswith("linux"):
        return 0
    info = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    (waiting,) = _TCP_INFO.unpack(info)
    return int(waiting)


def _cooperative(listener: Any) -> socket.socket:
    return socket.socket(listener.FAMILY, socket.SOCK_STREAM, fileno=listener.sock.detach())
