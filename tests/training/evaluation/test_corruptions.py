import cv2
import numpy as np
import pytest

from drawn_digits.training.evaluation.corruptions import CORRUPTIONS, SEVERITIES, corrupt

# MNIST-C's own list (google-research/mnist-c, corruptions.py), without "identity".
MNIST_C = [
    "shot_noise",
    "impulse_noise",
    "glass_blur",
    "motion_blur",
    "shear",
    "scale",
    "rotate",
    "brightness",
    "translate",
    "stripe",
    "fog",
    "spatter",
    "dotted_line",
    "zigzag",
    "canny_edges",
]


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Forty upright ellipses of different widths, ink 255 on paper 0."""
    made = np.zeros((40, 28, 28), np.uint8)
    for index, image in enumerate(made):
        cv2.ellipse(image, (14, 14), (3 + index % 6, 8), 0, 0, 360, 255, 2, cv2.LINE_AA)
    return made


def change(images: np.ndarray, name: str, severity: int) -> float:
    return float(np.abs(corrupt(images, name, severity).astype(int) - images).mean())


def test_they_are_mnist_c_s_in_its_order() -> None:
    assert list(CORRUPTIONS) == MNIST_C


@pytest.mark.parametrize("name", MNIST_C)
def test_each_gives_images_back_and_leaves_its_own_alone(images: np.ndarray, name: str) -> None:
    before = images.copy()
    for severity in SEVERITIES:
        corrupted = corrupt(images, name, severity)
        assert corrupted.shape == images.shape
        assert corrupted.dtype == np.uint8
        # A little dirt misses some of them.
        assert (corrupted != images).any(axis=(1, 2)).mean() > (0.5 if name == "spatter" else 0.99)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("name", MNIST_C)
def test_a_higher_severity_changes_more(images: np.ndarray, name: str) -> None:
    assert change(images, name, 1) < change(images, name, 3) < change(images, name, 5)


@pytest.mark.parametrize("name", MNIST_C)
def test_the_same_seed_gives_the_same(images: np.ndarray, name: str) -> None:
    np.testing.assert_array_equal(corrupt(images, name, 3, 7), corrupt(images, name, 3, 7))


def test_another_seed_gives_other_noise(images: np.ndarray) -> None:
    assert (corrupt(images, "shot_noise", 3, 7) != corrupt(images, "shot_noise", 3, 8)).any()


@pytest.mark.parametrize("name", MNIST_C)
def test_images_without_ink_and_no_images_at_all_are_no_error(name: str) -> None:
    empty = np.zeros((3, 28, 28), np.uint8)
    assert corrupt(empty, name, 5).shape == (3, 28, 28)
    assert corrupt(empty[:0], name, 5).shape == (0, 28, 28)


def test_turns_are_opencv_s(images: np.ndarray) -> None:
    for image, turned in zip(images, corrupt(images, "rotate", 3), strict=True):
        theirs = [
            cv2.warpAffine(image, cv2.getRotationMatrix2D((13.5, 13.5), angle, 1), (28, 28)).astype(
                int
            )
            for angle in np.degrees([0.4, -0.4])
        ]
        # OpenCV rounds places to 1/32 of a pixel.
        assert min(np.abs(turned - other).max() for other in theirs) <= 12


def test_a_move_is_three_pixels_both_ways_at_mnist_c_s_strength(images: np.ndarray) -> None:
    rolled = [np.roll(images, (y, x), (1, 2)) for y in (-3, 3) for x in (-3, 3)]
    moved = corrupt(images, "translate", 3)
    found = [[bool((one[i] == moved[i]).all()) for one in rolled] for i in range(len(moved))]
    assert [sum(row) for row in found] == [1] * len(moved)
    assert all(any(row[way] for row in found) for way in range(4))


def test_a_smaller_digit_is_0_7_times_as_high(images: np.ndarray) -> None:
    smaller = corrupt(images, "scale", 3)
    heights, before = (
        np.count_nonzero((pictures > 80).any(axis=2), axis=1) for pictures in (smaller, images)
    )
    np.testing.assert_allclose(heights / before, 0.7, atol=0.06)


def test_a_stripe_is_the_negative_of_seven_columns(images: np.ndarray) -> None:
    striped = corrupt(images, "stripe", 3)
    np.testing.assert_array_equal(striped[:, :, :7], 255 - images[:, :, :7])
    np.testing.assert_array_equal(striped[:, :, 21:], 255 - images[:, :, 21:])
    np.testing.assert_array_equal(striped[:, :, 7:21], images[:, :, 7:21])


def test_brightness_adds_half_of_full_ink(images: np.ndarray) -> None:
    expected = np.minimum(images.astype(float) + 127.5, 255)
    assert np.abs(corrupt(images, "brightness", 3) - expected).max() <= 0.5


def test_shot_noise_keeps_the_mean_and_has_three_photons(images: np.ndarray) -> None:
    grey = np.full((200, 28, 28), 51, np.uint8)
    noisy = corrupt(grey, "shot_noise", 3)
    assert set(np.unique(noisy)) == {0, 85, 170, 255}
    assert noisy.mean() == pytest.approx(51, abs=1)


def test_impulse_noise_hits_17_percent_and_as_many_light_as_dark() -> None:
    grey = np.full((200, 28, 28), 51, np.uint8)
    noisy = corrupt(grey, "impulse_noise", 3)
    assert (noisy == 0).mean() == pytest.approx(0.085, abs=0.003)
    assert (noisy == 255).mean() == pytest.approx(0.085, abs=0.003)


def test_fog_leaves_a_quarter_of_the_contrast(images: np.ndarray) -> None:
    foggy = corrupt(images, "fog", 3).astype(float)
    is_ink, is_paper = images[0] == 255, images[0] == 0
    contrast = foggy[::6, is_ink].mean() - foggy[::6, is_paper].mean()
    assert 40 < contrast < 90


def test_edges_leave_the_outline_only(images: np.ndarray) -> None:
    assert set(np.unique(corrupt(images, "canny_edges", 3))) == {0, 255}


def test_an_unknown_name_says_which_are_known(images: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"no corruption 'snow'. Known are: shot_noise, impulse"):
        corrupt(images, "snow", 3)


@pytest.mark.parametrize("severity", [0, 6, -1, 2.5])
def test_a_severity_out_of_range_is_refused(images: np.ndarray, severity: int) -> None:
    with pytest.raises(ValueError, match=f"severity is {severity}; it must be a whole number, 1"):
        corrupt(images, "fog", severity)
    with pytest.raises(ValueError, match="severity"):
        CORRUPTIONS["fog"](images, severity, np.random.default_rng(0))
