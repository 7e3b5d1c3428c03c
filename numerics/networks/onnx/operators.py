"""What each operator of ONNX is, in the operators that exported modules have."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.networks.graphs.program import Element, Node, Ref
from jacspec.numerics.networks.onnx.convolutions import WINDOWS
from jacspec.numerics.networks.onnx.nodes import Graph, Operator, Rule
from jacspec.numerics.networks.onnx.shapes import SHAPES
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError

_ELEMENTS = {1: 7, 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 12, 10: 6, 11: 8, 16: 13}
"""PyTorch's numbers of element types, by ONNX's."""


def _entrywise(operator: str, **attributes: tuple[str, Any]) -> Rule:
    """An operator of one input, with attributes under PyTorch's names and their defaults."""

    def rule(n: Operator) -> Ref:
        given = {key: n.attribute(name, default) for key, (name, default) in attributes.items()}
        return n.emit(operator, self=n[0], **given)

    return rule


def _two(operator: str) -> Rule:
    return lambda n: n.emit(operator, self=n[0], other=n[1])


def _several(operator: str) -> Rule:
    return lambda n: reduce(lambda a, b: n.emit(operator, self=a, other=b), n.inputs)


def _extreme(operator: str, end: str) -> Rule:
    """The larger or smaller of several; of one number that is stored, a clamp."""

    def both(n: Operator, first: Ref, second: Ref) -> Ref:
        for one, other in ((first, second), (second, first)):
            number = n.graph.stored.get(other.name)
            if number is not None and number.size == 1 and one.name not in n.graph.stored:
                return n.emit("clamp.default", self=one, **{end: number.item()})
        return n.emit(operator, self=first, other=second)

    return lambda n: reduce(lambda a, b: both(n, a, b), n.inputs)


def _same(n: Operator) -> Ref:
    return n[0]


def _dropout(n: Operator) -> Ref:
    if n.has(2) and n.numbers(2):
        raise n.refused("is in training mode", "evaluation mode: call module.eval() before the export")
    return n[0]


def _gemm(n: Operator) -> Ref:
    alpha, beta = n.attribute("alpha", 1.0), n.attribute("beta", 1.0)
    weight, bias = n.array(1), n.array(2)
    if weight is not None and weight.ndim == 2 and alpha == beta == 1 and not n.attribute("transA", 0):
        stored = n[1] if n.attribute("transB", 0) else n.emit("t.default", self=n[1])
        outputs = weight.shape[0 if n.attribute("transB", 0) else 1]
        merged = bias is not None and bias.size == outputs
        offset = n.store(np.ravel(bias)) if merged and bias is not None else None
        mapped = n.emit("linear.default", input=n[0], weight=stored, bias=offset)
        return n.emit("add.Tensor", self=mapped, other=n[2]) if n.has(2) and not merged else mapped
    turned = [
        n.emit("t.default", self=n[k]) if n.attribute(name, 0) else n[k]
        for k, name in enumerate(("transA", "transB"))
    ]
    product = n.emit("matmul.default", self=turned[0], other=turned[1])
    product = product if alpha == 1 else n.emit("mul.Scalar", self=product, other=alpha)
    if not n.has(2):
        return product
    summand = n[2] if beta == 1 else n.emit("mul.Scalar", self=n[2], other=beta)
    return n.emit("add.Tensor", self=product, other=summand)


def _clip(n: Operator) -> Ref:
    ends = {key: n.numbers(k) for k, key in ((1, "min"), (2, "max")) if n.has(k)}
    return n.emit("clamp.default", self=n[0], **ends)


def _prelu(n: Operator) -> Ref:
    slope = n.array(1)
    channels = slope is not None and (
        slope.size == 1 or (slope.ndim > 1 and slope.size == slope.shape[-n.rank() + 1]) or n.rank() == 2
    )
    if slope is None or not channels:
        raise n.refused(
            "has other slopes than one for each channel", "one for each: reshape them to (C, 1, 1)"
        )
    return n.emit("prelu.default", self=n[0], weight=n.store(slope.ravel()))


