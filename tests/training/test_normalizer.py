"""The normalizer's strongest test is MNIST itself: its images are fixed points."""

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.data import load_mnist
from drawn_digits.training.normalizer import InkNormalizer
from drawn_digits.training.pose import Pose, pose_drawing

SEVEN = Drawing(
    (Stroke(tuple(Point(x, y) for x, y in ((60, 60), (180, 55), (150, 120), (110, 230)))),)
)


def normalize(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    return {k: keras.ops.convert_to_numpy(v) for k, v in InkNormalizer()(pictures).items()}


def normalize_by_hand(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The same recipe in loops, for dark ink on white paper without noise."""
    ink = (255.0 - picture) / 255
    rows, columns = np.flatnonzero(ink.max(1) > 0.1), np.flatnonzero(ink.max(0) > 0.1)
    top, left = rows[0], columns[0]
    scale = 20 / max(rows[-1] + 1 - top, columns[-1] + 1 - left)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    centre_y = ((y + 0.5 - top) * ink).sum() / ink.sum() * scale - 0.5
    centre_x = ((x + 0.5 - left) * ink).sum() / ink.sum() * scale - 0.5
    shift_y, shift_x = round(14 - centre_y), round(14 - centre_x)
    frame = np.zeros((28, 28))
    for row, column in zip(*np.nonzero(ink), strict=True):
        y0, x0 = (row - top) * scale + shift_y, (column - left) * scale + shift_x
        for target_y in range(max(int(np.floor(y0)), 0), min(int(np.ceil(y0 + scale)), 28)):
            for target_x in range(max(int(np.floor(x0)), 0), min(int(np.ceil(x0 + scale)), 28)):
                height = min(target_y + 1, y0 + scale) - max(target_y, y0)
                width = min(target_x + 1, x0 + scale) - max(target_x, x0)
                frame[target_y, target_x] += height * width * ink[row, column]
    return frame


def test_mnist_images_are_fixed_points(data_folder: object) -> None:
    images, _ = load_mnist("test")
    ink = np.concatenate([normalize(part)["ink"] for part in np.split(images, 20)])
    same = (np.round(255 * ink) == images).all(axis=(1, 2))
    assert same.mean() >= 0.999


def test_inverted_mnist_images_give_the_same_ink(data_folder: object) -> None:
    images, _ = load_mnist("validation")
    plain, inverted = normalize(images[:500]), normalize(255 - images[:500])
    np.testing.assert_allclose(plain["ink"], inverted["ink"], atol=1e-6)


@pytest.mark.parametrize("size", [280, 140, 61, 20])
def test_it_agrees_with_the_recipe_written_as_loops(size: int) -> None:
    picture = rasterize(SEVEN, size)
    np.testing.assert_allclose(
        normalize(picture[None])["ink"][0], normalize_by_hand(picture), atol=2e-5
    )


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
    assert result["ink"].max() == pytest.approx(1.0)
    assert result["has_ink"][0] == 1


def test_rough_borders_never_hide_all_ink() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 40)).astype(np.uint8)
    result = normalize(picture[None])
    assert result["has_ink"][0] == 1
    assert np.isfinite(result["ink"]).all()
    assert (result["placement"][0, 2:] > 0).all()


@pytest.mark.parametrize("slope", [(0.4, 0.0), (0.0, -0.4), (0.25, 0.25)])
@pytest.mark.parametrize("light_on_dark", [False, True])
def test_light_from_one_side_changes_little(
    slope: tuple[float, float], light_on_dark: bool
) -> None:
    """Shading as strong as faint ink: the paper's plane is found, and the ink stays the ink."""
    y, x = np.mgrid[-0.5:0.5:140j, -0.5:0.5:140j]
    light = 0.75 + slope[0] * y + slope[1] * x
    clean = rasterize(pose_drawing(SEVEN, Pose(side=160)), 140) / 255
    noise = np.random.default_rng(1).normal(0, 0.01, clean.shape)
    shaded = np.clip(light * (0.3 + 0.7 * clean) + noise, 0, 1)
    picture = np.round((1 - shaded if light_on_dark else shaded) * 255).astype(np.uint8)
    plain = normalize(np.round(clean * 255).astype(np.uint8)[None])
    found = normalize(picture[None])
    overlap = np.corrcoef(plain["ink"].ravel(), found["ink"].ravel())[0, 1]
    # The shift is whole frame pixels (4.6 of the picture's), and rounding may go the other way.
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=5)
    assert overlap > 0.7  # without the plane it is at most 0.2


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("corner", [(0, 0), (991, 3), (500, 503)])
def test_a_small_digit_on_a_large_picture_is_found(
    corner: tuple[int, int], light_on_dark: bool
) -> None:
    """Paper and polarity are told by some of the pixels: they must not miss it."""
    digit = rasterize(SEVEN, 30)
    picture = np.full((1024, 1024), 255, np.uint8)
    picture[corner[0] : corner[0] + 30, corner[1] : corner[1] + 30] = digit
    ink = normalize((255 - picture if light_on_dark else picture)[None])["ink"][0]
    np.testing.assert_allclose(ink, normalize(digit[None])["ink"][0], atol=1e-3)


def test_a_line_across_the_picture_is_not_taken_for_light() -> None:
    """Ink on two opposite edges leaves their medians alone."""
    picture = np.full((1, 100, 100), 255, np.uint8)
    picture[0, :, 45:55] = 0
    picture[0, 0, 30:75] = 0
    ink = normalize(picture)["ink"][0]
    assert ink[:, 0].max() == 0
    assert ink.max() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("edge", range(4))
def test_a_table_beside_shaded_paper_does_not_tilt_the_paper(edge: int) -> None:
    """The table is as dark as the ink, so it is in the box; the paper stays white."""
    y, x = np.mgrid[-0.5:0.5:140j, -0.5:0.5:140j]
    light = 0.8 + 0.2 * y - 0.1 * x
    clean = rasterize(pose_drawing(SEVEN, Pose(side=150)), 140) / 255
    np.rot90(clean, edge)[:8] = 0
    noise = np.random.default_rng(1).normal(0, 0.01, clean.shape)
    picture = np.round(np.clip(light * (0.3 + 0.7 * clean) + noise, 0, 1) * 255).astype(np.uint8)
    ink = normalize(picture[None])["ink"][0]
    plain = normalize(np.round(clean * 255).astype(np.uint8)[None])["ink"][0]
    assert ink.sum() == pytest.approx(plain.sum(), rel=0.2)
    assert (ink < 0.1).mean() > 0.6


def lined(picture: NDArray[np.uint8], darkness: float) -> NDArray[np.uint8]:
    """The picture on squared paper, its lines 2 px wide and 35 apart."""
    paper = np.full(picture.shape, 255, np.uint8)
    paper[17::35] = paper[18::35] = round(255 * (1 - darkness))
    return np.minimum(picture, np.minimum(paper, paper.T))


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("darkness", [0.08, 0.2, 0.4, 0.55])
def test_the_lines_of_squared_paper_are_paper(darkness: float, light_on_dark: bool) -> None:
    clean = rasterize(pose_drawing(SEVEN, Pose(side=120)))
    squared = lined(clean, darkness)
    plain = normalize(clean[None])
    found = normalize((255 - squared if light_on_dark else squared)[None])
    np.testing.assert_allclose(found["placement"], plain["placement"], atol=2)
    assert np.corrcoef(plain["ink"].ravel(), found["ink"].ravel())[0, 1] > 0.97


def test_one_line_of_ruled_paper_is_paper_too() -> None:
    clean = rasterize(pose_drawing(SEVEN, Pose(side=120)))
    ruled = clean.copy()
    ruled[255] = np.minimum(ruled[255], 150)
    np.testing.assert_allclose(
        normalize(ruled[None])["placement"], normalize(clean[None])["placement"], atol=2
    )


@pytest.mark.parametrize("darkness", [0.3, 1.0])
def test_ink_that_reaches_one_edge_is_no_line(darkness: float) -> None:
    picture = np.full((60, 60), 255, np.uint8)
    picture[10:40, 20:26] = 0
    picture[36:40, 26:] = round(255 * (1 - darkness))
    ink = normalize(picture[None])
    assert ink["placement"][0, 2] == pytest.approx(28 / 20 * 40)  # the box is 40 wide


def test_dark_ink_that_crosses_the_picture_is_no_line() -> None:
    picture = np.full((60, 60), 255, np.uint8)
    picture[:, 20:26] = 90
    picture[10:16, 5:40] = 0
    ink = normalize(picture[None])
    assert ink["placement"][0, 3] == pytest.approx(28 / 20 * 60)  # it is as high as the picture
