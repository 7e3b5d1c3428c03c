"""The Jacobian of a network at an input, ``J = M_N ⋯ M_1``, by a walk through its layers.

The forward pass is exact (rational arithmetic), so that every gate is decided by the sign of its
pre-activation, never by rounding, and a kink is known for one. What a smooth layer gives is rounded to
float64 (:mod:`jacspec.numerics.networks.graphs.smooth`), and the pass goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, get_args

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from jacspec.numerics.networks.inputs import Example
from jacspec.numerics.networks.layers import AffineLayer, Layer, MaxPool, Reshape
from jacspec.numerics.networks.pointwise import Clamp, Gate, Pointwise
from jacspec.numerics.networks.windows import Shape
from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, as_exact, as_factor

KINKS = ("refuse", "left")
"""What to do at a kink: refuse, or take the left derivative (and the first of tied maxima)."""


@dataclass(frozen=True)
class Origin:
    """Of what layers a factor is the Jacobian, and how far its entries are rounded."""

    layers: tuple[str, ...]
    error: float = 0.0
    """An estimate, relative to the largest entry; 0 if the entries are exact."""

    def __str__(self) -> str:
        first, *rest = self.layers or ("the identity",)
        named = first if not rest else f"{first} … {rest[-1]}"
        return f"{named}: {f'rounded, to about {self.error:.0e}' if self.error else 'exact'}"


class Factors(list[Any]):
    """The factors of a network, all of them matrices or all matrix-free, and where each comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.origins: list[Origin] = []


@dataclass(frozen=True, eq=False)
class Traced:
    """A tensor on its way: its value, its shape, and its derivative by the value at the last cut."""

    value: fmpq_mat
    shape: Shape
    matrix: Factor | None = None
    """None: it is the cut itself."""
    error: float = 0.0
    layers: tuple[str, ...] = ()

    @property
    def derivative(self) -> Factor:
        """The derivative, the identity at a cut."""
        return as_factor(np.eye(self.value.nrows())) if self.matrix is None else self.matrix

    def then(
        self, name: str, value: fmpq_mat, shape: Shape, matrix: Factor | None, error: float = 0
    ) -> Traced:
        """What a layer makes of it; what is rounded already stays float64."""
        error = max(self.error, error)
        if error and matrix is not None:
            matrix = as_factor(matrix.astype(np.float64))
        return Traced(value, shape, matrix, error, (*self.layers, name))


def factors_at(layers: Sequence[Layer], example: Example, *, kinks: str = "refuse") -> Factors:
    """The factors of the Jacobian at ``example`` of layers one after another, first applied first.

    Every affine layer gives one factor; gates and max poolings are merged into the factor before
    them (``D_l W_l``; a max pooling selects rows). Entries are float64 where that is exact, rational
    otherwise. Raises InputError where a layer does not fit, and at a kink unless ``kinks='left'``.
    An entry that is zero, or tied, on a whole neighbourhood of the input is no kink.
    """
    walk = Walk(kinks)
    at = Traced(example.column, example.shape)
    for layer in layers:
        at = walk.through(layer, walk.cut(at) if is_affine(layer) else at)
    return walk.finished(at)


def is_affine(layer: Layer) -> bool:
    """Whether the layer is a factor of its own, wherever the network can be cut before it."""
    return isinstance(layer, get_args(AffineLayer))


class Walk:
    """An example on its way through the network, and the factors so far."""

    def __init__(self, kinks: str) -> None:
        if kinks not in KINKS:
            message = f"kinks={kinks!r}: expected one of {', '.join(KINKS)}"
            raise InputError(message)
        self.factors = Factors()
        self.refuses_kinks = kinks == "refuse"
        self._carried: tuple[int, NDArray[np.float64] | None] = (0, None)

    def cut(self, at: Traced) -> Traced:
        """Make a factor of all since the last cut; nothing else may need what lies before."""
        if at.matrix is None:
            return at
        self.factors.append(at.matrix)
        self.factors.origins.append(Origin(at.layers, at.error))
        return Traced(at.value, at.shape)

    def finished(self, at: Traced) -> Factors:
        """The factors, at the end of the network."""
        self.cut(at)
        if not self.factors:
            self.cut(replace(at, matrix=at.derivative))
        return self.factors

    def through(self, layer: Layer, at: Traced) -> Traced:
        """What a layer makes of the tensor."""
        if isinstance(layer, Gate | Clamp):
            return self._gate(layer, at)
        if isinstance(layer, MaxPool):
            return self._select(layer, at)
        if isinstance(layer, Reshape):
            return replace(at, shape=layer.target(at.shape))
        if isinstance(layer, Pointwise):
            return _pointwise(layer, at)
        affine = layer.affine(at.shape)
        value = _applied(affine.matrix, at.value)
        if affine.offset is not None:
            value += _exact(affine.offset).transpose()
        matrix = affine.matrix if at.matrix is None else product(affine.matrix, at)
        return at.then(layer.name, value, affine.shape, matrix, affine.error)

    def _gate(self, gate: Gate | Clamp, at: Traced) -> Traced:
        pieces = gate.pieces(at.value.entries(), at.shape)
        if self.refuses_kinks and pieces.kinks and self.moves(rows_of(at, pieces.kinks)):
            message = (
                f"{gate.name} has {len(pieces.kinks)} {gate.kink}, the first at entry "
                f"{pieces.kinks[0] + 1}: the input lies on a kink, where there is no Jacobian; move the "
                f"input, or say kinks='left' for the left derivative"
            )
            raise InputError(message)
        matrix = None if gate == Gate(gate.name, Fraction(1)) else scaled(at.derivative, pieces.slopes)
        return at.then(gate.name, column(pieces.values), at.shape, at.matrix if matrix is None else matrix)

    def _select(self, pool: MaxPool, at: Traced) -> Traced:
        values = at.value.entries()
        windows, shape = pool.candidates(at.shape)
        chosen = [max(window, key=values.__getitem__) for window in windows]  # the first of several
        tied = [
            (best, other)
            for window, best in zip(windows, chosen, strict=True)
            for other in window
            if other != best and values[other] == values[best]
        ]
        if self.refuses_kinks and tied:
            first, second = ([pair[side] for pair in tied] for side in (0, 1))
            if self.moves(rows_of(at, first) - rows_of(at, second)):
                message = (
                    f"{pool.name} has {len(tied)} tie(s) between the largest entries of a window: the input "
                    f"lies on a kink, where there is no Jacobian; move the input, or say kinks='left' for "
                    f"the first of them, as PyTorch does"
                )
                raise InputError(message)
        matrix = as_factor(at.derivative[chosen], pool.name)
        return at.then(pool.name, column([values[index] for index in chosen]), shape, matrix)

    def direction(self, at: Traced) -> NDArray[np.float64]:
        """A random direction at the input, as the derivative so far carries it to the tensor."""
        derivative = at.derivative.astype(np.float64)
        start, carried = self._carried
        if carried is None:
            inputs = (self.factors[0] if self.factors else derivative).shape[1]
            carried = np.random.default_rng(0).standard_normal(inputs)
        for factor in self.factors[start:]:
            carried = factor.astype(np.float64) @ carried
            carried = carried / (abs(carried).max(initial=0.0) or 1.0)
        self._carried = (len(self.factors), carried)
        return np.asarray(derivative @ carried).reshape(at.shape)

    def moves(self, rows: fmpq_mat) -> bool:
        """Whether any of these rows of the derivative has a gradient with respect to the input."""
        for factor in reversed(self.factors):
            if rows == 0 * rows:
                return False
            rows = rows * as_exact(factor)
        return bool(rows != 0 * rows)


