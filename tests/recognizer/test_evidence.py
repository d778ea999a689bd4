import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import InvalidPicture, NothingDrawn, UnknownDigit
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.evidence import paint_evidence, relative_evidence
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.training.data import load_pendigits
from drawn_digits.training.pose import anywhere, pose_drawing

DRAWINGS = Path(__file__).parent.parent / "drawings"
WHITE = np.full((56, 56), 255, np.uint8)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load_recognizer()


def picture_of(digit: int, side: int = 280) -> NDArray[np.uint8]:
    document = json.loads((DRAWINGS / f"{digit}.json").read_text("utf-8"))
    return rasterize(Drawing.from_json(document), side)


def made_prediction(
    evidence: NDArray[np.float32], placement: tuple[float, float, float, float]
) -> Prediction:
    """A prediction whose evidence is known, for painting only."""
    logits = evidence.mean(axis=(1, 2))
    powers = np.exp(logits - logits.max())
    return Prediction(
        probabilities=powers / powers.sum(),
        digit_probability=1.0,
        is_digit=True,
        ink=np.ones((28, 28), np.float32),
        placement=np.array(placement, np.float32),
        evidence=evidence,
    )


def one_cell(digit: int, row: int, column: int, value: float = 9.0) -> NDArray[np.float32]:
    evidence = np.zeros((10, 7, 7), np.float32)
    evidence[digit, row, column] = value
    return evidence


