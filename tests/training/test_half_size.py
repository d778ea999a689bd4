from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from drawn_digits.training.half_size import half_size

RNG = np.random.default_rng(0)
EXACT = RNG.normal(size=(20, 30)).astype(np.float16).astype(np.float32)
OTHER = RNG.normal(size=(20, 30)).astype(np.float32)
LARGE = np.full((20, 30), 1e6, np.float32)  # above the largest float16
SMALL = np.ones(30, np.float32)
COUNTS = np.arange(600).reshape(20, 30)  # int64


def sums() -> onnx.ModelProto:
    """X [20, 30] plus all the constants."""
    constants: dict[str, np.ndarray] = {
        "exact": EXACT,
        "other": OTHER,
        "large": LARGE,
        "small": SMALL,
        "counts": COUNTS,
    }
    nodes = [helper.make_node("Cast", ["counts"], ["counted"], to=TensorProto.FLOAT)]
    names = ["counted" if name == "counts" else name for name in constants]
    nodes.append(helper.make_node("Sum", ["x", *names], ["y"]))
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, (20, 30)) for n in "xy")
    initializers = [numpy_helper.from_array(values, name) for name, values in constants.items()]
    graph = helper.make_graph(nodes, "sums", [x], [y], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def test_only_what_sixteen_bits_hold_exactly_is_stored_in_them() -> None:
    proto = sums()
    before = proto.ByteSize()
    half_size(proto)
    stored = {c.name: numpy_helper.to_array(c).dtype for c in proto.graph.initializer}
    assert stored.pop("exact_float16") == np.float16
    assert {name: dtype.name for name, dtype in stored.items()} == {
        "other": "float32",
        "large": "float32",
        "small": "float32",
        "counts": "int64",
    }
    assert before - proto.ByteSize() > 0.9 * EXACT.nbytes / 2


def test_the_halved_file_answers_the_same(tmp_path: Path) -> None:
    x, answers = RNG.normal(size=(20, 30)).astype(np.float32), []
    for halve in (lambda proto: None, half_size):
        proto = sums()
        halve(proto)
        onnx.checker.check_model(proto, full_check=True)
        session = onnxruntime.InferenceSession(proto.SerializeToString())
        answers.append(session.run(None, {"x": x})[0])
    np.testing.assert_array_equal(answers[0], answers[1])
