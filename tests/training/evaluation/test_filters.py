import cv2
import numpy as np
import pytest

from drawn_digits.training.evaluation.filters import (
    draw_lines,
    find_edges,
    gaussian_blur,
    make_clouds,
    motion_blur,
)


@pytest.fixture
def pictures() -> np.ndarray:
    """A ring, a bar and noise, uint8 [3, 28, 28]."""
    made = np.zeros((3, 28, 28), np.uint8)
    cv2.circle(made[0], (14, 14), 8, 255, 2, cv2.LINE_AA)
    cv2.line(made[1], (8, 22), (17, 3), 255, 3, cv2.LINE_AA)
    made[2] = np.random.default_rng(0).integers(0, 256, (28, 28))
    return made


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.8])
def test_the_blur_is_opencv_s(pictures: np.ndarray, sigma: float) -> None:
    ink = pictures.astype(np.float32) / 255
    side = 2 * int(4 * sigma + 0.5) + 1
    for ours, picture in zip(gaussian_blur(ink, sigma), ink, strict=True):
        theirs = cv2.GaussianBlur(
            picture, (side, side), sigmaX=sigma, borderType=cv2.BORDER_REPLICATE
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_edges_are_opencv_s(pictures: np.ndarray) -> None:
    smooth = [cv2.GaussianBlur(picture, (9, 9), 1.0) for picture in pictures]
    ours = find_edges(np.stack(smooth).astype(np.float32) / 255)
    for edges, picture in zip(ours, smooth, strict=True):
        theirs = cv2.Canny(picture, 0.1 * 255, 0.2 * 255, L2gradient=True) > 0
        assert theirs.any()
        inside = np.s_[1:-1, 1:-1]  # at the picture's very edge they differ in what is outside
        assert (edges[inside] != theirs[inside]).mean() < 0.01


def test_motion_smears_along_the_angle_and_keeps_the_ink() -> None:
    dots = np.zeros((2, 28, 28), np.float32)
    dots[:, 14, 14] = 1
    level, steep = motion_blur(dots, 2.0, np.array([0.0, np.pi / 4]))
    np.testing.assert_allclose([level.sum(), steep.sum()], 1, atol=1e-5)
    assert set(np.nonzero(level)[0]) == {14}
    rows, columns = np.nonzero(steep)
    np.testing.assert_array_equal(rows - 14, columns - 14)
    assert len(rows) > 3


def test_clouds_go_from_0_to_1_and_their_edges_meet() -> None:
    clouds = make_clouds(4, 1.4, np.random.default_rng(0))
    np.testing.assert_array_equal(clouds.min(axis=(1, 2)), 0)
    np.testing.assert_array_equal(clouds.max(axis=(1, 2)), 1)
    seam = np.abs(clouds[:, 0] - clouds[:, -1]).mean()
    inside = np.abs(np.diff(clouds, axis=1)).mean()
    assert seam < 2 * inside


def test_rougher_clouds_change_more_from_pixel_to_pixel() -> None:
    soft, rough = (
        np.abs(np.diff(make_clouds(4, decay, np.random.default_rng(0)), axis=1)).mean()
        for decay in (2.0, 1.4)
    )
    assert rough > 2 * soft


def test_a_line_goes_from_its_start_to_its_end() -> None:
    line = draw_lines((np.array([4]), np.array([5])), (np.array([20]), np.array([13])), 2.3)[0]
    columns = np.nonzero(line.any(axis=0))[0]
    assert (columns.min(), columns.max()) == (4, 19)
    np.testing.assert_array_equal(line.argmax(axis=0)[[4, 8, 12, 16]], [5, 7, 9, 11])
    assert line[5, 4] == pytest.approx(1)
    assert line[6, 4] == pytest.approx(np.log(1 - 1 / 2.3) + 1, abs=1e-5)
    assert line[7, 4] == 0
