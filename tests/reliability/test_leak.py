"""What counts as growth, on sizes made up by hand."""

from benchmarks.reliability.leak import Size, growth

BEFORE = {1: Size(50_000_000, 10, 2), 2: Size(60_000_000, 10, 2)}


def met(after: dict[int, Size]) -> list[bool]:
    return [row.met for row in growth(BEFORE, after)]


def test_workers_that_stay_as_they_were_have_not_grown() -> None:
    assert met(BEFORE) == [True, True, True]


def test_growth_of_any_one_worker_is_seen() -> None:
    assert met(BEFORE | {2: Size(66_000_000, 10, 2)}) == [False, True, True]
    assert met(BEFORE | {1: Size(50_000_000, 10, 3)}) == [True, True, False]
    # One descriptor less in the first hides no leak in the second.
    leaking = {1: Size(50_000_000, 9, 2), 2: Size(60_000_000, 50, 2)}
    assert met(leaking) == [True, False, True]


def test_a_worker_that_was_replaced_is_no_proof() -> None:
    assert met({1: BEFORE[1], 3: BEFORE[2]}) == [False]
