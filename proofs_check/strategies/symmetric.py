"""Symmetric and positive semidefinite matrices, exactly so, with special spectra mixed in."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics.support.factors import identity
from jacspec.proofs_check.strategies.matrices import square
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.sizes import Width, checked_width, drawn_width
from jacspec.proofs_check.strategies.spectra import special_values, with_eigenvalues

_TURNS = 2
"""One matrix in so many has a special spectrum."""
_TURN, _SIGNS = st.integers(0, _TURNS - 1), st.sampled_from((1, -1))


@remembered
def symmetric(width: Width, *, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Symmetric matrices: the upper triangle of a square integer one, mirrored.

    Unless ``families`` is false, one in two has a special spectrum instead, times ±1: repeated,
    nearly repeated or graded eigenvalues (:func:`special_values`), in a rational orthogonal frame.
    """
    return _symmetric(checked_width("symmetric", width), families)


@st.composite
def _symmetric(draw: st.DrawFn, width: Width, families: bool) -> fmpq_mat:
    n = drawn_width(draw, width)
    if families and draw(_TURN) == _TURNS - 1:
        return draw(_SIGNS) * draw(_special(n))
    return _mirrored(draw(square(n, families=families)))


@remembered
def positive(width: Width, *, definite: bool = False, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Positive semidefinite matrices ``X Xᵀ``, X of integers; with ``definite``, ``I + X Xᵀ``.

    Unless ``families`` is false, special spectra are mixed in as in :func:`symmetric`.
    """
    return _positive(checked_width("positive", width), definite, families)


@st.composite
def _positive(draw: st.DrawFn, width: Width, definite: bool, families: bool) -> fmpq_mat:
    n = drawn_width(draw, width)
    if families and draw(_TURN) == _TURNS - 1:
        drawn = draw(_special(n))
    else:
        X = draw(square(n, families=families))
        drawn = X * X.transpose()
    return drawn + identity(n) if definite else drawn


@remembered
def _special(width: int) -> st.SearchStrategy[fmpq_mat]:
    return with_eigenvalues(special_values(width))


def _mirrored(X: fmpq_mat) -> fmpq_mat:
    width = X.nrows()
    return fmpq_mat(width, width, [X[min(r, c), max(r, c)] for r in range(width) for c in range(width)])
