"""Two hundred clients that send a byte a second, and what others notice of them."""

import gevent
from gevent import socket
from gevent.event import Event

from benchmarks.reliability.client import Address, Outcome, ask_once
from benchmarks.reliability.prepared import is_right, picture_requests
from benchmarks.reliability.processes import clients_of
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import median_ms, percentile_ms, run_alone
from tests.live_server import LiveServer, live_server

SLOW = 200
REQUESTS = 200
_PAUSE = 0.02  # seconds: with it the others ask for as long as a slow client's headers may take


def measure(*, short: bool) -> list[Row]:
    """The whole, in the short form too: it takes a quarter of a minute."""
    with live_server("--workers", "2") as server:
        alone = ask_calmly(server.address)
        end = Event()
        slow = [gevent.spawn(_send_slowly, server.address, number, end) for number in range(SLOW)]
        gevent.sleep(2)  # all have come, and sent some bytes
        before = _held(server)
        beside = ask_calmly(server.address)
        after = _held(server)
        end.set()
        gevent.joinall(slow, raise_error=True)
    return [_connected(before, after), _answers(alone, beside)]


def ask_calmly(address: Address) -> list[Outcome]:
    """One after the other, each on a connection of its own, as other visitors come."""
    outcomes = []
    requests = picture_requests()
    for number in range(REQUESTS):
        outcomes.append(ask_once(address, requests[number % 10], number))
        gevent.sleep(_PAUSE)
    return outcomes


def _send_slowly(address: Address, number: int, end: Event) -> None:
    """Half of them are slow from the first byte, half within the body; who is cut comes again."""
    request = picture_requests()[number % 10]
    begun = 1 if number % 2 else request.index(b"\r\n\r\n") + 5
    while not end.is_set():
        with socket.create_connection(address) as connection:
            connection.sendall(request[:begun])
            _trickle(connection, request[begun:], end)


def _trickle(connection: socket.socket, rest: bytes, end: Event) -> None:
    connection.settimeout(1)
    for byte in rest:
        if end.is_set() or _is_sent_away(connection):
            return
        connection.sendall(bytes([byte]))


def _is_sent_away(connection: socket.socket) -> bool:
    """Whether the server loses its patience within the second before the next byte."""
    try:
        connection.recv(1)
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True


def _held(server: LiveServer) -> int:
    """How many connections its workers have accepted."""
    return sum(len(clients_of(worker, server.address[1])) for worker in server.workers)


def _connected(before: int, after: int) -> Row:
    seen = f"{before} before, {after} after"
    least = SLOW * 9 // 10  # some are being cut, and are on their way back
    claim = f"Of {SLOW} slow clients, those that the workers hold"
    return Row(claim, seen, f"at least {least}", min(before, after) >= least)


def _answers(alone: list[Outcome], beside: list[Outcome]) -> Row:
    right = sum(map(is_right, beside))
    seen = f"{right} of {REQUESTS}; {_times(beside)}, without slow clients {_times(alone)}"
    return Row("Right answers to others beside them", seen, f"all {REQUESTS}", right == REQUESTS)


def _times(outcomes: list[Outcome]) -> str:
    seconds = [outcome.seconds for outcome in outcomes]
    return f"median {median_ms(seconds):.1f} ms, 99th {percentile_ms(seconds, 99):.1f} ms"


if __name__ == "__main__":
    run_alone(measure)
