"""Section 3 of the ledger: every partial sum of the gap's expansion encloses the gap.

With z = n-1 and the poles ω_i = (2i-1)π of tanh(θ/2), Gauss' integral for ψ reads

    γ_1 - γ_2 = 1/(2z) + Σ_i ∫_0^∞ e^{-zθ} 2θ/(θ² + ω_i²) dθ,

and 2θ/(θ² + ω²) = (2θ/ω²)/(1 + φ) with φ = (θ/ω)² ≥ 0. Cut the geometric series in -φ after any number of
terms: what is left out has the sign of the first omitted term and is no larger, at every θ and for every
pole; hence also after multiplication by e^{-zθ} > 0, integration, and summation over the poles.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Integral, Sum, Symbol, bernoulli, exp, gamma, oo, pi, polygamma

from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.numbers import term as _m, terms
from jacspec.theory.notation.symbols import i as _i
from jacspec.theory.results.initialisation import gaussian

_phi, _theta, _z = (Symbol(name, positive=True) for name in ("phi", "theta", "z"))
_omega = Symbol("omega", positive=True)
_poles = Symbol("Z", real=True)
_one = Integer(1)
_pole = (2 * _i - 1) * pi
"""A pole of tanh(θ/2), over the imaginary unit."""

POLES = Assumption(
    name="poles-of-tanh",
    title="poles of tanh",
    conditions=(
        Condition(
            (polygamma(0, (_z + 1) / 2) - polygamma(0, _z / 2)) / 2,
            Relation.EQUAL,
            1 / (2 * _z)
            + Sum(
                Integral(2 * _theta * exp(-_z * _theta) / (_theta**2 + _pole**2), (_theta, 0, oo)),
                (_i, 1, oo),
            ),
        ),
    ),
    where="classical: Gauss' integral for $ψ$, and the partial fractions of tanh",
)

EULER = Assumption(
    name="sums-over-poles",
    title="sums over the poles",
    conditions=(Condition(_poles, Relation.EQUAL, Sum(2 * _pole ** (-2 * (_m + 1)), (_i, 1, oo))),),
    where="classical (Euler)",
    rules=(
        Given(
            _poles,
            (-1) ** _m * (4 ** (_m + 1) - 1) * bernoulli(2 * _m + 2) / gamma(2 * _m + 3),
        ),
    ),
)


def _geometric(of: Expr) -> Expr:
    return Sum((-of) ** _m, (_m, 0, terms - 1))


@cache
def gap_all_orders() -> Derivation:
    """Each partial sum errs by at most the first omitted term (``lyapunov-gap-all-orders``)."""
    share = Domain((Parameter(terms, Integer(0)), Parameter(_phi, Integer(0))))
    pole = ScalarCalculation("One pole, at one $y$: $φ = (θ/ω)²$", 1 / (1 + _phi), domain=share).by_induction(
        _geometric(_phi) + (-_phi) ** terms / (1 + _phi),
        "$H$ terms of the geometric series, and its rest",
        on=terms,
    )
    at_pole = Domain(
        (Parameter(terms, Integer(0)), Parameter(_theta, Integer(0)), Parameter(_omega, Integer(0)))
    )
    omitted = (_theta / _omega) ** (2 * terms)
    rest = ScalarCalculation(
        "The size of the rest; its sign is that of $(-φ)^H$",
        omitted / (1 + (_theta / _omega) ** 2),
        domain=at_pole,
    ).bounded(Relation.AT_MOST, omitted, "the first omitted term: $1 + φ ≥ 1$")
    power = Domain((Parameter(_m, Integer(0)), Parameter(_z, Integer(0))))
    transform = ScalarCalculation(
        "One power of $θ$, integrated",
        Integral(_theta ** (2 * _m + 1) * exp(-_z * _theta), (_theta, 0, oo)),
        domain=power,
    ).equals(gamma(2 * _m + 2) * _z ** (-2 * _m - 2), "a value of $Γ$")
    term = ScalarCalculation(
        "The term of order $m$, summed over the poles",
        (-1) ** _m * _poles * gamma(2 * _m + 2) * _z ** (-2 * _m - 2),
        domain=power,
    ).equals(gaussian.gap_term(_m, _z), "insert the sum over the poles", EULER)
    return Derivation(
        "lyapunov-gap-all-orders",
        "The gap's expansion, to every order",
        (pole, rest, transform, term),
        remark="lyapunov-gap shows the first three partial sums without any pole.",
        argument=(
            "Multiplying by $2θ/ω²$ and by $e^{-zθ} > 0$, integrating and adding up over the poles keeps "
            "signs: the error of the partial sum with $H$ terms beyond $1/(2z)$ has the sign of the term of "
            "order $H$ and is at most as large, for every $H ≥ 0$ and every $z > 0$."
        ),
        argument_uses=(POLES,),
    )
