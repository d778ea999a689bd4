import numpy as np
import pytest

from drawn_digits.training.lines import (
    SPACING,
    beyond,
    heading,
    joined,
    length,
    resample_evenly,
    run_on,
)

DOWN = np.stack([np.zeros(21), np.linspace(-0.5, 0.5, 21)], axis=1)
LEVEL = np.array([[-0.4, -0.5], [0.0, -0.5]])


def test_a_line_is_as_long_as_its_steps() -> None:
    assert length(np.array([[0.0, 0.0], [0.3, 0.4], [0.3, 0.0]])) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("end", "degrees"), [((1, 0), 0), ((0, 1), 90), ((-1, 0), 180), ((0, -1), -90)]
)
def test_it_heads_where_it_ends(end: tuple[float, float], degrees: float) -> None:
    line = np.array([[0.3, 0.3], [0.0, 0.0], end])
    assert heading(line[1:]) == pytest.approx(np.radians(degrees))


def test_a_dot_heads_to_the_right() -> None:
    assert heading(np.zeros((1, 2))) == 0


def test_running_on_straight_only_lengthens_it() -> None:
    longer = run_on(DOWN, 0.3)
    np.testing.assert_array_equal(longer[: len(DOWN)], DOWN)
    np.testing.assert_allclose(longer[-1], [0, 0.8], atol=1e-9)
    np.testing.assert_allclose(np.diff(longer[-5:, 1]), SPACING)


def test_a_hook_goes_back_along_the_line() -> None:
    hooked = run_on(DOWN, 0.3, turn=np.radians(150))
    x, y = hooked[-1] - DOWN[-1]
    assert (x, y) == pytest.approx((-0.3 * np.sin(np.radians(30)), -0.3 * np.cos(np.radians(30))))


def test_a_curl_ends_where_its_circle_does() -> None:
    radius, sweep = 0.4, np.radians(180)
    curled = run_on(DOWN, radius * sweep, sweep=sweep)
    # Clockwise from downwards is towards the left.
    np.testing.assert_allclose(curled[-1], DOWN[-1] + [-2 * radius, 0], atol=0.04)
    assert length(curled) == pytest.approx(1 + radius * sweep, abs=SPACING)


def test_no_reach_adds_nothing() -> None:
    np.testing.assert_array_equal(run_on(DOWN, 0.0), DOWN)


def test_what_lies_beyond_begins_where_the_reach_ends() -> None:
    rest = beyond(DOWN, 0.22)
    np.testing.assert_allclose(rest[0], [0, -0.28])
    np.testing.assert_array_equal(rest[-1], DOWN[-1])
    assert length(rest) == pytest.approx(0.78)


def test_lines_are_joined_round_their_corner() -> None:
    whole = joined(LEVEL, DOWN, reach=0.2)
    np.testing.assert_array_equal(whole[[0, -1]], [LEVEL[0], DOWN[-1]])
    assert 0.01 < np.hypot(*(whole - LEVEL[1]).T).min() < 0.15


def test_resampled_points_lie_evenly_on_the_line_and_its_ends_stay() -> None:
    corner = np.array([[0.0, 0.0], [0.1, 0.0], [1.0, 0.0], [1.0, 0.5]])
    even = resample_evenly(corner, 0.1)
    np.testing.assert_array_equal(even[[0, -1]], corner[[0, -1]])
    np.testing.assert_allclose(np.hypot(*np.diff(even, axis=0).T), 0.1)
    assert (np.isclose(even[:, 1], 0) | np.isclose(even[:, 0], 1)).all()


@pytest.mark.parametrize("places", [1, 3])
def test_a_dot_is_resampled_to_one_point(places: int) -> None:
    np.testing.assert_array_equal(resample_evenly(np.ones((places, 2)), 0.1), np.ones((1, 2)))