def _hard_sigmoid(n: Operator, alpha: float = 0.2) -> Ref:
    steep = n.emit("mul.Scalar", self=n[0], other=n.attribute("alpha", alpha))
    moved = n.emit("add.Scalar", self=steep, other=n.attribute("beta", 0.5))
    return n.emit("clamp.default", self=moved, min=0, max=1)


def _hard_swish(n: Operator) -> Ref:
    return n.emit("mul.Tensor", self=n[0], other=_hard_sigmoid(n, 1 / 6))


def _power(n: Operator) -> Ref:
    exponent = n.array(1)
    if exponent is not None and exponent.size == 1:
        return n.emit("pow.Tensor_Scalar", self=n[0], exponent=exponent.item())
    return n.emit("pow.Tensor_Tensor", self=n[0], exponent=n[1])


def _cast(n: Operator) -> Ref:
    kind = n.attribute("to")
    if kind not in _ELEMENTS:
        raise n.refused(f"makes ONNX's element type {kind}", "real numbers of 8 bits or more")
    return n.emit("to.dtype", self=n[0], dtype=Element(_ELEMENTS[kind]))


def _constant(n: Operator) -> Ref:
    for name in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        if (value := n.attribute(name)) is not None:
            return n.store(value)
    raise n.refused("holds no numbers", "a constant of numbers")


def _filled(n: Operator) -> Ref:
    shape, value = n.numbers(0), n.attribute("value", np.zeros(1, np.float32))
    demand(n.name, value.itemsize * math.prod(shape))
    return n.store(np.full(shape, value.item(), value.dtype))


def _reduced(operator: str, **fixed: Any) -> Rule:
    def rule(n: Operator) -> Ref:
        axes = n.numbers(1, "axes", [])
        if not axes and n.attribute("noop_with_empty_axes", 0):
            return n[0]
        keep = bool(n.attribute("keepdims", 1))
        return n.emit(operator, self=n[0], dim=axes, keepdim=keep, **fixed)

    return rule


def _normalised(n: Operator) -> Ref:
    if n.attribute("training_mode", 0):
        raise n.refused("is in training mode", "evaluation mode: call module.eval() before the export")
    return n.emit(
        "batch_norm.default", input=n[0], weight=n[1], bias=n[2], running_mean=n[3], running_var=n[4],
        training=False, momentum=0.0, eps=n.attribute("epsilon", 1e-5), cudnn_enabled=False,
    )  # fmt: skip


def _layer_normalised(operator: str) -> Rule:
    def rule(n: Operator) -> Ref:
        scale, axis = n.array(1), n.attribute("axis", -1)
        if scale is None or axis != -scale.ndim:
            raise n.refused(
                f"normalises from axis {axis} on, of another count than its scale has", "as many axes"
            )
        shape, eps = list(scale.shape), n.attribute("epsilon", 1e-5)
        offset = {"bias": n[2] if n.has(2) else None} if operator == "layer_norm.default" else {}
        return n.emit(operator, input=n[0], normalized_shape=shape, weight=n[1], eps=eps, **offset)

    return rule


def _instances(n: Operator) -> Ref:
    return n.emit(
        "instance_norm.default", input=n[0], weight=n[1], bias=n[2], use_input_stats=True, momentum=0.0,
        eps=n.attribute("epsilon", 1e-5), cudnn_enabled=False, running_mean=None, running_var=None,
    )  # fmt: skip


def _selu(n: Operator) -> Ref:
    alpha, scale = (
        n.attribute("alpha", 1.67326319217681884765625),
        n.attribute("gamma", 1.05070102214813232421875),
    )
    return n.emit("elu.default", self=n[0], alpha=alpha, scale=scale)


