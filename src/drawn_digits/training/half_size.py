"""Numbers of an ONNX file that 16 bits hold exactly, stored in 16 bits."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_WORTH_A_NODE = 256  # numbers: a cast takes some 100 bytes itself


def half_size(proto: onnx.ModelProto) -> None:
    """Store each large float32 constant that float16 holds exactly so, and cast it when loaded.

    ONNX Runtime does the cast once, when it opens the file, so answers and speed stay the same.
    """
    graph, casts = proto.graph, []
    for constant in graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.size >= _WORTH_A_NODE and _fits(values):
            name, stored = constant.name, f"{constant.name}_float16"
            constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
            casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _fits(values: NDArray[np.generic]) -> bool:
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16).astype(np.float32)
    return values.dtype == np.float32 and np.array_equal(halves, values)
