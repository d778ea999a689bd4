import numpy as np
import pytest
from PIL import Image

from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.data.typefaces import TypefaceDigit, load_typefaces
from drawn_digits.training.lettering import paint_typeface, place, weigh
from drawn_digits.training.pose import Pose
from drawn_digits.training.renderings import RENDER_SIDE, paint_all


def letter_l() -> TypefaceDigit:
    """Two bars, so that every turn and mirror shows."""
    picture = np.full((80, 80), 255, np.uint8)
    picture[4:76, 25:33] = 0
    picture[68:76, 25:60] = 0
    return TypefaceDigit("7", "none", picture)


def test_a_variant_is_dark_on_light_and_whole() -> None:
    rng = np.random.default_rng(0)
    for digit in load_typefaces("validation"):
        picture = paint_typeface(digit, rng)
        assert picture.shape == (RENDER_SIDE, RENDER_SIDE)
        assert picture.dtype == np.uint8
        rows, columns = np.nonzero(picture < 128)
        assert 40 <= max(np.ptp(rows), np.ptp(columns)) <= 100
        assert min(rows.min(), columns.min()) >= 4
        assert max(rows.max(), columns.max()) < RENDER_SIDE - 4


def test_variants_differ_and_the_same_seed_gives_the_same_ones() -> None:
    first, again = (
        np.concatenate(list(paint_all([letter_l()] * 50, paint_typeface, np.random.default_rng(1))))
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert len({picture.tobytes() for picture in first}) == 50


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_digit_is_turned_as_its_pose_says(quarter_turns: int) -> None:
    """NumPy turns the other way round and is the oracle."""
    ink = 255 - letter_l().picture
    placed = np.asarray(place(ink, Pose(turn=90 * quarter_turns, side=71)))
    rows, columns = np.nonzero(placed > 127)
    expected = np.rot90(ink, -quarter_turns)
    expected_rows, expected_columns = np.nonzero(expected)
    crop = placed[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    wanted = expected[
        expected_rows.min() : expected_rows.max() + 1,
        expected_columns.min() : expected_columns.max() + 1,
    ]
    assert np.abs(np.subtract(crop.shape, wanted.shape)).max() <= 1
    height, width = np.minimum(crop.shape, wanted.shape)
    assert ((crop[:height, :width] > 127) != (wanted[:height, :width] > 127)).mean() < 0.05


def test_the_aspect_makes_digits_narrow_and_wide() -> None:
    square = np.zeros((80, 80), np.uint8)
    square[10:70, 10:70] = 255
    for aspect in (0.5, 1.0, 2.0):
        rows, columns = np.nonzero(np.asarray(place(square, Pose(aspect=aspect, side=80))) > 127)
        found = (np.ptp(columns) + 1) / (np.ptp(rows) + 1)
        assert found == pytest.approx(aspect, rel=0.05)


def test_lines_become_bolder_and_thinner_and_never_vanish() -> None:
    rng = np.random.default_rng(2)
    ink = place(255 - letter_l().picture, Pose(side=80))
    before = np.asarray(ink, np.float64).sum()
    shares = np.array([np.asarray(weigh(ink, 80, rng), np.float64).sum() for _ in range(200)])
    shares /= before
    assert 0.5 < shares.min() < 0.9
    assert 1.3 < shares.max() < 2
    assert 0.1 < (shares < 1).mean() < 0.3
    thin = Image.fromarray(np.eye(RENDER_SIDE, dtype=np.uint8) * 255)
    assert min(np.asarray(weigh(thin, 80, rng)).sum() for _ in range(50)) >= np.asarray(thin).sum()


def test_a_share_is_photographed() -> None:
    rng = np.random.default_rng(3)
    pictures = np.stack([paint_typeface(letter_l(), rng, photographed=0.3) for _ in range(200)])
    clean = np.median(pictures, axis=(1, 2)) == 255
    assert 0.6 < clean.mean() < 0.8


def test_most_variants_can_be_read() -> None:
    """By a model that learned validation's typefaces never or only varied anew."""
    digits = load_typefaces("validation")
    rng = np.random.default_rng(4)
    answers = load_recognizer().predict([paint_typeface(digit, rng, 0.15) for digit in digits])
    read = [answer.digit == int(digit.label) for answer, digit in zip(answers, digits, strict=True)]
    assert np.mean(read) > 0.9
