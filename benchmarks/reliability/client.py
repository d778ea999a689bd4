"""A light client that puts load on a server: raw sockets, prepared requests, a greenlet each.

It shares the machine's cores with the server that it measures, so it reads no more of an answer
than is needed to find its end.
"""

import errno
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Self

import gevent
from gevent import socket
from gevent.pool import Group

SECONDS = 30  # without a byte, then a request has failed
_IDLE_SECONDS = 2  # the server closes what has been idle for five; such a reset is no failure
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close|^HTTP/1\.0", re.IGNORECASE)
_OWN_LIMITS = (errno.EMFILE, errno.EADDRNOTAVAIL)  # of this machine; no fault of the server

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of request ``number``.

    ``failure`` is empty where an answer came whole. Else it is "refused" (no connection), "reset"
    (closed before the first byte of an answer), "short" (closed within it) or "timeout", and
    ``status`` is 0. ``retried`` is the failure of a first try, where there was one.
    """

    number: int
    status: int
    seconds: float
    failure: str = ""
    retried: str = ""
    head: bytes = b""
    body: bytes = b""


Note = Callable[[Outcome], object]


class Failed(Exception):
    """No whole answer came; the text is the kind of failure."""


class Connection:
    """Keeps one connection to ``address``, which is opened when it is needed."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self.answered = 0.0  # when, last

    @property
    def port(self) -> int:
        """This side's; 0 where nothing is open."""
        return int(self._socket.getsockname()[1]) if self._socket else 0

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, number: int, request: bytes) -> Outcome:
        begin = time.perf_counter()
        try:
            head, body = self._exchange(request)
        except Failed as failure:
            self.close()
            return Outcome(number, 0, time.perf_counter() - begin, failure=str(failure))
        self.answered = time.perf_counter()
        seconds = self.answered - begin
        return Outcome(number, int(head[9:12]), seconds, head=head, body=body)

    def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        data = b""
        try:
            open_socket = self._open()
            open_socket.sendall(request)
            while (answer := _split(data)) is None:
                piece = open_socket.recv(65_536)
                if not piece:
                    raise ConnectionResetError
                data += piece
        except TimeoutError:
            raise Failed("timeout") from None
        except ConnectionRefusedError:
            raise Failed("refused") from None
        except OSError as error:
            if error.errno in _OWN_LIMITS:
                raise
            raise Failed("short" if data else "reset") from None
        if _CLOSE.search(answer[0]):
            self.close()
        return answer

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket


def _split(data: bytes) -> tuple[bytes, bytes] | None:
    """Head and body; None where more has to come."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return None
    length = _LENGTH.search(head)
    if length is None:
        raise ValueError(f"An answer without Content-Length: {head!r}")
    return (head, body) if len(body) >= int(length[1]) else None


def ask_once(address: Address, request: bytes, number: int = 0) -> Outcome:
    """On a connection of its own."""
    with Connection(address) as connection:
        return connection.ask(number, request)


def closed_loop(
    address: Address,
    requests: Sequence[bytes],
    numbers: Iterable[int],
    note: Note,
    *,
    connections: int,
    retry: bool = False,
) -> None:
    """Ask for each of ``numbers``; each connection asks again as soon as it is answered.

    Number n asks ``requests[n % len(requests)]``. With ``retry``, what failed is asked once more.
    """
    shared = iter(numbers)

    def ask_on() -> None:
        with Connection(address) as connection:
            for number in shared:
                note(_ask(connection, number, requests[number % len(requests)], retry))

    gevent.joinall([gevent.spawn(ask_on) for _ in range(connections)], raise_error=True)


def _ask(connection: Connection, number: int, request: bytes, retry: bool) -> Outcome:
    outcome = connection.ask(number, request)
    if not (outcome.failure and retry):
        return outcome
    return replace(connection.ask(number, request), retried=outcome.failure)


def open_loop(
    address: Address, requests: Sequence[bytes], numbers: Iterable[int], note: Note, *, rate: float
) -> None:
    """Ask ``rate`` times a second, whatever is answered; a latency counts from when it was due."""
    idle: list[Connection] = []
    group = Group()

    def ask(number: int, due: float) -> None:
        late = time.perf_counter() - due
        # The newest comes last, so where that one has been idle for too long, all have.
        is_fresh = idle and time.perf_counter() - idle[-1].answered < _IDLE_SECONDS
        connection = idle.pop() if is_fresh else Connection(address)
        outcome = connection.ask(number, requests[number % len(requests)])
        idle.append(connection)
        note(replace(outcome, seconds=outcome.seconds + late))

    begin = time.perf_counter()
    for place, number in enumerate(numbers):
        due = begin + place / rate
        gevent.sleep(max(0, due - time.perf_counter()))
        group.spawn(ask, number, due)
    group.join(raise_error=True)
    for connection in idle:
        connection.close()


@contextmanager
def urgent() -> Iterator[None]:
    """This process before others, where it may.

    Whoever measures must not be what is late: clients are on other machines, and here they share
    the server's cores.
    """
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, usual - 10)
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, usual)
