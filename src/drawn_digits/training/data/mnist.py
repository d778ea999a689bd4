"""MNIST: 28 x 28 images of digits, IDX files compressed with gzip."""

import gzip
import math
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import DataDamaged
from drawn_digits.training.data.folder import find_file
from drawn_digits.training.data.splits import MNIST_TRAIN_IMAGES, Split

MnistArrays = tuple[NDArray[np.uint8], NDArray[np.uint8]]

_UINT8 = 8  # IDX type code


def load_mnist(split: Split) -> MnistArrays:
    """Images, uint8 [n, 28, 28], ink 255 on paper 0, and their labels, uint8 [n], 0..9.

    Train is 55,000, validation 5,000 (the last of the 60,000), test 10,000.

    Raises:
        DataMissing: a file is not there.
        DataDamaged: a file is truncated or not what it should be.
    """
    part = "t10k" if split == "test" else "train"
    images = _read_idx(f"mnist/{part}-images-idx3-ubyte.gz")
    labels = _read_idx(f"mnist/{part}-labels-idx1-ubyte.gz")
    _check(images, labels)
    rows = _rows(split)
    return images[rows], labels[rows]


def _rows(split: Split) -> slice:
    if split == "train":
        return slice(MNIST_TRAIN_IMAGES)
    return slice(MNIST_TRAIN_IMAGES, None) if split == "validation" else slice(None)


def _read_idx(name: str) -> NDArray[np.uint8]:
    """An IDX file: two zero bytes, type, number of axes, each axis as big-endian int32, data."""
    content = _decompress(name)
    axes = content[3] if len(content) >= 4 else 0
    start = 4 + 4 * axes
    if content[:3] != bytes((0, 0, _UINT8)) or not axes or len(content) < start:
        raise DataDamaged(f"{name} is not an IDX file of bytes. {_MENDING}")
    shape = struct.unpack(f">{axes}I", content[4:start])
    if len(content) != start + math.prod(shape):
        raise DataDamaged(
            f"{name} holds {len(content) - start} bytes of data, not the announced {shape}. "
            f"{_MENDING}"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _decompress(name: str) -> bytes:
    try:
        return gzip.decompress(find_file(name).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataDamaged(f"{name} cannot be decompressed ({error}). {_MENDING}") from error


def _check(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    if images.shape[1:] != (28, 28) or labels.shape != (len(images),) or labels.max() > 9:
        raise DataDamaged(
            f"MNIST should hold images [n, 28, 28] and labels [n] of 0..9, but came as "
            f"{images.shape} and {labels.shape}. {_MENDING}"
        )


_MENDING = "Remove it and run: drawn-digits data fetch mnist"
