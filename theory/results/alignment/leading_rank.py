"""Section 2 of the ledger: alignment of the first r singular vectors, derived with its constant.

Y_1 = the first r rows of V_Aᵀ B has c = s_r(Y_1) > 0; y_1, …, y_r are the columns of its right inverse,
``⟨v_j(A), B y_i⟩ = [i = j]`` for i, j ≤ r, and A^> is what A does beyond its first r directions. Squared
throughout, as in theory/results/alignment/full_rank.py.
"""

from __future__ import annotations

from functools import cache

from sympy import Integer, KroneckerDelta, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    A,
    B,
    J,
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
    uA,
    v,
    vA,
    vAT,
    y,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_B
from jacspec.theory.results.alignment.facts import PAIRS_OF_A, PAIRS_OF_J, SPLIT
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE
from jacspec.theory.results.alignment.rank_inequalities import (
    BEYOND,
    KEPT,
    LEADING_OF_A,
    LEADING_RANK,
    LEADING_ROWS,
    ORDERED,
    PARALLELOGRAM,
    REST,
    RIGHT_INVERSE_NORM,
)

_first = Integer(1)

RANK_LEMMAS = (LEADING_ROWS, PARALLELOGRAM, RIGHT_INVERSE_NORM, BEYOND, ORDERED)
"""The lemmas of alignment-rank-r, each a claim of its own."""

_RIGHT_INVERSE = by_definition(
    Assumption(
        name="right-inverse",
        title="right inverse of the first $r$ rows",
        conditions=(
            Condition(
                inner(vA(j, l), B(l) * y(i, l)),
                Relation.EQUAL,
                KroneckerDelta(i, j),
                (i, j),
                ranges=((j, _first, r),),
            ),
            Condition(beyond(l), Relation.EQUAL, Sum(sA(i, l) * uA(i, l) * vAT(i, l), (i, r + 1, n))),
        ),
        rules=(Rule(uA(i, l), sA(i, l) ** -1 * (A(l) * B(l) * y(i, l) - beyond(l) * B(l) * y(i, l)), (i,)),),
        on_chains=True,
    )
)


@cache
def alignment_of_rank() -> Derivation:
    """R_ik² ≤ (‖B‖/c)² (s_i/s_k)², i > k, and ≤ 4 (‖B‖/c)² (s_k/s_i)², i < k ≤ r.

    Ledger: ``alignment-rank-r``.
    """
    return Derivation(
        "alignment-rank-r",
        "A bound of the overlaps of the first r singular vectors",
        (_above(), _below()),
        remark=("Where the rank is the width see alignment, without the factor of the second bound."),
    )


def _above() -> Calculation:
    return (
        Calculation("Sharp for $i > k$", inner(uA(i, l), u(k)) ** 2)
        .equals(s(k) ** -2 * inner(uA(i, l), J * v(k)) ** 2, "singular pair of J", PAIRS_OF_J)
        .equals(s(k) ** -2 * inner(uA(i, l), A(l) * B(l) * v(k)) ** 2, "split the product", SPLIT)
        .equals(
            s(k) ** -2 * sA(i, l) ** 2 * inner(vA(i, l), B(l) * v(k)) ** 2, "singular pair of A", PAIRS_OF_A
        )
        .at_most(
            s(k) ** -2 * sA(i, l) ** 2 * sB(_first, l) ** 2,
            "unit vectors",
            lemmas=((s(k) ** -2 * sA(i, l) ** 2, NORM_OF_B),),
        )
        .at_most(
            sA(i, l) ** 2 * sA(k, l) ** -2 * sB(_first, l) ** 2 * cY(l) ** -2,
            "$s_k ≥ c s_k(A)$",
            LEADING_RANK,
            lemmas=((sA(i, l) ** 2 * sB(_first, l) ** 2, LEADING_ROWS),),
        )
    )


def _below() -> Calculation:
    scale = 2 * sA(i, l) ** -2
    beyond_r = sA(r + 1, l) ** 2 * sB(_first, l) ** 2 * cY(l) ** -2
    return (
        Calculation("Sharp for $i < k$", inner(uA(i, l), u(k)) ** 2)
        .equals(
            sA(i, l) ** -2 * (inner(u(k), A(l) * B(l) * y(i, l)) - REST) ** 2,
            "write $u_i(A_l)$ by the right inverse",
            _RIGHT_INVERSE,
            LEADING_OF_A,
        )
        .equals(sA(i, l) ** -2 * (inner(u(k), J * y(i, l)) - REST) ** 2, "the product is J", SPLIT)
        .equals(sA(i, l) ** -2 * (KEPT - REST) ** 2, "singular pair of J", PAIRS_OF_J)
        .at_most(
            scale * (KEPT**2 + REST**2),
            "square of a difference",
            LEADING_RANK,
            lemmas=((sA(i, l) ** -2, PARALLELOGRAM),),
        )
        .at_most(
            scale * (s(k) ** 2 * cY(l) ** -2 + REST**2),
            "first term",
            LEADING_RANK,
            lemmas=((scale * s(k) ** 2, RIGHT_INVERSE_NORM),),
        )
        .at_most(
            scale * (s(k) ** 2 * cY(l) ** -2 + beyond_r),
            "second term",
            LEADING_RANK,
            lemmas=((scale, BEYOND),),
        )
        .at_most(
            scale * (sA(k, l) ** 2 * sB(_first, l) ** 2 * cY(l) ** -2 + beyond_r),
            "singular value of a product",
            LEADING_RANK,
            lemmas=((scale * cY(l) ** -2, SUBMULTIPLICATIVE),),
        )
        .at_most(
            4 * sA(i, l) ** -2 * sA(k, l) ** 2 * sB(_first, l) ** 2 * cY(l) ** -2,
            "$s_{r+1} ≤ s_k$",
            LEADING_RANK,
            lemmas=((scale * sB(_first, l) ** 2 * cY(l) ** -2, ORDERED),),
        )
    )
