import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.training.data.smoothing import smooth_line


def roughness(line: NDArray[np.float64]) -> float:
    """Summed turning of the line, in radians."""
    angles = np.arctan2(*np.diff(line, axis=0).T[::-1])
    return float(np.abs(np.diff(np.unwrap(angles))).sum())


def test_a_staircase_becomes_nearly_straight() -> None:
    steps = np.arange(20.0)
    stairs = np.stack([np.repeat(steps, 2)[1:], np.repeat(steps, 2)[:-1]], axis=1)
    smooth = smooth_line(stairs)
    off_diagonal = np.abs(smooth[2:-2, 0] - smooth[2:-2, 1] - 0.5) / np.sqrt(2)
    assert off_diagonal.max() < 0.2
    assert roughness(smooth) < roughness(stairs) / 3


def test_ends_stay_and_a_straight_line_stays_straight() -> None:
    line = np.array([[0.0, 0.0], [3.0, 4.0], [12.0, 16.0]])
    smooth = smooth_line(line)
    assert smooth[0].tolist() == [0, 0]
    assert smooth[-1].tolist() == [12, 16]
    assert smooth[:, 1] * 3 == pytest.approx(smooth[:, 0] * 4)


def test_a_circle_of_a_digit_s_size_keeps_its_size() -> None:
    turn = np.linspace(0, 2 * np.pi, 200)
    circle = 10 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    radii = np.hypot(*smooth_line(np.round(circle)).T)
    assert radii.mean() == pytest.approx(10, abs=0.3)


@pytest.mark.parametrize("line", [[[5.0, 5.0]], [[5.0, 5.0]] * 3])
def test_a_dot_stays_a_dot(line: list[list[float]]) -> None:
    assert smooth_line(np.array(line)).tolist() == [[5, 5]]


def test_the_line_that_came_is_left_alone() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
    before = line.copy()
    smooth_line(line)
    assert np.array_equal(line, before)
