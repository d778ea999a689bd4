"""Lines from coarse digitizers, made round again."""

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.lines import resample_evenly, round_corners

_SPACING = 1.0  # digitizer units: the grid that the coordinates were rounded to
_PASSES = 2  # two of [1 2 1]/4 are close to a Gaussian of one unit: steps of one unit vanish


def smooth_line(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the staircase of a line rounded to whole units back into a line.

    Where a digit is about 20 units high, as from the donors ``apa`` and ``app``, rounding shows as
    steps that no pen makes. The line is sampled evenly and averaged with its neighbours; its ends
    stay where they are.

    Args:
        line: float64 [points, 2], at least one point.

    Returns:
        float64 [other points, 2]; a single point, or points all in one place, give one point.
    """
    return round_corners(resample_evenly(line, _SPACING), _PASSES)
