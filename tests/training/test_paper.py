from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drawn_digits.training.paper import (
    beside_table,
    in_frame,
    in_shadow,
    in_turned_frame,
    on_lined_paper,
    on_some_paper,
)

WHITE = np.full((280, 200), 255, np.uint8)
DRAWING = WHITE.copy()
DRAWING[100:180, 80:120] = 20


def test_lines_run_across_and_on_half_of_the_papers_down_as_well() -> None:
    papers = [on_lined_paper(WHITE, 0.4, np.random.default_rng(seed)) for seed in range(40)]
    for paper in papers:
        dark = paper < 250
        assert paper.min() == round(255 * 0.6)
        assert 0.01 < dark.mean() < 0.3
        assert 3 <= starts(dark[:, 0]) <= 12
    squared = [starts((paper < 250)[0]) >= 2 for paper in papers]
    assert 10 <= sum(squared) <= 30


def test_ink_lies_over_the_lines_and_no_line_is_drawn_without_darkness() -> None:
    lined = on_lined_paper(DRAWING, 0.4, np.random.default_rng(0))
    assert (lined[100:180, 80:120] == 20).all()
    plain = on_lined_paper(DRAWING, 0.0, np.random.default_rng(0))
    np.testing.assert_array_equal(plain, DRAWING)


def test_the_table_lies_along_one_edge_and_is_as_wide_as_asked() -> None:
    edges = Counter[int]()
    for seed in range(40):
        table = beside_table(WHITE, 0.1, np.random.default_rng(seed)) < 255
        full = [table[:3].all(), table[-3:].all(), table[:, :3].all(), table[:, -3:].all()]
        assert sum(full) == 1
        edges[int(np.argmax(full))] += 1
        length = 200 if full[0] or full[1] else 280
        assert table.sum() == pytest.approx(28 * length, rel=0.6)  # a turned one is a trapezium
    assert len(edges) == 4
    assert (beside_table(DRAWING, 0.1, np.random.default_rng(0))[100:180, 80:120] == 20).all()


def test_a_frame_is_closed_as_wide_as_asked_and_half_of_the_time_at_the_edge() -> None:
    at_edge = 0
    for seed in range(40):
        frame = in_frame(WHITE, 0.02, np.random.default_rng(seed)) == 0
        rows, columns = np.flatnonzero(frame.any(1)), np.flatnonzero(frame.any(0))
        away = rows[0]
        at_edge += away == 0
        assert (rows[-1], columns[0], columns[-1]) == (279 - away, away, 199 - away)
        inside = np.zeros_like(frame)
        inside[away + 6 : 280 - away - 6, away + 6 : 200 - away - 6] = True
        outside = np.ones_like(frame)
        outside[away : 280 - away, away : 200 - away] = False
        np.testing.assert_array_equal(frame, ~(inside | outside))
    assert 10 <= at_edge <= 30
    assert (in_frame(DRAWING, 0.02, np.random.default_rng(0))[100:180, 80:120] == 20).all()


@pytest.mark.parametrize("turn", [0.0, 3.0])
def test_a_turned_frame_is_closed_around_a_smaller_drawing(turn: float) -> None:
    turns = []
    for seed in range(20):
        framed = in_turned_frame(DRAWING, turn, np.random.default_rng(seed))
        assert (framed[78:202, 56:144] == 20).sum() == pytest.approx(3200 * 0.78**2, rel=0.1)
        paper = Image.fromarray((framed > 128).astype(np.uint8)).copy()
        ImageDraw.floodfill(paper, (0, 0), 2)
        outside = np.asarray(paper) == 2
        assert outside[[0, 0, -1, -1], [0, -1, 0, -1]].all()
        assert not outside[50:230, 40:160].any()  # it is closed
        highest = np.argmax(framed[:, 60:140] < 128, axis=0)
        turns.append(np.degrees(np.arctan(np.polyfit(np.arange(80), highest, 1)[0])))
    np.testing.assert_allclose(np.abs(turns), turn, atol=0.5)
    assert len(set(np.sign(np.round(turns)))) == (2 if turn else 1)


def test_a_shadow_takes_its_share_of_the_light_from_paper_and_ink() -> None:
    covered = []
    for seed in range(40):
        shaded = in_shadow(WHITE, 0.4, np.random.default_rng(seed))
        assert shaded.min() >= round(255 * 0.6)
        covered.append((shaded < 200).mean())
    assert min(covered) < 0.2
    assert max(covered) > 0.8
    paper, drawing = (in_shadow(p, 0.4, np.random.default_rng(0)) for p in (WHITE, DRAWING))
    np.testing.assert_allclose(drawing, DRAWING * (paper / 255), atol=0.6)


def test_most_drawings_stay_on_plain_paper_and_some_are_seen_from_further_away() -> None:
    rng = np.random.default_rng(2)
    papers = [on_some_paper(DRAWING, rng) for _ in range(200)]
    assert all(paper.shape == DRAWING.shape and paper.dtype == np.uint8 for paper in papers)
    others = [paper for paper in papers if not np.array_equal(paper, DRAWING)]
    assert 50 < len(others) < 110
    inks = [int((paper < 60).sum()) for paper in others]  # lines and tables are less dark
    assert min(inks) < 0.3 * 3200
    assert max(inks) > 0.8 * 3200


def starts(row: NDArray[np.bool_]) -> int:
    """How many runs of true there are."""
    return int((np.diff(row.astype(int), prepend=0) == 1).sum())
