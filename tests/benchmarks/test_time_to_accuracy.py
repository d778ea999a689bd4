import numpy as np
import pytest

from benchmarks.time_to_accuracy import (
    Epoch,
    Figure,
    epoch_that_holds,
    median,
    ratio,
    table,
    time_to_target,
)


def run(*accuracies: float, seconds: float = 10) -> list[Epoch]:
    return [Epoch(seconds, accuracy) for accuracy in accuracies]


@pytest.mark.parametrize(
    ("accuracies", "number"),
    [
        ((0.99, 0.994, 0.995), 2),
        ((0.995, 0.9939, 0.994, 0.9941), 3),  # reached once before, but not held
        ((0.994, 0.994), 1),
        ((0.99, 0.993), None),
        ((0.99, 0.995), None),  # no epoch is left to hold it in
        ((0.995, 0.99, 0.995, 0.99), None),
        ((), None),
    ],
)
def test_the_first_of_two_epochs_in_a_row_counts(
    accuracies: tuple[float, ...], number: int | None
) -> None:
    assert epoch_that_holds(run(*accuracies)) == number


def test_4970_of_5000_are_enough_in_float32_too() -> None:
    assert float(np.nextafter(np.float32(0.994), np.float32(0))) < 0.994
    for accuracy in (np.float32(4970) / np.float32(5000), np.nextafter(np.float32(0.994), 0)):
        assert epoch_that_holds(run(float(accuracy), float(accuracy))) == 1
    assert epoch_that_holds(run(4969 / 5000, 4969 / 5000)) is None


def test_the_time_ends_with_the_first_of_the_two_epochs() -> None:
    epochs = [Epoch(30, 0.98), Epoch(20, 0.995), Epoch(21, 0.995)]
    assert time_to_target(epochs) == Figure(50)


def test_a_run_that_does_not_get_there_counts_whole_as_a_lower_bound() -> None:
    assert time_to_target(run(0.98, 0.99, 0.995)) == Figure(30, ">")


@pytest.mark.parametrize(
    ("classic", "own", "expected"),
    [
        (Figure(100), Figure(20), Figure(5)),
        (Figure(100, ">"), Figure(20), Figure(5, ">")),
        (Figure(100), Figure(20, ">"), Figure(5, "<")),
        (Figure(100, ">"), Figure(20, ">"), Figure(5, "?")),
    ],
)
def test_a_ratio_is_bounded_on_the_side_that_its_times_leave_open(
    classic: Figure, own: Figure, expected: Figure
) -> None:
    assert ratio(classic, own) == expected


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([Figure(3), Figure(1), Figure(2)], Figure(2)),
        ([Figure(3, ">"), Figure(1), Figure(2)], Figure(2)),  # more than 3 is still above
        ([Figure(3), Figure(1, ">"), Figure(2)], Figure(2, ">")),
        ([Figure(3), Figure(1), Figure(2, ">")], Figure(2, ">")),
        ([Figure(3), Figure(1, "<"), Figure(2)], Figure(2)),
        ([Figure(3, "<"), Figure(1), Figure(2)], Figure(2, "<")),
        ([Figure(3, "<"), Figure(1, ">"), Figure(2)], Figure(2, "?")),
        ([Figure(3, "?"), Figure(1), Figure(2)], Figure(2, "?")),
    ],
)
def test_a_median_is_a_bound_only_where_a_bound_could_move_it(
    figures: list[Figure], expected: Figure
) -> None:
    assert median(figures) == expected


def test_the_table_shows_each_seed_and_the_medians() -> None:
    fast = run(0.995, 0.995, seconds=20)
    lines = table(
        {
            1: (run(0.98, 0.99, 0.994, 0.994), fast),
            2: (run(0.98, 0.99, 0.99, 0.99, 0.99), fast),
            3: (run(0.98, 0.994, 0.994), fast),
        }
    ).splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "seed classic own ratio",
        "1 30.0 (3 epochs) 20.0 (1 epochs) 1.5",
        "2 > 50.0 (5 epochs) 20.0 (1 epochs) > 2.5",
        "3 20.0 (2 epochs) 20.0 (1 epochs) 1.0",
        "median 30.0 20.0 1.5",
    ]
