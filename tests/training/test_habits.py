import numpy as np
import pytest

from drawn_digits.training.habits import add_habits
from drawn_digits.training.lines import Lines, length

STEM = np.stack([np.full(20, 0.01), np.linspace(-0.5, 0.5, 20)], axis=1)
RING = np.stack([np.cos(np.linspace(0, 6.2, 40)), np.sin(np.linspace(0, 6.2, 40))], axis=1) / 2
SEVEN = np.array([[-0.3, -0.5], [0.3, -0.5], [0.25, -0.4], [0.1, 0.0], [0.0, 0.5]])


def hands(line: np.ndarray, label: str) -> list[Lines]:
    rng = np.random.default_rng(1)
    return [add_habits([line], label, rng) for _ in range(300)]


def test_some_ones_get_a_flag_that_rises_to_the_top() -> None:
    flagged = [
        line
        for line, *_ in hands(STEM, "1")
        if len(line) > len(STEM) and not np.array_equal(line[0], STEM[0])
    ]
    assert 100 < len(flagged) < 240
    for line in flagged:
        start, top = line[0], STEM[0]
        rise = np.degrees(np.arctan2(start[1] - top[1], top[0] - start[0]))
        assert 19 < rise < 83  # nearer to level it would be the bar of a seven


def test_some_ones_get_a_level_foot() -> None:
    feet = [lines[-1] for lines in hands(STEM, "1") if len(lines) > 1 and len(lines[-1]) == 2]
    assert 60 < len(feet) < 130
    for left, right in feet:
        assert left[0] < 0 < right[0]
        assert abs(left[1] - 0.5) < 0.15
        assert abs(right[1] - 0.5) < 0.15


def test_a_one_that_has_a_flag_is_kept_or_becomes_another_one() -> None:
    flag = np.vstack([[[-0.3, -0.2]], STEM])
    kept = sum(lines[0] is flag and len(lines) == 1 for lines in hands(flag, "1"))
    assert 140 < kept < 220


def test_some_zeros_are_slashed_through_the_middle() -> None:
    slashes = [lines[1] for lines in hands(RING, "0") if len(lines) > 1]
    assert 60 < len(slashes) < 120
    for start, end in slashes:
        assert np.abs((start + end) / 2).max() < 0.45
        assert 0.4 < np.hypot(*(end - start)) < 2.1
    assert np.mean([np.hypot(*(end - start)) > 1.4 for start, end in slashes]) > 0.1
    level = [abs(end[1] - start[1]) < abs(end[0] - start[0]) / 3 for start, end in slashes]
    assert 0.15 < np.mean(level) < 0.6


def test_some_sevens_are_crossed_on_the_stem() -> None:
    bars = [lines[1] for lines in hands(SEVEN, "7") if len(lines) > 1]
    assert 90 < len(bars) < 150
    for left, right in bars:
        assert left[0] < right[0]
        assert -0.45 < (left[1] + right[1]) / 2 < 0.55


def test_some_sevens_have_a_round_top_whose_ends_stay() -> None:
    tops = [lines[0] for lines in hands(SEVEN, "7") if len(lines[0]) > len(SEVEN) + 1]
    assert 60 < len(tops) < 130
    corner = SEVEN[1]
    for top in tops:
        np.testing.assert_allclose(top[-1], SEVEN[-1], atol=1e-9)
        assert 0.02 < np.hypot(*(top - corner).T).min() < 0.2  # nobody goes into the corner


def test_some_fours_end_just_below_their_bar() -> None:
    angle = np.array([[-0.1, -0.5], [-0.3, 0.1], [0.3, 0.1]])
    stem = np.stack([np.full(20, 0.15), np.linspace(-0.3, 0.5, 20)], axis=1)
    rng = np.random.default_rng(1)
    written = [add_habits([angle, stem], "4", rng) for _ in range(300)]
    assert all(len(lines) == 2 and lines[0] is angle for lines in written)
    short = [lines[1] for lines in written if lines[1] is not stem]
    assert 50 < len(short) < 100
    for line in short:
        np.testing.assert_allclose(line[0], stem[0])
        assert 0.1 < line[-1, 1] < 0.3


