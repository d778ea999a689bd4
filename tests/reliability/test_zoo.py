"""Every animal of the zoo is met, in its short form, and the zoo judges what it sees."""

import pytest

from benchmarks.reliability.zoo import Visit, judge, measure
from benchmarks.reliability.zoo_files import Exhibit, exhibits

pytestmark = pytest.mark.alone

EXHIBIT = Exhibit("a file", "image/png", b"", 422)


def test_hostile_files_are_refused_fast_and_in_little_memory() -> None:
    missed = [row for row in measure(short=True) if not row.met]
    assert not missed


def test_there_are_as_many_as_promised_each_with_a_name_of_its_own() -> None:
    names = [exhibit.name for exhibit in exhibits()]
    assert len(set(names)) == len(names) >= 40


def test_a_wrong_answer_a_slow_one_and_a_large_one_are_each_seen() -> None:
    good = Visit(EXHIBIT, 422, milliseconds=100, megabytes=50)
    assert [row.met for row in judge([good])] == [True, True, True]
    crash = Visit(EXHIBIT, 500, milliseconds=1, megabytes=1)
    slow = Visit(EXHIBIT, 422, milliseconds=101, megabytes=1)
    large = Visit(EXHIBIT, 422, milliseconds=1, megabytes=51)
    for place, visit in enumerate((crash, slow, large)):
        assert [row.met for row in judge([good, visit])] == [place != other for other in range(3)]
