"""The inequalities that steps may use: small ≤ large, each a claim of its own with evidence.

They are stated at one layer l, for the partial products A = A_l, B = B_l and J = AB, and squared,
so that no absolute value is needed. ``proofs_check/ledger/lemmas.py`` searches for counterexamples
to each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import B, BinvT, i, inner, k, l, n, s, sA, sB, v, vA

if TYPE_CHECKING:
    from jacspec.theory.derivations.derivation import Derivation

__all__ = [
    "LEMMAS",
    "NORM_OF_B",
    "NORM_OF_INVERSE",
    "SUBMULTIPLICATIVE",
    "SUPERMULTIPLICATIVE",
    "Lemma",
    "derived_in",
    "square",
    "squared_length",
]


@dataclass(frozen=True)
class Lemma:
    """``small ≤ large``, a named inequality; ``needs`` says of what, in words.

    ``by_definition`` marks what is taken without proof: a square is not negative, singular values descend, a
    norm is the largest size, sizes obey the triangle inequality. It is evaluated at points all the same.
    Otherwise ``shown_by`` makes the derivation whose result the inequality is; without one, it is
    supported by the search for counterexamples alone, and so is every derivation that uses it.
    """

    label: str
    title: str
    small: Expr
    large: Expr
    needs: str = "square factors"
    by_definition: bool = False
    shown_by: Callable[[], Derivation] | None = None

    def derivation(self) -> Derivation:
        """The derivation of the inequality.

        Raises ValueError if there is none, and if its result is another inequality.
        """
        if self.shown_by is None:
            message = f"{self.label} has no derivation: it is supported by search"
            raise ValueError(message)
        derivation = self.shown_by()
        shown = derivation.result
        if (shown.before, shown.relation, shown.after) != (self.small, Relation.AT_MOST, self.large):
            message = f"{derivation.label} does not show {self.label}: its two ends are others"
            raise ValueError(message)
        return derivation


def square(root: Expr) -> Lemma:
    """0 ≤ root²."""
    return Lemma(
        "square", "squares are not negative", Integer(0), root**2, "real numbers", by_definition=True
    )


def squared_length(vector: Expr) -> Lemma:
    """0 ≤ ⟨vector, vector⟩."""
    length = inner(vector, vector)
    return Lemma("length", "squares are not negative", Integer(0), length, "real vectors", by_definition=True)


def derived_in(module: str, name: str) -> Callable[[], Derivation]:
    """The derivation of that name in another file of the theory, which itself uses the lemmas of this one."""

    def derive() -> Derivation:
        return getattr(import_module(f"jacspec.theory.results.{module}"), name)()  # type: ignore[no-any-return]

    return derive


_FIRST = Integer(1)

NORM_OF_B = Lemma(
    "cauchy-schwarz",
    "Cauchy–Schwarz",
    inner(vA(i, l), B(l) * v(k)) ** 2,
    sB(_FIRST, l) ** 2,
    shown_by=derived_in("alignment.cauchy_schwarz", "norm_of_B"),
)
"""⟨a, B b⟩² ≤ ‖a‖² ‖B b‖² ≤ s_1(B)², for unit vectors."""

NORM_OF_INVERSE = Lemma(
    "cauchy-schwarz-inverse",
    "Cauchy–Schwarz",
    inner(vA(i, l), BinvT(l) * v(k)) ** 2,
    sB(n, l) ** -2,
    "B nonsingular",
    shown_by=derived_in("alignment.cauchy_schwarz", "norm_of_inverse"),
)
"""⟨a, B⁻ᵀ b⟩² ≤ ‖B⁻¹‖² = s_n(B)⁻², for unit vectors."""

SUBMULTIPLICATIVE = Lemma(
    "submultiplicativity",
    "submultiplicativity",
    s(k) ** 2,
    sA(k, l) ** 2 * sB(_FIRST, l) ** 2,
    shown_by=derived_in("alignment.product_inequalities", "submultiplicativity"),
)
"""s_k(AB) ≤ s_k(A) s_1(B)."""

SUPERMULTIPLICATIVE = Lemma(
    "supermultiplicativity",
    "submultiplicativity of the inverse",
    s(k) ** -2,
    sA(k, l) ** -2 * sB(n, l) ** -2,
    "B nonsingular, s_k(A) not zero",
    shown_by=derived_in("alignment.product_inequalities", "supermultiplicativity"),
)
"""s_k(A) = s_k(JB⁻¹) ≤ s_k(J) / s_n(B)."""

LEMMAS = (NORM_OF_B, NORM_OF_INVERSE, SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE)
"""Every lemma, in the order in which the derivations use them."""
