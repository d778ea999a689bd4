import numpy as np
import pytest

from drawn_digits.ink.drawing import Drawing
from drawn_digits.training.data import Split, load_digit_pens, load_mnist, load_pendigits
from drawn_digits.training.data.bad_labels import bad_labels
from drawn_digits.training.data.splits import SPLITS
from drawn_digits.training.evaluation.sets import (
    digit_sets,
    mnist_set,
    non_digit_sets,
    pictures_anywhere,
    pictures_posed,
    typeface_set,
)
from drawn_digits.training.pose import Pose

pytestmark = pytest.mark.usefixtures("data_folder")


def test_pictures_are_the_same_each_time_and_half_of_anywhere_is_light_on_dark() -> None:
    pens = load_pendigits("validation")[:200]
    first, second = list(pictures_anywhere(pens)), list(pictures_anywhere(pens))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    dark_paper = np.mean([picture.mean() < 128 for picture in first])
    assert 0.4 < dark_paper < 0.6
    assert all(picture.mean() > 128 for picture in pictures_posed(pens))


def test_a_pose_decides_how_large_the_ink_is() -> None:
    pens = load_pendigits("validation")[:5]
    for side in (60, 200):
        for picture in pictures_posed(pens, Pose(side=side, line_width=10)):
            rows, columns = (picture < 128).any(axis=1).sum(), (picture < 128).any(axis=0).sum()
            assert max(rows, columns) == pytest.approx(side + 10, abs=2)


def test_validation_and_test_share_no_writer() -> None:
    writers = {
        split: {pen.writer for pen in load_digit_pens(split)} for split in ("validation", "test")
    }
    assert writers["validation"]
    assert not writers["validation"] & writers["test"]


def test_a_limit_keeps_some_of_every_writer_and_goes_with_its_labels() -> None:
    limited = {s.name: s for s in digit_sets("validation", limit=50)}
    pens = limited["pendigits anywhere"].pens
    everyone = {pen.writer for pen in load_pendigits("validation")}
    assert {pen.writer for pen in pens} == everyone
    for digits in limited.values():
        assert len(digits.labels) == len(digits.bad_labels) == len(list(digits.pictures())) == 50
    assert [int(pen.label) for pen in pens] == limited["pendigits anywhere"].labels.tolist()


def test_typefaces_are_pictures_of_ten_digits_that_training_has_not() -> None:
    test, learned = typeface_set("test"), typeface_set("train", limit=1000)
    assert np.bincount(test.labels).tolist() == [len(test.labels) // 10] * 10
    assert len(test.labels) >= 1000
    pictures = {picture.tobytes() for picture in test.pictures()}
    assert len(pictures) == len(test.labels)
    assert not pictures & {picture.tobytes() for picture in learned.pictures()}
    np.testing.assert_array_equal(list(typeface_set("test").pictures()), list(test.pictures()))


def test_a_limit_above_what_there_is_changes_nothing() -> None:
    everything, limited = mnist_set("validation"), mnist_set("validation", limit=10**6)
    np.testing.assert_array_equal(limited.labels, everything.labels)


def test_no_made_drawing_is_in_two_splits() -> None:
    def made(split: Split) -> set[Drawing]:
        drawings = [pen.drawing for pen in non_digit_sets(split, limit=300)[1].pens]
        assert len(drawings) == len(set(drawings)) == 300
        return set(drawings)

    train, validation, test = (made(split) for split in SPLITS)
    assert made("validation") == validation
    assert len(train | validation | test) == 900


def test_bad_labels_of_mnist_s_validation_part_are_found_at_their_place() -> None:
    whole = np.concatenate([load_mnist("train")[1], load_mnist("validation")[1]])
    listed = {
        bad.ordinal: int(bad.label)
        for bad in bad_labels()
        if (bad.source, bad.writer) == ("mnist", "train") and bad.ordinal >= 55_000
    }
    found = mnist_set("validation")
    places = (np.flatnonzero(found.bad_labels) + 55_000).tolist()
    assert places == sorted(listed) != []
    assert [listed[place] for place in places] == whole[places].tolist()
    assert found.labels[found.bad_labels].tolist() == whole[places].tolist()