RULES: Mapping[str, Rule] = {
    **{
        name: _entrywise(f"{operator}.default")
        for name, operator in {
            "Relu": "relu", "Abs": "abs", "Neg": "neg", "Tanh": "tanh", "Sigmoid": "sigmoid",
            "Exp": "exp", "Log": "log", "Sqrt": "sqrt", "Reciprocal": "reciprocal", "Sin": "sin",
            "Cos": "cos", "Tan": "tan",
            "Atan": "atan", "Sinh": "sinh", "Cosh": "cosh", "Erf": "erf", "Softplus": "softplus",
            "Mish": "mish",
            "Not": "logical_not",
        }.items()
    },
    "LeakyRelu": _entrywise("leaky_relu.default", negative_slope=("alpha", 0.01)),
    "Elu": _entrywise("elu.default", alpha=("alpha", 1.0)),
    "Celu": _entrywise("celu.default", alpha=("alpha", 1.0)),
    "Gelu": _entrywise("gelu.default", approximate=("approximate", "none")),
    "Softmax": _entrywise("softmax.int", dim=("axis", -1)),
    "LogSoftmax": _entrywise("log_softmax.int", dim=("axis", -1)),
    "ThresholdedRelu": lambda n: n.emit(
        "threshold.default", self=n[0], threshold=n.attribute("alpha", 1.0), value=0
    ),
    **{
        name: _two(f"{operator}.Tensor")
        for name, operator in {
            "Sub": "sub", "Mul": "mul", "Div": "div", "Add": "add", "Greater": "gt", "Less": "lt",
            "GreaterOrEqual": "ge", "LessOrEqual": "le", "Equal": "eq",
        }.items()
    },
    "And": _two("logical_and.default"),
    "Or": _two("logical_or.default"),
    "MatMul": _two("matmul.default"),
    "Sum": _several("add.Tensor"),
    "Max": _extreme("maximum.default", "min"),
    "Min": _extreme("minimum.default", "max"),
    "Where": lambda n: n.emit("where.self", condition=n[0], self=n[1], other=n[2]),
    "Einsum": lambda n: n.emit("einsum.default", equation=n.attribute("equation"), tensors=n.inputs),
    "Identity": _same,
    "Dropout": _dropout,
    "Gemm": _gemm,
    "Clip": _clip,
    "PRelu": _prelu,
    "Selu": _selu,
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _hard_swish,
    "Pow": _power,
    "Cast": _cast,
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "ReduceMean": _reduced("mean.dim"),
    "ReduceSum": _reduced("sum.dim_IntList"),
    "ReduceMax": _reduced("amax.default"),
    "ReduceMin": _reduced("amin.default"),
    "ReduceL1": _reduced("linalg_vector_norm.default", ord=1),
    "ReduceL2": _reduced("linalg_vector_norm.default", ord=2),
    "BatchNormalization": _normalised,
    "LayerNormalization": _layer_normalised("layer_norm.default"),
    "RMSNormalization": _layer_normalised("rms_norm.default"),
    "InstanceNormalization": _instances,
    **SHAPES,
    **WINDOWS,
}  # fmt: skip
"""By ONNX's name."""

KEEPS = frozenset(RULES) - {
    "MatMul", "Einsum", "Gemm", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Gather", "Expand", "Constant",
    "ConstantOfShape", *(name for name in RULES if name.startswith("Reduce")),
}  # fmt: skip
"""Those whose result has as many axes as their inputs."""


def translated(
    nodes: Iterable[Any],
    stored: dict[str, NDArray[Any]],
    ranks: Mapping[str, int],
    returned: str,
    array_of: Callable[[Any], NDArray[Any]],
) -> tuple[tuple[Node, ...], str]:
    """The operators in order, and the name of what is returned; constants join what is stored.

    Raises InputError for an operator, or a use of one, that is not known.
    """
    graph = Graph(stored, dict(ranks), array_of)
    for node in nodes:
        operator = Operator(graph, node)
        if node.domain not in ("", "ai.onnx") or node.op_type not in RULES:
            message = (
                f"{operator.name} is not supported; expected one of {', '.join(sorted(RULES))}: use these, "
                f"or give the module that it was made of, Chain.from_torch(module, x)"
            )
            raise InputError(message)
        found = RULES[node.op_type](operator)
        for name, each in zip(node.output, found if isinstance(found, list) else [found], strict=False):
            graph.names[name] = each.name
            if node.op_type in KEEPS and (axes := [graph.ranks[k] for k in node.input if k in graph.ranks]):
                graph.ranks[name] = max(axes)
    return tuple(graph.nodes), graph.latest(returned)
