import pytest

from drawn_digits.training.data import PenSample, load_digit_pens, spread, spread_indices


@pytest.mark.parametrize(
    ("count", "limit", "expected"),
    [
        (6, 3, [0, 2, 4]),
        (5, 2, [0, 2]),
        (3, 0, [0, 1, 2]),
        (3, 9, [0, 1, 2]),
        (0, 0, []),
        (0, 4, []),
    ],
)
def test_a_limit_takes_indices_from_the_whole_range(
    count: int, limit: int, expected: list[int]
) -> None:
    assert spread_indices(count, limit).tolist() == expected


def test_some_samples_are_of_every_writer_and_none_is_taken_twice() -> None:
    pens = [PenSample([], "3", "pendigits", f"w{n // 40}", n) for n in range(200)]
    some = spread(pens, 20)
    assert len(some) == len({pen.ordinal for pen in some}) == 20
    assert {pen.writer for pen in some} == {"w0", "w1", "w2", "w3", "w4"}
    assert spread(pens, 0) == pens


@pytest.mark.usefixtures("data_folder")
def test_the_limit_of_digit_pens_is_of_each_source() -> None:
    pens = load_digit_pens("validation", 30)
    assert [pen.source for pen in pens] == ["pendigits"] * 30 + ["unipen"] * 30
    assert all(pen.label.isdecimal() for pen in pens)