def blueness(painted: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Blue less red: above 0 speaks for the digit, below 0 against it."""
    wide = painted.astype(np.int16)
    return wide[..., 2] - wide[..., 0]


def test_evidence_appears_at_its_place_in_the_frame() -> None:
    prediction = made_prediction(one_cell(4, row=1, column=5), (0, 0, 56, 56))
    blue = blueness(paint_evidence(WHITE, prediction, 4))
    assert blue[8:16, 40:48].max() == blue.max() > 100
    assert abs(blue[32:]).max() == 0


def test_what_speaks_for_one_digit_speaks_against_the_others() -> None:
    prediction = made_prediction(one_cell(4, 3, 3), (0, 0, 56, 56))
    assert blueness(paint_evidence(WHITE, prediction, 4))[28, 28] > 100
    for other in {*range(10)} - {4}:
        assert blueness(paint_evidence(WHITE, prediction, other))[28, 28] < -5


def test_what_speaks_for_all_digits_alike_is_not_painted() -> None:
    evidence = one_cell(4, 3, 3)
    everywhere = evidence + np.linspace(-50, 50, 49, dtype=np.float32).reshape(7, 7)
    np.testing.assert_array_equal(
        paint_evidence(WHITE, made_prediction(everywhere, (0, 0, 56, 56)), 4),
        paint_evidence(WHITE, made_prediction(evidence, (0, 0, 56, 56)), 4),
    )


def test_two_digits_of_one_picture_share_the_scale() -> None:
    prediction = made_prediction(one_cell(4, 3, 3) + one_cell(6, 3, 0, 3.0), (0, 0, 56, 56))
    strong = blueness(paint_evidence(WHITE, prediction, 4))[28, 28]
    weak = blueness(paint_evidence(WHITE, prediction, 6))[28, 4]
    assert weak / strong == pytest.approx(1 / 3, abs=0.03)


def test_colours_say_for_and_against_equally_strongly() -> None:
    evidence = one_cell(4, 3, 1) - one_cell(4, 3, 5)
    painted = paint_evidence(WHITE, made_prediction(evidence, (0, 0, 56, 56)), 4)
    blue = blueness(painted)
    assert blue[28, 12] == pytest.approx(-blue[28, 44], rel=0.2)


@pytest.mark.parametrize("digit", range(10))
def test_outside_the_frame_the_picture_is_as_it_was(recognizer: Recognizer, digit: int) -> None:
    picture = picture_of(digit)
    prediction = recognizer.predict([picture])[0]
    painted = paint_evidence(picture, prediction)
    left, top, width, height = prediction.placement
    inside = np.zeros(picture.shape, bool)
    inside[
        max(0, int(top)) : int(np.ceil(top + height)),
        max(0, int(left)) : int(np.ceil(left + width)),
    ] = True
    assert not inside.all()
    np.testing.assert_array_equal(painted[~inside], np.repeat(picture[~inside][:, None], 3, axis=1))
    assert (blueness(painted)[inside] > 60).any()


def test_a_seven_s_corner_speaks_for_seven_and_more_than_for_one(recognizer: Recognizer) -> None:
    picture = picture_of(7)
    prediction = recognizer.predict([picture])[0]
    corner = (slice(30, 90), slice(170, 230))
    seven, one = (blueness(paint_evidence(picture, prediction, digit))[corner] for digit in (7, 1))
    assert seven.mean() > max(0, one.mean())


@pytest.mark.parametrize("is_light_on_dark", [False, True])
@pytest.mark.parametrize("digit", [2, 5, 8])
def test_the_ink_stays_visible(
    recognizer: Recognizer, digit: int, *, is_light_on_dark: bool
) -> None:
    picture = 255 - picture_of(digit) if is_light_on_dark else picture_of(digit)
    prediction = recognizer.predict([picture])[0]
    for painted_digit in range(10):
        assert contrast(picture, paint_evidence(picture, prediction, painted_digit)) >= 3


def test_the_ink_stays_visible_whatever_speaks_for_and_against() -> None:
    evidence = one_cell(4, 3, 1) - one_cell(4, 3, 5)
    chequered = (np.indices((56, 56)).sum(axis=0) % 2 * 255).astype(np.uint8)
    painted = paint_evidence(chequered, made_prediction(evidence, (0, 0, 56, 56)), 4)
    assert blueness(painted).max() > 100
    assert blueness(painted).min() < -100
    assert contrast(chequered, painted) >= 3


def contrast(picture: NDArray[np.uint8], painted: NDArray[np.uint8]) -> float:
    """WCAG's contrast of the darkest white pixel and the lightest black one: 3 for graphics."""
    luminance = relative_luminance(painted)
    low, high = luminance[picture == 0].max(), luminance[picture == 255].min()
    return float((high + 0.05) / (low + 0.05))


def relative_luminance(painted: NDArray[np.uint8]) -> NDArray[np.float64]:
    share = painted / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return luminance


@pytest.mark.parametrize("shape", [(8, 8), (8, 400), (28, 28), (1024, 640)])
def test_the_painting_has_the_picture_s_size(
    recognizer: Recognizer, shape: tuple[int, int]
) -> None:
    picture = np.full(shape, 255, np.uint8)
    picture[2:-2, shape[1] // 2 : shape[1] // 2 + max(1, shape[0] // 10)] = 0
    painted = paint_evidence(picture, recognizer.predict([picture])[0])
    assert painted.shape == (*shape, 3)
    assert painted.dtype == np.uint8
    assert blueness(painted).any()


def test_relative_evidence_adds_up_to_the_answer(recognizer: Recognizer) -> None:
    for prediction in recognizer.predict([picture_of(digit) for digit in range(10)]):
        relative = relative_evidence(prediction)
        np.testing.assert_allclose(relative.sum(axis=0), 0, atol=1e-3)
        powers = np.exp(relative.mean(axis=(1, 2)))
        np.testing.assert_allclose(powers / powers.sum(), prediction.probabilities, atol=1e-5)


def test_relative_evidence_adds_up_on_drawings_of_unseen_writers(
    recognizer: Recognizer, data_folder: Path
) -> None:
    rng = np.random.default_rng(7)
    pens = load_pendigits("validation")[::20]
    pictures = [rasterize(pose_drawing(pen.drawing, anywhere(rng)), 112) for pen in pens]
    assert len(pictures) > 100
    for prediction in recognizer.predict(pictures):
        powers = np.exp(relative_evidence(prediction).mean(axis=(1, 2)))
        np.testing.assert_allclose(powers / powers.sum(), prediction.probabilities, atol=1e-5)


def test_nothing_drawn_has_no_evidence(recognizer: Recognizer) -> None:
    with pytest.raises(NothingDrawn, match="no ink"):
        paint_evidence(WHITE, recognizer.predict([WHITE])[0], 3)


@pytest.mark.parametrize("digit", [-1, 10])
def test_an_unknown_digit_is_named(recognizer: Recognizer, digit: int) -> None:
    picture = picture_of(3)
    with pytest.raises(UnknownDigit, match=f"digit {digit} came; expected is one from 0 to 9"):
        paint_evidence(picture, recognizer.predict([picture])[0], digit)


@pytest.mark.parametrize("wrong", [np.zeros((28, 28, 3), np.uint8), np.zeros((28, 28), np.float32)])
def test_what_is_no_grey_picture_is_refused(
    recognizer: Recognizer, wrong: NDArray[np.uint8]
) -> None:
    (prediction,) = recognizer.predict([picture_of(7)])
    with pytest.raises(InvalidPicture, match=r"uint8 array \[height, width\]"):
        paint_evidence(wrong, prediction)
