from collections.abc import Iterable

import gevent
import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import InvalidPicture
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.pictures import decode_picture
from drawn_digits.recognizer.model_file import read_model_file
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.web.batching import Batcher
from drawn_digits.web.gate import until_next_look
from tests.web import ink_samples

pytestmark = pytest.mark.alone

SEVEN, FOUR, ONE = (
    decode_picture(ink_samples.picture(lines))
    for lines in (ink_samples.SEVEN, ink_samples.FOUR, ink_samples.ONE)
)
TOO_SMALL = np.full((4, 4), 255, np.uint8)


class Noting(Recognizer):
    """The real one, which notes how many pictures each run had."""

    def __init__(self) -> None:
        super().__init__(read_model_file())
        self.runs: list[int] = []

    def predict(self, inputs: Iterable[NDArray[np.uint8] | Drawing]) -> list[Prediction]:
        pictures = list(inputs)
        self.runs.append(len(pictures))
        return super().predict(pictures)


class Spoiled(Noting):
    """Cannot read the four, whoever asks beside it."""

    def predict(self, inputs: Iterable[NDArray[np.uint8] | Drawing]) -> list[Prediction]:
        pictures = list(inputs)
        if any(picture is FOUR for picture in pictures):
            raise InvalidPicture("It is spoiled.")
        return super().predict(pictures)


@pytest.fixture
def recognizer() -> Noting:
    return Noting()


@pytest.fixture
def batcher() -> Batcher:
    batcher = Batcher()
    batcher.gather_by(until_next_look)
    return batcher


def ask_together(batcher: Batcher, asked: list[tuple[Recognizer, NDArray[np.uint8]]]) -> list[int]:
    """Each by a greenlet of its own; a digit each, or -1 where the picture is invalid."""

    def ask(recognizer: Recognizer, picture: NDArray[np.uint8]) -> int:
        try:
            return batcher.predict(recognizer, picture).digit or 0
        except InvalidPicture:
            return -1

    greenlets = [gevent.spawn(ask, *one) for one in asked]
    gevent.joinall(greenlets, timeout=30, raise_error=True)
    return [greenlet.value for greenlet in greenlets]


def test_who_asks_together_is_answered_by_one_run(recognizer: Noting, batcher: Batcher) -> None:
    pictures = [SEVEN, FOUR, ONE]
    assert ask_together(batcher, [(recognizer, p) for p in pictures]) == [7, 4, 1]
    assert recognizer.runs == [3]


def test_a_run_has_eight_pictures_at_most(recognizer: Noting, batcher: Batcher) -> None:
    pictures = [SEVEN, FOUR, ONE, SEVEN, FOUR] * 4
    assert ask_together(batcher, [(recognizer, p) for p in pictures]) == [7, 4, 1, 7, 4] * 4
    assert recognizer.runs == [8, 8, 4]


def test_an_answer_is_that_of_the_picture_alone(recognizer: Noting, batcher: Batcher) -> None:
    alone = load_recognizer().predict([SEVEN])[0]
    greenlets = [gevent.spawn(batcher.predict, recognizer, p) for p in (FOUR, SEVEN, ONE)]
    gevent.joinall(greenlets, timeout=30, raise_error=True)
    np.testing.assert_allclose(greenlets[1].value.probabilities, alone.probabilities, atol=1e-6)
    np.testing.assert_allclose(greenlets[1].value.evidence, alone.evidence, atol=1e-4)


def test_one_that_cannot_be_read_spoils_no_other(recognizer: Noting, batcher: Batcher) -> None:
    pictures = [SEVEN, TOO_SMALL, ONE]
    assert ask_together(batcher, [(recognizer, p) for p in pictures]) == [7, -1, 1]
    spoiled = Spoiled()
    assert ask_together(batcher, [(spoiled, SEVEN), (spoiled, FOUR), (spoiled, ONE)]) == [7, -1, 1]


def test_each_model_reads_its_own(recognizer: Noting, batcher: Batcher) -> None:
    other = Noting()
    asked = [(recognizer, SEVEN), (other, FOUR), (recognizer, ONE), (other, ONE)]
    assert ask_together(batcher, list(asked)) == [7, 4, 1, 1]
    assert (recognizer.runs, other.runs) == ([2], [2])


def test_nobody_waits_who_asks_alone_or_outside_a_loop(recognizer: Noting) -> None:
    batcher = Batcher()
    assert batcher.predict(recognizer, SEVEN).digit == 7
    batcher.gather_by(lambda: pytest.fail("waited"))
    assert batcher.predict(recognizer, ONE, alone=True).digit == 1


def test_pictures_of_another_shape_are_another_run(recognizer: Noting, batcher: Batcher) -> None:
    large = decode_picture(ink_samples.picture(ink_samples.SEVEN, side=400))
    pictures = [SEVEN, large, ONE]
    assert ask_together(batcher, [(recognizer, p) for p in pictures]) == [7, 7, 1]
    assert sorted(recognizer.runs) == [1, 2]


def test_who_waits_can_be_read_at_once(recognizer: Noting, batcher: Batcher) -> None:
    waiting = gevent.spawn(batcher.predict, recognizer, SEVEN)
    gevent.sleep(0)  # it has begun
    batcher.read_waiting()
    assert recognizer.runs == [1]
    assert waiting.get(timeout=30).digit == 7
    assert recognizer.runs == [1]


def test_the_end_of_who_asked_first_leaves_nobody_waiting(
    recognizer: Noting, batcher: Batcher
) -> None:
    first = gevent.spawn(batcher.predict, recognizer, SEVEN)
    second = gevent.spawn(batcher.predict, recognizer, ONE)
    gevent.sleep(0)
    first.kill()
    assert second.get(timeout=30).digit == 1
