import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import InvalidPicture, NothingDrawn
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer

DRAWINGS = Path(__file__).parent.parent / "drawings"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load_recognizer()


def drawings() -> dict[int, Drawing]:
    return {
        int(path.stem[0]): Drawing.from_json(json.loads(path.read_text("utf-8")))
        for path in sorted(DRAWINGS.glob("*.json"))
    }


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


def test_ten_hand_made_drawings_are_read_right(recognizer: Recognizer) -> None:
    made = drawings()
    assert sorted(made) == list(range(10))
    predictions = recognizer.predict(made.values())
    assert [prediction.digit for prediction in predictions] == list(made)
    assert all(prediction.is_digit for prediction in predictions)


@pytest.mark.parametrize("darkness", [0.15, 0.4])
def test_drawings_on_squared_paper_are_read_right(recognizer: Recognizer, darkness: float) -> None:
    paper = np.full((280, 280), 255, np.uint8)
    paper[12::40] = round(255 * (1 - darkness))
    squared = np.minimum(paper, paper.T)
    pictures = [np.minimum(rasterize(drawing), squared) for drawing in drawings().values()]
    predictions = recognizer.predict(pictures)
    assert [prediction.digit for prediction in predictions] == list(range(10))
    assert all(prediction.is_digit for prediction in predictions)
    (empty,) = recognizer.predict([squared])
    assert not empty.is_digit


def test_reading_a_digit_leaves_nothing_behind(tmp_path: Path) -> None:
    """ONNX Runtime would keep an id of the device, to report what it ran."""
    sources = Path(__file__).parents[2] / "src"
    program = (
        "import drawn_digits as d, numpy; d.load_recognizer().predict([numpy.eye(28, dtype='u1')])"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(sources), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    assert list(tmp_path.rglob("*")) == []


def test_answers_come_in_the_order_asked_whatever_the_sizes(recognizer: Recognizer) -> None:
    digits = [3, 1, 4, 1, 5, 9, 2, 6]
    sides = [280, 61, 280, 140, 61, 280, 28, 140]
    pictures = [rasterize(drawings()[d], side) for d, side in zip(digits, sides, strict=True)]
    together = recognizer.predict(pictures)
    alone = [recognizer.predict([picture])[0] for picture in pictures]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-6)


def test_drawings_and_their_pictures_give_the_same_answer(recognizer: Recognizer) -> None:
    drawing = drawings()[5]
    from_drawing, from_picture = recognizer.predict([drawing, rasterize(drawing)])
    np.testing.assert_array_equal(from_drawing.probabilities, from_picture.probabilities)


def test_evidence_adds_up_to_the_probabilities(recognizer: Recognizer) -> None:
    for prediction in recognizer.predict(drawings().values()):
        logits = prediction.evidence.mean(axis=(1, 2))
        np.testing.assert_allclose(softmax(logits), prediction.probabilities, atol=1e-5)


def one_pixel() -> NDArray[np.uint8]:
    picture = np.full((280, 280), 255, np.uint8)
    picture[3, 270] = 0
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((280, 280), np.uint8),
        np.full((280, 280), 255, np.uint8),
        np.full((8, 1024), 128, np.uint8),
    ],
)
def test_a_picture_without_ink_is_answered_with_nothing_drawn(
    recognizer: Recognizer, picture: NDArray[np.uint8]
) -> None:
    prediction = recognizer.predict([picture])[0]
    assert prediction.nothing_drawn
    assert prediction.digit is None
    assert not prediction.is_digit
    assert prediction.digit_probability == 0
    np.testing.assert_allclose(prediction.probabilities, 0.1, atol=1e-6)


def test_one_pixel_gives_finite_outputs(recognizer: Recognizer) -> None:
    prediction = recognizer.predict([one_pixel()])[0]
    assert not prediction.nothing_drawn
    for values in (prediction.probabilities, prediction.evidence, prediction.placement):
        assert np.isfinite(values).all()
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_no_inputs_give_no_predictions(recognizer: Recognizer) -> None:
    assert recognizer.predict([]) == []


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.zeros((28, 28), np.float32), r"float32 \[28, 28\] came"),
        (np.zeros((28, 28, 3), np.uint8), r"uint8 \[28, 28, 3\] came"),
        (np.zeros((7, 28), np.uint8), "7 x 28 came"),
        (np.zeros((28, 1025), np.uint8), "28 x 1025 came"),
        ("a file name", "str came"),
    ],
)
def test_other_arrays_are_refused_with_what_came(
    recognizer: Recognizer, picture: NDArray[np.uint8], message: str
) -> None:
    with pytest.raises(InvalidPicture, match=message):
        recognizer.predict([picture])


def test_a_drawing_without_points_is_nothing_drawn(recognizer: Recognizer) -> None:
    with pytest.raises(NothingDrawn):
        recognizer.predict([Drawing(())])


def test_threads_share_one_recognizer_without_mixing_answers(recognizer: Recognizer) -> None:
    made = drawings()
    wrong: list[int | None] = []

    def ask(digit: int) -> None:
        answers = [recognizer.predict([made[digit]])[0].digit for _ in range(20)]
        wrong.extend(answer for answer in answers if answer != digit)

    threads = [threading.Thread(target=ask, args=(digit,)) for digit in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_used_recognizer_can_be_sent_to_another_process(recognizer: Recognizer) -> None:
    picture = rasterize(drawings()[7])
    (expected,) = recognizer.predict([picture])
    (found,) = pickle.loads(pickle.dumps(recognizer)).predict([picture])  # noqa: S301
    np.testing.assert_array_equal(found.probabilities, expected.probabilities)
