"""Layers of a piecewise-linear network, as data; each affine one knows its matrix.

Shapes are those of one example, a leading batch axis of one included where the network has it. The
matrix of a convolution or a pooling is dense (block Toeplitz): its entries are placed, not computed,
so that it is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from jacspec.numerics.networks.pointwise import Clamp, Gate, Pointwise
from jacspec.numerics.networks.windows import BEYOND, Shape, Windows
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_factor

_EXACT = 200
"""Bytes of an entry of a factor while it is made and multiplied exactly."""


_SCALE_ERROR = 3 * 2.0**-53
"""Of γ/√(σ²+ε) in float64: half a unit for the sum under the root, one for the root, one for the quotient."""


@dataclass(frozen=True, eq=False)
class Affine:
    """``z ↦ W z + b`` on flattened examples: ``matrix`` W, ``offset`` b (None: zero), output shape.

    ``error`` is a bound, relative to each entry, of the rounding of W; 0 if it is exact.
    """

    matrix: Factor
    offset: Factor | None
    shape: Shape
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class Dense:
    """``y = W z + b`` on the last axis; ``weight`` (outputs, inputs), ``bias`` (1, outputs) or None.

    Of ``tokens`` each, along the other axes, is mapped by itself.
    """

    name: str
    weight: Factor
    bias: Factor | None = None
    tokens: bool = False

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape; raises InputError where it does not fit."""
        outputs, inputs = self.weight.shape
        if self.tokens and shape and shape[-1] == inputs:
            return self._of_tokens(shape)
        if not shape or shape[-1] != inputs or math.prod(shape) != inputs:
            raise _misfit(self.name, shape, f"one example of {inputs} features, shape (1, {inputs})")
        return Affine(self.weight, self.bias, (*shape[:-1], outputs))

    def _of_tokens(self, shape: Shape) -> Affine:
        """Block diagonal: the same weight for every token."""
        (outputs, inputs), tokens = self.weight.shape, math.prod(shape[:-1])
        matrix = _zeros(self.name, (tokens, outputs, tokens, inputs), self.weight.dtype)
        for token in range(tokens):
            matrix[token, :, token] = self.weight
        offset = None if self.bias is None else np.tile(self.bias, tokens)
        flat = as_factor(matrix.reshape(tokens * outputs, tokens * inputs), self.name)
        return Affine(flat, offset, (*shape[:-1], outputs))


@dataclass(frozen=True, eq=False)
class Convolution:
    """A cross-correlation with zero padding, as deep learning calls a convolution.

    ``weight`` has shape (output channels, input channels per group, then the kernel's), ``bias``
    (1, output channels) or None.
    """

    name: str
    weight: Factor
    bias: Factor | None
    windows: Windows
    groups: int = 1

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape; raises InputError where it does not fit."""
        out_channels, in_group = self.weight.shape[:2]
        lead, channels, grid = _channels(self.name, shape, len(self.windows.kernel))
        if channels != in_group * self.groups:
            raise _misfit(self.name, shape, f"{in_group * self.groups} input channels")
        seen, out_grid = _positions(self.name, self.windows, grid)
        size, out_size = math.prod(grid), len(seen)
        matrix = _zeros(self.name, (out_channels, out_size, channels, size), self.weight.dtype)
        kernels = self.weight.reshape(out_channels, in_group, -1)
        window, position = np.nonzero(seen >= 0)
        out_group = out_channels // self.groups
        for group in range(self.groups):
            rows = slice(group * out_group, (group + 1) * out_group)
            block = matrix[rows, :, group * in_group : (group + 1) * in_group]
            # Two index arrays apart: their axis comes first.
            block[:, window, :, seen[window, position]] = kernels[rows][:, :, position].transpose(2, 0, 1)
        offset = None if self.bias is None else np.repeat(self.bias, out_size, axis=1)
        flat = as_factor(matrix.reshape(out_channels * out_size, channels * size), self.name)
        return Affine(flat, offset, (*lead, out_channels, *out_grid))


@dataclass(frozen=True, eq=False)
class TransposedConvolution:
    """The transpose of the ``convolution`` from the larger grid to the smaller, and a bias.

    ``longer`` is what the larger grid has beyond the positions that the windows need, axis by axis.
    """

    name: str
    convolution: Convolution
    bias: Factor | None
    longer: Shape

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape; raises InputError where it does not fit."""
        back = self.convolution
        channels, in_group = back.weight.shape[:2]
        lead, given, grid = _channels(self.name, shape, len(back.windows.kernel))
        if given != channels:
            raise _misfit(self.name, shape, f"{channels} input channels")
        out_grid = tuple(map(sum, zip(back.windows.covered(grid), self.longer, strict=True)))
        out_shape = (*lead, in_group * back.groups, *out_grid)
        matrix = back.affine(out_shape).matrix.T
        offset = None if self.bias is None else np.repeat(self.bias, math.prod(out_grid), axis=1)
        return Affine(as_factor(matrix, self.name), offset, out_shape)


