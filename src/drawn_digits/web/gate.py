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
_LOOKS_FOR_REFUSALS = 32  # in a row; about a second
_LONG_LOOK = 0.015  # seconds
_UNTIL_NEXT_LOOK = 1e-6  # seconds; a sleep of 0 ends before the loop looks

Act = Callable[[], None]


class Gate:
    """Lets at most ``most`` answers be in progress.

    A worker computes in the thread that serves its connections, one answer after the other, so
    what waits there has not been read yet and is in nobody's count. Hence an answer counts as in
    progress until all connections were looked at once more (``look_by``): of the requests
    that arrive while others are computed, as many are admitted, and the others hear so at once.

    Where some are refused, fewer are admitted between two looks, until a second has passed
    without a refusal: under overload somebody else always comes, and whoever is admitted waits
    for nobody but those who are refused meanwhile. And where a look took long, because many came
    at once or the machine stood still, all are refused until one is short again, about a second
    at most: they have waited so long already. ``clock`` counts seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._refused = -math.inf  # when it was, the last time
        self._lock = Lock()  # for servers with threads
        self._looks = _Looks(clock)
        self.in_progress = 0

    def look_by(self, at_next_look: Callable[[Act], object]) -> None:
        """``at_next_look`` calls an act when all connections have been looked at once more."""
        self._looks.at_next = at_next_look

    @property
    def is_calm(self) -> bool:
        """Whether nobody was refused of late."""
        return self._clock() - self._refused > _CALM_SECONDS

    @property
    def is_full(self) -> bool:
        """Whether an answer that is begun now would be refused."""
        if self.is_calm:
            return self.in_progress >= self._most
        return self._looks.were_long or self.in_progress >= min(
            self._most, _ADMITTED_UNDER_OVERLOAD
        )

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
            self._looks.note_request()
            yield
        finally:
            self._looks.at_next(self._end_one)

    def note_refusal(self) -> None:
        """Somebody was not admitted."""
        self._refused = self._clock()
        self._looks.note_request()

    def _end_one(self) -> None:
        with self._lock:
            self.in_progress -= 1


class _Looks:
    """Takes the time from a request until all connections have been looked at once more."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.at_next: Callable[[Act], object] = _call
        self._clock = clock
        self._began: float | None = None
        self._long_ones = 0  # in a row

    @property
    def were_long(self) -> bool:
        """Whether the last ones were, and refusing all may still help.

        Where it does not, so many ask all the time that refusals alone take as long.
        """
        return 0 < self._long_ones <= _LOOKS_FOR_REFUSALS

    def note_request(self) -> None:
        """Begin to take the time, unless that has begun."""
        if self._began is None:
            self._began = self._clock()
            self.at_next(self._end)

    def _end(self) -> None:
        began, self._began = self._began, None
        was_long = began is not None and self._clock() - began > _LONG_LOOK
        self._long_ones = self._long_ones + 1 if was_long else 0


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
