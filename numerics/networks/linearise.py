"""The Jacobian of a piecewise-linear network at an input, ``J = M_N ⋯ M_1`` with ``M_l = D_l W_l``.

The forward pass is exact (rational arithmetic), so that every gate is decided by the sign of its
pre-activation, never by rounding, and a kink is known for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from jacspec.numerics.networks.inputs import Example
from jacspec.numerics.networks.layers import AffineLayer, Gate, Layer, MaxPool, Reshape
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_exact, as_factor

__all__ = ["KINKS", "factors_at"]

KINKS = ("refuse", "left")
"""What to do at a kink: refuse, or take the left derivative (and the first of tied maxima)."""


def factors_at(layers: Sequence[Layer], example: Example, *, kinks: str = "refuse") -> list[Factor]:
    """The factors of the network's Jacobian at ``example``, first applied first.

    Every affine layer gives one factor; gates and max poolings are merged into the factor before
    them (``D_l W_l``; a max pooling selects rows). Entries are float64 where that is exact, rational
    otherwise. Raises InputError where a layer does not fit, and at a kink unless ``kinks='left'``.
    An entry that is zero, or tied, on a whole neighbourhood of the input is no kink.
    """
    if kinks not in KINKS:
        message = f"kinks={kinks!r}: expected one of {', '.join(KINKS)}"
        raise InputError(message)
    walk = _Walk(example, kinks)
    for layer in layers:
        walk.through(layer)
    return walk.factors or [as_factor(np.eye(example.column.nrows()))]


class _Walk:
    """An example on its way through the network, and the factors so far."""

    def __init__(self, example: Example, kinks: str) -> None:
        self.value, self.shape = example.column, example.shape
        self.factors: list[Factor] = []
        self._refuse_kinks = kinks == "refuse"

    def through(self, layer: Layer) -> None:
        if isinstance(layer, get_args(AffineLayer)):
            self._apply(layer)
        elif isinstance(layer, Gate):
            self._gate(layer)
        elif isinstance(layer, MaxPool):
            self._select(layer)
        elif isinstance(layer, Reshape):
            self.shape = layer.target(self.shape)

    def _apply(self, layer: AffineLayer) -> None:
        affine = layer.affine(self.shape)
        self.value = as_exact(affine.matrix) * self.value
        if affine.offset is not None:
            self.value += as_exact(affine.offset).transpose()
        self.shape = affine.shape
        self.factors.append(affine.matrix)

    def _gate(self, gate: Gate) -> None:
        if gate.slope == 1:
            return
        values = self.value.entries()
        kinks = [index for index, value in enumerate(values) if value == 0]
        if self._refuse_kinks and kinks and self._moves(self._rows(kinks)):
            message = (
                f"{gate.name} has {len(kinks)} pre-activation(s) that are exactly 0, the first at entry "
                f"{kinks[0] + 1}: the input lies on a kink, where there is no Jacobian; move the input, or "
                f"say kinks='left' for the derivative that PyTorch takes"
            )
            raise InputError(message)
        below = np.array([value <= 0 for value in values])
        slope = fmpq(gate.slope.numerator, gate.slope.denominator)
        self.factors[-1:] = [_scaled(self._last(), below, gate.slope)]
        self.value = _column([slope * value if value <= 0 else value for value in values])

    def _select(self, pool: MaxPool) -> None:
        values = self.value.entries()
        windows, self.shape = pool.candidates(self.shape)
        chosen = [max(window, key=values.__getitem__) for window in windows]  # the first of several
        tied = [
            (best, other)
            for window, best in zip(windows, chosen, strict=True)
            for other in window
            if other != best and values[other] == values[best]
        ]
        if self._refuse_kinks and tied:
            first, second = ([pair[side] for pair in tied] for side in (0, 1))
            if self._moves(self._rows(first) - self._rows(second)):
                message = (
                    f"{pool.name} has {len(tied)} tie(s) between the largest entries of a window: the input "
                    f"lies on a kink, where there is no Jacobian; move the input, or say kinks='left' for "
                    f"the first of them, as PyTorch does"
                )
                raise InputError(message)
        self.factors[-1:] = [as_factor(self._last()[chosen], pool.name)]
        self.value = _column([values[index] for index in chosen])

    def _last(self) -> Factor:
        """The factor into which a gate is merged; the identity, if the network begins with it."""
        return self.factors[-1] if self.factors else as_factor(np.eye(self.value.nrows()))

    def _rows(self, indices: Sequence[int]) -> fmpq_mat:
        return as_exact(self._last()[list(indices)])

    def _moves(self, rows: fmpq_mat) -> bool:
        """Whether any of these rows of the last factor has a gradient with respect to the input."""
        for factor in reversed(self.factors[:-1]):
            if rows == 0 * rows:
                return False
            rows = rows * as_exact(factor)
        return bool(rows != 0 * rows)


def _column(entries: Sequence[fmpq]) -> fmpq_mat:
    return fmpq_mat(len(entries), 1, list(entries))


def _scaled(matrix: Factor, below: NDArray[np.bool_], slope: Fraction) -> Factor:
    """``D W``, exactly: the rows ``below`` times the slope."""
    if not below.any():
        return matrix
    if slope == 0:
        return as_factor(np.where(below[:, None], 0, matrix))
    scaled = matrix.astype(object)
    for index in np.flatnonzero(below):
        scaled[index] = [Fraction(entry) * slope for entry in matrix[index].tolist()]
    return scaled  # whether that is float64 again the chain finds out, once
