import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import DataDamaged, DataMissing
from drawn_digits.training.data import load_mnist


def write_idx(folder: Path, name: str, content: bytes) -> None:
    (folder / "mnist").mkdir(exist_ok=True)
    (folder / "mnist" / name).write_bytes(content)


def idx(array: NDArray[np.generic]) -> bytes:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAWN_DIGITS_DATA", str(tmp_path))
    images = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256
    write_idx(tmp_path, "t10k-images-idx3-ubyte.gz", idx(images))
    write_idx(tmp_path, "t10k-labels-idx1-ubyte.gz", idx(np.array([7, 2, 1])))
    return tmp_path


@pytest.mark.usefixtures("data_folder")
def test_the_three_splits_have_the_published_sizes_and_first_labels() -> None:
    train, validation, test = load_mnist("train"), load_mnist("validation"), load_mnist("test")
    assert [len(images) for images, _ in (train, validation, test)] == [55_000, 5_000, 10_000]
    assert train[1][:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert test[1][:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert validation[1][-3:].tolist() == [5, 6, 8]
    for images, labels in (train, validation, test):
        assert images.shape[1:] == (28, 28)
        assert images.dtype == labels.dtype == np.uint8
    # The published mean and deviation of the training images.
    everything = np.concatenate([train[0], validation[0]])
    assert everything.mean() / 255 == pytest.approx(0.1307, abs=5e-5)


def test_images_and_labels_come_as_written(folder: Path) -> None:
    images, labels = load_mnist("test")
    assert np.array_equal(images, np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256)
    assert labels.tolist() == [7, 2, 1]


def test_a_missing_file_is_named_with_its_folder_and_the_command(folder: Path) -> None:
    with pytest.raises(DataMissing) as caught:
        load_mnist("train")
    message = str(caught.value)
    assert "train-images-idx3-ubyte.gz" in message
    assert str(folder) in message
    assert "drawn-digits data fetch" in message


WHOLE = idx(np.zeros((3, 28, 28)))


# Named, for a gzip header holds the second of its writing: processes that collect apart from one
# another would otherwise call one test by two names.
DAMAGED = {
    "empty": b"",
    "no gzip": b"no gzip",
    "cut gzip": WHOLE[:-10],
    "a byte short": gzip.compress(gzip.decompress(WHOLE)[:-1]),
    "a byte too long": gzip.compress(gzip.decompress(WHOLE) + b"0"),
    "of floats": gzip.compress(b"\0\0\x0d" + gzip.decompress(WHOLE)[3:]),
    "cut header": gzip.compress(b"\0\0\x08\x03\0\0"),
    "of 255 dimensions": gzip.compress(b"\0\0\x08\xff" + b"\xff" * 1020),
    "of 28 x 27": idx(np.zeros((3, 28, 27))),
    "of more images than labels": idx(np.zeros((4, 28, 28))),
    "of one dimension": idx(np.zeros(3)),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_image_file_is_named(content: bytes, folder: Path) -> None:
    write_idx(folder, "t10k-images-idx3-ubyte.gz", content)
    with pytest.raises(DataDamaged):
        load_mnist("test")


def test_labels_above_nine_are_refused(folder: Path) -> None:
    write_idx(folder, "t10k-labels-idx1-ubyte.gz", idx(np.array([7, 2, 10])))
    with pytest.raises(DataDamaged):
        load_mnist("test")
