"""Operators of one computed tensor that are affine or piecewise linear, as layers; exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from jacspec.numerics.networks.build import (
    average_pool,
    convolution,
    dense,
    max_pool,
    normalisation,
    pointwise,
    transposed_convolution,
)
from jacspec.numerics.networks.inputs import as_array
from jacspec.numerics.networks.layers import Dense, Layer, Total
from jacspec.numerics.networks.pointwise import Clamp, Gate
from jacspec.numerics.networks.weights import as_slope
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.errors import InputError

Arguments = Mapping[str, Any]
Builder = Callable[[str, Arguments, Shape], "list[Layer] | None"]


def layers_of(operator: str, name: str, arguments: Arguments, shape: Shape) -> list[Layer] | None:
    """The layers that an operator is, of a computed tensor of this shape; None if it is none of these.

    ``arguments`` are by name; the computed tensor is the one that is missing.
    """
    builder = OPERATORS.get(operator)
    return None if builder is None else builder(name, arguments, shape)


def _linear(name: str, a: Arguments, shape: Shape) -> list[Layer] | None:
    if "input" in a or "weight" not in a:  # a computed bias or weight
        return None
    whole = dense(name, a["weight"], a.get("bias"))
    return [whole] if len(shape) < 2 else [Dense(name, whole.weight, whole.bias, tokens=True)]


def _matmul(name: str, a: Arguments, shape: Shape) -> list[Layer] | None:
    stored = a.get("other", a.get("mat2", a.get("vec")))
    if stored is not None:  # z @ W
        weight = as_array(stored, f"{name}: weight")
        return _linear(name, {"weight": weight.T}, shape) if weight.ndim == 2 else None
    weight = as_array(a["self"], f"{name}: weight")
    if weight.ndim != 2 or len(shape) != 1:
        return None
    return [dense(name, weight, None)]


def _addmm(name: str, a: Arguments, shape: Shape) -> list[Layer] | None:
    if "mat2" not in a or "self" not in a or a.get("alpha", 1) != 1 or a.get("beta", 1) != 1:
        return None
    return _linear(name, {"weight": as_array(a["mat2"], name).T, "bias": a["self"]}, shape)


def _sum(sign: int) -> Builder:
    def builder(name: str, a: Arguments, _shape: Shape) -> list[Layer]:
        alpha = as_slope(a.get("alpha", 1), f"{name}: alpha") * sign
        if "other" in a:  # z ± α other
            return [pointwise(name, 1, _times(a["other"], alpha, name))]
        return [pointwise(name, alpha, a["self"])]  # self ± α z

    return builder


def _product(name: str, a: Arguments, _shape: Shape) -> list[Layer]:
    return [pointwise(name, a.get("other", a.get("self")), 0)]


def _quotient(name: str, a: Arguments, _shape: Shape) -> list[Layer] | None:
    if "other" not in a or a.get("rounding_mode"):
        return None
    return [pointwise(name, _inverse(a["other"], name), 0)]


def _total(mean: bool) -> Builder:
    def builder(name: str, a: Arguments, _shape: Shape) -> list[Layer]:
        return [Total(name, tuple(a.get("dim") or ()), a.get("keepdim", False), mean)]

    return builder


def _adaptive(axes: int) -> Builder:
    def builder(name: str, a: Arguments, shape: Shape) -> list[Layer] | None:
        grid, sizes = shape[-axes:], tuple(a["output_size"])
        if any(size % wanted for size, wanted in zip(grid, sizes, strict=True)):
            return None
        kernel = [size // wanted for size, wanted in zip(grid, sizes, strict=True)]
        return [average_pool(name, axes, kernel, None, 0, False, True, None)]

    return builder


def _clamp(low: str, high: str, least: float | None = None, most: float | None = None) -> Builder:
    def builder(name: str, a: Arguments, _shape: Shape) -> list[Layer] | None:
        ends = [a.get(key, usual) for key, usual in ((low, least), (high, most))]
        if any(end is not None and not isinstance(end, int | float) for end in ends):
            return None
        return [Clamp(name, *(None if end is None else as_slope(end, name) for end in ends))]

    return builder


def _prelu(name: str, a: Arguments, shape: Shape) -> list[Layer] | None:
    if "weight" not in a:
        return None
    slopes = tuple(
        as_slope(slope, f"{name}: slope") for slope in as_array(a["weight"], name).ravel().tolist()
    )
    return [Gate(name, slopes[0] if len(slopes) == 1 or len(shape) < 2 else slopes)]


def _convolution(name: str, a: Arguments, _shape: Shape) -> list[Layer] | None:
    if "input" in a or "weight" not in a:
        return None
    stride, padding, dilation = a.get("stride", 1), a.get("padding", 0), a.get("dilation", 1)
    return [convolution(name, a["weight"], a.get("bias"), stride, padding, dilation, a.get("groups", 1))]


def _transposed(name: str, a: Arguments, _shape: Shape) -> list[Layer] | None:
    if "input" in a or "weight" not in a:
        return None
    sizes = (a.get("stride", 1), a.get("padding", 0), a.get("output_padding", 0))
    layer = transposed_convolution(
        name, a["weight"], a.get("bias"), *sizes, a.get("groups", 1), a.get("dilation", 1)
    )
    return None if layer is None else [layer]


def _average(axes: int) -> Builder:
    return lambda name, a, _: [
        average_pool(
            name,
            axes,
            a["kernel_size"],
            a.get("stride"),
            a.get("padding", 0),
            a.get("ceil_mode", False),
            a.get("count_include_pad", True),
            a.get("divisor_override"),
        )
    ]


def _maximum(axes: int) -> Builder:
    return lambda name, a, _: [
        max_pool(
            name,
            axes,
            a["kernel_size"],
            a.get("stride"),
            a.get("padding", 0),
            a.get("dilation", 1),
            a.get("ceil_mode", False),
        )
    ]


def _normalisation(name: str, a: Arguments, _shape: Shape) -> list[Layer] | None:
    if "input" in a:
        return None
    mean, variance = a["running_mean"], a["running_var"]
    return [normalisation(name, a.get("weight"), a.get("bias"), mean, variance, a["eps"], (2, 3, 4))]


def _exactly(value: Any, name: str) -> Any:
    """Fractions of any shape."""
    array = np.asarray(as_array(value, name))
    flat = [as_slope(entry, name) for entry in array.ravel().tolist()]
    return np.array(flat, dtype=object).reshape(array.shape)


def _times(value: Any, factor: Fraction, name: str) -> Any:
    return value if factor == 1 else _exactly(value, name) * factor


def _inverse(value: Any, name: str) -> Any:
    divisors = _exactly(value, name)
    if not divisors.all():
        message = f"{name} divides by 0; expected other numbers: add what keeps them away from 0"
        raise InputError(message)
    return 1 / divisors


def _gate(slope: Fraction) -> Builder:
    return lambda name, _a, _shape: [Gate(name, slope)]


def _both(names: Sequence[str], builder: Builder) -> dict[str, Builder]:
    return dict.fromkeys((f"{name}.{kind}" for name in names for kind in ("Tensor", "Scalar")), builder)


OPERATORS: Mapping[str, Builder] = {
    "linear.default": _linear,
    **dict.fromkeys(("matmul.default", "mm.default", "mv.default"), _matmul),
    "addmm.default": _addmm,
    **dict.fromkeys((f"conv{d}d.{kind}" for d in (1, 2, 3) for kind in ("default", "padding")), _convolution),
    **dict.fromkeys(
        ("conv_transpose1d.default", "conv_transpose2d.input", "conv_transpose3d.input"), _transposed
    ),
    **dict.fromkeys(("batch_norm.default", "_native_batch_norm_legit_no_training.default"), _normalisation),
    **{f"avg_pool{axes}d.default": _average(axes) for axes in (1, 2, 3)},
    **{f"adaptive_avg_pool{axes}d.default": _adaptive(axes) for axes in (1, 2, 3)},
    **{f"max_pool{axes}d.default": _maximum(axes) for axes in (1, 2, 3)},
    "relu.default": _gate(Fraction(0)),
    "abs.default": _gate(Fraction(-1)),
    "leaky_relu.default": lambda name, a, _: [
        Gate(name, as_slope(a.get("negative_slope", 0.01), f"{name}: negative_slope"))
    ],
    "prelu.default": _prelu,
    "relu6.default": _clamp("", "", 0, 6),
    "hardtanh.default": _clamp("min_val", "max_val", -1, 1),
    "clamp.default": _clamp("min", "max"),
    "clamp_min.default": _clamp("min", ""),
    "clamp_max.default": _clamp("", "max"),
    **_both(("add",), _sum(1)),
    **_both(("sub",), _sum(-1)),
    **_both(("mul",), _product),
    **_both(("div",), _quotient),
    "rsub.Scalar": lambda name, a, _: [
        pointwise(name, -as_slope(a.get("alpha", 1), f"{name}: alpha"), a["other"])
    ],
    "neg.default": lambda name, _a, _s: [pointwise(name, -1, 0)],
    **dict.fromkeys(("mean.dim", "mean.default"), _total(mean=True)),
    **dict.fromkeys(("sum.dim_IntList", "sum.default"), _total(mean=False)),
}
"""By operator; None where the arguments are not those of a layer, and PyTorch differentiates."""
