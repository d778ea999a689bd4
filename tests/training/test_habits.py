import numpy as np

from drawn_digits.training.habits import Lines, add_habits

STEM = np.stack([np.full(20, 0.01), np.linspace(-0.5, 0.5, 20)], axis=1)
RING = np.stack([np.cos(np.linspace(0, 6.2, 40)), np.sin(np.linspace(0, 6.2, 40))], axis=1) / 2
SEVEN = np.array([[-0.3, -0.5], [0.3, -0.5], [0.25, -0.4], [0.1, 0.0], [0.0, 0.5]])


def hands(line: np.ndarray, label: str) -> list[Lines]:
    rng = np.random.default_rng(1)
    return [add_habits([line], label, rng) for _ in range(300)]


def test_some_ones_get_a_flag_that_rises_to_the_top() -> None:
    flagged = [lines[0] for lines in hands(STEM, "1") if len(lines[0]) > len(STEM)]
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
    assert 30 < len(slashes) < 100
    for start, end in slashes:
        assert np.abs((start + end) / 2).max() < 0.35
        assert 0.4 < np.hypot(*(end - start)) < 1.5
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


def test_other_characters_and_more_strokes_are_left_alone() -> None:
    assert all(lines[0] is RING and len(lines) == 1 for lines in hands(RING, "6"))
    two = [RING, STEM]
    assert all(len(add_habits(two, "0", np.random.default_rng(s))) == 2 for s in range(50))
