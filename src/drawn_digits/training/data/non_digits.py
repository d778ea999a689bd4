"""Real handwriting that is not a digit: letters and symbols that no one would read as one."""

from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.data.splits import Split
from drawn_digits.training.data.unipen import load_unipen

LETTERS_LIKE_DIGITS = frozenset("OoDQIliZzSsBbgq")
"""Written alone, these are a 0, 1, 2, 5, 8, 6 or 9 in some hand: no example of "not a digit"."""

SYMBOLS_LIKE_DIGITS = frozenset("|/\\()!'`,.\"]>?^{}$&")
"""Symbols that are a digit in some hand, decided by looking at 13 of each.

Fitted to the frame, a lone stroke of any length is a 1, and so are a bracket, a comma, a quotation
mark and most dots (which are short strokes here). The next four pass for a 7, a 2 or a flagged 1,
braces for a 3 or a 1, the last two for an 8. What lies down (- _ ~), crosses (# + *), comes in two
parts (: ; = %) or opens to the right ([ <) does not.
"""


def load_non_digits(split: Split) -> list[PenSample]:
    """Letters and symbols of a split's donors, without those that look like digits."""
    look_alikes = LETTERS_LIKE_DIGITS | SYMBOLS_LIKE_DIGITS
    samples = [*load_unipen(split, "letters"), *load_unipen(split, "symbols")]
    return [sample for sample in samples if sample.label not in look_alikes]
