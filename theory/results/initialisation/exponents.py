"""Section 3 of the ledger: γ_k, fluctuations and intercepts, derived from the density of χ.

What is derived are the formulas. That (1/N) log s_k(J) tends to γ_k is a statement about random chains,
and stays with the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import (
    Derivative,
    Expr,
    Integer,
    Integral,
    Rational,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    polygamma,
)

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.numbers import (
    chance as _p,
    chi as _chi,
    count as _m,
    deviation as _sigma,
    power as _a,
)
from jacspec.theory.notation.symbols import i as _i, k as _k, n as _n, r as _r
from jacspec.theory.results.initialisation import gaussian

_half, _one = Rational(1, 2), Integer(1)
_MODES = Domain((Parameter(_n, _one), Parameter(_k, _one, _n), Parameter(_sigma, Integer(0))))
_MODES_ALONE = Domain((Parameter(_n, _one), Parameter(_k, _one, _n)))


def log_chi(freedom: Expr) -> Expr:
    """E log χ_m = ½ log 2 + ½ ψ(m/2)."""
    return log(2) / 2 + polygamma(0, freedom / 2) / 2


def _sums(
    letters: str, summand: Expr, mean: Callable[[Expr], Expr] = lambda total: total
) -> tuple[Given, Given]:
    """X = Σ_{i≤k} of the summand, or its mean, and Y = Σ_{i<k}."""
    first, second = (Symbol(letter, real=True) for letter in letters)
    return (
        Given(first, mean(Sum(summand, (_i, 1, _k)))),
        Given(second, mean(Sum(summand, (_i, 1, _k - 1)))),
    )


def _last(given: tuple[Given, Given]) -> Expr:
    """X - Y."""
    return given[0].lhs - given[1].lhs


_MEANS = _sums("VU", log(_sigma) + log_chi(_n - _i + 1))
_VARIANCES = _sums("ST", polygamma(1, (_n - _i + 1) / 2) / 4)
_CUTS = _sums("KL", log_chi(_m - _i + 1) - log_chi(_n - _i + 1), gaussian.gate_mean)
_gamma_k, _sum_of_intercepts = Symbol("gamma_k", real=True), Symbol("Delta_k", real=True)

VOLUMES = Assumption(
    name="gaussian-volumes",
    title="volumes under a Gaussian map",
    rules=(*_MEANS, *_VARIANCES),
    where="$V$ and $S$ are mean and variance of the logarithm of the volume to which a layer of independent "
    "entries $N(0, σ²)$ stretches a fixed $k$-frame, $U$ and $T$ those for $k-1$",
)

GATES = Assumption(
    name="random-gates",
    title="random gates",
    rules=_CUTS,
    where="$K$ and $L$ are the changes of $V$ and $U$ where each of $n$ gates is open with probability $p$, "
    "given that $r$ or more are",
)

EXPONENTS = Assumption(
    name="exponents",
    title="law of large numbers",
    rules=(Given(_gamma_k, _last(_MEANS)),),
    where="classical (Newman 1986): $γ_k$ is the limit of $log(s_k)/N$",
)

MINORS = Assumption(
    name="haar-minors",
    title="minors of a Haar frame",
    rules=(Given(_sum_of_intercepts, Sum(log_chi(_n - _i + 1) - log_chi(_k - _i + 1), (_i, 1, _k))),),
    where="$Δ_k$ is the sum of the first $k$ intercepts: minus the mean logarithm of the first $k$-minor of "
    "a Haar frame",
)


def _gaussian_integral(power: Expr) -> Expr:
    """∫_0^∞ χ^power e^{-χ²/2} dχ."""
    return Integral(_chi**power * exp(-(_chi**2) / 2), (_chi, 0, oo))


_FREEDOM = Domain((Parameter(_m, _one),))
CHI_MOMENT = Proposition(
    _gaussian_integral(_m - 1 + _a) / _gaussian_integral(_m - 1),
    Relation.EQUAL,
    gaussian.CHI_MOMENT,
    domain=Domain((*_FREEDOM.parameters, Parameter(_a, Integer(0)))),
)
"""E χ_m^a, from the density χ^{m-1} e^{-χ²/2} up to a factor."""

CHI_MEAN, CHI_VARIANCE = (
    Proposition(
        Subs(Derivative(log(gaussian.CHI_MOMENT), (_a, order)), _a, 0),
        Relation.EQUAL,
        cumulant,
        domain=_FREEDOM,
    )
    for order, cumulant in ((1, log_chi(_m)), (2, polygamma(1, _m / 2) / 4))
)
"""E log χ_m and Var log χ_m: the derivatives of log E χ_m^a at a = 0."""


@cache
def chi_cumulants() -> Derivation:
    """E χ_m^a, and from it E log χ_m and Var log χ_m (ledger: ``chi-cumulants``)."""

    def in_one_step(title: str, said: Proposition, rule: str) -> ScalarCalculation:
        return ScalarCalculation(title, said.left, domain=said.domain).equals(said.right, rule)

    moments = in_one_step(
        "Moments, from the density of $χ_m$", CHI_MOMENT, "both integrals are values of $Γ$"
    )
    mean = in_one_step("The mean of $log χ$", CHI_MEAN, "first derivative at $a = 0$")
    variance = in_one_step("The variance of $log χ$", CHI_VARIANCE, "second derivative at $a = 0$")
    return Derivation(
        "chi-cumulants",
        "The logarithm of $χ$",
        (moments, mean, variance),
    )


def _inserted(source: Derivation, number: int, title: str) -> Assumption:
    """A part of another derivation whose result the summands of a formula are."""
    part = source.calculations[number]
    proof = Proof((), (part,))
    return source.lends(ShownEquations(f"{source.label}-{number}", title, proof=proof))


def _mean() -> Assumption:
    return _inserted(chi_cumulants(), 1, "mean of $log χ$")


@cache
def lyapunov_gaussian() -> Derivation:
    """γ_k = log σ + E log χ_{n-k+1} = ½ [log 2σ² + ψ((n-k+1)/2)] (ledger: ``lyapunov-gaussian``)."""
    part = (
        ScalarCalculation("The exponent of mode $k$", _gamma_k, domain=_MODES)
        .equals(
            _MEANS[0].rhs - _MEANS[1].rhs,
            "mean log-volumes of $k$ and of $k-1$ modes",
            VOLUMES,
            EXPONENTS,
        )
        .equals(gaussian.lyapunov_gaussian().expression, "only the last factor is new", _mean())
    )
    return Derivation(
        "lyapunov-gaussian",
        "The exponents of Gaussian chains",
        (part,),
        remark="One layer multiplies the volume of every frame by such a product.",
    )


@cache
def lyapunov_fluctuations() -> Derivation:
    """Var log χ_{n-k+1} = ¼ ψ′((n-k+1)/2), layer by layer (ledger: ``lyapunov-fluctuations``)."""
    part = ScalarCalculation(
        "Variances of the log-volumes of $k$ and of $k-1$ modes",
        _last(_VARIANCES),
        domain=_MODES_ALONE,
    ).equals(
        gaussian.fluctuation().expression,
        "independent factors: only the last is new",
        VOLUMES,
        _inserted(chi_cumulants(), 2, "variance of $log χ$"),
    )
    return Derivation(
        "lyapunov-fluctuations",
        "The fluctuations of Gaussian chains",
        (part,),
        remark="The variance of $log s_k$ per layer; that it is normal in the limit is not derived.",
    )


@cache
def lyapunov_masked() -> Derivation:
    """γ_k = ½ [log 2σ² + E_m ψ((m-k+1)/2)], m ~ Bin(n, p) given m ≥ r (ledger: ``lyapunov-masked``)."""
    domain = Domain(
        (
            Parameter(_n, _one),
            Parameter(_r, _one, _n),
            Parameter(_k, _one, _r),
            Parameter(_p, Integer(0), _one),
            Parameter(_sigma, Integer(0)),
        )
    )
    part = (
        ScalarCalculation(
            "Mean log-volumes of $k$ and of $k-1$ modes: Gaussian map, then gates",
            _last(_MEANS) + _last(_CUTS),
            domain=domain,
        )
        .equals(
            log(_sigma) + gaussian.gate_mean(log_chi(_m - _k + 1)),
            "the cut replaces $n$ by $m$; only the last factor is new",
            VOLUMES,
            GATES,
            _mean(),
        )
        .equals(gaussian.lyapunov_masked().expression, "the formula that is evaluated")
    )
    return Derivation(
        "lyapunov-masked",
        "The exponents of gated Gaussian chains",
        (part,),
        remark="Without the condition on $m$ see lyapunov-masked-unconditioned.",
    )


@cache
def minor_sums() -> Derivation:
    """δ_1 + … + δ_k = ½ Σ_{i≤k} [ψ((n-i+1)/2) - ψ((k-i+1)/2)] (ledger: ``depth-intercept``)."""
    total = ScalarCalculation("Minus the mean log-minor", _sum_of_intercepts, domain=_MODES_ALONE).equals(
        gaussian.intercept_by_minors().expression, "insert the mean of $log χ$", MINORS, _mean()
    )
    return Derivation(
        "depth-intercept",
        "The intercepts of Gaussian chains, summed",
        (total,),
        remark="That the means of $log s_k$ have these intercepts is sampled, not derived.",
    )


@cache
def intercepts() -> Derivation:
    """δ_k = ½ [ψ((n-k+1)/2) - ψ(k/2)] = γ_k - γ_{n+1-k} (ledger: ``depth-intercept``, ours)."""
    closed = gaussian.intercept().expression
    every = ScalarCalculation(
        "All of them", Sum(closed, (_k, 1, _n)), domain=Domain((Parameter(_n, _one),))
    ).equals(Integer(0), "summed backwards, the two terms are the same")
    sums = gaussian.intercept_by_minors().expression
    single = ScalarCalculation("Mode by mode", sums - sums.subs(_k, _k - 1), domain=_MODES_ALONE).equals(
        closed,
        "summed backwards, $Σ_{i≤k} ψ((k-i+1)/2)$ is $Σ_{i≤k} ψ(i/2)$: only the last terms are new",
    )
    return Derivation(
        "intercept-closed-form",
        "The intercepts in closed form",
        (every, single),
    )
