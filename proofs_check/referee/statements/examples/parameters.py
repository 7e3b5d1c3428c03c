"""From free parameters to values: the same formulas twice, in float64 for a batch and exactly for one.

A parameter is a plain array, or exact numbers of the same shape: a symmetric matrix is (P + Pᵀ)/2, a
positive semidefinite one P Pᵀ, an orthogonal one Cayley's (I + K)⁻¹(I - K) of the antisymmetric part K,
with signs; a bounded number is folded into its interval, and what solves linear equations is projected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError, Places
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.referee.statements.examples.domains import Bounds, Domain, Kind
from jacspec.proofs_check.referee.statements.examples.equations import projected, projected_floats

Parameters = Mapping[str, Array]
"""One array per free variable: (examples,) of a number, (examples, rows, columns) of a matrix, and with the
layers between for a chain."""
Exact = npt.NDArray[Any]
"""The parameter of one example: an array of fractions, of no dimension for a number, of three for a chain."""


def mapped(function: Callable[[Any], Fraction], P: Array) -> Exact:
    """The fractions that a function makes of the entries of an array."""
    return np.array([function(x) for x in P.flat], dtype=object).reshape(P.shape)


def rational(x: Fraction) -> fmpq:
    """A fraction as FLINT's."""
    return fmpq(x.numerator, x.denominator)


def float_values(domain: Domain, parameters: Parameters, sizes: Places) -> dict[str, Array]:
    """The values of all variables at a batch of parameters."""
    values: dict[str, Array] = {}
    with np.errstate(all="ignore"):
        for name, kind in domain.kinds.items():
            base = domain.bases.get(name)
            resting = None if base is None else Evaluator(Batches(), values, sizes).value(base, {})
            if kind is Kind.DEFINED:
                values[name] = np.asarray(resting)
                continue
            own = _float_value(kind, parameters[name], domain.bounds.get(name, (None, None)))
            own = own if resting is None else own + resting
            equations = domain.equations.get(name)
            values[name] = own if equations is None else projected_floats(equations, own, values, sizes)
    return values


def exact_values(domain: Domain, parameters: Mapping[str, Exact], sizes: Places) -> dict[str, Any]:
    """The exact values of all variables at exact parameters; raises NoValueError where there are none."""
    values: dict[str, Any] = {}
    for name, kind in domain.kinds.items():
        base = domain.bases.get(name)
        resting = None if base is None else Evaluator(Balls(), values, sizes).value(base, {})
        if resting is not None and not isinstance(resting, fmpq | fmpq_mat):
            raise NoValueError(f"{name} is not rational")
        if kind is Kind.DEFINED:
            values[name] = resting
            continue
        own = _exact_value(kind, parameters[name], domain.bounds.get(name, (None, None)))
        own = own if resting is None else own + resting
        equations = domain.equations.get(name)
        values[name] = own if equations is None else projected(equations, own, values, sizes)
    return values


def _float_value(kind: Kind, P: Array, bounds: Bounds) -> Array:
    if kind in (Kind.REAL, Kind.WHOLE):
        return _folded_floats(np.round(P) if kind is Kind.WHOLE else P, bounds)
    turned, unit = np.swapaxes(P, -1, -2), np.eye(P.shape[-1])
    match kind:
        case Kind.SYMMETRIC:
            return (P + turned) / 2
        case Kind.POSITIVE:
            return P @ turned
        case Kind.DIAGONAL:
            return P * unit
        case Kind.GATE:
            return (P > 0) * unit
        case Kind.ORTHOGONAL:
            K = (P - turned) / 2
            signs = np.where(np.diagonal(P, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
            return (np.linalg.inv(unit + K) @ (unit - K)) * signs[:, None, :]
    return P


def _exact_value(kind: Kind, P: Exact, bounds: Bounds) -> Any:
    if P.ndim == 0:
        number = P.item()
        return rational(_folded(Fraction(round(number)) if kind is Kind.WHOLE else number, bounds))
    if kind is Kind.CHAIN:
        return Chain([_matrix(layer) for layer in P])
    X, n = _matrix(P), len(P)

    def diagonal(entry: Any) -> fmpq_mat:
        return fmpq_mat(n, n, [entry(X[i, i]) if i == j else 0 for i in range(n) for j in range(n)])

    match kind:
        case Kind.SYMMETRIC:
            return (X + X.transpose()) * fmpq(1, 2)
        case Kind.POSITIVE:
            return X * X.transpose()
        case Kind.DIAGONAL:
            return diagonal(lambda x: x)
        case Kind.GATE:
            return diagonal(lambda x: int(x > 0))
        case Kind.ORTHOGONAL:
            K, unit = (X - X.transpose()) * fmpq(1, 2), diagonal(lambda _: 1)
            return (unit + K).inv() * (unit - K) * diagonal(lambda x: -1 if x < 0 else 1)
    return X


def _matrix(P: Exact) -> fmpq_mat:
    rows, columns = P.shape
    return fmpq_mat(rows, columns, [rational(x) for x in P.flat])


def _folded_floats(P: Array, bounds: Bounds) -> Array:
    """Reflected at the ends of the interval until it lies between them."""
    low, high = (None if end is None else float(end) for end in bounds)
    if low is not None and high is not None:
        width = max(high - low, 0.0)
        if width == 0:
            return np.full_like(P, low)
        turned = np.mod(P - low, 2 * width)
        return np.where(
            (low <= P) & (high >= P), P, low + np.where(turned > width, 2 * width - turned, turned)
        )
    if low is not None:
        return np.where(low <= P, P, 2 * low - P)
    return P if high is None else np.where(high >= P, P, 2 * high - P)


def _folded(x: Fraction, bounds: Bounds) -> Fraction:
    low, high = bounds
    if low is not None and high is not None:
        if low >= high:
            return low
        width = high - low
        turned = (x - low) - 2 * width * floor((x - low) / (2 * width))
        return low + (2 * width - turned if turned > width else turned)
    if low is not None:
        return x if low <= x else 2 * low - x
    return x if high is None or x <= high else 2 * high - x
