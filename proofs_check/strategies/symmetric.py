"""Symmetric and positive semidefinite matrices, exactly so."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from proofs_check.strategies.matrices import square
from proofs_check.strategies.sizes import Width

__all__ = ["positive", "symmetric"]


def symmetric(width: Width) -> st.SearchStrategy[fmpq_mat]:
    """Symmetric integer matrices: the upper triangle of a square one, mirrored."""
    return square(width).map(_mirrored)


def positive(width: Width, *, definite: bool = False) -> st.SearchStrategy[fmpq_mat]:
    """Positive semidefinite integer matrices ``X Xᵀ``; with ``definite``, ``I + X Xᵀ``."""

    def gram(X: fmpq_mat) -> fmpq_mat:
        matrix = X * X.transpose()
        for row in range(matrix.nrows() if definite else 0):
            matrix[row, row] += 1
        return matrix

    return square(width).map(gram)


def _mirrored(X: fmpq_mat) -> fmpq_mat:
    width = X.nrows()
    return fmpq_mat(width, width, [X[min(r, c), max(r, c)] for r in range(width) for c in range(width)])