def _exact(matrix: Factor) -> fmpq_mat:
    """Exactly, and not to be changed: small ones are remembered, as a network is followed at many inputs."""
    if matrix.dtype != np.float64 or matrix.nbytes > _SMALL:
        return as_exact(matrix)
    return _remembered(matrix.shape, matrix.tobytes())


@lru_cache(maxsize=256)
def _remembered(shape: tuple[int, int], entries: bytes) -> fmpq_mat:
    return as_exact(np.frombuffer(entries).reshape(shape))


_SMALL = 2**15
"""Bytes of a matrix that is remembered: 64 × 64."""


def _applied(matrix: Factor, value: fmpq_mat) -> fmpq_mat:
    """The exact product with a column; where most entries are 0, as in a convolution, by the others alone."""
    rows, columns = np.nonzero(matrix)
    if 4 * len(rows) > matrix.size:
        return _exact(matrix) * value
    entries, totals = value.entries(), [fmpq(0)] * len(matrix)
    kept = matrix[rows, columns].tolist()
    for row, place, entry in zip(rows.tolist(), columns.tolist(), kept, strict=True):
        totals[row] += fmpq(*entry.as_integer_ratio()) * entries[place]
    return column(totals)


def _pointwise(layer: Pointwise, at: Traced) -> Traced:
    taken, scale, shift, shape = layer.at(at.shape)
    values = at.value.entries()
    moved = [
        fmpq(*a.as_integer_ratio()) * values[k] + fmpq(*b.as_integer_ratio())
        for k, a, b in zip(taken.tolist(), scale, shift, strict=True)
    ]
    changed = at.matrix is not None or len(taken) != len(values) or any(a != 1 for a in scale)
    matrix = scaled(at.derivative[taken], scale) if changed else None
    return at.then(layer.name, column(moved), shape, matrix)


def column(entries: Sequence[fmpq]) -> fmpq_mat:
    """The entries one below the other."""
    return fmpq_mat(len(entries), 1, list(entries))


def rounded(value: fmpq_mat) -> list[float]:
    """The entries, each rounded to float64."""
    return [int(entry.p) / int(entry.q) for entry in value.entries()]


def product(matrix: Factor, at: Traced) -> Factor:
    """The matrix times the derivative: exactly, or in float64 where that is rounded already."""
    if at.error:
        return as_factor(matrix.astype(np.float64) @ at.derivative.astype(np.float64))
    return as_factor(as_exact(matrix) * as_exact(at.derivative))


def scaled(matrix: Factor, slopes: Sequence[Fraction]) -> Factor:
    """``D W``, exactly: each row times its slope."""
    changed = [index for index, slope in enumerate(slopes) if slope != 1]
    if not changed:
        return matrix
    if not any(slopes[index] for index in changed):
        closed = np.array([slope == 0 for slope in slopes])
        return as_factor(np.where(closed[:, None], 0, matrix))
    places = np.nonzero(matrix)
    demand("a gate with slopes that are no floats", 32 * matrix.size + 600 * len(places[0]))
    found = (
        Fraction(entry) * slopes[row]
        for row, entry in zip(places[0].tolist(), matrix[places].tolist(), strict=True)
    )
    rows = np.zeros(matrix.shape, dtype=object)
    rows[places] = np.fromiter(found, dtype=object, count=len(places[0]))
    return rows  # whether that is float64 again the chain finds out, once


def rows_of(at: Traced, indices: Sequence[int]) -> fmpq_mat:
    """These rows of the derivative, exactly."""
    return as_exact(as_factor(at.derivative[list(indices)]))
