import io

import numpy as np
import pytest
from PIL import Image

from drawn_digits.errors import InvalidPicture
from drawn_digits.ink.arrays import check_array, encode_png


def test_a_png_holds_the_very_pixels() -> None:
    picture = np.arange(256, dtype=np.uint8).reshape(8, 32)[:, ::-1]
    with Image.open(io.BytesIO(encode_png(picture))) as image:
        assert (image.format, image.mode) == ("PNG", "L")
        np.testing.assert_array_equal(np.asarray(image), picture)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (np.zeros((28, 28), np.float32), r"float32 \[28, 28\]"),
        (np.zeros((28, 28, 3), np.uint8), r"uint8 \[28, 28, 3\]"),
        (np.zeros((0, 28), np.uint8), r"uint8 \[0, 28\]"),
        ([[0]], "list"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_grey_picture_is_named(item: object, words: str) -> None:
    with pytest.raises(InvalidPicture, match=f"but {words} came"):
        check_array(item)