@dataclass(frozen=True, eq=False)
class AveragePool:
    """The mean over each window, channel by channel; exact (a rational, where 1/k² is no float64).

    The divisor is ``divisor``, or else the number of positions in a window: with those in the padding,
    unless ``count_padding`` is false.
    """

    name: str
    windows: Windows
    count_padding: bool = True
    divisor: int | None = None

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape; raises InputError where it does not fit."""
        lead, channels, grid = _channels(self.name, shape, len(self.windows.kernel))
        seen, out_grid = _positions(self.name, self.windows, grid)
        size, out_size = math.prod(grid), len(seen)
        counted = seen != BEYOND if self.count_padding else seen >= 0
        # A rational array of small integers' inverses; as_factor makes it float64 where that is exact.
        matrix = _zeros(self.name, (channels, out_size, channels, size), np.dtype(object))
        window, position = np.nonzero(seen >= 0)
        shares = np.array([Fraction(1, int(self.divisor or count)) for count in counted.sum(axis=1)])
        for channel in range(channels):
            matrix[channel, window, channel, seen[window, position]] = shares[window]
        flat = as_factor(matrix.reshape(channels * out_size, channels * size), self.name)
        return Affine(flat, None, (*lead, channels, *out_grid))


@dataclass(frozen=True, eq=False)
class Normalisation:
    """``y = a (z - μ) + β``, channel by channel: batch normalisation as evaluation does it.

    ``scale`` a and ``offset`` β - a μ have shape (1, channels).
    """

    name: str
    scale: Factor
    offset: Factor
    axes: tuple[int, ...]
    """How many axes an example may have, the batch axis of one included."""

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape; raises InputError where it does not fit."""
        channels = self.scale.shape[1]
        if len(shape) not in self.axes or shape[0] != 1 or shape[1] != channels:
            raise _misfit(self.name, shape, f"a batch axis of one, then {channels} channels")
        each = math.prod(shape[2:])
        diagonal = np.repeat(self.scale[0], each)
        matrix = _zeros(self.name, (len(diagonal), len(diagonal)), self.scale.dtype)
        np.fill_diagonal(matrix, diagonal)
        offset = np.repeat(self.offset, each, axis=1)
        return Affine(as_factor(matrix, self.name), offset, shape, _SCALE_ERROR)


@dataclass(frozen=True, eq=False)
class Total:
    """The sum over axes, or their mean."""

    name: str
    axes: tuple[int, ...]
    keep: bool
    mean: bool

    def affine(self, shape: Shape) -> Affine:
        """The map at inputs of this shape."""
        axes = tuple(axis % len(shape) for axis in self.axes) or tuple(range(len(shape)))
        kept = np.ones(shape, dtype=bool).any(axis=axes, keepdims=True)
        target = np.broadcast_to(np.arange(kept.size).reshape(kept.shape), shape).ravel()
        matrix = _zeros(self.name, (kept.size, target.size), np.dtype(object if self.mean else np.float64))
        matrix[target, np.arange(target.size)] = Fraction(kept.size, target.size) if self.mean else 1.0
        left = tuple(size for axis, size in enumerate(shape) if axis not in axes)
        return Affine(as_factor(matrix, self.name), None, kept.shape if self.keep else left)


@dataclass(frozen=True, eq=False)
class Placed:
    """An affine map whose matrix is at hand."""

    name: str
    map: Affine

    def affine(self, shape: Shape) -> Affine:  # noqa: ARG002 -- as of all that are affine
        """The map, of inputs of the shape that it was made for."""
        return self.map


@dataclass(frozen=True)
class MaxPool:
    """The largest entry of each window, channel by channel; padding never is."""

    name: str
    windows: Windows

    def candidates(self, shape: Shape) -> tuple[list[list[int]], Shape]:
        """For each output, the flat indices it is the largest of; and the output's shape."""
        lead, channels, grid = _channels(self.name, shape, len(self.windows.kernel))
        seen, out_grid = _positions(self.name, self.windows, grid)
        size = math.prod(grid)
        inside = [row[row >= 0] for row in seen]
        if not all(map(len, inside)):
            raise _misfit(self.name, shape, "windows that do not lie in the padding alone")
        chosen = [(channel * size + row).tolist() for channel in range(channels) for row in inside]
        return chosen, (*lead, channels, *out_grid)


@dataclass(frozen=True)
class Reshape:
    """A change of shape; ``target`` maps the old shape to the new one, of as many entries."""

    name: str
    target: Callable[[Shape], Shape]


AffineLayer = Dense | Convolution | TransposedConvolution | AveragePool | Normalisation | Total | Placed
Layer = AffineLayer | Gate | Clamp | Pointwise | MaxPool | Reshape


def _zeros(name: str, shape: Shape, dtype: np.dtype[Any]) -> Any:
    entries = math.prod(shape)
    each = _EXACT * (3 if dtype.hasobject else 1)
    demand(f"{name}, a dense matrix of {entries} entries at this input,", entries * each)
    return np.zeros(shape, dtype=dtype)


def _channels(name: str, shape: Shape, axes: int) -> tuple[Shape, int, Shape]:
    """An example's batch axis, if it has one, its channels and its grid."""
    batched = len(shape) == axes + 2
    if len(shape) != axes + 1 and not (batched and shape[0] == 1):
        raise _misfit(
            name, shape, f"one example of shape (channels, {axes} grid axes), a batch of one or none"
        )
    return shape[:batched], shape[batched], shape[batched + 1 :]


def _positions(name: str, windows: Windows, grid: Shape) -> tuple[Any, Shape]:
    try:
        return windows.positions(grid)
    except InputError as error:
        message = f"{name}: {error}"
        raise InputError(message) from error


def _misfit(name: str, shape: Shape, expected: str) -> InputError:
    return InputError(
        f"{name} is given an example of shape {shape}; expected {expected}: give the input the shape that "
        f"the network takes, with a batch axis of one if it flattens or normalises"
    )
