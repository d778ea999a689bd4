"""Evidence painted over the picture that was read: what speaks for a digit, and what against.

A place's evidence for a digit counts relative to the mean over all digits at that place. Softmax
knows only such differences: what speaks for all digits alike speaks for none. The relative values
still add up to the answer, ``softmax(relative.mean((1, 2))) == probabilities``, and at each place
they sum to 0 over the digits.

A place is a cell of the 28 x 28 frame, but the network saw a wide neighbourhood of it, blank paper
included: colour beside a line says that the paper there belongs to the digit's shape.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.errors import NothingDrawn, UnknownDigit
from drawn_digits.ink.arrays import check_array
from drawn_digits.recognizer.prediction import Prediction

# Blue and orange are told apart with every common colour blindness. Evidence tints white to the
# light colour and black to the dark one, so that ink differs from paper in lightness, in either
# polarity: by WCAG's 3:1 for graphics even where all of one is blue and all of the other orange.
_FOR_LIGHT, _FOR_DARK = (96, 168, 255), (0, 52, 170)
_AGAINST_LIGHT, _AGAINST_DARK = (255, 166, 80), (150, 48, 0)


def paint_evidence(
    picture: NDArray[np.uint8], prediction: Prediction, digit: int | None = None
) -> NDArray[np.uint8]:
    """Tint a picture blue where it speaks for ``digit`` and orange where it speaks against it.

    ``picture`` uint8 [height, width] is what ``prediction`` was made from; ``digit`` is the one
    that was read where it is None. The strongest evidence for or against any digit has full
    colour, so paintings of two digits for one prediction can be compared.

    Returns:
        uint8 [height, width, 3], red, green, blue; grey as it was outside the model's frame.

    Raises:
        InvalidPicture: the array is not of this form.
        NothingDrawn: the picture holds no ink, so nothing speaks for or against any digit.
        UnknownDigit: the model knows no such digit.
    """
    check_array(picture)
    if prediction.digit is None:
        raise NothingDrawn("The picture holds no ink, so there is no evidence to paint.")
    relative = relative_evidence(prediction)
    chosen = prediction.digit if digit is None else digit
    if not 0 <= chosen < len(relative):
        raise UnknownDigit(
            f"The digit {chosen} came; expected is one from 0 to {len(relative) - 1}."
        )
    strength = relative[chosen] / np.abs(relative).max()
    return _tint(picture, _lay_over(strength, prediction.placement, picture.shape))


def relative_evidence(prediction: Prediction) -> NDArray[np.float32]:
    """Evidence [10, h, w] less its mean over the digits at each place."""
    mean = prediction.evidence.mean(axis=0)
    relative: NDArray[np.float32] = prediction.evidence - mean
    return relative


def _lay_over(
    strength: NDArray[np.float32], placement: NDArray[np.float32], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Strength -1..1 [height, width] of each picture pixel, smooth inside the frame, 0 outside."""
    left, top, width, height = placement.tolist()
    rows, columns = strength.shape
    a, e = columns / width, rows / height  # cells a picture pixel
    laid = Image.fromarray(strength).transform(
        (shape[1], shape[0]),
        Image.Transform.AFFINE,
        (a, 0, -a * left, 0, e, -e * top),
        Image.Resampling.BICUBIC,
    )
    clipped: NDArray[np.float32] = np.clip(np.asarray(laid), -1, 1)  # bicubic overshoots
    return clipped


def _tint(picture: NDArray[np.uint8], strength: NDArray[np.float32]) -> NDArray[np.uint8]:
    lightness = (picture / np.float32(255))[..., None]
    pro, con = np.maximum(strength, 0)[..., None], np.maximum(-strength, 0)[..., None]
    light = 255 + pro * (np.array(_FOR_LIGHT) - 255) + con * (np.array(_AGAINST_LIGHT) - 255)
    # The eye sees a weak tint of white, but hardly one of black: the power lifts it.
    dark = pro**0.75 * np.array(_FOR_DARK) + con**0.75 * np.array(_AGAINST_DARK)
    painted: NDArray[np.uint8] = np.rint(dark + lightness * (light - dark)).astype(np.uint8)
    return painted
