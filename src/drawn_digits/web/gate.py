"""How many answers a process works at: whoever comes beyond that hears so at once."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import gevent

from drawn_digits.web.extension import Extension
from drawn_digits.web.problems import Busy

_ADMITTED_UNDER_OVERLOAD = 2  # between two looks; who is refused waits for as many
_CALM_SECONDS = 1.0
_UNTIL_NEXT_LOOK = 1e-6  # seconds; a sleep of 0 ends before the loop looks

Act = Callable[[], None]


class Gate:
    """Lets at most ``most`` answers be in progress.

    A worker computes in the thread that serves its connections, one answer after the other, so
    what waits there has not been read yet and is in nobody's count. Hence an answer counts as in
    progress until all connections were looked at once more (``count_until``): of the requests
    that arrive while others are computed, as many are admitted, and the others hear so at once.

    Where some are refused, fewer are admitted between two looks, until a second has passed
    without a refusal: under overload somebody else always comes, and whoever is admitted waits
    for nobody but those who are refused meanwhile. ``clock`` counts seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._refused = -math.inf  # when it was, the last time
        self._lock = Lock()  # for servers with threads
        self._call_at_the_end: Callable[[Act], object] = _call
        self.in_progress = 0

    def count_until(self, call_at_the_end: Callable[[Act], object]) -> None:
        """An answer counts until ``call_at_the_end``, given an act when it is there, calls it."""
        self._call_at_the_end = call_at_the_end

    @property
    def is_calm(self) -> bool:
        """Whether nobody was refused of late."""
        return self._clock() - self._refused > _CALM_SECONDS

    @property
    def is_full(self) -> bool:
        """Whether an answer that is begun now would be refused."""
        most = self._most if self.is_calm else min(self._most, _ADMITTED_UNDER_OVERLOAD)
        return self.in_progress >= most

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Count the block's answer.

        Raises:
            Busy: as many answers as the gate admits are in progress.
        """
        with self._lock:
            if self.is_full:
                self.note_refusal()
                raise busy()
            self.in_progress += 1
        try:
            yield
        finally:
            self._call_at_the_end(self._end_one)

    def expect(self, requests: int) -> None:
        """So many come at once; more than can be admitted are overload before one is refused."""
        if requests > self._most:
            self.note_refusal()

    def note_refusal(self) -> None:
        """Somebody was not admitted."""
        self._refused = self._clock()

    def _end_one(self) -> None:
        with self._lock:
            self.in_progress -= 1


def until_next_look() -> None:
    """Wait until gevent's loop has looked at all connections once more."""
    gevent.sleep(_UNTIL_NEXT_LOOK)


class NextLook:
    """Calls what it is given when gevent's loop has looked at all connections once more."""

    def __init__(self) -> None:
        self._timer = gevent.get_hub().loop.timer(_UNTIL_NEXT_LOOK)
        self._acts: list[Act] = []

    def __call__(self, act: Act) -> None:
        self._acts.append(act)
        if not self._timer.active:
            self._timer.start(self._call_all)

    def _call_all(self) -> None:
        acts, self._acts = self._acts, []
        for act in acts:
            act()


def _call(act: Act) -> None:
    act()


def busy() -> Busy:
    """What a full gate says."""
    return Busy(
        "As many answers are in progress as are worked at. Ask again in as many seconds as "
        "Retry-After says."
    )


GATE = Extension[Gate]("gate")
"""What admits the answers."""
