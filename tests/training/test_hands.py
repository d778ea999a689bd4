import numpy as np
import pytest

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.training.data import load_pendigits
from drawn_digits.training.hands import write_again


def four() -> Drawing:
    angle = Stroke((*(Point(100 - x, 2 * x) for x in range(0, 60, 5)), Point(160, 115)))
    stem = Stroke((Point(120, 40), Point(110, 200)))
    return Drawing((angle, stem))


def positions(drawing: Drawing) -> np.ndarray:
    return np.array([(p.x, p.y) for p in drawing.points])


def test_every_hand_writes_it_in_its_own_way() -> None:
    rng = np.random.default_rng(1)
    written = [positions(write_again(four(), "4", rng)) for _ in range(400)]
    assert len({p.tobytes() for p in written}) == 400


def test_loops_open_and_close() -> None:
    angles = np.linspace(0, 2 * np.pi, 40).tolist()
    ring = Drawing((Stroke(tuple(Point(np.cos(a), np.sin(a)) for a in angles)),))
    rng = np.random.default_rng(5)
    written = [positions(write_again(ring, "o", rng)) for _ in range(300)]
    gaps = np.array([np.hypot(*(line[0] - line[-1])) for line in written])
    assert (gaps < 0.1).mean() > 0.3
    assert (gaps > 0.15).mean() > 0.2


def test_the_pen_stays_down_between_strokes_now_and_then() -> None:
    rng = np.random.default_rng(7)
    written = [write_again(four(), "4", rng) for _ in range(400)]
    joined = [drawing.strokes[0] for drawing in written if len(drawing.strokes) == 1]
    assert 0.08 < len(joined) / 400 < 0.25
    # From the end of the bar, on the right, the pen goes up again to where the stem begins.
    bar_to_stem = [max(p.x for p in stroke.points) - stroke.points[-1].x for stroke in joined]
    assert np.median(bar_to_stem) > 0.1


def test_some_lines_end_in_a_hook() -> None:
    stem = Drawing((Stroke(tuple(Point(0, y) for y in range(20))),))
    rng = np.random.default_rng(6)
    written = [positions(write_again(stem, "l", rng)) for _ in range(300)]
    back = np.array([line[:, 1].max() - line[-1, 1] for line in written])
    assert 0.08 < (back > 0.04).mean() < 0.25


def test_it_stays_about_where_and_as_large_as_it_was() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        points = positions(write_again(four(), "4", rng))
        assert np.isfinite(points).all()
        assert 0.35 < np.ptp(points, axis=0).max() < 2  # short where a stem ends on its bar
        assert np.abs(points.mean(axis=0)).max() < 0.4


def test_the_same_seed_writes_the_same() -> None:
    first, again = (write_again(four(), "4", np.random.default_rng(3)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("points", [(Point(5, 5),), (Point(5, 5), Point(5, 5))])
def test_a_dot_stays_a_dot(points: tuple[Point, ...]) -> None:
    for seed in range(20):
        dot = write_again(Drawing((Stroke(points),)), "1", np.random.default_rng(seed))
        assert {(p.x, p.y) for p in dot.points} == {(5, 5)}


@pytest.mark.usefixtures("data_folder")
def test_real_drawings_all_survive() -> None:
    rng = np.random.default_rng(4)
    for pen in load_pendigits("validation")[::5]:
        points = positions(write_again(pen.drawing, pen.label, rng))
        assert len(points) >= 2
        assert np.isfinite(points).all()
