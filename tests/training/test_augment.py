import keras
import numpy as np

from drawn_digits.training.augment import RandomAffine


def disc() -> np.ndarray:
    y, x = np.mgrid[:28, :28]
    ink = ((y - 13.5) ** 2 + (x - 13.5) ** 2 < 36).astype(np.float32)
    return np.repeat(ink[None, ..., None], 64, axis=0)


def test_nothing_changes_outside_training() -> None:
    np.testing.assert_array_equal(RandomAffine(seed=1)(disc(), training=False), disc())


def test_each_picture_is_changed_in_its_own_way_and_keeps_its_ink() -> None:
    changed = keras.ops.convert_to_numpy(RandomAffine(seed=1)(disc(), training=True))
    assert len({picture.tobytes() for picture in changed}) == 64
    areas = changed.sum(axis=(1, 2, 3)) / disc()[0].sum()
    assert 0.7 < areas.min() < areas.max() < 1.4
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6


def test_only_the_shift_moves_the_centre() -> None:
    layer = RandomAffine(shift=0.0, seed=1)
    changed = keras.ops.convert_to_numpy(layer(disc(), training=True))[..., 0]
    y, x = np.mgrid[:28, :28]
    for axis in (y, x):
        centres = (changed * axis).sum(axis=(1, 2)) / changed.sum(axis=(1, 2))
        np.testing.assert_allclose(centres, 13.5, atol=0.1)
