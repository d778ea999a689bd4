"""Pictures as arrays: their form, and the way back to a file."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.errors import InvalidPicture


def check_array(item: object) -> None:
    """Refuse what is no picture.

    Raises:
        InvalidPicture: not a uint8 array [height, width] that holds pixels.
    """
    if isinstance(item, np.ndarray) and item.dtype == np.uint8 and item.ndim == 2 and item.size > 0:
        return
    raise InvalidPicture(
        f"A picture must be a uint8 array [height, width], but {_describe(item)} came. "
        "Convert it with drawn_digits.decode_picture or astype."
    )


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """The PNG file of a grey picture [height, width], 0 black to 255 white.

    Raises:
        InvalidPicture: the array is not of this form.
    """
    check_array(picture)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def _describe(item: object) -> str:
    if isinstance(item, np.ndarray):
        return f"{item.dtype} {list(item.shape)}"
    return type(item).__name__
