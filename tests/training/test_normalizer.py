"""The normalizer's strongest test is MNIST itself: its images are fixed points."""

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.data import load_mnist
from drawn_digits.training.pose import Pose, pose_drawing
from tests.training.normalized import SEVEN, normalize


def normalize_by_hand(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The same recipe in loops, for dark ink on white paper without noise."""
    ink = (255.0 - picture) / (255.0 - picture).max()
    rows, columns = np.flatnonzero(ink.max(1) > 0.1), np.flatnonzero(ink.max(0) > 0.1)
    top, left = rows[0], columns[0]
    scale = 20 / max(rows[-1] + 1 - top, columns[-1] + 1 - left)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    centre_y = ((y + 0.5 - top) * ink).sum() / ink.sum() * scale - 0.5
    centre_x = ((x + 0.5 - left) * ink).sum() / ink.sum() * scale - 0.5
    shift_y, shift_x = round(14 - centre_y), round(14 - centre_x)
    margin = max(0, 1.5 * (scale - 1)) / 2  # of a window beyond its frame pixel
    frame = np.zeros((28, 28))
    for row, column in zip(*np.nonzero(ink), strict=True):
        y0, x0 = (row - top) * scale + shift_y, (column - left) * scale + shift_x
        for target_y in seen_by(y0, scale, margin):
            for target_x in seen_by(x0, scale, margin):
                height = min(target_y + 1 + margin, y0 + scale) - max(target_y - margin, y0)
                width = min(target_x + 1 + margin, x0 + scale) - max(target_x - margin, x0)
                frame[target_y, target_x] += height * width * ink[row, column]
    frame /= (1 + 2 * margin) ** 2
    return frame


def seen_by(start: float, length: float, margin: float) -> range:
    """The frame pixels in whose windows the source pixel from ``start`` lies."""
    first, last = int(np.floor(start - margin)), int(np.ceil(start + length + margin))
    return range(max(first, 0), min(last, 28))


def test_mnist_images_are_fixed_points(data_folder: object) -> None:
    images, _ = load_mnist("test")
    ink = np.concatenate([normalize(part)["ink"] for part in np.split(images, 20)])
    same = (np.round(255 * ink) == images).all(axis=(1, 2))
    assert same.mean() >= 0.999


def test_inverted_mnist_images_give_the_same_ink(data_folder: object) -> None:
    images, _ = load_mnist("validation")
    plain, inverted = normalize(images[:500]), normalize(255 - images[:500])
    np.testing.assert_allclose(plain["ink"], inverted["ink"], atol=1e-6)


@pytest.mark.parametrize("size", [280, 140, 61, 20, 14])
def test_it_agrees_with_the_recipe_written_as_loops(size: int) -> None:
    picture = rasterize(SEVEN, size)
    np.testing.assert_allclose(
        normalize(picture[None])["ink"][0], normalize_by_hand(picture), atol=2e-5
    )


@pytest.mark.parametrize("side", [8, 11])
def test_an_enlarged_picture_has_no_steps(side: int) -> None:
    """Its pixels are seen as curves: from paper to ink it takes more than two frame pixels."""
    picture = np.full((side, side), 255, np.uint8)
    np.fill_diagonal(picture[1:-1, 1:-1], 0)
    ink = normalize(picture[None])["ink"][0]
    assert ink.max() > 0.5
    assert np.abs(np.diff(ink)).max() < 0.45 * ink.max()


def test_place_size_and_polarity_change_little() -> None:
    poses = [
        Pose(side=side, line_width=side / 10, place_x=x, place_y=y)
        for side, x, y in ((100, 0.0, 0.0), (100, 1.0, 0.9), (170, 0.3, 1.0), (250, 0.5, 0.5))
    ]
    pictures = np.stack([rasterize(pose_drawing(SEVEN, pose)) for pose in poses])
    inks = normalize(np.concatenate([pictures, 255 - pictures]))["ink"]
    assert np.abs(inks - inks[0]).mean() < 0.02


def test_faint_ink_on_grey_paper_is_stretched() -> None:
    faint = (100 + (rasterize(SEVEN).astype(int) - 255) // 8).astype(np.uint8)
    ink = normalize(np.stack([rasterize(SEVEN), faint]))["ink"]
    assert ink[1].max() == pytest.approx(1.0, abs=1e-5)
    assert np.abs(ink[1] - ink[0]).mean() < 0.01


def test_ink_that_touches_the_border_does_not_become_paper() -> None:
    picture = np.full((60, 60), 255, np.uint8)
    picture[:, 20:26] = 0
    ink = normalize(picture[None])["ink"][0]
    assert ink.max() == pytest.approx(1.0)
    assert 10 < ink.sum() < 20 * 4


def test_placement_says_where_the_frame_lies() -> None:
    picture = np.full((100, 200), 255, np.uint8)
    picture[30:50, 120:140] = 0  # 20 x 20 px, so the scale is 1
    result = normalize(picture[None])
    left, top, width, height = result["placement"][0]
    assert (width, height) == (28, 28)
    rows = slice(30 - int(top), 50 - int(top))
    columns = slice(120 - int(left), 140 - int(left))
    expected = np.zeros((28, 28))
    expected[rows, columns] = 1
    np.testing.assert_array_equal(result["ink"][0], expected)


def blank_pictures() -> list[NDArray[np.uint8]]:
    speckle = np.random.default_rng(0).integers(250, 256, (50, 40)).astype(np.uint8)
    return [np.zeros((30, 40), np.uint8), np.full((8, 9), 255, np.uint8), speckle]


@pytest.mark.parametrize("picture", blank_pictures())
def test_a_picture_without_ink_gives_zeros_and_finite_numbers(picture: NDArray[np.uint8]) -> None:
    result = normalize(picture[None])
    assert not result["ink"].any()
    assert not result["has_ink"].any()
    assert np.isfinite(result["placement"]).all()


@pytest.mark.parametrize("row", [0, 7, 20])
def test_a_single_pixel_gives_finite_ink(row: int) -> None:
    picture = np.full((28, 30), 255, np.uint8)
    picture[row, 5] = 0
    result = normalize(picture[None])
    assert np.isfinite(result["ink"]).all()
    share_of_window = 20 / 29.5  # frame pixels
    assert result["ink"].max() == pytest.approx(share_of_window**2)
    assert result["has_ink"][0] == 1
