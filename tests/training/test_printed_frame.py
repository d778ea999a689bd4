import numpy as np
import pytest

from drawn_digits.training.positions import positions_of
from drawn_digits.training.printed_frame import is_frame, rings


@pytest.mark.parametrize("width", [1, 3])
def test_a_frame_along_the_edges_is_told_by_the_rings_inside_of_it(width: int) -> None:
    picture = np.full((1, 60, 80), 20, np.float32)
    picture[:, width:-width, width:-width] = 230
    looked_at = np.asarray(rings(picture, positions_of(picture, 1), positions_of(picture, 2)))
    assert np.median(looked_at) == 230
    level, roughness = np.array([[20.0]]), np.array([[0.0]])
    assert np.asarray(is_frame(level, roughness, np.array([[230.0]]))) == 1


@pytest.mark.parametrize(("roughness", "inside"), [(0.0, 60.0), (40.0, 230.0)])
def test_a_border_that_is_rough_or_hardly_different_is_no_frame(
    roughness: float, inside: float
) -> None:
    """Shading is not so different; what was cut out along its ink is not so even."""
    found = is_frame(np.array([[20.0]]), np.array([[roughness]]), np.array([[inside]]))
    assert np.asarray(found) == 0
