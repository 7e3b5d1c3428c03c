"""Section 2 of the ledger: |R_ik| ≤ κ(B) min(s_i, s_k)/max(s_i, s_k), derived with its constant.

Two chains of steps, one sharp for i < k, the other for i > k; both hold for all i and k. They are
squared, so that no absolute value is needed. The mirror statement for the right singular vectors is
the same derivation on the transposed chain.
"""

from __future__ import annotations

from functools import cache

from sympy import Integer

from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.transposition import transposed
from jacspec.theory.notation.symbols import AT, BT, JT, A, B, BinvT, J, i, k, l, n, s, sA, sB, u, uA, v, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_B, NORM_OF_INVERSE
from jacspec.theory.results.alignment.facts import NONSINGULAR, PAIRS_OF_A, PAIRS_OF_J, SPLIT
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE

LEMMAS = (NORM_OF_B, NORM_OF_INVERSE, SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE)
"""The inequalities on which alignment rests, each a claim of its own."""


@cache
def alignment() -> Derivation:
    """R_ik² ≤ κ(B)² (s_k(A)/s_i(A))² and ≤ κ(B)² (s_i(A)/s_k(A))² (ledger: ``alignment``)."""
    first = Integer(1)
    overlap = inner(uA(i, l), u(k)) ** 2
    below = (
        Calculation("Sharp for $i < k$", overlap)
        .equals(sA(i, l) ** -2 * inner(vA(i, l), AT(l) * u(k)) ** 2, "singular pair of A", PAIRS_OF_A)
        .equals(
            sA(i, l) ** -2 * inner(vA(i, l), BinvT(l) * BT(l) * AT(l) * u(k)) ** 2,
            "insert $B_l$ and its inverse",
            NONSINGULAR,
        )
        .equals(sA(i, l) ** -2 * inner(vA(i, l), BinvT(l) * JT * u(k)) ** 2, "the product is J", SPLIT)
        .equals(
            s(k) ** 2 * sA(i, l) ** -2 * inner(vA(i, l), BinvT(l) * v(k)) ** 2,
            "singular pair of J",
            PAIRS_OF_J,
        )
        .at_most(
            s(k) ** 2 * sA(i, l) ** -2 * sB(n, l) ** -2,
            "unit vectors",
            NONSINGULAR,
            lemmas=((s(k) ** 2 * sA(i, l) ** -2, NORM_OF_INVERSE),),
        )
        .at_most(
            sA(k, l) ** 2 * sB(first, l) ** 2 * sA(i, l) ** -2 * sB(n, l) ** -2,
            "singular value of a product",
            NONSINGULAR,
            lemmas=((sA(i, l) ** -2 * sB(n, l) ** -2, SUBMULTIPLICATIVE),),
        )
    )
    above = (
        Calculation("Sharp for $i > k$", overlap)
        .equals(s(k) ** -2 * inner(uA(i, l), J * v(k)) ** 2, "singular pair of J", PAIRS_OF_J)
        .equals(s(k) ** -2 * inner(uA(i, l), A(l) * B(l) * v(k)) ** 2, "split the product", SPLIT)
        .equals(
            s(k) ** -2 * sA(i, l) ** 2 * inner(vA(i, l), B(l) * v(k)) ** 2,
            "singular pair of A",
            PAIRS_OF_A,
        )
        .at_most(
            s(k) ** -2 * sA(i, l) ** 2 * sB(first, l) ** 2,
            "unit vectors",
            NONSINGULAR,
            lemmas=((s(k) ** -2 * sA(i, l) ** 2, NORM_OF_B),),
        )
        .at_most(
            sA(i, l) ** 2 * sB(first, l) ** 2 * sA(k, l) ** -2 * sB(n, l) ** -2,
            "singular value of a product",
            NONSINGULAR,
            lemmas=((sA(i, l) ** 2 * sB(first, l) ** 2, SUPERMULTIPLICATIVE),),
        )
    )
    return Derivation(
        "alignment",
        "A bound of the overlaps by ratios of singular values",
        (below, above),
        remark="On the transposed chain: right-alignment.",
    )


@cache
def right_alignment() -> Derivation:
    """⟨v_i(B_l), v_k⟩² ≤ κ(A_l)² (s_k(B_l)/s_i(B_l))², and its mirror (ledger: ``right-alignment``)."""
    return transposed(
        alignment(),
        "right-alignment",
        "A bound of the right overlaps by ratios of singular values",
        remark="The derivation of alignment, on the transposed chain.",
    )
