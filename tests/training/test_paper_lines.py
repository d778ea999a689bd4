import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.pose import Pose, pose_drawing
from tests.training.normalized import SEVEN, normalize


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
