"""Layers that act on each entry by itself: gates, clamps, products and sums with what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.factors import Factor


@dataclass(frozen=True)
class Piece:
    """Of each entry: the slope of the piece that it lies on, its image, and whether it lies on a kink."""

    slopes: list[Fraction]
    values: list[fmpq]
    kinks: list[int]


@dataclass(frozen=True)
class Gate:
    """``φ(z) = z`` for z > 0 and ``slope · z`` below: ReLU (0), leaky ReLU, PReLU, |z| (-1)."""

    name: str
    slope: Fraction | tuple[Fraction, ...] = Fraction(0)
    """One for all entries, or one for each channel, which is the second axis."""

    kink = "pre-activation(s) that are exactly 0"

    def pieces(self, values: Sequence[fmpq], shape: Shape) -> Piece:
        """The left derivative at 0."""
        slopes = self._slopes(shape)
        below = [value <= 0 for value in values]
        return Piece(
            [slope if under else Fraction(1) for slope, under in zip(slopes, below, strict=True)],
            [
                fmpq(slope.numerator, slope.denominator) * value if under else value
                for slope, value, under in zip(slopes, values, below, strict=True)
            ],
            [k for k, (slope, z) in enumerate(zip(slopes, values, strict=True)) if z == 0 and slope != 1],
        )

    def _slopes(self, shape: Shape) -> list[Fraction]:
        size = int(np.prod(shape))
        if isinstance(self.slope, Fraction):
            return [self.slope] * size
        each = np.array(self.slope, dtype=object).reshape(-1, *(1 for _ in shape[2:]))
        return list(np.broadcast_to(each, shape).ravel())


@dataclass(frozen=True)
class Clamp:
    """``min(max(z, low), high)``; None for an end that is not there."""

    name: str
    low: Fraction | None
    high: Fraction | None

    kink = "entries that are exactly at an end of its range"

    def pieces(self, values: Sequence[fmpq], shape: Shape) -> Piece:  # noqa: ARG002 -- as a gate's
        """The left derivative at both ends."""
        low, high = (None if end is None else fmpq(end.numerator, end.denominator) for end in self._ends)
        under = [low is not None and value <= low for value in values]
        over = [high is not None and value > high for value in values]
        return Piece(
            [Fraction(not (u or o)) for u, o in zip(under, over, strict=True)],
            [
                low if low is not None and u else high if high is not None and o else z
                for z, u, o in zip(values, under, over, strict=True)
            ],
            [k for k, z in enumerate(values) if z in (low, high)],
        )

    @property
    def _ends(self) -> tuple[Fraction | None, Fraction | None]:
        return self.low, self.high


@dataclass(frozen=True, eq=False)
class Pointwise:
    """``scale · z + shift``, both broadcast against z as NumPy does; exact."""

    name: str
    scale: Factor
    scale_shape: Shape
    shift: Factor
    shift_shape: Shape

    def at(self, shape: Shape) -> tuple[NDArray[np.int64], list[Fraction], list[Fraction], Shape]:
        """For each entry of the output: of which entry it is made, its scale and shift; and their shape."""
        out = np.broadcast_shapes(shape, self.scale_shape, self.shift_shape)
        taken = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), out).ravel()
        spread = (
            np.broadcast_to(part.reshape(own), out).ravel().tolist()
            for part, own in ((self.scale, self.scale_shape), (self.shift, self.shift_shape))
        )
        scale, shift = ([Fraction(entry) for entry in part] for part in spread)
        return taken, scale, shift, out
