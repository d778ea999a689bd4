"""Of two readers, one reads a picture: in Keras both do and one answer is taken, exported one does.

The exported file in ONNX Runtime is the oracle for Keras, and the other way round.
"""

from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
import onnxruntime
import pytest

from drawn_digits.training.by_origin import JoinByOrigin, PartByOrigin, each_reads_its_own
from drawn_digits.training.network import build_evidence_network
from tests.training.drawn_network import noise_ink


def ten_and_hundred_times() -> keras.Model:
    """Rows [batch, 3] times ten where they are a pen's, times a hundred where they are MNIST's."""
    rows, mnist_logit = keras.Input((3,), name="rows"), keras.Input((1,), name="mnist_logit")
    pens, mnist = PartByOrigin()(rows, mnist_logit)
    ten_times, hundred_times = keras.layers.Rescaling(10.0), keras.layers.Rescaling(100.0)
    answers = JoinByOrigin()(ten_times(pens), hundred_times(mnist), mnist_logit)
    return keras.Model([rows, mnist_logit], answers)


LOGITS = {
    "mixed": [-1.0, 2.0, 3.0, -4.0, 0.0],
    "pens": [-1.0, -2.0, -3.0, -4.0, -5.0],
    "MNIST": [1.0, 2.0, 3.0, 4.0, 5.0],
}


@pytest.mark.parametrize("kind", LOGITS)
@pytest.mark.parametrize("apart", [False, True])
def test_each_row_comes_back_in_its_place_from_its_own_reader(kind: str, apart: bool) -> None:
    model = ten_and_hundred_times()
    rows = np.arange(15, dtype=np.float32).reshape(5, 3)
    logits = np.array(LOGITS[kind], np.float32)[:, None]
    expected = rows * np.where(logits > 0, 100, 10)
    for layer in model.layers:
        layer.apart = apart
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(model([rows, logits])), expected)


def test_what_was_apart_for_the_export_is_together_again_after() -> None:
    network = build_evidence_network()
    outer = keras.Model(network.input, network(network.input))
    choosing = [layer for layer in network.layers if hasattr(layer, "apart")]
    assert len(choosing) == 4
    with suppress(RuntimeError), each_reads_its_own(outer):
        assert all(layer.apart for layer in choosing)
        raise RuntimeError
    assert not any(layer.apart for layer in choosing)


def test_the_exported_readers_answer_as_keras_does(network: keras.Model, tmp_path: Path) -> None:
    file = tmp_path / "network.onnx"
    signature = [keras.InputSpec(shape=(None, 28, 28), dtype="float32", name="ink")]
    with each_reads_its_own(network):
        network.export(file, format="onnx", input_signature=signature, verbose=False)
    session = onnxruntime.InferenceSession(file)
    names = [output.name for output in session.get_outputs()]
    ink = noise_ink()
    said = {k: keras.ops.convert_to_numpy(v) for k, v in network(ink).items()}
    is_mnist = said["mnist_logit"][:, 0] > 0
    assert 3 <= is_mnist.sum() <= 6
    for some in (slice(None), is_mnist, ~is_mnist, slice(1), slice(1, 2), slice(8, 9)):
        found = dict(zip(names, session.run(None, {"ink": ink[some]}), strict=True))
        for name, expected in said.items():
            np.testing.assert_allclose(found[name], expected[some], atol=1e-5)
