"""Dynamic batching: pictures that arrive together are read in one run of the model.

Eight pictures in one run take 0.55 ms each, and 0.9 one by one: most of a run's operations work on
a few numbers and take as long for one picture as for eight. (The batches that clients send are
another thing: each is one request.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from gevent.event import AsyncResult
from numpy.typing import NDArray

from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.web.extension import Extension

_MOST = 8  # pictures in a run: sixteen take as long each


@dataclass(frozen=True, slots=True)
class _Asked:
    """A picture, uint8 [height, width], and where its answer will be."""

    picture: NDArray[np.uint8]
    answer: "AsyncResult[Prediction]" = field(default_factory=AsyncResult)


_Alike = tuple[Recognizer, tuple[int, ...]]
"""The model and the shape of the picture: one run reads pictures of one shape."""


class Batcher:
    """Reads pictures, together where greenlets ask together."""

    def __init__(self) -> None:
        self._gather: Callable[[], object] | None = None
        self._waiting: dict[_Alike, list[_Asked]] = {}

    def gather_by(self, gather: Callable[[], object]) -> None:
        """``gather`` waits until all have asked who ask at the same time; before, none waits."""
        self._gather = gather

    def predict(
        self, recognizer: Recognizer, picture: NDArray[np.uint8], *, alone: bool = False
    ) -> Prediction:
        """What ``recognizer`` says of a picture; ``alone``, without waiting for others.

        Raises:
            InvalidPicture: as ``Recognizer.predict``, and for this picture only.
        """
        if alone or self._gather is None:
            return recognizer.predict([picture])[0]
        asked = _Asked(picture)
        alike = recognizer, picture.shape
        together = self._waiting.setdefault(alike, [])
        together.append(asked)
        if len(together) == _MOST:
            self.read_waiting()
        elif len(together) == 1:
            try:
                self._gather()
            finally:
                if self._waiting.get(alike) is together:
                    self.read_waiting()
        prediction: Prediction = asked.answer.get()
        return prediction

    def read_waiting(self) -> None:
        """Wait no longer for others."""
        waiting, self._waiting = self._waiting, {}
        for (recognizer, _), together in waiting.items():
            _read(recognizer, together)


def _read(recognizer: Recognizer, together: Sequence[_Asked]) -> None:
    try:
        predictions = recognizer.predict([asked.picture for asked in together])
    except BaseException as error:  # nobody is to wait for ever
        if len(together) == 1 or not isinstance(error, Exception):
            for asked in together:
                asked.answer.set_exception(error)
        else:  # it is of one of them; the others are to have their answers
            for asked in together:
                _read(recognizer, [asked])
    else:
        for asked, prediction in zip(together, predictions, strict=True):
            asked.answer.set(prediction)


BATCHER = Extension[Batcher]("batcher")
"""What reads the pictures that are asked for one by one."""
