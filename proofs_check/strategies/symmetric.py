"""Symmetric and positive semidefinite matrices, exactly so, with special spectra mixed in."""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.proofs_check.strategies.matrices import square
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.sizes import Width, width_strategy
from jacspec.proofs_check.strategies.spectra import special_values, with_eigenvalues

_TURNS = 2
"""One matrix in so many has a special spectrum."""


@remembered
def symmetric(width: Width, *, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Symmetric matrices: the upper triangle of a square integer one, mirrored.

    Unless ``families`` is false, one in two has a special spectrum instead, times ±1: repeated,
    nearly repeated or graded eigenvalues (:func:`special_values`), in a rational orthogonal frame.
    """
    signs = st.sampled_from((1, -1))
    return _mixed(
        "symmetric",
        width,
        families,
        usual=lambda n: square(n, families=families).map(_mirrored),
        special=lambda n: st.tuples(signs, _special(n)).map(lambda drawn: drawn[1] * drawn[0]),
    )


@remembered
def positive(width: Width, *, definite: bool = False, families: bool = True) -> st.SearchStrategy[fmpq_mat]:
    """Positive semidefinite matrices ``X Xᵀ``, X of integers; with ``definite``, ``I + X Xᵀ``.

    Unless ``families`` is false, special spectra are mixed in as in :func:`symmetric`.
    """
    drawn = _mixed(
        "positive",
        width,
        families,
        usual=lambda n: square(n, families=families).map(lambda X: X * X.transpose()),
        special=_special,
    )
    return drawn.map(_shifted) if definite else drawn


@remembered
def _special(width: int) -> st.SearchStrategy[fmpq_mat]:
    return with_eigenvalues(special_values(width))


def _mixed(
    what: str,
    width: Width,
    families: bool,
    *,
    usual: Callable[[int], st.SearchStrategy[fmpq_mat]],
    special: Callable[[int], st.SearchStrategy[fmpq_mat]],
) -> st.SearchStrategy[fmpq_mat]:
    widths = width_strategy(what, width)
    if not families:
        return widths.flatmap(usual)
    return st.tuples(widths, st.integers(0, _TURNS - 1)).flatmap(
        lambda drawn: (special if drawn[1] == _TURNS - 1 else usual)(drawn[0])
    )


def _shifted(matrix: fmpq_mat) -> fmpq_mat:
    result = fmpq_mat(matrix)
    for row in range(result.nrows()):
        result[row, row] += 1
    return result


def _mirrored(X: fmpq_mat) -> fmpq_mat:
    width = X.nrows()
    return fmpq_mat(width, width, [X[min(r, c), max(r, c)] for r in range(width) for c in range(width)])
