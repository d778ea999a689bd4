"""Which samples of a source are taken: all, or some of each writer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.data.pendigits import load_pendigits
from drawn_digits.training.data.splits import Split
from drawn_digits.training.data.unipen import load_unipen


def load_digit_pens(split: Split, limit: int = 0) -> list[PenSample]:
    """The split's pen drawings of digits, from both sources; ``limit`` of each, 0 for all.

    Raises:
        DataMissing: a file is not there.
        DataDamaged: a file is truncated or not what it should be.
    """
    sources = load_pendigits(split), load_unipen(split, "digits")
    return [pen for pens in sources for pen in spread(pens, limit)]


def spread(pens: Sequence[PenSample], limit: int) -> list[PenSample]:
    """``limit`` samples evenly spread over the list, so over its writers; 0 for all."""
    return [pens[index] for index in spread_indices(len(pens), limit)]


def spread_indices(count: int, limit: int) -> NDArray[np.int64]:
    """``limit`` of the indices 0 to ``count`` - 1, evenly spread, ascending; 0 for all."""
    kept = min(limit, count) or count
    return np.arange(kept, dtype=np.int64) * count // max(kept, 1)
