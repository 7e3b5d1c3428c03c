"""Models made by hand, and what ONNX's own evaluator makes of them."""

import numpy as np
import pytest


@pytest.fixture
def model():
    """A model of one input and one output, of nodes (operator, inputs, outputs, attributes)."""
    onnx = pytest.importorskip("onnx")
    helper, to_proto = onnx.helper, onnx.numpy_helper.from_array

    def made(nodes, shape, stored=(), *, opset=18, kind=onnx.TensorProto.FLOAT, returned="y"):
        graph = helper.make_graph(
            [
                helper.make_node(name, ins, outs, name=f"{name} {k}", **how)
                for k, (name, ins, outs, how) in enumerate(nodes)
            ],
            "made",
            [helper.make_tensor_value_info("x", kind, shape)],
            [helper.make_tensor_value_info(returned, kind, None)],
            [to_proto(np.asarray(array), name) for name, array in dict(stored).items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])

    return made


@pytest.fixture
def quotient():
    """The central difference quotient of a model by ONNX's evaluator, in float64."""
    onnx = pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    def of(made, x, step=2.0**-17):
        double = onnx.ModelProto()
        double.CopyFrom(made)
        for value in (*double.graph.input, *double.graph.output):
            value.type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
        constants = (
            each for node in double.graph.node for each in node.attribute if node.op_type == "Constant"
        )
        for tensor in (*double.graph.initializer, *(each.t for each in constants)):
            array = onnx.numpy_helper.to_array(tensor)
            if array.dtype == np.float32:
                tensor.CopyFrom(onnx.numpy_helper.from_array(array.astype(float), tensor.name))
        evaluator, at = ReferenceEvaluator(double), np.asarray(x, dtype=float)

        def value(z):
            return np.asarray(evaluator.run(None, {"x": z.reshape(at.shape)})[0], dtype=float).ravel()

        moves = step * np.eye(at.size)
        flat = at.ravel()
        return np.stack([(value(flat + e) - value(flat - e)) / (2 * step) for e in moves], axis=1)

    return of
