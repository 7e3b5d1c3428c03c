"""Layers from the arguments by which deep-learning libraries describe them, checked once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from jacspec.numerics.networks.inputs import as_array, as_row
from jacspec.numerics.networks.layers import (
    AveragePool,
    Convolution,
    Dense,
    MaxPool,
    Normalisation,
    Reshape,
    TransposedConvolution,
)
from jacspec.numerics.networks.pointwise import Pointwise
from jacspec.numerics.networks.windows import Shape, Windows
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_factor

_Sizes = int | Sequence[int]


def dense(name: str, weight: Any, bias: Any) -> Dense:
    """``y = W z + b``; ``weight`` (outputs, inputs), ``bias`` (outputs,) or None."""
    matrix = as_factor(as_array(weight, f"{name}: weight"), f"{name}: weight")
    return Dense(name, matrix, _bias(name, bias, matrix.shape[0]))


def convolution(
    name: str, weight: Any, bias: Any, stride: _Sizes, padding: _Sizes | str, dilation: _Sizes, groups: int
) -> Convolution:
    """A convolution with zero padding; ``padding`` as sizes, or 'valid' or 'same'."""
    array = as_array(weight, f"{name}: weight")
    kernel = array.shape[2:]
    if not kernel or groups < 1 or array.shape[0] % groups:
        message = (
            f"{name}: weight of shape {array.shape} in {groups} groups; expected (output channels, input "
            f"channels per group, kernel), with output channels that the groups divide: check them"
        )
        raise InputError(message)
    stored = as_factor(array.reshape(len(array), -1), f"{name}: weight").reshape(array.shape)
    axes = len(kernel)
    apart = _sizes(dilation, axes)
    windows = Windows(kernel, _sizes(stride, axes), _padding(name, padding, kernel, apart), apart)
    return Convolution(name, stored, _bias(name, bias, len(array)), windows, groups)


def transposed_convolution(
    name: str,
    weight: Any,
    bias: Any,
    stride: _Sizes,
    padding: _Sizes,
    longer: _Sizes,
    groups: int,
    dilation: _Sizes,
) -> TransposedConvolution | None:
    """A transposed convolution; None where it reaches past what the convolution back would see.

    ``weight`` has shape (input channels, output channels per group, then the kernel's).
    """
    back = convolution(name, weight, None, stride, padding, dilation, groups)
    more = _sizes(longer, len(back.windows.kernel))
    if any(extra >= step for extra, step in zip(more, back.windows.stride, strict=True)):
        return None
    outputs = back.weight.shape[1] * groups
    return TransposedConvolution(name, back, _bias(name, bias, outputs), more)


def average_pool(
    name: str,
    axes: int,
    kernel: _Sizes,
    stride: _Sizes | None,
    padding: _Sizes,
    ceil_mode: bool,
    count_padding: bool,
    divisor: int | None,
) -> AveragePool:
    """Average pooling; without a ``stride`` the windows lie side by side."""
    windows = _pool_windows(axes, kernel, stride, padding, 1, ceil_mode)
    return AveragePool(name, windows, count_padding, divisor)


def max_pool(
    name: str,
    axes: int,
    kernel: _Sizes,
    stride: _Sizes | None,
    padding: _Sizes,
    dilation: _Sizes,
    ceil_mode: bool,
) -> MaxPool:
    """Max pooling; without a ``stride`` the windows lie side by side."""
    return MaxPool(name, _pool_windows(axes, kernel, stride, padding, dilation, ceil_mode))


def normalisation(
    name: str, weight: Any, bias: Any, mean: Any, variance: Any, eps: float, axes: tuple[int, ...]
) -> Normalisation:
    """Batch normalisation in evaluation; its scale γ/√(σ²+ε) is rounded to float64, the rest exact."""
    channels = len(as_array(mean, f"{name}: mean"))
    centre = as_row(mean, f"{name}: mean", channels)
    spread = as_row(variance, f"{name}: variance", channels).astype(np.float64)
    gain = np.ones((1, channels)) if weight is None else as_row(weight, f"{name}: weight", channels)
    if not (spread + eps > 0).all():
        message = (
            f"{name}: a running variance plus eps is not positive; expected σ² + ε > 0: check the module"
        )
        raise InputError(message)
    scale = as_factor(gain.astype(np.float64) / np.sqrt(spread + eps), f"{name}: scale")
    shift = np.zeros((1, channels)) if bias is None else as_row(bias, f"{name}: bias", channels)
    offset = _exactly(shift) - _exactly(scale) * _exactly(centre)
    return Normalisation(name, scale, as_factor(offset, f"{name}: offset"), axes)


def pointwise(name: str, scale: Any, shift: Any) -> Pointwise:
    """``scale · z + shift``: numbers, or arrays that are broadcast against z."""
    parts: list[Any] = []
    for value, what in ((scale, "factor"), (shift, "summand")):
        array = np.asarray(as_array(value, f"{name}: {what}"))
        parts += [as_factor(array.reshape(1, -1), f"{name}: {what}"), array.shape]
    return Pointwise(name, *parts)


def flatten(name: str, start: int, end: int) -> Reshape:
    """Axes ``start`` to ``end`` (counted from the back if negative) become one."""

    def target(shape: Shape) -> Shape:
        first, last = (axis + len(shape) if axis < 0 else axis for axis in (start, end))
        if not 0 <= first <= last < len(shape):
            message = (
                f"{name} flattens axes {start} to {end} of an example of shape {shape}; expected such axes: "
                f"give the input a batch axis of one"
            )
            raise InputError(message)
        return (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :])

    return Reshape(name, target)


def reshape(name: str, sizes: Sequence[int]) -> Reshape:
    """The shape ``sizes``, of which one may be -1: as large as it takes."""

    def target(shape: Shape) -> Shape:
        known = math.prod(size for size in sizes if size != -1)
        entries = math.prod(shape)
        free = entries // known if known > 0 else 0
        result = tuple(free if size == -1 else size for size in sizes)
        if min(result, default=0) < 1 or list(sizes).count(-1) > 1 or math.prod(result) != entries:
            message = f"{name} reshapes {shape} to {tuple(sizes)}; expected as many entries: check the input"
            raise InputError(message)
        return result

    return Reshape(name, target)


def _bias(name: str, bias: Any, length: int) -> Factor | None:
    return None if bias is None else as_row(bias, f"{name}: bias", length)


def _exactly(row: Factor) -> Any:
    exact = np.empty(row.shape, dtype=object)
    exact[:] = [[Fraction(entry) for entry in row[0].tolist()]]
    return exact


def _sizes(value: _Sizes, axes: int) -> Shape:
    """One size per axis; a single one is meant for all."""
    sizes = (value,) if isinstance(value, int) else tuple(value)
    return sizes * axes if len(sizes) == 1 else sizes


def _padding(name: str, padding: _Sizes | str, kernel: Shape, dilation: Shape) -> tuple[tuple[int, int], ...]:
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        totals = [apart * (size - 1) for size, apart in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(padding, str):
        message = f"{name}: padding {padding!r}; expected sizes, 'valid' or 'same'"
        raise InputError(message)
    return tuple((size, size) for size in _sizes(padding, len(kernel)))


def _pool_windows(
    axes: int, kernel: _Sizes, stride: _Sizes | None, padding: _Sizes, dilation: _Sizes, ceil_mode: bool
) -> Windows:
    sizes = _sizes(kernel, axes)
    around = tuple((size, size) for size in _sizes(padding, axes))
    return Windows(sizes, _sizes(stride or sizes, axes), around, _sizes(dilation, axes), ceil_mode)
