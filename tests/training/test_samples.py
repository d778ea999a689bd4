from typing import Any

import numpy as np
import pytest

from drawn_digits.ink.drawing import Drawing
from drawn_digits.training import hands, renderings
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import PenSample, Split, load_digit_pens, load_mnist
from drawn_digits.training.data.bad_labels import bad_labels, is_bad_label
from drawn_digits.training.renderings import paint_anywhere, paint_variant
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    good_pens,
    mnist_samples,
    normalize,
    other_hands,
    render,
    validation_samples,
    without_bad_labels,
)

SMALL = TrainingConfig(max_samples=40)


def pens() -> list[PenSample]:
    seven = np.array([[0.0, 0], [50, 0], [20, 90]])
    cross = [np.array([[0.0, 0], [9, 9]]), np.array([[9.0, 0], [0, 9]])]
    return [
        PenSample([seven], "7", "unipen", "a", 1, "syn"),
        PenSample(cross, "x", "unipen", "a", 2, "syn"),
    ]


def test_digits_get_their_label_and_letters_that_of_no_digit() -> None:
    labels = render(pens(), paint_anywhere, np.random.default_rng(0)).labels
    assert labels.tolist() == [7, NOT_A_DIGIT]


def test_rendered_pictures_are_in_mnist_s_form() -> None:
    images = render(pens() * 20, paint_anywhere, np.random.default_rng(0)).images
    for image in images:
        rows = np.flatnonzero((image > 25).any(axis=1))
        columns = np.flatnonzero((image > 25).any(axis=0))
        longer = max(np.ptp(rows), np.ptp(columns)) + 1
        assert 19 <= longer <= 21
        y, x = np.mgrid[:28, :28]
        assert abs((image * y).sum() / image.sum() - 14) <= 0.51
        assert abs((image * x).sum() / image.sum() - 14) <= 0.51


def test_variants_differ_and_the_same_seed_gives_the_same_ones() -> None:
    first, again = (
        render(pens() * 3, paint_variant, np.random.default_rng(1)).images for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert len({image.tobytes() for image in first}) == 6


@pytest.mark.usefixtures("data_folder")
class TestOnRealData:
    def test_mnist_is_taken_as_it_is_and_the_normalizer_would_not_change_it(self) -> None:
        samples = mnist_samples("validation", 200)
        images, labels = load_mnist("validation")
        np.testing.assert_array_equal(samples.images, images[:200])
        np.testing.assert_array_equal(samples.labels, labels[:200])
        changed = (normalize(samples.images) != samples.images).any(axis=(1, 2))
        assert changed.sum() <= 1

    def test_more_samples_than_there_are_is_all_of_them(self) -> None:
        samples = mnist_samples("validation", 6_000)
        assert len(samples) == len(samples.labels) == len(samples.is_mnist) == 5_000

    def test_bad_labels_are_not_learned(self) -> None:
        parts: tuple[tuple[Split, int], ...] = (("train", 0), ("validation", 55_000))
        for split, start in parts:
            images, labels = load_mnist(split)
            kept = without_bad_labels(split)
            bad = [
                b.ordinal - start
                for b in bad_labels()
                if (b.source, b.writer) == ("mnist", "train")
                and start <= b.ordinal < start + len(images)
            ]
            assert bad
            np.testing.assert_array_equal(kept.images, np.delete(images, bad, axis=0))
            np.testing.assert_array_equal(kept.labels, np.delete(labels, bad))
            pens = good_pens(split)
            assert not any(is_bad_label(pen) for pen in pens)
            assert len(pens) < len(load_digit_pens(split, 0))

    def test_validation_has_every_kind(self) -> None:
        labels = validation_samples(SMALL).labels
        assert len(labels) == 4 * 40
        assert (labels == NOT_A_DIGIT).sum() == 40
        assert set(labels[labels != NOT_A_DIGIT]) == set(range(10))

    def test_other_hands_write_all_of_validations_digits_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written: list[bool] = []

        def write_again(*arguments: Any) -> Drawing:
            written.append(True)
            return hands.write_again(*arguments)

        monkeypatch.setattr(renderings, "write_again", write_again)
        again = other_hands(SMALL)
        labels = [int(pen.label) for pen in good_pens("validation", SMALL.max_samples)]
        np.testing.assert_array_equal(again.labels, labels)
        assert not again.is_mnist.any()
        assert sum(written) == len(again)
