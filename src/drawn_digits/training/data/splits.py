"""Who trains, who chooses, who tests: fixed once, by writer, and read from here by every loader.

Test data is looked at once, when everything is chosen. No UNIPEN donor beyond these nine is ever
read, even where the whole release is at hand.
"""

from typing import Literal

Split = Literal["train", "validation", "test"]

SPLITS: tuple[Split, ...] = ("train", "validation", "test")

MNIST_TRAIN_IMAGES = 55_000
"""MNIST's first 55,000 training images train; the last 5,000 are validation.

MNIST mixes its two groups of writers throughout the file and names no writers, so its validation
part is not free of training writers; the pen sets' is.
"""

PENDIGITS_WRITERS: dict[Split, tuple[str, range]] = {
    "train": ("tra", range(1, 21)),
    "validation": ("tra", range(21, 31)),
    # Writer numbers start again at 1 in the second file, but they are other people.
    "test": ("tes", range(1, 15)),
}
"""Which file (``pendigits-orig.<file>.Z``) and which of its writer numbers belong to a split."""

UNIPEN_DONORS: dict[Split, tuple[str, ...]] = {
    "train": ("syn", "apb", "val", "gmd", "app"),
    "validation": ("art", "apa"),
    "test": ("uqb", "aga"),
}
"""Which donors belong to a split; letters and symbols follow their donor."""
