"""Section 3 of the ledger: every partial sum of the gap's expansion encloses the gap.

With z = n-1 and the poles ω_i = (2i-1)π of tanh(t/2), Gauss' integral for ψ reads

    γ_1 - γ_2 = 1/(2z) + Σ_i ∫_0^∞ e^{-zt} 2t/(t² + ω_i²) dt,

and 2t/(t² + ω²) = (2t/ω²)/(1 + b) with b = (t/ω)² ≥ 0. Cut the geometric series in -b after any number of
terms: what is left out has the sign of the first omitted term and is no larger, at every t and for every
pole; hence also after multiplication by e^{-zt} > 0, integration, and summation over the poles.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Integral, Sum, Symbol, bernoulli, exp, gamma, oo, pi, polygamma

from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalar_steps import Given, ScalarCalculation
from jacspec.theory.results.initialisation import gaussian

__all__ = ["gap_all_orders"]

_c, _j = (Symbol(name, integer=True, nonnegative=True) for name in "cj")
_b, _t, _z = (Symbol(name, positive=True) for name in "btz")
_omega = Symbol("omega", positive=True)
_poles = Symbol("Z", real=True)
_one = Integer(1)
_i = Symbol("i", integer=True, positive=True)
_pole = (2 * _i - 1) * pi
"""A pole of tanh(t/2), over the imaginary unit."""

POLES = Assumption(
    name="poles-of-tanh",
    title="poles of tanh",
    conditions=(
        Condition(
            (polygamma(0, (_z + 1) / 2) - polygamma(0, _z / 2)) / 2,
            Relation.EQUAL,
            1 / (2 * _z)
            + Sum(Integral(2 * _t * exp(-_z * _t) / (_t**2 + _pole**2), (_t, 0, oo)), (_i, 1, oo)),
        ),
    ),
    where="classical: Gauss' integral for $ψ$, and the partial fractions of tanh",
)

EULER = Assumption(
    name="sums-over-poles",
    title="sums over the poles",
    conditions=(Condition(_poles, Relation.EQUAL, Sum(2 * _pole ** (-2 * (_j + 1)), (_i, 1, oo))),),
    where="classical (Euler)",
    rules=(
        Given(
            _poles,
            (-1) ** _j * (4 ** (_j + 1) - 1) * bernoulli(2 * _j + 2) / gamma(2 * _j + 3),
        ),
    ),
)


def _geometric(of: Expr) -> Expr:
    return Sum((-of) ** _j, (_j, 0, _c - 1))


@cache
def gap_all_orders() -> Derivation:
    """Each partial sum errs by at most the first omitted term (``lyapunov-gap-all-orders``)."""
    share = Domain((Parameter(_c, Integer(0)), Parameter(_b, Integer(0))))
    pole = ScalarCalculation("One pole, at one $t$: $b = (t/ω)²$", 1 / (1 + _b), domain=share).by_induction(
        _geometric(_b) + (-_b) ** _c / (1 + _b),
        "$c$ terms of the geometric series, and its rest",
        on=_c,
    )
    at_pole = Domain((Parameter(_c, Integer(0)), Parameter(_t, Integer(0)), Parameter(_omega, Integer(0))))
    omitted = (_t / _omega) ** (2 * _c)
    rest = ScalarCalculation(
        "The size of the rest; its sign is that of $(-b)^c$",
        omitted / (1 + (_t / _omega) ** 2),
        domain=at_pole,
    ).bounded(Relation.AT_MOST, omitted, "the first omitted term: $1 + b ≥ 1$")
    power = Domain((Parameter(_j, Integer(0)), Parameter(_z, Integer(0))))
    transform = ScalarCalculation(
        "One power of $t$, integrated",
        Integral(_t ** (2 * _j + 1) * exp(-_z * _t), (_t, 0, oo)),
        domain=power,
    ).equals(gamma(2 * _j + 2) * _z ** (-2 * _j - 2), "a value of $Γ$")
    term = ScalarCalculation(
        "The term of order $j$, summed over the poles",
        (-1) ** _j * _poles * gamma(2 * _j + 2) * _z ** (-2 * _j - 2),
        domain=power,
    ).equals(gaussian.gap_term(_j, _z), "insert the sum over the poles", EULER)
    return Derivation(
        "lyapunov-gap-all-orders",
        "The gap's expansion, to every order",
        (pole, rest, transform, term),
        remark="lyapunov-gap shows the first three partial sums without any pole.",
        argument=(
            "Multiplying by $2t/ω²$ and by $e^{-zt} > 0$, integrating and adding up over the poles keeps "
            "signs: the error of the partial sum with $c$ terms beyond $1/(2z)$ has the sign of the term of "
            "order $c$ and is at most as large, for every $c ≥ 0$ and every $z > 0$."
        ),
        argument_uses=(POLES,),
    )
