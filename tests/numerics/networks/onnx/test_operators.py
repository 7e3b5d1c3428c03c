"""Operators of ONNX: against difference quotients of ONNX's own evaluator."""

import sys

import numpy as np
import pytest

from jacspec.numerics import Chain
from tests.numerics.networks.onnx.made import BN, GRID, K1, ROW, TOKENS, B, K, V, W, drawn, one, saved, whole

onnx = pytest.importorskip("onnx")
EXACT = {
    "Gemm": (one("Gemm", "w", "b", transB=1), ROW, {"w": W, "b": B}),
    "Gemm, untransposed": (one("Gemm", "w"), ROW, {"w": W.T.copy()}),
    "Gemm, a number added": (one("Gemm", "w", "b", transB=1), ROW, {"w": W, "b": B[:1]}),
    "MatMul and Add": (
        [("MatMul", ["x", "w"], ["h"], {}), ("Add", ["h", "b"], ["y"], {})],
        TOKENS, {"w": W.T.copy(), "b": B},
    ),
    "a weight first": ([("MatMul", ["w", "x"], ["y"], {})], (4,), {"w": W}),
    "residual": (
        [("Gemm", ["x", "w"], ["h"], {}), ("Relu", ["h"], ["g"], {}), ("Add", ["g", "x"], ["y"], {})],
        ROW, {"w": drawn(4, 4)},
    ),
    "arithmetic": (
        [("Sub", ["x", "c"], ["h"], {}), ("Mul", ["h", "d"], ["g"], {}), ("Div", ["g", "e"], ["f"], {}),
         ("Neg", ["f"], ["y"], {})],
        ROW, {"c": V, "d": drawn(4), "e": np.float32(2)},
    ),
    "Conv": (one("Conv", "k", "b", pads=[1, 0, 1, 0], strides=[2, 1]), GRID, {"k": K, "b": drawn(3)},
    ),
    "Conv, padded unevenly": (one("Conv", "k", pads=[1, 0, 0, 2], dilations=[1, 2]), GRID, {"k": K}),
    "Conv, SAME_UPPER": (one("Conv", "k", auto_pad="SAME_UPPER"), GRID, {"k": K}),
    "Conv, SAME_LOWER": (one("Conv", "k", auto_pad="SAME_LOWER"), GRID, {"k": K}),
    "Conv in groups": (one("Conv", "k", group=2), GRID, {"k": drawn(4, 1, 2, 2)}),
    "Conv in one axis": (one("Conv", "k", kernel_shape=[3]), (1, 2, 6), {"k": K1}),
    "ConvTranspose": (
        one("ConvTranspose", "k", "b", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 0]),
        GRID, {"k": drawn(2, 3, 3, 2), "b": drawn(3)},
    ),
    "BatchNormalization": (one("BatchNormalization", "s", "b", "m", "v"), GRID, BN),
    "MaxPool": (one("MaxPool", kernel_shape=[2, 2], strides=[2, 2]), GRID, {}),
    "MaxPool at every position": (one("MaxPool", kernel_shape=[2, 3], pads=[1, 1, 1, 1]), GRID, {}),
    "AveragePool": (
        one("AveragePool", kernel_shape=[2, 2], pads=[1, 0, 1, 0], count_include_pad=1), GRID, {},
    ),
    "AveragePool without its padding": (
        one("AveragePool", kernel_shape=[2, 2], pads=[1, 0, 1, 0], strides=[2, 2]), GRID, {},
    ),
    "GlobalAveragePool": (
        [("Relu", ["x"], ["h"], {}), ("GlobalAveragePool", ["h"], ["g"], {}), ("Flatten", ["g"], ["y"], {})],
        GRID, {},
    ),
    "LeakyRelu": (one("LeakyRelu", alpha=0.25), ROW, {}),
    "PRelu": (one("PRelu", "s"), GRID, {"s": drawn(2, 1, 1)}),
    "Clip": (one("Clip", "a", "b"), ROW, {"a": np.float32(-0.5), "b": np.float32(0.5)}),
    "Clip from above": (one("Clip", "", "b"), ROW, {"b": np.float32(0.5)}),
    "Max of a number": (one("Max", "a"), ROW, {"a": np.float32(0.1)}),
    "HardSigmoid": (one("HardSigmoid"), ROW, {}),
    "Abs": (one("Abs"), ROW, {}),
    "Reshape": (one("Reshape", "s"), GRID, {"s": whole(0, -1, 4)}),
    "Reshape anew": (one("Reshape", "s"), GRID, {"s": whole(6, -1)}),
    "Reshape to a vector": ([("Reshape", ["x", "s"], ["h"], {}), ("Gemm", ["h", "w"], ["y"], {})],
                            (1, 2, 2), {"s": whole(0, -1), "w": drawn(4, 2)}),
    "Flatten": (one("Flatten", axis=2), GRID, {}),
    "Transpose": (one("Transpose", perm=[0, 2, 3, 1]), GRID, {}),
    "Transpose of all": (one("Transpose"), GRID, {}),
    "axes": (
        [("Unsqueeze", ["x", "u"], ["h"], {}), ("Squeeze", ["h", "q"], ["y"], {})],
        ROW, {"u": whole(0, 2), "q": whole(0)},
    ),
    "Concat and Split": (
        [("Split", ["x", "s"], ["a", "b"], {"axis": 1}), ("Concat", ["b", "x", "a"], ["y"], {"axis": 1})],
        ROW, {"s": whole(1, 3)},
    ),
    "Split evenly": (
        [("Split", ["x"], ["a", "b"], {"axis": 1, "num_outputs": 2}), ("Sub", ["a", "b"], ["y"], {})],
        ROW, {},
    ),
    "Slice": (one("Slice", "s", "e", "a", "t"), GRID,
        {"s": whole(-1, 1), "e": whole(-(2**62), 2**62), "a": whole(3, 2), "t": whole(-2, 1)},
    ),
    "Gather": (one("Gather", "i", axis=2), GRID, {"i": whole(3, 0, 0)}),
    "Gather one": (one("Gather", "i", axis=1), GRID, {"i": np.int64(1)}),
    "Expand and Tile": (
        [("Expand", ["x", "s"], ["h"], {}), ("Tile", ["h", "r"], ["y"], {})],
        ROW, {"s": whole(3, 4), "r": whole(1, 2)},
    ),
    "Pad": (one("Pad", "p"), GRID, {"p": whole(0, 0, 1, 0, 0, 0, 0, 2)}),
    "ReduceMean": (one("ReduceMean", "a", keepdims=0), GRID, {"a": whole(2, 3)}),
    "ReduceSum": (one("ReduceSum"), ROW, {}),
    "DepthToSpace": (one("DepthToSpace", blocksize=2, mode="CRD"), (1, 8, 2, 3), {}),
    "Resize": (
        [("Resize", ["x", "", "s"], ["y"],
          {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"})],
        GRID, {"s": np.array([1, 1, 2, 3], np.float32)},
    ),
    "constants": (
        [("Constant", [], ["c"], {"value": onnx.numpy_helper.from_array(V)}), ("Mul", ["x", "c"], ["h"], {}),
         ("Identity", ["h"], ["g"], {}), ("Dropout", ["g"], ["y"], {})],
        ROW, {},
    ),
}  # fmt: skip
ROUNDED = {
    **{name: ([(name, ["x"], ["y"], {})], ROW, {}) for name in
       ("Tanh", "Sigmoid", "Exp", "Sin", "Cos", "Atan", "Erf", "Softplus", "HardSwish", "Softmax",
        "LogSoftmax", "Elu", "Celu", "Selu", "ThresholdedRelu")},
    "Sqrt of Exp": (
        [("Exp", ["x"], ["h"], {}), ("Sqrt", ["h"], ["g"], {}), ("Log", ["g"], ["y"], {})], ROW, {},
    ),
    "Gelu": (one("Gelu", approximate="tanh"), ROW, {}),
    "Pow": (one("Pow", "p"), ROW, {"p": np.float32(3)}),
    "maximum of two": (
        [("Gemm", ["x", "w"], ["h"], {}), ("Max", ["h", "x"], ["y"], {})], ROW, {"w": drawn(4, 4)},
    ),
    "Where": (
        [("Greater", ["x", "z"], ["c"], {}), ("Mul", ["x", "a"], ["h"], {}),
         ("Where", ["c", "x", "h"], ["y"], {})],
        ROW, {"z": np.float32(0), "a": np.float32(0.1)},
    ),
    "LayerNormalization": (one("LayerNormalization", "s", "b"), TOKENS, {"s": V, "b": drawn(4)}),
    "InstanceNormalization": (one("InstanceNormalization", "s", "b"), GRID, {"s": drawn(2), "b": drawn(2)}),
    "ReduceL2": (one("ReduceL2", "a"), TOKENS, {"a": whole(2)}),
    "ReduceMax": (one("ReduceMax", "a"), TOKENS, {"a": whole(2)}),
    "GlobalMaxPool": (one("GlobalMaxPool"), GRID, {}),
    "attention": (
        [("MatMul", ["x", "w"], ["q"], {}), ("Transpose", ["q"], ["k"], {"perm": [0, 2, 1]}),
         ("MatMul", ["q", "k"], ["s"], {}), ("Softmax", ["s"], ["p"], {}), ("MatMul", ["p", "x"], ["y"], {})],
        TOKENS, {"w": drawn(4, 4)},
    ),
    "Einsum": (one("Einsum", "x", equation="bi,bj->bij"), ROW, {}),
    "Gemm with factors": (
        one("Gemm", "w", "b", alpha=0.5, beta=2.0, transA=0, transB=1), ROW, {"w": W, "b": B},
    ),
}  # fmt: skip


CLOSE = {"Erf": (2.0**-7, 1e-4), "Gelu": (2.0**-17, 1e-7)}
"""Steps and deviations of what ONNX's evaluator computes in float32, or with constants of it."""


def assert_agree(made, shape, folder, quotient, jacobian_of, step=2.0**-17, close=2e-9):
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    chain = Chain.from_exported(saved(made, folder), x)
    expected = quotient(made, x, step)
    np.testing.assert_allclose(
        jacobian_of(chain), expected, rtol=0, atol=close * max(1, np.abs(expected).max())
    )
    return chain


@pytest.mark.parametrize("name", EXACT)
def test_what_is_affine_or_a_gate_is_read_without_pytorch(
    name, model, quotient, jacobian_of, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "torch", None)
    nodes, shape, stored = EXACT[name]
    chain = assert_agree(model(nodes, shape, stored), shape, tmp_path, quotient, jacobian_of)
    assert name == "BatchNormalization" or not any(origin.error for origin in chain.origins)


@pytest.mark.parametrize("name", ROUNDED)
def test_all_else_is_differentiated_by_pytorch(name, model, quotient, jacobian_of, tmp_path):
    pytest.importorskip("torch")
    nodes, shape, stored = ROUNDED[name]
    opset = 20 if name == "Gelu" else 18
    made = model(nodes, shape, stored, opset=opset)
    assert_agree(made, shape, tmp_path, quotient, jacobian_of, *CLOSE.get(name, ()))
