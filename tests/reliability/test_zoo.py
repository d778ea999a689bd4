"""Every animal of the zoo is met, in its short form, and the zoo judges what it sees."""

import io
import timeit

import pytest
from PIL import Image

from benchmarks.reliability.zoo import Visit, judge, visit
from benchmarks.reliability.zoo_files import Exhibit, exhibits
from tests.live_server import live_server

pytestmark = pytest.mark.alone

EXHIBIT = Exhibit("a file", "image/png", b"", 422)


def milliseconds_to_decode(body: bytes) -> float:
    """The least time that Pillow takes here for a picture."""

    def decode() -> None:
        Image.open(io.BytesIO(body)).load()

    return min(timeit.repeat(decode, number=1, repeat=5)) * 1000


def test_hostile_files_are_refused_fast_and_in_little_memory() -> None:
    """How many milliseconds are fast depends on the machine; ``make reliability`` counts those."""
    with live_server("--workers", "1") as server:
        visits = list(visit(server, short=True))
    answers, _, memory = judge(visits)
    assert answers.met, answers.seen
    assert memory.met, memory.seen
    (largest,) = (v.exhibit.body for v in visits if v.exhibit.name == "largest PNG with alpha")
    slowest = max(visits, key=lambda visit: visit.milliseconds)
    # Four to five times was seen, on both cores' load of other work.
    assert slowest.milliseconds < 10 * milliseconds_to_decode(largest), slowest.exhibit.name


def test_there_are_as_many_as_promised_each_with_a_name_of_its_own() -> None:
    names = [exhibit.name for exhibit in exhibits()]
    assert len(set(names)) == len(names) >= 40


def test_a_wrong_answer_a_slow_one_and_a_large_one_are_each_seen() -> None:
    good = Visit(EXHIBIT, (422, 422), milliseconds=100, megabytes=50)
    assert [row.met for row in judge([good])] == [True, True, True]
    crash = Visit(EXHIBIT, (500, 422), milliseconds=1, megabytes=1)
    slow = Visit(EXHIBIT, (422,), milliseconds=101, megabytes=1)
    large = Visit(EXHIBIT, (422,), milliseconds=1, megabytes=51)
    for place, bad in enumerate((crash, slow, large)):
        assert [row.met for row in judge([good, bad])] == [place != other for other in range(3)]
