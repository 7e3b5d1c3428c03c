"""Section 2 of the ledger: to first order, no left vector of J turns farther than (κ - 1/κ)/2 times a ratio.

As the singular values of A separate, R_ik s_i/s_k → λ_i for i < k, where row i of the eigenvalue equation
leaves Σ_{j<k} g_ij λ_j + g_ik = 0, G = V_Aᵀ B Bᵀ V_A (first_order.py). So the λ_i are the coordinates of
η_k = v_k + Σ_{j<k} λ_j v_j, of which B Bᵀ η_k is orthogonal to v_1, …, v_{k-1}: elimination. What follows
uses only that ⟨η - v_k, B Bᵀ η⟩ = 0 and ⟨v_k, η⟩ = 1, for any n: with m and M the least and the largest
eigenvalue of B Bᵀ, (B Bᵀ - m)(M - B Bᵀ) is not negative, hence

    m M ⟨η, η⟩ ≤ (M + m) σ - σ² ≤ (M + m)²/4,    σ = ⟨v_k, B Bᵀ η⟩.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, KroneckerDelta, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.lemma import Lemma, square, squared_length, without_proof
from jacspec.theory.notation.declare import declare
from jacspec.theory.notation.symbols import BT, B, eta, etaT, i, j, k, l, n, sB, uB, uBT, vA, vAT
from jacspec.theory.notation.words import inner, transpose_word
from jacspec.theory.results.alignment.facts import fact
from jacspec.theory.results.alignment.lengths import PLANE, squared

_one, _two = Integer(1), Integer(2)
_seen = declare(
    "φ",
    k,
    l,
    kind="column",
    meaning="$B_l B_lᵀ η_k(A_l)$",
    on_chains=B(l) * BT(l) * eta(k, l),
)

REGULAR_B = Assumption(
    name="nonsingular-B",
    title="$B_l$ of full rank",
    positive=(sB(n, l),),
    on_chains=True,
)
APART = Assumption(name="two-directions", title="two directions", on_chains=True, distinct=(i, k))
_entry = inner(vA(1, l), B(l) * BT(l) * vA(1, l))
_own = declare(
    "ν",
    l,
    meaning="$⟨v_1(A_l), B_l B_lᵀ v_1(A_l)⟩$",
    on_chains=_entry,
)
_OWN = fact("own-entry", "the entry of $v_1(A_l)$", Rule(_own(l), _entry))

STEEPEST = Assumption(
    name="steepest",
    title="steepest",
    rules=(Rule(_own(l), 2 / (sB(1, l) ** -2 + sB(2, l) ** -2)),),
    on_chains=True,
)

_ELIMINATED = fact(
    "elimination",
    "elimination",
    Rule(vAT(k, l) * eta(k, l), _one, (k,)),
    Rule(etaT(k, l) * _seen(k, l), vAT(k, l) * _seen(k, l), (k,)),
)
_IMAGE = fact(
    "image",
    "image of η",
    Rule(_seen(k, l), B(l) * BT(l) * eta(k, l), (k,)),
    Rule(transpose_word(_seen(k, l)), etaT(k, l) * B(l) * BT(l), (k,)),
)
_ORTHONORMAL = fact(
    "orthonormal-v-of-A",
    "orthonormal $v_i(A_l)$",
    Rule(vAT(i, l) * vA(j, l), KroneckerDelta(i, j), (i, j)),
)
_SPECTRUM = fact(
    "spectrum-of-B",
    "spectrum of $B_l B_lᵀ$",
    Rule(B(l) * BT(l), Sum(sB(j, l) ** 2 * uB(j, l) * uBT(j, l), (j, 1, n))),
    Rule(uBT(i, l) * uB(j, l), KroneckerDelta(i, j), (i, j)),
)
_BASIS_OF_B = fact(
    "basis-u-of-B",
    "orthonormal basis of B",
    Rule(etaT(k, l) * eta(k, l), Sum(squared(uB(j, l), eta(k, l)), (j, 1, n)), (k,)),
    Rule(vAT(k, l) * vA(k, l), Sum(squared(uB(j, l), vA(k, l)), (j, 1, n)), (k,)),
)
_BASIS_OF_A = fact(
    "basis-v-of-A",
    "orthonormal basis of A",
    Rule(BT(l) * B(l), Sum(BT(l) * vA(i, l) * vAT(i, l) * B(l), (i, 1, n))),
)

_condition = sB(1, l) / sB(n, l)
coefficient = squared(vA(i, l), eta(k, l))
"""λ_i²."""

bound: Expr = (_condition - 1 / _condition) ** 2 / 4

across = squared(vA(1, l), B(l) * BT(l) * vA(2, l))
attained: Expr = bound.subs(n, 2) * _own(l) ** 2
"""g_12² and ((κ - 1/κ)/2)² g_11², of which the quotient is λ_1² at k = 2."""


def _between(seen: Expr) -> Lemma:
    """0 ≤ (s_1² - s_j²)(s_j² - s_n²) · seen."""
    apart = (sB(1, l) ** 2 - sB(j, l) ** 2) * (sB(j, l) ** 2 - sB(n, l) ** 2)
    return without_proof(Lemma("between", "descending order", Integer(0), apart * seen, (REGULAR_B,)))


@cache
def _bounded() -> Calculation:
    own, seen = vA(k, l), _seen(k, l)
    least, largest = sB(n, l) ** 2, sB(1, l) ** 2
    share, middle = 1 / (least * largest), (least + largest) / 2
    length, along = inner(eta(k, l), eta(k, l)), inner(own, seen)
    beside = eta(k, l) - inner(vA(i, l), eta(k, l)) * vA(i, l) - inner(own, eta(k, l)) * own
    return (
        Calculation("The largest coefficient", coefficient)
        .equals(
            coefficient + squared(own, eta(k, l)) - 1, "$η_k$ has the coordinate 1 along $v_k$", _ELIMINATED
        )
        .at_most(
            length - 1,
            "two coordinates in an orthonormal basis",
            APART,
            _ORTHONORMAL,
            lemmas=((_one, squared_length(beside)),),
        )
        .at_most(
            share * (2 * middle * inner(eta(k, l), seen) - inner(seen, seen)) - 1,
            "every eigenvalue lies between the least and the largest",
            REGULAR_B,
            _IMAGE,
            _SPECTRUM,
            _BASIS_OF_B,
            lemmas=((Sum(share, (j, 1, n)), _between(squared(uB(j, l), eta(k, l)))),),
        )
        .equals(share * (2 * middle * along - inner(seen, seen)) - 1, "elimination", _ELIMINATED, REGULAR_B)
        .at_most(
            share * (2 * middle * along - squared(own, seen)) - 1,
            "one coordinate in an orthonormal basis",
            _ORTHONORMAL,
            lemmas=((share, squared_length(seen - along * own)),),
        )
        .at_most(share * middle**2 - 1, "a square is not negative", lemmas=((share, square(along - middle)),))
        .equals(bound, "collect", REGULAR_B)
    )


def _steepest() -> Calculation:
    first, own = vA(1, l), _own(l)
    seen = B(l) * BT(l) * first
    least, largest = sB(2, l) ** 2, sB(1, l) ** 2
    return (
        Calculation("Where it is attained", across)
        .equals(inner(seen, seen) - own**2, "length in a basis", PLANE, _BASIS_OF_A, _OWN)
        .equals(
            (least + largest) * own - least * largest * inner(first, first) - own**2,
            "expand $B_l B_lᵀ$",
            PLANE,
            _SPECTRUM,
            _BASIS_OF_B,
            _OWN,
        )
        .equals((least + largest) * own - least * largest - own**2, "a unit vector", _ORTHONORMAL)
        .equals(attained, "insert the entry", PLANE, REGULAR_B, STEEPEST)
    )


@cache
def first_order_constant() -> Derivation:
    """⟨v_i(A), η_k⟩² ≤ ((κ - 1/κ)/2)², attained at n = 2 (ledger: ``alignment-first-order-constant``)."""
    return Derivation(
        "alignment-first-order-constant",
        "The constant to first order",
        (_bounded(), _steepest()),
        remark="At widths 2 and 3, overlap-first-order shows these coefficients as overlaps to first order.",
    )
