"""The inequalities of rank-r alignment, derived from what c = s_r(Y) is, Y the first r rows of V_Aᵀ B.

It is used as: c ‖z‖ ≤ ‖B_lᵀ z‖ for every z in the span of v_1(A_l), …, v_r(A_l). The columns of the right
inverse are y_i = B_lᵀ z_i with such z_i.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.domain import Parameter
from jacspec.theory.derivations.lemma import Lemma, square, squared_length, without_proof
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    B,
    beyond,
    cY,
    i,
    j,
    k,
    l,
    n,
    r,
    s,
    sA,
    sB,
    u,
    uT,
    v,
    vA,
    vAT,
    vT,
    x,
    y,
    yT,
    z,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.product_inequalities import from_below

_first = Integer(1)
KEPT = s(k) * inner(v(k), y(i, l))
REST = inner(u(k), beyond(l) * B(l) * y(i, l))
"""⟨u_k, A B y_i⟩ is what J keeps of y_i; the rest is what of it lies beyond the first r directions of A."""

LEADING_RANK = Assumption(
    name="leading-rank",
    title="leading rank",
    positive=(cY(l), sA(k, l), s(k)),
    on_chains=True,
    restricts=(Parameter(r, Integer(1), n - 1), Parameter(k, Integer(1), r)),
)

LEADING_OF_A = Assumption(
    name="leading-of-a", title="$A_l$ of rank $r$", positive=(sA(r, l),), on_chains=True
)
"""What is divided by, where i < k: no s_i(A_l) with i ≤ r is 0."""

ORDERED = without_proof(
    Lemma("ordered", "descending order", sA(r + 1, l) ** 2, sA(k, l) ** 2, (LEADING_RANK,))
)
"""s_{r+1}(A) ≤ s_k(A) for k ≤ r."""

_UNIT = by_definition(
    Assumption(
        "unit-vectors-of-three",
        "unit vectors",
        rules=(Rule(uT(k) * u(k), _first), Rule(vT(k) * v(k), _first), Rule(vAT(i, l) * vA(i, l), _first)),
        on_chains=True,
    )
)
_INSIDE = by_definition(
    Assumption(
        "right-inverse-inside",
        "columns of the right inverse",
        rules=(Rule(yT(i, l) * y(i, l), inner(z(i, l), vA(i, l))),),
        on_chains=True,
        conditions=(
            Condition(y(i, l), Relation.EQUAL, BT(l) * z(i, l), (i,)),
            Condition(inner(vA(j, l), z(i, l)), Relation.EQUAL, Integer(0), (i, j), ranges=((j, r + 1, n),)),
        ),
    )
)


def _least(small: Expr, large: Expr) -> Lemma:
    title = "least singular value of the rows"
    return without_proof(Lemma("least-of-rows", title, small, large, (LEADING_RANK,)))


@cache
def leading_rows() -> Derivation:
    """s_k(AB)^{-2} ≤ s_k(A)^{-2} c^{-2} for k ≤ r (ledger: ``lemma-leading-rows``)."""
    both = s(k) ** -2 * sA(k, l) ** -2
    before = inner(AT(l) * x(k), AT(l) * x(k))
    after = inner(BT(l) * AT(l) * x(k), BT(l) * AT(l) * x(k))

    def middle(part: Calculation) -> Calculation:
        return part.at_most(
            both * cY(l) ** -2 * after,
            "$A_lᵀ x_k$ lies in the span of $v_1(A_l), …, v_r(A_l)$",
            LEADING_RANK,
            lemmas=((both * cY(l) ** -2, _least(cY(l) ** 2 * before, after)),),
        )

    return from_below(
        "lemma-leading-rows", "The first $r$ rows bound $J$ from below", cY(l), LEADING_RANK, middle
    )


LEADING_ROWS = DerivedLemma(
    "leading-rows",
    "the first $r$ rows bound $J$ from below",
    s(k) ** -2,
    sA(k, l) ** -2 * cY(l) ** -2,
    (LEADING_RANK,),
    shown_by=leading_rows,
)
"""JᵀJ ⪰ Y_1ᵀ S_1² Y_1, whence s_k(J) ≥ c s_k(A) for k ≤ r."""


@cache
def parallelogram() -> Derivation:
    """(a - b)² ≤ 2a² + 2b²: the difference is (a + b)² (ledger: ``lemma-parallelogram``)."""
    part = Calculation("The difference is a square", PARALLELOGRAM.small).at_most(
        PARALLELOGRAM.large, "add the square of the sum", lemmas=((_first, square(KEPT + REST)),)
    )
    return Derivation("lemma-parallelogram", "The parallelogram law", (part,))


PARALLELOGRAM = DerivedLemma(
    "parallelogram",
    "parallelogram law",
    (KEPT - REST) ** 2,
    2 * KEPT**2 + 2 * REST**2,
    shown_by=parallelogram,
)
"""(a - b)² ≤ (a - b)² + (a + b)² = 2a² + 2b²."""


def _length_of_column(part: Calculation, factor: Expr) -> Calculation:
    """From factor ⟨y_i, y_i⟩ to factor c^{-2}."""
    length, inside = inner(y(i, l), y(i, l)), inner(z(i, l), vA(i, l))
    completed = cY(l) ** -1 * vA(i, l) - cY(l) * z(i, l)
    return (
        part.equals(factor * (2 * inside - length), "twice minus once", _INSIDE)
        .at_most(
            factor * (2 * inside - cY(l) ** 2 * inner(z(i, l), z(i, l))),
            "$y_i = B_lᵀ z_i$",
            LEADING_RANK,
            lemmas=((factor, _least(cY(l) ** 2 * inner(z(i, l), z(i, l)), length)),),
        )
        .at_most(
            factor * cY(l) ** -2,
            "complete the square",
            _UNIT,
            lemmas=((factor, squared_length(completed)),),
        )
    )


@cache
def right_inverse() -> Derivation:
    """⟨v_k, y_i⟩² ≤ c^{-2} (ledger: ``lemma-right-inverse``)."""
    along = inner(v(k), y(i, l))
    start = Calculation("The part along a unit vector, and the length", RIGHT_INVERSE_NORM.small).at_most(
        inner(y(i, l), y(i, l)),
        "leave out what is orthogonal to $v_k$",
        _UNIT,
        lemmas=((_first, squared_length(y(i, l) - v(k) * along)),),
    )
    return Derivation(
        "lemma-right-inverse",
        "The right inverse",
        (_length_of_column(start, _first),),
    )


RIGHT_INVERSE_NORM = DerivedLemma(
    "right-inverse",
    "norm of the right inverse",
    inner(v(k), y(i, l)) ** 2,
    cY(l) ** -2,
    (LEADING_RANK,),
    shown_by=right_inverse,
)
"""|y_i| ≤ 1/c, and Cauchy–Schwarz."""


@cache
def beyond_rank() -> Derivation:
    """⟨u_k, A^> B y_i⟩² ≤ s_{r+1}(A)² s_1(B)² c^{-2} (ledger: ``lemma-beyond-r``)."""
    column = B(l) * y(i, l)
    image = beyond(l) * column
    outer, norm = sA(r + 1, l) ** 2, sB(_first, l) ** 2
    part = (
        Calculation("Length by length", BEYOND.small)
        .at_most(
            inner(image, image),
            "leave out what is orthogonal to $u_k$",
            _UNIT,
            lemmas=((_first, squared_length(image - u(k) * inner(u(k), image))),),
        )
        .at_most(
            outer * inner(column, column),
            "beyond the first $r$ directions",
            lemmas=((_first, _norm(inner(image, image), outer * inner(column, column), "A^>_l")),),
        )
        .at_most(
            outer * norm * inner(y(i, l), y(i, l)),
            "the norm of $B_l$",
            lemmas=((outer, _norm(inner(column, column), norm * inner(y(i, l), y(i, l)), "B_l")),),
        )
    )
    return Derivation(
        "lemma-beyond-r",
        "Beyond the first $r$ directions",
        (_length_of_column(part, outer * norm),),
    )


BEYOND = DerivedLemma(
    "beyond-r",
    "norm beyond the first $r$ directions",
    REST**2,
    sA(r + 1, l) ** 2 * sB(_first, l) ** 2 * cY(l) ** -2,
    (LEADING_RANK,),
    shown_by=beyond_rank,
)
"""‖A^>‖ = s_{r+1}(A), ‖B‖ = s_1(B), |y_i| ≤ 1/c."""


def _norm(small: Expr, large: Expr, of: str) -> Lemma:
    return without_proof(Lemma("norm", f"largest singular value of ${of}$", small, large))
