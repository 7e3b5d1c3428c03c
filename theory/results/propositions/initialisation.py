"""What the claims of chapter 3 say: exponents and intercepts of random chains, and gaps between exponents."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Integer, Rational, Sum, Symbol, log, oo, polygamma, sqrt

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Drawn, Relation
from jacspec.theory.notation.chance import Convergence, Law, Mean, Probability, Variance
from jacspec.theory.notation.numbers import chance as _p, deviation as _sigma, term as _m, terms
from jacspec.theory.notation.symbols import M, N, gamma, i as _i, k as _k, l, n as _n, r as _r, s, sA, sB
from jacspec.theory.results.initialisation import exponents, gaussian

_one = Integer(1)


def _psi(x: Expr) -> Expr:
    return polygamma(0, x / 2)


def _exponent(mode: Expr) -> Expr:
    return (log(2 * _sigma**2) + _psi(_n - mode + 1)) / 2


def _minors(modes: Expr) -> Expr:
    return Sum(_psi(_n - _i + 1) / 2 - _psi(modes - _i + 1) / 2, (_i, 1, modes))


_intercept = (_psi(_n - _k + 1) - _psi(_k)) / 2
_gap = (_psi(_n) - _psi(_n - 1)) / 2
_z = _n - 1
_below, _above, _third = (
    _z**-1 / 2,
    _z**-1 / 2 + _z**-2 / 4,
    _z**-1 / 2 + _z**-2 / 4 - _z**-4 / 8,
)


_error = (-1) ** terms * (_gap - _below - Sum(gaussian.gap_term(_m, _z), (_m, 0, terms - 1)))
_SUMS = Domain((Parameter(_n, Integer(2)), Parameter(terms, Integer(0))))
_WIDTHS, _WIDE = Domain((Parameter(_n, Integer(2)),)), Domain((Parameter(_n, Integer(4)),))

GAP_ALL_ORDERS = (
    Proposition(_error, Relation.AT_LEAST, Integer(0), (), _SUMS),
    Proposition(_error, Relation.AT_MOST, (-1) ** terms * gaussian.gap_term(terms, _z), (), _SUMS),
)
"""What follows in words alone: partial sums err by at most the first omitted term, with its sign."""

_NORMAL = Law("normal", _sigma**2)

GAUSSIAN = Assumption("gaussian-factors", "Gaussian factors", laws=(Drawn(M(l), _NORMAL),))

GATED = Assumption(
    "gated-factors",
    "Gaussian factors behind conditioned gates",
    laws=(Drawn(M(l), _NORMAL, (_p, _r)),),
)

UNCONDITIONED = Assumption(
    "independent-gates",
    "Gaussian factors behind independent gates",
    laws=(Drawn(M(l), _NORMAL, (_p, Integer(0))),),
)

_SIZES = (Parameter(_n, _one), Parameter(_k, _one, _n), Parameter(_sigma, Integer(0)))
_GATES = (
    Parameter(_n, _one),
    Parameter(_r, _one, _n),
    Parameter(_k, _one, _r),
    Parameter(_sigma, Integer(0)),
    Parameter(_p, Integer(0), _one),
)
_INDEPENDENT = (Parameter(_n, _one), Parameter(_sigma, Integer(0)), Parameter(_p, Integer(0), _one))


def _grows(left: Expr, right: Expr, variable: Symbol, *domain: Parameter) -> Proposition:
    """A limit over Gaussian chains, as they grow; γ_k stands for the exponent."""
    named = (_exponent(_k), gamma(_k))
    return Proposition(left, Relation.LIMIT, right, (GAUSSIAN,), Domain(domain), (variable, oo), named)


_gated = gaussian.lyapunov_masked().expression
_dead = gaussian.dead_layer().expression
_log = Mean(log(s(_k)))
_spread = polygamma(1, (_n - _k + 1) / 2) / 4

SAMPLED: Mapping[str, tuple[Proposition, ...]] = {
    "lyapunov-gaussian": (_grows(_log / N, _exponent(_k), N, *_SIZES),),
    "lyapunov-masked": (
        Proposition(_log / N, Relation.LIMIT, _gated, (GATED,), Domain(_GATES), (N, oo), (_gated, gamma(_k))),
    ),
    "dead-layers": (
        Proposition(
            Probability(s(1), 0),
            Relation.EQUAL,
            _dead,
            (UNCONDITIONED,),
            Domain((*_INDEPENDENT, Parameter(N, _one))),
        ),
    ),
    "lyapunov-masked-unconditioned": (
        Proposition(
            Convergence(log(s(1)) / N, N), Relation.EQUAL, _one, (UNCONDITIONED,), Domain(_INDEPENDENT)
        ),
    ),
    "depth-intercept": (_grows(_log - N * _exponent(_k), _intercept, N, *_SIZES),),
    "depth-scaling-at-initialisation": (
        _grows(
            Mean(log(sA(_k, l))) - (N - l + 1) * _exponent(_k),
            _intercept,
            N,
            *_SIZES,
            Parameter(l, _one),
        ),
        _grows(Mean(log(sB(_k, l))) - (l - 1) * _exponent(_k), _intercept, l, *_SIZES),
    ),
    "lyapunov-fluctuations": (
        _grows(Variance(log(s(_k))) / N, _spread, N, *_SIZES),
        _grows((log(s(_k)) - N * _exponent(_k)) / sqrt(N), Law("normal", _spread), N, *_SIZES),
    ),
}
"""What is compared with means over samples, by the label of the claim."""

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "chi-cumulants": (exponents.CHI_MOMENT, exponents.CHI_MEAN, exponents.CHI_VARIANCE),
    "lyapunov-distinct": (
        Proposition(
            _exponent(_k) - _exponent(_k + 1),
            Relation.AT_LEAST,
            1 / (2 * (_n - _k)),
            (),
            Domain((Parameter(_k, _one), Parameter(_n, _k + 1))),
        ),
    ),
    "lyapunov-gap": (
        Proposition(_gap, Relation.AT_LEAST, _below, (), _WIDTHS),
        Proposition(_gap, Relation.AT_MOST, _above, (), _WIDTHS),
        Proposition(_gap, Relation.AT_LEAST, _third, (), _WIDTHS),
        Proposition(_gap, Relation.AT_LEAST, 1 / (2 * _n), (), _WIDTHS),
        Proposition(_gap, Relation.AT_MOST, 1 / (2 * _n) + Rational(10, 9) / _n**2, (), _WIDE),
    ),
    "intercept-closed-form": (
        Proposition(
            _minors(_k) - _minors(_k - 1),
            Relation.EQUAL,
            _intercept,
            (),
            Domain((Parameter(_n, _one), Parameter(_k, _one, _n))),
        ),
        Proposition(
            Sum(_intercept, (_k, 1, _n)), Relation.EQUAL, Integer(0), (), Domain((Parameter(_n, _one),))
        ),
    ),
}
"""By the label of the claim."""
