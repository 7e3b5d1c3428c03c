"""Section 2 of the ledger: what the overlaps solve, at every width.

With q = Aᵀ u_k(J), the coordinate of q along v_i(A) is s_i(A) R_ik, and

    s_i(A) ⟨v_i(A), B Bᵀ q⟩ = s_k(J)² R_ik,

exactly. So q over s_k(A) has the coordinates R_ik s_i/s_k; and for i < k its B Bᵀ q is orthogonal to v_i(A)
up to the square of s_k/s_i. The vector η_k(A) of ``alignment-first-order-constant`` is so exactly.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer

from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import AT, BT, JT, A, B, BinvT, J, i, k, l, n, s, sA, sB, u, uA, v, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_INVERSE
from jacspec.theory.results.alignment.facts import NONSINGULAR, PAIRS_OF_A, PAIRS_OF_J, SPLIT
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE

overlap = inner(uA(i, l), u(k))
coordinate = inner(vA(i, l), AT(l) * u(k))
eliminated = inner(vA(i, l), B(l) * BT(l) * AT(l) * u(k))

_first = Integer(1)
bound: Expr = sA(k, l) ** 6 * sA(i, l) ** -4 * sB(_first, l) ** 6 * sB(n, l) ** -2


def _row() -> Calculation:
    return (
        Calculation("Row $i$", sA(i, l) * eliminated)
        .equals(sA(i, l) * inner(vA(i, l), B(l) * JT * u(k)), "the product is J", SPLIT)
        .equals(s(k) * sA(i, l) * inner(vA(i, l), B(l) * v(k)), "singular pair of J", PAIRS_OF_J)
        .equals(s(k) * inner(uA(i, l), A(l) * B(l) * v(k)), "singular pair of A", PAIRS_OF_A)
        .equals(s(k) * inner(uA(i, l), J * v(k)), "the product is J", SPLIT)
        .equals(s(k) ** 2 * overlap, "singular pair of J", PAIRS_OF_J)
    )


def _small() -> Calculation:
    """The same, bounded: ⟨v_i, B v_k⟩ = s_k R_ik/s_i, and R_ik = s_k ⟨v_i, B⁻ᵀ v_k⟩/s_i."""
    above = sA(i, l) ** -4
    steps = (
        Calculation("How far from elimination", eliminated**2)
        .equals(inner(vA(i, l), B(l) * JT * u(k)) ** 2, "the product is J", SPLIT)
        .equals(s(k) ** 2 * inner(vA(i, l), B(l) * v(k)) ** 2, "singular pair of J", PAIRS_OF_J)
        .equals(
            s(k) ** 2 * sA(i, l) ** -2 * inner(uA(i, l), A(l) * B(l) * v(k)) ** 2,
            "singular pair of A",
            PAIRS_OF_A,
            NONSINGULAR,
        )
        .equals(s(k) ** 2 * sA(i, l) ** -2 * inner(uA(i, l), J * v(k)) ** 2, "the product is J", SPLIT)
        .equals(s(k) ** 4 * sA(i, l) ** -2 * overlap**2, "singular pair of J", PAIRS_OF_J)
        .equals(s(k) ** 4 * above * inner(vA(i, l), AT(l) * u(k)) ** 2, "singular pair of A", PAIRS_OF_A)
        .equals(
            s(k) ** 4 * above * inner(vA(i, l), BinvT(l) * BT(l) * AT(l) * u(k)) ** 2,
            "insert $B_l$ and its inverse",
            NONSINGULAR,
        )
        .equals(s(k) ** 4 * above * inner(vA(i, l), BinvT(l) * JT * u(k)) ** 2, "the product is J", SPLIT)
        .equals(s(k) ** 6 * above * inner(vA(i, l), BinvT(l) * v(k)) ** 2, "singular pair of J", PAIRS_OF_J)
        .at_most(
            s(k) ** 6 * above * sB(n, l) ** -2,
            "unit vectors",
            NONSINGULAR,
            lemmas=((s(k) ** 6 * above, NORM_OF_INVERSE),),
        )
    )
    largest = sA(k, l) ** 2 * sB(_first, l) ** 2
    for power in (1, 2, 3):
        rest = s(k) ** (6 - 2 * power) * largest ** (power - 1) * above * sB(n, l) ** -2
        steps = steps.at_most(
            rest * largest, "singular value of a product", NONSINGULAR, lemmas=((rest, SUBMULTIPLICATIVE),)
        )
    return steps


def _coordinates() -> Calculation:
    return Calculation("Coordinates", coordinate).equals(sA(i, l) * overlap, "singular pair of A", PAIRS_OF_A)


@cache
def overlap_elimination() -> Derivation:
    """s_i(A) ⟨v_i(A), B Bᵀ Aᵀ u_k⟩ = s_k² R_ik, and how small that is (ledger: ``overlap-elimination``)."""
    return Derivation(
        "overlap-elimination",
        "What the overlaps solve",
        (_coordinates(), _row(), _small()),
        remark="To first order the coordinates are those of $η_k$, in alignment-first-order-constant.",
    )
