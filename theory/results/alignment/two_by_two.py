"""Section 2 of the ledger: for n = 2, how far u_1 can turn away from u_1(A), exactly and to first order.

With ``G = V_Aᵀ B Bᵀ V_A/|det B|``, of determinant 1 and trace κ + 1/κ, and x = s_2(A)/s_1(A), the matrix A Aᵀ
J Jᵀ is similar to S G S, S = diag(1, x) up to its size; its first eigenvector is turned by θ, with

    tan 2θ = 2 x g_12/(g_11 - x² g_22).

What is left of G is g_11, between 1/κ and κ. In log ratios of singular values, ξ = log 1/x, λ = log κ and ρ
for J, this is the hyperbolic triangle of sides ξ, λ, ρ with the angle 2θ between ξ and ρ, and the bound
sin 2θ ≤ sinh λ/sinh ξ is its law of sines: attained where the angle between λ and ρ is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sympy import Expr, Integer, Symbol

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalar_steps import Given, ScalarCalculation
from jacspec.theory.results.alignment.first_order import gram

__all__ = [
    "ANY",
    "BELOW",
    "EXTREMAL",
    "NORMALISED",
    "STEEPEST",
    "beside",
    "bound",
    "constant",
    "exact_two",
    "first_order_constant",
    "g11",
    "g22",
    "kappa",
    "turn",
    "x",
]

kappa, x = Symbol("kappa", positive=True), Symbol("x", positive=True)
g11, g22 = gram(1, 1), gram(2, 2)
_length, _first, _second = (Symbol(name, positive=True) for name in "LEF")
_defect = Symbol("W", nonnegative=True)
_zero, _one = Integer(0), Integer(1)
_trace = kappa + 1 / kappa

NORMALISED = Assumption(
    name="normalised-gram",
    title="$n = 2$, $x = s_2(A)/s_1(A)$, $G = V_Aᵀ B Bᵀ V_A/|det B|$ with $κ = κ(B)$",
    statement="$G$ has trace $κ + 1/κ$ and determinant 1, so that $g_{12}^2 = g_{11} g_{22} - 1$",
    rules=(Given(g22, _trace - g11),),
)

EXTREMAL = Assumption(
    name="extremal-gram",
    title="$g_{11}$ extremal",
    statement="the $G$ that turns $u_1$ farthest",
    rules=(Given(g11, (2 + 2 * x**2 - x**2 * _trace**2) / (_trace * (1 - x**2))),),
)

STEEPEST = Assumption(
    name="steepest-gram",
    title="$g_{11} = 2/(κ + 1/κ)$",
    statement="the extremal $G$ in the limit $x → 0$",
    rules=(Given(g11, 2 / _trace),),
)

beside = g11 * g22 - 1
turn: Expr = 4 * x**2 * beside / ((g11 - x**2 * g22) ** 2 + 4 * x**2 * beside)
"""sin²2θ; g_12² is what the determinant 1 leaves."""

bound: Expr = ((kappa - 1 / kappa) / (1 / x - x)) ** 2
"""(sinh log κ/sinh log 1/x)²."""

constant: Expr = ((kappa - 1 / kappa) / 2) ** 2
"""(sinh log κ)²."""

_IN_WORDS = (
    "In the bases of $u_i(A)$, $J Jᵀ$ is $S G S$ up to its size, $S = diag(1, x)$, and $θ$ is the angle of "
    "its first eigenvector: that $sin^2 2θ$ is the formula above, that $G$ has the trace and determinant "
    "named, and that every such $G$ comes from some $B$, is no step here."
)

_KAPPA = Parameter(kappa, _one)
_ENTRIES = (Parameter(g11, 1 / kappa, kappa), Parameter(g22, _zero))
ANY = Domain((_KAPPA, Parameter(x, _zero, _one), *_ENTRIES))
"""Any κ, any x < 1 and any G."""

_NAMED = (
    *(Parameter(each, _zero) for each in (_length, _defect)),
    *(Parameter(each, _zero, _one) for each in (_first, _second)),
)
_STEPS = Domain((*ANY.parameters, *_NAMED))
BELOW = Domain((_KAPPA, Parameter(x, _zero, 1 / kappa), *_ENTRIES))
"""Those with κx < 1."""

_BELOW_STEPS = Domain((*BELOW.parameters, *_NAMED))


def _defined(values: Mapping[Symbol, Expr], title: str, statement: str = "") -> Assumption:
    rules = tuple(Given(symbol, value) for symbol, value in values.items())
    return Assumption(title.replace(" ", "-"), title, statement, rules=rules, definition=True)


@cache
def exact_two() -> Derivation:
    """sin²2θ ≤ ((κ - 1/κ)/(1/x - x))², with equality at one G if κx < 1 (ledger: ``alignment-exact-two``)."""
    length = _defined({_length: (g11 - x**2 * g22) ** 2 + 4 * x**2 * beside}, "denominator of the turn")
    off = x * (_trace * (g11 + x**2 * (_trace - g11)) - 2 * (1 + x**2)) / (1 - x**2)
    square = _defined({_defect: off**2}, "square that is left out")
    missing = "trace and determinant of $G$: what is missing is a square"
    turned = (
        ScalarCalculation("The turn of $u_1$", turn, domain=_STEPS)
        .equals(bound - _defect / _length, missing, NORMALISED, length, square)
        .bounded(Relation.AT_MOST, bound, "a square is not negative")
    )
    attained = (
        ScalarCalculation("Where it is attained", turn, domain=_BELOW_STEPS)
        .equals(bound - _defect / _length, missing, NORMALISED, length, square)
        .equals(bound, "at the extremal $G$ the square vanishes", EXTREMAL, square)
    )
    factors = _defined(
        {
            _defect: ((kappa - 1 / kappa) / (_trace * (1 - x**2))) ** 2,
            _first: 1 - (kappa * x) ** 2,
            _second: 1 - (x / kappa) ** 2,
        },
        "a square, and two factors",
        "both in $(0, 1)$, as $κ x < 1$",
    )
    exists = (
        ScalarCalculation("That there is such a $G$", g11 * g22, domain=_BELOW_STEPS)
        .equals(1 + _defect * _first * _second, "insert the extremal $G$", EXTREMAL, NORMALISED, factors)
        .bounded(Relation.AT_LEAST, _one, "no factor is negative")
    )
    return Derivation(
        "alignment-exact-two",
        "How far two singular vectors turn",
        (turned, attained, exists),
        argument=_IN_WORDS,
        remark="The bound is $(sinh(log κ)/sinh(log 1/x))^2$.",
    )


@cache
def first_order_constant() -> Derivation:
    """(sin 2θ/(2x))² → (g_12/g_11)² ≤ ((κ - 1/κ)/2)², attained (``alignment-first-order-constant``)."""
    square = _defined({_defect: (_trace / 2 - 1 / g11) ** 2}, "square that is left out")
    limit = ScalarCalculation("To first order in $x$", turn / (2 * x) ** 2, domain=ANY).in_the_limit(
        beside / g11**2, "separation", of=x, at=_zero
    )
    bounded = (
        ScalarCalculation("The largest coefficient", beside / g11**2, domain=_STEPS)
        .equals(
            constant - _defect,
            "trace and determinant of $G$: what is missing is a square",
            NORMALISED,
            square,
        )
        .bounded(Relation.AT_MOST, constant, "a square is not negative")
    )
    attained = ScalarCalculation("Where it is attained", beside / g11**2, domain=_STEPS).equals(
        constant, "insert the extremal $G$", STEEPEST, NORMALISED
    )
    return Derivation(
        "alignment-first-order-constant",
        "The best constant to first order",
        (limit, bounded, attained),
        argument=_IN_WORDS,
        remark="$g_{12}/g_{11}$ is the coefficient of overlap-first-order for $n = 2$.",
    )
