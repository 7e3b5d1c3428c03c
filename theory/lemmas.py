"""The inequalities that steps may use: small ≤ large, each a claim of its own with evidence.

They are stated at one layer l, for the partial products A = A_l, B = B_l and J = AB, and squared,
so that no absolute value is needed. ``proofs_check/ledger/lemmas.py`` searches for counterexamples
to each.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer

from theory.notation import B, BinvT, i, inner, k, l, n, s, sA, sB, v, vA

__all__ = [
    "LEMMAS",
    "NORM_OF_B",
    "NORM_OF_INVERSE",
    "SUBMULTIPLICATIVE",
    "SUPERMULTIPLICATIVE",
    "Lemma",
]


@dataclass(frozen=True)
class Lemma:
    """``small ≤ large``, a named inequality; ``needs`` says of what, in words."""

    label: str
    title: str
    small: Expr
    large: Expr
    needs: str = "square factors"


_FIRST = Integer(1)

NORM_OF_B = Lemma(
    "cauchy-schwarz",
    "Cauchy–Schwarz",
    inner(vA(i, l), B(l) * v(k)) ** 2,
    sB(_FIRST, l) ** 2,
)
"""⟨a, B b⟩² ≤ ‖a‖² ‖B b‖² ≤ s_1(B)², for unit vectors."""

NORM_OF_INVERSE = Lemma(
    "cauchy-schwarz-inverse",
    "Cauchy–Schwarz",
    inner(vA(i, l), BinvT(l) * v(k)) ** 2,
    sB(n, l) ** -2,
    "B nonsingular",
)
"""⟨a, B⁻ᵀ b⟩² ≤ ‖B⁻¹‖² = s_n(B)⁻², for unit vectors."""

SUBMULTIPLICATIVE = Lemma(
    "submultiplicativity",
    "submultiplicativity",
    s(k) ** 2,
    sA(k, l) ** 2 * sB(_FIRST, l) ** 2,
)
"""s_k(AB) ≤ s_k(A) s_1(B)."""

SUPERMULTIPLICATIVE = Lemma(
    "supermultiplicativity",
    "submultiplicativity of the inverse",
    s(k) ** -2,
    sA(k, l) ** -2 * sB(n, l) ** -2,
    "B nonsingular, s_k(A) not zero",
)
"""s_k(A) = s_k(JB⁻¹) ≤ s_k(J) / s_n(B)."""

LEMMAS = (NORM_OF_B, NORM_OF_INVERSE, SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE)
"""Every lemma, in the order in which the derivations use them."""
