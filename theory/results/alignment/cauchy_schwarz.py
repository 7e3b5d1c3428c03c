"""Cauchy-Schwarz for a matrix between unit vectors, derived: Lagrange's identity, and a sum of squares."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, Rational, Sum, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma, square
from jacspec.theory.notation.symbols import B, BinvT, i, j, k, l, n, sB, uB, v, vA, vAT, vB, vBT, vT
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.facts import NONSINGULAR, fact, in_order

_first = Integer(1)
_m = Symbol("m", integer=True, positive=True)

_UNIT = fact(
    "unit-vectors",
    "unit vectors",
    Rule(vAT(i, l) * vA(i, l), _first),
    Rule(vT(k) * v(k), _first),
)
_BASIS_OF_B = fact(
    "bases-of-B",
    "orthonormal bases of B",
    Rule(vAT(i, l) * vA(i, l), Sum(inner(vA(i, l), uB(j, l)) ** 2, (j, 1, n))),
    Rule(vT(k) * v(k), Sum(inner(vB(j, l), v(k)) ** 2, (j, 1, n))),
)
_SVD_OF_B = fact(
    "svd-of-B",
    "decomposition of B",
    Rule(B(l), Sum(sB(j, l) * uB(j, l) * vBT(j, l), (j, 1, n))),
)
_SVD_OF_INVERSE = fact(
    "svd-of-inverse",
    "decomposition of the inverse",
    Rule(BinvT(l), Sum(sB(j, l) ** -1 * uB(j, l) * vBT(j, l), (j, 1, n))),
)


def _bilinear(
    lemma: Lemma,
    decomposition: Assumption,
    size: Callable[[Expr], Expr],
    extreme: Expr,
    matrix: str,
    *needed: Assumption,
) -> Derivation:
    """⟨a, X b⟩² ≤ max_j size(j)², X = Σ_j size(j) u_j v_jᵀ."""

    def left(direction: Expr) -> Expr:
        return inner(vA(i, l), uB(direction, l))

    def right(direction: Expr) -> Expr:
        return size(direction) * inner(vB(direction, l), v(k))

    weighted = Sum(right(j) ** 2, (j, 1, n))
    seen = inner(vB(j, l), v(k)) ** 2
    largest = in_order(seen, size(j) ** 2, extreme**2, *needed)
    part = (
        Calculation("Lagrange's identity, and the largest of the singular values", lemma.small)
        .equals(
            Sum(left(j) * right(j), (j, 1, n)) ** 2, f"expand {matrix} in its singular vectors", decomposition
        )
        .at_most(
            Sum(left(j) ** 2, (j, 1, n)) * weighted,
            "Lagrange's identity",
            lemmas=(
                (
                    Sum(Rational(1, 2), (j, 1, n), (_m, 1, n)),
                    square(left(j) * right(_m) - left(_m) * right(j)),
                ),
            ),
        )
        .equals(inner(vA(i, l), vA(i, l)) * weighted, "length in a basis", _BASIS_OF_B)
        .equals(weighted, "a unit vector", _UNIT)
        .at_most(
            extreme**2 * Sum(seen, (j, 1, n)),
            "every singular value is at most the largest",
            *needed,
            lemmas=((Sum(_first, (j, 1, n)), largest),),
        )
        .equals(extreme**2 * inner(v(k), v(k)), "length in a basis", _BASIS_OF_B)
        .equals(lemma.large, "a unit vector", _UNIT)
    )
    return Derivation(
        f"lemma-{lemma.label}",
        f"{lemma.title} for {matrix}",
        (part,),
        remark="What Lagrange's identity leaves out is half of the sum of all squares "
        "$(x_j y_m - x_m y_j)²$.",
    )


@cache
def norm_of_B() -> Derivation:
    """⟨a, B b⟩² ≤ s_1(B)² for unit vectors (ledger: ``lemma-cauchy-schwarz``)."""
    return _bilinear(NORM_OF_B, _SVD_OF_B, lambda mode: sB(mode, l), sB(_first, l), "$B_l$")


NORM_OF_B = DerivedLemma(
    "cauchy-schwarz",
    "Cauchy–Schwarz",
    inner(vA(i, l), B(l) * v(k)) ** 2,
    sB(_first, l) ** 2,
    shown_by=norm_of_B,
)
"""⟨a, B b⟩² ≤ ‖a‖² ‖B b‖² ≤ s_1(B)², for unit vectors."""


@cache
def norm_of_inverse() -> Derivation:
    """⟨a, B⁻ᵀ b⟩² ≤ s_n(B)⁻² for unit vectors (ledger: ``lemma-cauchy-schwarz-inverse``)."""
    return _bilinear(
        NORM_OF_INVERSE,
        _SVD_OF_INVERSE,
        lambda mode: sB(mode, l) ** -1,
        sB(n, l) ** -1,
        "the inverse of $B_l$",
        NONSINGULAR,
    )


NORM_OF_INVERSE = DerivedLemma(
    "cauchy-schwarz-inverse",
    "Cauchy–Schwarz",
    inner(vA(i, l), BinvT(l) * v(k)) ** 2,
    sB(n, l) ** -2,
    (NONSINGULAR,),
    shown_by=norm_of_inverse,
)
"""⟨a, B⁻ᵀ b⟩² ≤ ‖B⁻¹‖² = s_n(B)⁻², for unit vectors."""
