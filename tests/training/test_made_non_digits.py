from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.data import PenSample
from drawn_digits.training.made_non_digits import make_non_digits, make_pages

ONE = PenSample([np.array([[5.0, 0], [5, 90]])], "1", "unipen", "writer", 1, "syn")


@pytest.fixture(scope="module")
def made() -> list[PenSample]:
    return make_non_digits(1000, [ONE], np.random.default_rng(0))


def test_every_kind_is_made_and_none_is_labelled_as_a_digit(made: list[PenSample]) -> None:
    counts = Counter(sample.label for sample in made)
    assert set(counts) == {"scribble", "several digits", "polygon", "spiral", "zigzag", "block"}
    assert min(counts.values()) > 20
    assert not any(label.isdecimal() for label in counts)


def test_all_of_them_can_be_painted(made: list[PenSample]) -> None:
    for sample in made[:200]:
        ink = rasterize(sample.drawing) < 128
        assert 0.005 < ink.mean() < 0.7


def test_several_digits_stand_beside_each_other(made: list[PenSample]) -> None:
    for sample in made:
        if sample.label == "several digits":
            columns = [{point.x for point in stroke.points} for stroke in sample.drawing.strokes]
            assert 2 <= len(columns) <= 3
            edges = [(min(xs), max(xs)) for xs in columns]
            assert all(left[1] < right[0] for left, right in pairwise(edges))


def test_the_same_seed_makes_the_same_drawings(made: list[PenSample]) -> None:
    again = make_non_digits(1000, [ONE], np.random.default_rng(0))
    assert [sample.label for sample in again] == [sample.label for sample in made]
    assert [sample.drawing for sample in again] == [sample.drawing for sample in made]


def test_pages_are_blank_or_dark_on_one_side_and_each_is_another() -> None:
    pages = make_pages(200, 112, np.random.default_rng(0))
    assert pages.shape == (200, 112, 112)
    assert pages.dtype == np.uint8
    assert len({page.tobytes() for page in pages}) == 200
    # A page that is one tone but for light, grain and noise is about half of them.
    contrast = np.ptp(np.percentile(pages, [2, 98], axis=(1, 2)), axis=0)
    assert 0.35 < (contrast < 128).mean() < 0.85
