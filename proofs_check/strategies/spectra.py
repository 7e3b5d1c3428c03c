"""Prescribed singular values, exactly: ``U diag(s) Vᵀ`` with rational orthogonal U and V."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics.support.factors import diagonal as diagonal
from jacspec.proofs_check.strategies.orthogonal import orthogonal, rotations
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.scalars import rationals


@st.composite
def with_singular_values(
    draw: st.DrawFn, values: Sequence[int | fmpq] | st.SearchStrategy[Sequence[int | fmpq]]
) -> fmpq_mat:
    """Square matrices ``U diag(values) Vᵀ`` with exactly these singular values, given or drawn.

    Repeated and zero values are allowed; a negative one stands for its modulus.
    """
    chosen = draw(values) if isinstance(values, st.SearchStrategy) else values
    left, right = draw(orthogonal(len(chosen))), draw(orthogonal(len(chosen)))
    return left * diagonal(chosen) * right.transpose()


@st.composite
def with_eigenvalues(
    draw: st.DrawFn, values: Sequence[int | fmpq] | st.SearchStrategy[Sequence[int | fmpq]]
) -> fmpq_mat:
    """Symmetric matrices ``Q diag(values) Qᵀ`` with exactly these eigenvalues; Q a rotation."""
    chosen = draw(values) if isinstance(values, st.SearchStrategy) else values
    frame = draw(rotations(len(chosen)))
    return frame * diagonal(chosen) * frame.transpose()


@remembered
def special_values(width: int) -> st.SearchStrategy[Sequence[int | fmpq]]:
    """Non-negative descending values on which perturbation bounds are tight.

    Half of them rationals, the others distinct integers, repeated, nearly equal or graded values.
    """
    generic = st.lists(rationals(0, 4), min_size=width, max_size=width).map(
        lambda values: sorted(values, reverse=True)
    )
    families = st.one_of(
        scalings(width), repeated_values(width), near_degenerate_values(width), graded_values(width)
    )
    return st.booleans().flatmap(lambda special: families if special else generic)


@remembered
def scalings(width: int) -> st.SearchStrategy[list[int]]:
    """Strictly decreasing positive integers: the singular values of one factor."""
    return st.lists(st.integers(1, 5), min_size=width, max_size=width, unique=True).map(
        lambda values: sorted(values, reverse=True)
    )


@remembered
def graded_values(width: int, *, decades: int = 6) -> st.SearchStrategy[list[fmpq]]:
    """``1 = s_1 ≥ s_2 ≥ …``, powers of ten that fall by up to ``decades`` from each to the next."""
    steps = st.lists(st.integers(0, decades), min_size=width - 1, max_size=width - 1)

    def falling(drawn: list[int]) -> list[fmpq]:
        return [fmpq(1, 10 ** sum(drawn[:position])) for position in range(width)]

    return steps.map(falling)


@remembered
def near_degenerate_values(width: int, *, decades: int = 12) -> st.SearchStrategy[list[fmpq]]:
    """``s, s + δ, s + 2δ, …`` in descending order, a small integer s and δ = 10^-k, 1 ≤ k ≤ decades."""
    return st.tuples(st.integers(1, 3), st.integers(1, decades)).map(
        lambda drawn: [drawn[0] + fmpq(position, 10 ** drawn[1]) for position in reversed(range(width))]
    )


@remembered
def repeated_values(width: int) -> st.SearchStrategy[list[int]]:
    """Descending values from 0 to 3 of which, for width ≥ 2, at least two agree."""
    kinds = st.lists(st.integers(0, 3), min_size=max(width - 1, 1), max_size=max(width - 1, 1))
    return kinds.map(lambda values: sorted(([values[0], *values])[:width], reverse=True))
