import cv2
import keras
import numpy as np
import pytest

from drawn_digits.training.augment import (
    LeaveUnchanged,
    RandomPen,
    RandomWarp,
    sample_bilinear,
    set_strength,
    spline_weights,
)


def disc() -> np.ndarray:
    y, x = np.mgrid[:28, :28]
    ink = ((y - 13.5) ** 2 + (x - 13.5) ** 2 < 36).astype(np.float32)
    return np.repeat(ink[None, ..., None], 64, axis=0)


def augmented(layer: keras.layers.Layer) -> np.ndarray:
    changed: np.ndarray = keras.ops.convert_to_numpy(layer(disc(), training=True))
    return changed


@pytest.mark.parametrize("kind", [RandomWarp, RandomPen])
def test_nothing_changes_outside_training_or_without_strength(
    kind: type[RandomWarp] | type[RandomPen],
) -> None:
    np.testing.assert_array_equal(kind(seed=1)(disc(), training=False), disc())
    np.testing.assert_allclose(augmented(kind(strength=0.0, seed=1)), disc(), atol=1e-6)


def test_the_strength_of_a_compiled_model_can_be_changed() -> None:
    image = keras.Input((28, 28, 1))
    model = keras.Model(image, RandomPen(seed=2)(RandomWarp(seed=1)(image)))
    changes = []
    for strength in (1.0, 0.5, 0.0):
        set_strength(model, strength)
        changes.append(float(np.abs(model(disc(), training=True) - disc()).mean()))
    assert changes[0] > 1.3 * changes[1] > 0
    assert changes[2] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("kind", [RandomWarp, RandomPen])
def test_each_picture_is_changed_in_its_own_way_and_keeps_its_ink(
    kind: type[RandomWarp] | type[RandomPen],
) -> None:
    changed = augmented(kind(seed=1))
    assert len({picture.tobytes() for picture in changed}) >= 63
    areas = changed.sum(axis=(1, 2, 3)) / disc()[0].sum()
    assert 0.6 < areas.min() < 0.95
    assert 1.1 < areas.max() < 1.6
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6


def test_without_shift_and_bend_the_centre_stays() -> None:
    changed = augmented(RandomWarp(shift=0.0, bend=0.0, seed=1))[..., 0]
    y, x = np.mgrid[:28, :28]
    for axis in (y, x):
        centres = (changed * axis).sum(axis=(1, 2)) / changed.sum(axis=(1, 2))
        np.testing.assert_allclose(centres, 13.5, atol=0.1)


def test_the_sampling_is_opencv_s() -> None:
    rng = np.random.default_rng(1)
    ink = rng.uniform(size=(3, 28, 28, 1)).astype(np.float32)
    x, y = rng.uniform(-4, 32, (2, 3, 28, 28)).astype(np.float32)
    ours = keras.ops.convert_to_numpy(sample_bilinear(ink, x, y))[..., 0]
    for i in range(3):
        theirs = cv2.remap(ink[i, ..., 0], x[i], y[i], cv2.INTER_LINEAR)
        np.testing.assert_allclose(ours[i], theirs, atol=0.02)  # OpenCV rounds to 1/32 pixel


def test_splines_keep_a_constant_and_a_slope() -> None:
    weights = spline_weights(28)
    np.testing.assert_allclose(weights @ np.ones(6), 1, atol=1e-6)
    np.testing.assert_allclose(weights @ np.arange(-1, 5), np.linspace(0, 3, 28), atol=1e-6)


def test_a_pen_widens_and_thins_lines() -> None:
    areas = augmented(RandomPen(blur=0, grain=0, seed=1)).sum(axis=(1, 2, 3))
    plain = disc()[0].sum()
    ring = cv2.dilate(disc()[0, ..., 0], np.ones((3, 3))).sum() - plain
    assert plain + 0.3 * ring < areas.max() <= plain + 0.5 * ring
    assert areas.min() < 0.95 * plain


def test_a_share_of_the_pictures_stays_as_it_is() -> None:
    ink, changed = np.repeat(disc(), 20, axis=0), np.repeat(disc(), 20, axis=0) / 2
    left = keras.ops.convert_to_numpy(LeaveUnchanged(0.25, seed=1)(ink, changed, training=True))
    is_left = (left == ink).all(axis=(1, 2, 3))
    assert 0.2 < is_left.mean() < 0.3
    np.testing.assert_array_equal(left[~is_left], changed[~is_left])
    np.testing.assert_array_equal(LeaveUnchanged(0.25)(ink, changed, training=False), ink)
