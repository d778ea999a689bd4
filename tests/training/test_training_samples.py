from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from drawn_digits.training import training_samples
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import Split, load_digit_pens, load_non_digits
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    Samples,
    good_pens,
    without_bad_labels,
)
from drawn_digits.training.training_samples import (
    Painted,
    TrainingSamples,
    paint,
    paint_once,
    render_non_digits,
    render_typefaces,
)

pytestmark = pytest.mark.usefixtures("data_folder")

SMALL = TrainingConfig(
    max_samples=40,
    digit_variants=3,
    digit_variants_an_epoch=2,
    typeface_variants=3,
    typeface_variants_an_epoch=1,
    non_digit_variants=1,
    made_non_digits=30,
    made_pages=10,
    non_digits_an_epoch=50,
    beside_mnist=20,
)
TINY = replace(
    SMALL, max_samples=2, digit_variants=2, typeface_variants=11, made_non_digits=2, made_pages=1
)


def test_an_epoch_is_determined_by_seed_and_number() -> None:
    samples = TrainingSamples(SMALL, paint(SMALL))
    first, again, second = samples.epoch(0), samples.epoch(0), samples.epoch(1)
    np.testing.assert_array_equal(first.images, again.images)
    assert (first.labels != second.labels).any()
    # MNIST, two of three variants of 80 pen digits, one of 40 typefaces' digits,
    # 50 of 40 letters, 30 made ones, 10 pages
    assert len(first) == len(second) == 40 + 2 * 80 + 40 + 50
    assert (first.labels == NOT_A_DIGIT).sum() == 50


def test_mnist_s_own_reader_sees_all_of_mnist_and_a_few_others_in_turn() -> None:
    painted = paint(SMALL)
    samples = TrainingSamples(SMALL, painted)
    first, again, second = (samples.mnist_epoch(epoch) for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first.images, again.images)
    for epoch in (first, second):
        assert epoch.is_mnist.sum() == 40
        assert (~epoch.is_mnist & (epoch.labels != NOT_A_DIGIT)).sum() == 20
        assert (epoch.labels == NOT_A_DIGIT).sum() == 20
    for number, epoch in enumerate((first, second, samples.mnist_epoch(3))):
        pens = epoch.images[~epoch.is_mnist & (epoch.labels != NOT_A_DIGIT)]
        variant = painted.digits[(0, 1, 0)[number]].images
        assert all((pen == variant).all(axis=(1, 2)).any() for pen in pens)


def test_pages_without_a_drawing_are_among_the_non_digits() -> None:
    rng = np.random.default_rng(0)
    letters, digits = load_non_digits("train")[:1], load_digit_pens("train", 1)
    samples = render_non_digits(SMALL, letters, digits, rng)
    assert len(samples) == 1 + SMALL.made_non_digits + SMALL.made_pages
    assert (samples.labels == NOT_A_DIGIT).all()


def test_a_run_that_repeats_a_chosen_one_learns_validation_too() -> None:
    config = replace(SMALL, chosen_run="another")
    both = TrainingSamples(config, paint(config)).epoch(0)
    splits: tuple[Split, ...] = ("train", "validation")
    mnist = sum(len(without_bad_labels(split, 40)) for split in splits)
    digits = sum(len(good_pens(split, 40)) for split in splits)
    assert len(both) == mnist + 2 * digits + 2 * 40 + 50 > 2 * (39 + 2 * 78 + 40) + 50


def test_typefaces_are_learned_in_turn_and_as_no_ink_of_mnist_s() -> None:
    [first, second] = render_typefaces(
        replace(SMALL, typeface_variants=2), ["train"], np.random.default_rng(0)
    )
    assert first.labels.tolist() == second.labels.tolist() == list(range(10)) * 4
    assert (first.images != second.images).any(axis=(1, 2)).all()
    assert not first.is_mnist.any()


def arrays(painted: Painted) -> list[np.ndarray]:
    kinds = [getattr(painted, kind.name) for kind in fields(Painted)]
    assert [len(variants) for variants in kinds] == [2, 11, 1]
    return [
        getattr(variant, part.name)
        for variants in kinds
        for variant in variants
        for part in fields(Samples)
    ]


def assert_same(left: Painted, right: Painted) -> None:
    for ours, theirs in zip(arrays(left), arrays(right), strict=True):
        np.testing.assert_array_equal(ours, theirs, strict=True)


def test_what_was_painted_is_read_again_and_not_painted_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "painted.npz"
    first = paint_once(TINY, file)
    monkeypatch.setattr(training_samples, "paint", lambda config: pytest.fail("painted anew"))
    assert_same(paint_once(TINY, file), first)
    assert [path.name for path in tmp_path.iterdir()] == ["painted.npz"]


@pytest.mark.parametrize("damage", ["empty", "cut", "not packed", "other arrays"])
def test_a_damaged_file_is_painted_anew(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "painted.npz"
    first = paint_once(TINY, file)
    whole = file.read_bytes()
    match damage:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "not packed":
            file.write_bytes(b"no samples")
        case _:
            np.savez(file, digits=np.zeros(3))
    assert_same(paint_once(TINY, file), first)
    assert file.read_bytes() == whole
