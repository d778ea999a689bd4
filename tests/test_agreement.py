"""One file answers everywhere: Keras, ONNX Runtime and the HTTP API on all MNIST test images."""

import http.client
import io
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.data import load_mnist
from drawn_digits.training.recognizer_model import load_recognizer_model
from tests.live_server import live_server

WEIGHTS = Path(__file__).parents[1] / "weights" / "digits.keras"

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture(scope="module")
def images(data_folder: Path) -> NDArray[np.uint8]:
    return load_mnist("test")[0]


@pytest.fixture(scope="module")
def probabilities(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.stack([p.probabilities for p in load_recognizer().predict(images)])


def assert_same_answers(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(ours.argmax(axis=1), theirs.argmax(axis=1))
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_keras_and_onnx_runtime_agree(
    images: NDArray[np.uint8], probabilities: NDArray[np.float32]
) -> None:
    model = load_recognizer_model(WEIGHTS)
    parts = [model(part)["probabilities"] for part in np.split(images, 20)]
    assert_same_answers(probabilities, np.concatenate(parts))


def test_the_http_api_and_onnx_runtime_agree(
    images: NDArray[np.uint8], probabilities: NDArray[np.float32]
) -> None:
    with live_server("--workers", "1") as server:
        connection = http.client.HTTPConnection(*server.address)
        answers = [ask(connection, image) for image in images]
        connection.close()
    assert_same_answers(probabilities, np.array(answers, np.float32))


def ask(connection: http.client.HTTPConnection, image: NDArray[np.uint8]) -> list[float]:
    png = io.BytesIO()
    Image.fromarray(image).save(png, "png")
    connection.request("POST", "/api/v1/predictions", png.getvalue(), {"Content-Type": "image/png"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    assert response.status == 200, answer
    probabilities: list[float] = answer["probabilities"]
    return probabilities
