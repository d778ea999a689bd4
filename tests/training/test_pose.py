import math
from collections.abc import Callable

import numpy as np
import pytest

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.training.pose import (
    Pose,
    anywhere,
    other_variant,
    own_variant,
    pose_drawing,
)

CORNER = Drawing((Stroke((Point(0, 0, 1, 0.3), Point(30, 0, 2, 0.4))), Stroke((Point(30, 60),))))


def positions(drawing: Drawing) -> np.ndarray:
    return np.array([(p.x, p.y) for p in drawing.points])


def test_the_plain_pose_is_centred_with_a_longer_side_of_200() -> None:
    posed = positions(pose_drawing(CORNER, Pose()))
    np.testing.assert_allclose(posed, [(90, 40), (190, 40), (190, 240)])


def test_strokes_times_and_pressures_are_kept() -> None:
    posed = pose_drawing(CORNER, Pose(turn=30))
    assert [len(stroke.points) for stroke in posed.strokes] == [2, 1]
    assert [(p.time, p.pressure) for p in posed.points] == [(1, 0.3), (2, 0.4), (0, 0.5)]


def test_a_turn_keeps_angles_and_is_clockwise() -> None:
    start, end, below = positions(pose_drawing(CORNER, Pose(turn=15)))
    direction = end - start
    assert math.degrees(math.atan2(direction[1], direction[0])) == pytest.approx(15)
    assert direction @ (below - end) == pytest.approx(0, abs=1e-9)


def test_slant_moves_the_top_to_the_right() -> None:
    _, top, below = positions(pose_drawing(CORNER, Pose(slant=0.5)))
    assert (top[0] - below[0]) / (below[1] - top[1]) == pytest.approx(0.5)


def test_aspect_multiplies_width_over_height() -> None:
    size = np.ptp(positions(pose_drawing(CORNER, Pose(aspect=1.5))), axis=0)
    assert size[0] / size[1] == pytest.approx(0.5 * 1.5)


def test_places_at_the_edges_keep_the_pen_on_the_canvas() -> None:
    pose = Pose(side=100, line_width=20, place_x=1, place_y=0)
    posed = positions(pose_drawing(CORNER, pose))
    assert posed[:, 0].max() == pytest.approx(270)
    assert posed[:, 1].min() == pytest.approx(10)


def test_a_dot_is_posed_as_a_dot() -> None:
    posed = pose_drawing(Drawing((Stroke((Point(5, 5),)),)), Pose())
    assert (posed.points[0].x, posed.points[0].y) == (140, 140)


def test_anywhere_covers_its_ranges_and_stays_on_the_canvas() -> None:
    rng = np.random.default_rng(0)
    poses = [anywhere(rng) for _ in range(2000)]
    assert min(p.side for p in poses) < 92
    assert 245 < max(p.side for p in poses) <= 250
    assert 10 <= min(p.line_width for p in poses) < 10.5
    assert 33.5 < max(p.line_width for p in poses) <= 34
    assert -15 <= min(p.turn for p in poses) < -14.5
    for pose in poses:
        posed = positions(pose_drawing(CORNER, pose))
        assert (posed - pose.line_width / 2 > -1e-9).all()
        assert (posed + pose.line_width / 2 < 280 + 1e-9).all()


@pytest.mark.parametrize("variant", [own_variant, other_variant])
def test_training_covers_every_pen_of_anywhere(
    variant: Callable[[np.random.Generator], Pose],
) -> None:
    rng = np.random.default_rng(0)
    ratios = [pose.line_width / pose.side for pose in map(anywhere, [rng] * 2000)]
    trained = [pose.line_width / pose.side for pose in map(variant, [rng] * 2000)]
    assert min(trained) < min(ratios) + 0.005
    assert max(trained) > max(ratios) - 0.01