def test_some_ones_end_in_a_hook_that_goes_back_up() -> None:
    written = [lines[0] for lines in hands(STEM, "1") if len(lines) == 1]
    ends = [line[-1] for line in written if line[-1, 1] < STEM[-1, 1]]
    assert 20 < len(ends) < 90
    for x, y in ends:
        assert 0.15 < y < 0.5
        assert abs(x - STEM[-1, 0]) < 0.3


THREE = np.array([[-0.2, -0.5], [0.2, -0.25], [-0.1, 0.0], [0.25, 0.25], [0.0, 0.5], [-0.2, 0.4]])


@pytest.mark.parametrize("label", ["3", "5"])
def test_the_bowl_of_some_threes_and_fives_curls_into_itself(label: str) -> None:
    curls = [lines[0] for lines in hands(THREE, label) if lines[0] is not THREE]
    assert 20 < len(curls) < 80
    for line in curls:
        np.testing.assert_allclose(line[0], THREE[0])
        added = line[np.flatnonzero((line == THREE[-1]).all(axis=1))[0] :]
        assert np.abs(added[:, 0]).max() < 0.5
        assert added[:, 1].min() > -0.2  # it stays off the upper half
        np.testing.assert_array_less(added[-1, 1], added[0, 1])  # the bowl turns upwards


def test_a_fragment_of_a_three_stays_one() -> None:
    fragment = THREE[-2:]
    assert all(lines[0] is fragment for lines in hands(fragment, "3"))


def test_some_sixes_have_a_loop_that_ends_outside_on_the_right() -> None:
    loops = [lines[0] for lines in hands(RING, "6") if lines[0] is not RING]
    assert 15 < len(loops) < 60
    for line in loops:
        left, right = line[line[:, 0].argmin()], line[-1]
        assert left[0] < -0.15 < 0.1 < right[0]
        assert right[1] > 0.25
        inside = np.hypot(*(line[:, None] - line[None]).transpose(2, 0, 1))
        near = np.argwhere(inside < 0.05)
        assert (np.abs(near[:, 0] - near[:, 1]) > 10).any()  # it crosses itself


EIGHT = np.stack([np.sin(2 * (t := np.linspace(0.2, 6.1, 80))) * 0.3, -np.cos(t) * 0.5], axis=1)


def test_the_ends_of_some_eights_run_past_each_other_or_never_meet() -> None:
    changed = [lines[0] for lines in hands(EIGHT, "8") if lines[0] is not EIGHT]
    assert 40 < len(changed) < 110
    more = np.array([length(line) - length(EIGHT) for line in changed])
    assert (more > 0.05).mean() > 0.4
    assert (more < -0.05).mean() > 0.2
    assert more.min() > -0.3 * length(EIGHT)
    assert more.max() < 0.75


NINE = np.vstack([RING * 0.5 + [0, -0.25], [[0.25, -0.25], [0.25, 0.0], [0.2, 0.5]]])


def test_the_ring_of_some_nines_is_flat_or_begins_with_a_curl() -> None:
    changed = [lines[0] for lines in hands(NINE, "9") if lines[0] is not NINE]
    assert 50 < len(changed) < 120
    curled = [line for line in changed if length(line) > length(NINE) + 0.05]
    assert 20 < len(curled) < 70
    for line in curled:
        np.testing.assert_allclose(line[-1], NINE[-1])
        assert not np.allclose(line[0], NINE[0])
    for line in changed:
        if length(line) < length(NINE):
            assert line[:, 1].min() == pytest.approx(-0.5, abs=0.01)
            assert np.median(line[:, 1]) < np.median(NINE[:, 1]) + 0.05


def test_other_characters_and_more_strokes_are_left_alone() -> None:
    assert all(lines[0] is RING and len(lines) == 1 for lines in hands(RING, "2"))
    two = [RING, STEM]
    assert all(len(add_habits(two, "0", np.random.default_rng(s))) == 2 for s in range(50))
