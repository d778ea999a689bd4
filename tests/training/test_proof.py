"""What an export is compared on; that it refuses what differs is in ``test_export``."""

import numpy as np
import pytest

from drawn_digits.training.proof import PROOF_SIZES, proof_pictures
from tests.training.normalized import normalize


@pytest.mark.parametrize("size", [size for size in PROOF_SIZES if min(size) >= 28])
def test_the_table_among_them_is_found(size: tuple[int, int]) -> None:
    """Else nothing would be known of the part of the file that takes it off."""
    picture = proof_pictures(np.random.default_rng(0), 7, size)[-4]
    plain = picture.copy()
    plain[:, : -(-size[1] // 16)] = 255
    assert (picture != plain).any()
    found, without = (normalize(each[None])["placement"][0] for each in (picture, plain))
    left, side = [0], [2, 3]
    np.testing.assert_allclose(found[left + side], without[left + side], atol=1e-3)
