"""Relations between matrices: equality, and the Loewner order, X ⪰ Y if X - Y is positive semidefinite."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.margin import Margin, Truth, compare
from jacspec.proofs_check.interpretation.statements.evaluation import NoValueError
from jacspec.proofs_check.interpretation.statements.exact import Matrix, ball_matrix, is_exact
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.theory.statements.tree import Op


def psd(X: Matrix) -> Margin:
    """The margin of X ⪰ 0: X is positive semidefinite. Raises InputError for a matrix that is not symmetric.

    A rational matrix (``fmpq_mat``) is decided exactly, at the boundary too; a matrix of balls where a
    vector with xᵀXx < 0, or all leading minors, decide.
    """
    if not isinstance(X, fmpq_mat | arb_mat) or X.nrows() != X.ncols():
        message = f"{X!r}: expected a square matrix, flint.fmpq_mat or flint.arb_mat"
        raise InputError(message)
    try:
        return compare_matrices(X, Op.GE, X * 0)
    except NoValueError as error:
        message = f"{X}: expected a symmetric matrix; (X + X.transpose())/2 is its symmetric part"
        raise InputError(message) from error


def compare_matrices(left: Matrix, op: Op, right: Matrix) -> Margin:
    """What a relation between two matrices of one shape says."""
    return _equal(op, left, right) if op in (Op.EQ, Op.NE) else _loewner(op, left, right)


def is_psd(X: fmpq_mat, *, strict: bool = False) -> bool:
    """Whether a rational symmetric matrix is positive semidefinite, or definite.

    The roots of its characteristic polynomial are real; they are ≥ 0 if and only if its coefficients
    alternate.
    """
    n = X.nrows()
    signed = [(-1) ** (n - k) * coefficient for k, coefficient in enumerate(X.charpoly().coeffs()[:n])]
    return all(c > 0 for c in signed) if strict else all(c >= 0 for c in signed)


def _equal(op: Op, left: Matrix, right: Matrix) -> Margin:
    """Equality of matrices: the entry that differs most decides."""
    pairs: Any = zip(left.entries(), right.entries(), strict=True)
    margins = [compare(x, op.value, y) for x, y in pairs]
    if op is Op.EQ:
        failing = [m for m in margins if m.truth is not Truth.HOLDS]
        return min(failing or margins, key=lambda m: (m.truth is not Truth.FAILS, m.midpoint))
    holding = [m for m in margins if m.truth is Truth.HOLDS]
    return max(holding or margins, key=lambda m: (m.truth is Truth.UNDECIDED, m.midpoint))


def _loewner(op: Op, left: Matrix, right: Matrix) -> Margin:
    """The Loewner order: of exact matrices by characteristic polynomial, of others by minors."""
    small, large = (left, right) if op in (Op.LE, Op.LT) else (right, left)
    strict = op in (Op.LT, Op.GT)
    exact = is_exact(small, large)
    gap: Any = large - small if exact else ball_matrix(large) - ball_matrix(small)
    if not (gap == gap.transpose() if exact else gap.overlaps(gap.transpose())):
        raise NoValueError("the Loewner order of matrices whose difference is not symmetric")
    truth = _exactly(gap, strict=strict) if exact else _in_balls(gap)
    least = float(np.linalg.eigvalsh(_middle(gap))[0]) if np.isfinite(_middle(gap)).all() else float("nan")
    return Margin("", truth, least, f"{least:.6g}: the least eigenvalue of the difference")


def _exactly(gap: fmpq_mat, *, strict: bool) -> Truth:
    return Truth.HOLDS if is_psd(gap, strict=strict) else Truth.FAILS


def _in_balls(gap: arb_mat) -> Truth:
    """A vector with xᵀXx < 0 refutes semidefiniteness; positive leading minors confirm definiteness."""
    n, middle = gap.nrows(), _middle(gap)
    if not np.isfinite(middle).all():
        return Truth.UNDECIDED
    x = arb_mat(n, 1, [arb(float(entry)) for entry in np.linalg.eigh(middle)[1][:, 0]])
    if (x.transpose() * gap * x)[0, 0] < 0:
        return Truth.FAILS
    minors = (arb_mat(k, k, [gap[i, j] for i in range(k) for j in range(k)]).det() for k in range(1, n + 1))
    return Truth.HOLDS if all(minor > 0 for minor in minors) else Truth.UNDECIDED


def _middle(X: Matrix) -> Array:
    """The symmetric part of a matrix in float64."""
    rows = [[float(arb(X[i, j]).mid()) for j in range(X.ncols())] for i in range(X.nrows())]
    array = np.array(rows)
    return (array + array.T) / 2  # type: ignore[no-any-return]
