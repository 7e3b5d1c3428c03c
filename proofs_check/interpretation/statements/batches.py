"""The arithmetic that proposes: float64, many examples at once. It decides nothing.

Numbers are arrays (examples,), matrices (examples, rows, columns), constants plain floats. What has no
value is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import comb
from typing import Any

import numpy as np
from flint import fmpq

from jacspec.proofs_check.interpretation.statements.evaluation import MissingTermError
from jacspec.proofs_check.interpretation.statements.float_functions import (
    Array,
    determinant,
    exponential,
    gamma,
    inverse,
    polygamma,
    singular_values,
    with_nan,
    without_nan,
)
from jacspec.theory.statements.tree import Op

_RANK = 1e-10
"""Singular values below this share of the largest count as 0 for a rank."""
_ROUNDING = 1e-13
"""And below this share they are what rounding has left of 0."""


class Batches:
    """The algebra of arrays; spectra are computed once per array."""

    def __init__(self) -> None:
        self._spectra: dict[tuple[Op, int], tuple[Array, Array]] = {}
        self.operations: Mapping[Op, Callable[..., Any]] = {
            **_OPERATIONS,
            **{op: self._kth(op) for op in _SPECTRA},
            Op.NORM: self._norm,
        }

    def number(self, value: Fraction) -> float:
        """The nearest float."""
        return float(value)

    def identity(self, size: int) -> Array:
        """The identity matrix."""
        return np.eye(size)[None]

    def zero(self, rows: int, columns: int) -> Array:
        """The zero matrix."""
        return np.zeros((1, rows, columns))

    def shape(self, X: Array) -> tuple[int, int]:
        """Rows and columns."""
        return X.shape[-2], X.shape[-1]

    def power(self, x: Any, exponent: Fraction) -> Any:
        """A rational power; NaN where there is none."""
        if exponent == Fraction(1, 2):
            return np.sqrt(x)
        return x * x if exponent == 2 else np.power(np.asarray(x, dtype=float), float(exponent))

    def _spectrum(self, op: Op, X: Array) -> Array:
        key = op, id(X)
        if key not in self._spectra:
            finite, bad = without_nan(X)
            values = _SPECTRA[op](finite)
            largest = np.abs(values).max(axis=-1, keepdims=True)
            values = np.where(np.abs(values) < _ROUNDING * largest, 0.0, values)
            self._spectra[key] = X, with_nan(values, bad)
        return self._spectra[key][1]

    def _kth(self, op: Op) -> Callable[[int, Array], Array]:
        def kth(k: int, X: Array) -> Array:
            if not 1 <= k <= min(self.shape(X)):
                raise MissingTermError(f"{op.value} {k}")
            return self._spectrum(op, X)[..., k - 1]

        return kth

    def _norm(self, X: Array, *order_and_kind: Any) -> Any:
        *order, kind = order_and_kind
        if kind == "frobenius":
            return np.sqrt((X * X).sum(axis=(-2, -1)))
        values = self._spectrum(Op.SINGULAR, X)
        if kind == "spectral":
            return values[..., 0]
        if kind == "nuclear":
            return values.sum(axis=-1)
        if kind == "ky fan":
            if not 1 <= order[0] <= values.shape[-1]:
                raise MissingTermError(f"the Ky Fan norm of order {order[0]}")
            return values[..., : int(order[0])].sum(axis=-1)
        return (values ** order[0]).sum(axis=-1) ** (1 / order[0])


def _scale(c: Any, X: Array) -> Array:
    return (c[:, None, None] if np.ndim(c) else c) * X  # type: ignore[no-any-return]


def _direct(X: Array, Y: Array) -> Array:
    (m, n), (p, q) = X.shape[-2:], Y.shape[-2:]
    both = np.zeros((max(len(X), len(Y)), m + p, n + q))
    both[:, :m, :n], both[:, m:, n:] = X, Y
    return both


def _kronecker(X: Array, Y: Array) -> Array:
    (m, n), (p, q) = X.shape[-2:], Y.shape[-2:]
    return (X[:, :, None, :, None] * Y[:, None, :, None, :]).reshape(-1, m * p, n * q)


def _block(X: Array, top: int, bottom: int, left: int, right: int) -> Array:
    if not (1 <= top <= bottom <= X.shape[-2] and 1 <= left <= right <= X.shape[-1]):
        raise MissingTermError(f"rows {top} to {bottom}, columns {left} to {right}")
    return X[..., top - 1 : bottom, left - 1 : right]


def _entry(X: Array, i: int, j: int) -> Array:
    if not (1 <= i <= X.shape[-2] and 1 <= j <= X.shape[-1]):
        raise MissingTermError(f"entry {i}, {j}")
    return X[..., i - 1, j - 1]


def _rank(X: Array) -> Array:
    finite, bad = without_nan(X)
    values = np.linalg.svd(finite, compute_uv=False)
    return with_nan((values > _RANK * values[..., :1]).sum(axis=-1).astype(float), bad)


def _modulus(X: Array) -> Array:
    finite, bad = without_nan(X)
    u, values, _ = np.linalg.svd(finite)
    return with_nan((u * values[..., None, :]) @ np.swapaxes(u, -1, -2), bad)


def _overlap(i: int, X: Array, k: int, Y: Array) -> Array:
    if not (1 <= i <= X.shape[-2] and 1 <= k <= Y.shape[-2]):
        raise MissingTermError(f"overlap {i}, {k}")
    (X, bad), (Y, bad_too) = without_nan(X), without_nan(Y)
    u, v = (np.linalg.svd(Z)[0] for Z in (X, Y))
    return with_nan(np.abs((u[..., i - 1] * v[..., k - 1]).sum(axis=-1)), bad | bad_too)


def _factor(chain: Array, layer: int) -> Array:
    if not 1 <= layer <= chain.shape[1]:
        raise MissingTermError(f"factor {layer} of {chain.shape[1]}")
    return chain[:, layer - 1]


def _span(chain: Array, first: int, last: int) -> Array:
    if not 1 <= first <= last + 1 <= chain.shape[1] + 1:
        raise MissingTermError(f"the factors from {first} to {last} of {chain.shape[1]}")
    layers = [chain[:, layer] for layer in range(first - 1, last)]
    return reduce(lambda product, factor: factor @ product, layers, np.eye(chain.shape[-1])[None])


_SIMPLE = 1e-9
"""A singular value this share of the largest away from 0 and from its neighbours is simple."""


def _vector(k: int, X: Array, side: int) -> Array:
    """u_k or v_k, the largest entry of u_k positive; NaN where s_k is not simple, or 0."""
    if not 1 <= k <= min(X.shape[-2:]):
        raise MissingTermError(f"singular vector {k}")
    finite, bad = without_nan(X)
    u, values, vt = np.linalg.svd(finite)
    mine, column = values[..., k - 1], u[..., :, k - 1]
    rest = np.abs(np.delete(values, k - 1, axis=-1) - mine[..., None]).min(axis=-1, initial=np.inf)
    clear = np.minimum(rest, mine) > _SIMPLE * values[..., 0]
    pivot = np.take_along_axis(column, np.abs(column).argmax(axis=-1)[..., None], axis=-1)
    chosen = (column if side == 0 else vt[..., k - 1, :]) * np.sign(pivot)
    return np.where((clear & ~bad)[..., None, None], chosen[..., None], np.nan)


def _speed(k: int, X: Array, rate: Array) -> Array:
    u, w = (_vector(k, X, side) for side in (0, 1))
    return (np.swapaxes(u, -1, -2) @ rate @ w)[..., 0, 0]


def _symbol(*indices_and_name: Any) -> Any:
    raise MissingTermError(f"the symbol {indices_and_name[-1]}")


_SPECTRA: Mapping[Op, Callable[[Array], Array]] = {
    Op.SINGULAR: singular_values,
    Op.EIGENVALUE: lambda X: np.linalg.eigvalsh(X)[..., ::-1],
    Op.EIGENMODULUS: lambda X: np.sort(np.abs(np.linalg.eigvals(X)), axis=-1)[..., ::-1],
}
_OPERATIONS: Mapping[Op, Callable[..., Any]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.NEG: lambda a: -a,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: np.divide,
    Op.POW: lambda x, y: np.power(np.asarray(x, dtype=float), y),
    Op.ABS: np.abs,
    Op.MIN: lambda *values: reduce(np.minimum, values),
    Op.MAX: lambda *values: reduce(np.maximum, values),
    Op.LOG: np.log,
    Op.EXP: np.exp,
    Op.POLYGAMMA: polygamma,
    Op.GAMMA: gamma,
    Op.SINH: np.sinh,
    Op.BINOMIAL: comb,
    Op.BERNOULLI: lambda m: float(fmpq.bernoulli(m)),
    Op.MOMENT: lambda p, r, q, _: np.power(r, -(p + 1) / q) * gamma((p + 1) / q) / q,
    Op.DELTA: lambda i, k: float(i == k),
    Op.MATMUL: lambda X, Y: X @ Y,
    Op.SCALE: _scale,
    Op.TRANSPOSE: lambda X: np.swapaxes(X, -1, -2),
    Op.INVERSE: inverse,
    Op.HADAMARD: lambda X, Y: X * Y,
    Op.KRONECKER: _kronecker,
    Op.DIRECT: _direct,
    Op.BLOCK: _block,
    Op.TRIU: np.triu,
    Op.MODULUS: _modulus,
    Op.EXPM: exponential,
    Op.SYMBOL: _symbol,
    Op.DERIVATIVE: _symbol,
    Op.FACTOR: _factor,
    Op.SPAN: _span,
    Op.SPEED: _speed,
    Op.LEFT_VECTOR: lambda k, X: _vector(k, X, 0),
    Op.RIGHT_VECTOR: lambda k, X: _vector(k, X, 1),
    Op.DET: determinant,
    Op.TRACE: lambda X: np.trace(X, axis1=-2, axis2=-1),
    Op.RANK: _rank,
    Op.ENTRY: _entry,
    Op.LARGEST: lambda X: np.abs(X).max(axis=(-2, -1)),
    Op.OVERLAP: _overlap,
}
