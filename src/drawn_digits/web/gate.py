"""How many answers a process works at: whoever comes beyond that hears so at once."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import gevent
from flask import Flask, current_app

from drawn_digits.web.metrics import metrics
from drawn_digits.web.problems import Busy, respond

_EXTENSION = "drawn_digits.gate"

_COMPUTED_AT_ONCE = 2  # between two looks at all connections; who is refused waits for as many
_CALM_SECONDS = 1.0
_UNTIL_NEXT_LOOK = 1e-6  # seconds; a sleep of 0 ends before the loop looks

Application = Callable[..., Iterable[bytes]]  # WSGI


class Gate:
    """Lets at most ``most`` answers be in progress.

    A worker computes in the thread that serves its connections, one answer after the other. So
    that it knows how many are wanted, each that is admitted waits for its turn until all requests
    that have arrived were read; then those that were admitted are computed, some at once, and so
    on. Answers and refusals take turns, and neither can starve the other.

    Where some are refused, only as many are admitted as are computed at once, until a second has
    passed without a refusal: under overload somebody else always comes, and whoever is admitted
    waits for nobody but those who are refused meanwhile. ``clock`` counts seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._refused = -math.inf  # when it was, the last time
        self._lock = Lock()  # for servers with threads
        self.in_progress = 0

    @property
    def is_full(self) -> bool:
        """Whether an answer that is begun now would be refused."""
        is_calm = self._clock() - self._refused > _CALM_SECONDS
        return self.in_progress >= (self._most if is_calm else min(self._most, _COMPUTED_AT_ONCE))

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Begin the block when it is its turn.

        Raises:
            Busy: as many answers as the gate admits are in progress.
        """
        with self._lock:
            if self.is_full:
                self.note_refusal()
                raise _busy()
            before = self.in_progress
            self.in_progress += 1
        try:
            for _ in range(before // _COMPUTED_AT_ONCE):
                gevent.sleep(_UNTIL_NEXT_LOOK)
            gevent.sleep(0)  # until the others that have come are admitted or refused
            yield
        finally:
            with self._lock:
                self.in_progress -= 1

    def note_refusal(self) -> None:
        """Somebody was not admitted."""
        self._refused = self._clock()


def refuse_when_full(application: Application, gate: Gate, path: str) -> Application:
    """``application``, but below ``path`` a full gate refuses before anything else is done.

    Under overload there are more refusals than answers, so each of them has to be cheap.
    """
    refusal = respond(_busy())
    headers, body = refusal.headers.to_wsgi_list(), [refusal.get_data()]

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not (gate.is_full and environ["PATH_INFO"].startswith(path)):
            return application(environ, start_response)
        gate.note_refusal()
        metrics().count_refusal(Busy.slug)
        start_response(refusal.status, headers)
        return body

    return guarded


def _busy() -> Busy:
    return Busy(
        "As many answers are in progress as are worked at. Ask again in as many seconds as "
        "Retry-After says."
    )


def use_gate(app: Flask, gate: Gate) -> None:
    """Let ``gate`` admit the answers of ``app``."""
    app.extensions[_EXTENSION] = gate


def current_gate() -> Gate:
    """The gate of the application that answers."""
    gate: Gate = current_app.extensions[_EXTENSION]
    return gate
