"""Windows that slide over a grid: the index arithmetic that convolutions and poolings share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError

Shape = tuple[int, ...]

PADDING = -1
"""The index of a position in the padding."""

_INDEX = 8
"""Bytes of an index."""

BEYOND = -2
"""The index of a position past the padding, which only a window that was rounded up reaches."""


@dataclass(frozen=True)
class Windows:
    """Windows of ``kernel`` positions, ``dilation`` apart, that start every ``stride`` positions.

    Each field has one entry per axis of the grid; ``padding`` is (before, after). With ``ceil_mode``
    a last window may reach past the padding, if it starts before that.
    """

    kernel: Shape
    stride: Shape
    padding: tuple[tuple[int, int], ...]
    dilation: Shape
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        """Raise InputError for what is no window."""
        if min(self.kernel + self.stride + self.dilation) < 1 or min(map(min, self.padding)) < 0:
            message = (
                f"{self}: expected a kernel, stride and dilation of at least 1 and a padding of at least 0"
            )
            raise InputError(message)

    def positions(self, grid: Shape) -> tuple[NDArray[np.int64], Shape]:
        """Which position of the grid each window sees.

        Returns an array of shape (windows, kernel positions) with flat indices into the grid, or
        PADDING or BEYOND; and the shape of the windows' own grid. Raises InputError if the grid is
        smaller than the kernel.
        """
        counts = [self._count(axis, size) for axis, size in enumerate(grid)]
        seen_at_once = math.prod(counts) * math.prod(self.kernel)
        demand(f"a kernel of {self.kernel} on {grid} positions", 5 * _INDEX * seen_at_once)
        axes = [self._along(axis, size, counts[axis]) for axis, size in enumerate(grid)]
        seen = np.zeros((1, 1), dtype=np.int64)
        for size, along in zip(grid, axes, strict=True):
            outer, inner = seen[:, None, :, None], along[None, :, None, :]
            # Of two marks the smaller counts: what is beyond on one axis is beyond.
            flat = np.where((outer < 0) | (inner < 0), np.minimum(outer, inner), outer * size + inner)
            seen = flat.reshape(seen.shape[0] * along.shape[0], seen.shape[1] * along.shape[1])
        return seen, tuple(along.shape[0] for along in axes)

    def covered(self, windows: Shape) -> Shape:
        """The grid on which so many windows along each axis fit, no position longer than they need."""
        return tuple(
            (count - 1) * stride + dilation * (kernel - 1) + 1 - before - after
            for count, stride, dilation, kernel, (before, after) in zip(
                windows, self.stride, self.dilation, self.kernel, self.padding, strict=True
            )
        )

    def _count(self, axis: int, size: int) -> int:
        """How many windows there are along an axis of so many positions."""
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        before, after = self.padding[axis]
        room = size + before + after - dilation * (kernel - 1) - 1
        if room < 0:
            message = (
                f"a kernel of {kernel} (dilation {dilation}) does not fit on {size} positions with padding "
                f"{before} and {after}; expected an input at least as large as the kernel: give a larger one"
            )
            raise InputError(message)
        windows = (-(-room // stride) if self.ceil_mode else room // stride) + 1
        return windows - (self.ceil_mode and (windows - 1) * stride >= size + before)

    def _along(self, axis: int, size: int, windows: int) -> NDArray[np.int64]:
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        before, after = self.padding[axis]
        at = np.arange(windows)[:, None] * stride - before + np.arange(kernel)[None, :] * dilation
        return np.where(at >= size + after, BEYOND, np.where((at < 0) | (at >= size), PADDING, at))
