"""Training data: MNIST images and real pen drawings, split by writer."""

from drawn_digits.training.data.mnist import load_mnist
from drawn_digits.training.data.non_digits import LETTERS_LIKE_DIGITS, load_non_digits
from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.data.pendigits import load_pendigits
from drawn_digits.training.data.selection import load_digit_pens, spread, spread_indices
from drawn_digits.training.data.splits import Split
from drawn_digits.training.data.unipen import load_unipen

__all__ = [
    "LETTERS_LIKE_DIGITS",
    "PenSample",
    "Split",
    "load_digit_pens",
    "load_mnist",
    "load_non_digits",
    "load_pendigits",
    "load_unipen",
    "spread",
    "spread_indices",
]
