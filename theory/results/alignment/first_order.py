"""Section 2 of the ledger: the overlaps themselves, to first order in the ratios of singular values.

With ``G = V_Aᵀ B Bᵀ V_A`` the columns of R are the eigenvectors of S G S, S = diag(s_1, …, s_n) the
singular values of A. Write the k-th one, up to its length, as 1 in place k, ``(s_k/s_i) λ_i`` above and
``(s_j/s_k) λ_j`` below, and its eigenvalue as ``s_k² μ``. Row i < k of the eigenvalue equation, divided
by ``s_i s_k``, then holds small quantities only squared:

    Σ_{j<k} g_ij λ_j + g_ik + Σ_{j>k} g_ij (s_j/s_k)² λ_j = μ (s_k/s_i)² λ_i.

Without them it is a linear system, which Cramer's rule solves in minors of G.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sympy import Expr, Integer, Matrix, oo, solve, sqrt

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.derivations.assumption import Assumption, by_definition
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.numbers import coordinate, gram, length, mu, overlap, ratio, small

BOUNDED = Assumption(
    name="bounded-eigenpair",
    title="unknowns of the eigenvalue equation",
    restricts=(*(Parameter(coordinate(i), -oo, oo) for i in (1, 2, 3)), Parameter(mu, Integer(0))),
)

DEFINITE = Assumption(
    name="leading-minor",
    title="positive leading minor of $G$",
    positive=(gram(1, 1) * gram(2, 2) - gram(1, 2) ** 2,),
)


def premises(k: int) -> tuple[Assumption, ...]:
    """What a point says besides its domain, for k ≤ 3: the leading minor of size k - 1 is positive."""
    return (BOUNDED, DEFINITE) if k == 3 else (BOUNDED,)


@cache
def leading_overlap(i: int, k: int) -> Formula:
    """R_ik s_i/s_k → (-1)^{k-i} det G[1…k-1 | 1…k without i] / det G[1…k-1], for i < k.

    The parameters are the entries of G with indices up to k; that the leading minor is not 0 is what B
    nonsingular says.
    """
    columns = [column for column in range(1, k + 1) if column != i]
    above = Matrix(k - 1, k - 1, lambda r, c: gram(r + 1, columns[c])).det()
    below = Matrix(k - 1, k - 1, lambda r, c: gram(r + 1, c + 1)).det()
    entries = [gram(r, c) for r in range(1, k + 1) for c in range(r, k + 1)]
    return Formula(
        "overlap-first-order",
        tuple(entries),
        (-1) ** (k - i) * above / below,
        "the leading $k-1$ rows and columns of the $g_{ij}$ positive definite",
        (below > 0,),
    )


def _rows(size: int, k: int) -> dict[int, Expr]:
    """Row i < k of the eigenvalue equation, as an expression that vanishes."""
    rows = {}
    for i in range(1, k):
        above = sum((gram(i, j) * coordinate(j) for j in range(1, k)), gram(i, k))
        below = sum(
            (gram(i, j) * (small * ratio(j, k)) ** 2 * coordinate(j) for j in range(k + 1, size + 1)),
            Integer(0),
        )
        rows[i] = above + below - mu * (small * ratio(k, i)) ** 2 * coordinate(i)
    return rows


def _eigenvalue_equation(size: int, k: int, rows: Mapping[int, Expr]) -> Assumption:
    """The rows, solved for the entries g_ik: so that a point at which they hold can be written down."""
    return by_definition(
        Assumption(
            name=f"eigenvalue-equation-{size}-{k}",
            title="eigenvalue equation",
            where=f"the first {k - 1} rows for the eigenvector of mode {k}",
            rules=tuple(Given(gram(i, k), solve(row, gram(i, k))[0]) for i, row in rows.items()),
        )
    )


def _domain(size: int, k: int) -> Domain:
    zero, modes = Integer(0), range(1, size + 1)
    diagonal = [Parameter(gram(i, i), zero) for i in modes]
    beside = [Parameter(gram(i, j), -oo, oo) for i in modes for j in modes if i < j]
    used = {mu, *(coordinate(i) for i in modes if i != k)}
    unknowns = [each for each in BOUNDED.restricts if each.symbol in used]
    ratios = [Parameter(ratio(max(i, k), min(i, k)), zero) for i in modes if i != k]
    scalars = [Parameter(each, zero) for each in (small, length)]
    return Domain((*diagonal, *beside, *unknowns, *ratios, *scalars))


def _part(size: int, i: int, k: int) -> ScalarCalculation:
    """From R_ik s_i/s_k to its limit, for matrices of an explicit size."""
    rows = _rows(size, k)
    unknowns = [coordinate(j) for j in range(1, k)]
    (solution,) = solve(list(rows.values()), unknowns, dict=True)
    squares = [(small * ratio(k, j) * coordinate(j)) ** 2 for j in range(1, k)]
    squares += [(small * ratio(j, k) * coordinate(j)) ** 2 for j in range(k + 1, size + 1)]
    unit = by_definition(
        Assumption(
            name=f"length-{size}-{k}",
            title="length",
            where=f"the length of the vector with 1 in place {k}",
            rules=(Given(length, sqrt(1 + sum(squares, Integer(0)))),),
        )
    )
    scale = small * ratio(k, i)
    column = by_definition(
        Assumption(
            name=f"column-{size}-{i}-{k}",
            title=f"column {k} of $R$",
            rules=(Given(overlap(i, k), scale * coordinate(i) / length),),
        )
    )
    part = (
        ScalarCalculation(
            f"$n = {size}$: $R_{{{i}{k}}}$ over $s_{k}/s_{i}$", overlap(i, k) / scale, domain=_domain(size, k)
        )
        .equals(coordinate(i) / length, "an entry of a unit vector", column)
        .equals(
            solution[coordinate(i)] / length,
            "solve the eigenvalue equation",
            _eigenvalue_equation(size, k, rows),
        )
        .in_the_limit(
            leading_overlap(i, k).expression,
            "only squares of the ratios are left out",
            BOUNDED,
            unit,
            *premises(k)[1:],
            of=small,
            at=Integer(0),
        )
    )
    return replace(part, steps=tuple(replace(step, checked_for=f"n = {size}") for step in part.steps))


@cache
def overlap_first_order() -> Derivation:
    """R_ik = (s_k/s_i) · (ratio of minors of G) + higher order, i < k, n = 2 and 3.

    Ledger: ``overlap-first-order``.
    """
    parts = [_part(size, i, k) for size in (2, 3) for k in range(2, size + 1) for i in range(1, k)]
    return Derivation(
        "overlap-first-order",
        "Overlaps to first order",
        tuple(parts),
        remark="Written out for each width.",
    )
