from dataclasses import replace

import numpy as np
import pytest

from drawn_digits.training.data import load_mnist, load_pendigits, load_unipen
from drawn_digits.training.data.bad_labels import (
    bad_labels,
    is_bad_label,
    mnist_bad_labels,
    writer_key,
)


def test_each_sample_is_listed_once_with_what_it_shows_and_how_it_was_found() -> None:
    listed = bad_labels()
    assert len(listed) >= 20
    assert len({(b.source, b.writer, b.label, b.ordinal) for b in listed}) == len(listed)
    for bad in listed:
        assert bad.label in set("0123456789")
        assert bad.shows in {*"0123456789", "fragment", "unclear"} - {bad.label}
        assert bad.rule


def test_no_unipen_writer_is_named() -> None:
    assert writer_key("pendigits-tra-07") == "pendigits-tra-07"
    key = writer_key("unipen-val-Somebody")
    assert key.startswith("unipen-val-")
    assert "Somebody" not in key
    assert key == writer_key("unipen-val-Somebody") != writer_key("unipen-val-Somebody else")


@pytest.mark.usefixtures("data_folder")
def test_every_listed_sample_exists_with_that_label() -> None:
    pens = [
        pen
        for split in ("train", "validation", "test")
        for pen in load_pendigits(split) + load_unipen(split, "digits")
        if is_bad_label(pen)
    ]
    assert len(pens) == sum(bad.source != "mnist" for bad in bad_labels())
    assert not is_bad_label(replace(pens[0], ordinal=99_999))
    train = np.concatenate([load_mnist("train")[1], load_mnist("validation")[1]])
    labels = {"train": train, "test": load_mnist("test")[1]}
    for bad in bad_labels():
        if bad.source == "mnist":
            assert str(labels[bad.writer][bad.ordinal]) == bad.label
            assert bad.ordinal in mnist_bad_labels(bad.writer)
