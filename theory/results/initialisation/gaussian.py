"""Section 3 of the ledger: spectra of Gaussian chains, from the density of χ alone.

The k-volume of a Gaussian n×n map, entries N(0, σ²), on any fixed k-frame is σ^k times a product of
independent χ_n, χ_{n-1}, …, χ_{n-k+1}. Hence the k-th exponent is the mean, and the variance of
log s_k per layer the variance, of log σχ_{n-k+1}; both are derivatives of one function,

    K(a) = log E χ_m^a,    K′(0) = E log χ_m,    K″(0) = Var log χ_m.

Formulas are in the ledger's letters: width n, mode k, σ, and for gates p and r.
"""

from __future__ import annotations

from functools import cache

from sympy import (
    Add,
    Expr,
    Integer,
    Sum,
    bernoulli,
    binomial,
    diff,
    expand_log,
    gamma,
    log,
    simplify,
)

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.notation.numbers import chance as _p, count as _m, deviation as _sigma, power as _a
from jacspec.theory.notation.symbols import N as _N, i as _i, k as _k, n as _n, r as _r

_MODES = "$n ≥ 1$, $1 ≤ k ≤ n$, $σ > 0$"


CHI_MOMENT = 2 ** (_a / 2) * gamma((_m + _a) / 2) / gamma(_m / 2)
"""E χ_m^a for a > -m, from the density χ^{m-1} e^{-χ²/2} (ledger: ``chi-cumulants``)."""


@cache
def chi_cumulant(order: int) -> Expr:
    """The order-th cumulant of log χ_m, as an expression of m: the order-th derivative of K at 0."""
    return diff(expand_log(log(CHI_MOMENT)), _a, order).subs(_a, 0)


@cache
def lyapunov_gaussian() -> Formula:
    """γ_k = log σ + E log χ_{n-k+1} = ½ [log 2σ² + ψ((n-k+1)/2)] (Newman 1986)."""
    exponent = log(_sigma) + chi_cumulant(1).subs(_m, _n - _k + 1)
    return Formula("lyapunov-gaussian", (_n, _k, _sigma), exponent, _MODES, (_k <= _n,))


@cache
def fluctuation() -> Formula:
    """Var(log s_k)/N → Var log χ_{n-k+1} = ¼ ψ′((n-k+1)/2) (ledger: ``lyapunov-fluctuations``)."""
    variance = chi_cumulant(2).subs(_m, _n - _k + 1)
    return Formula("lyapunov-fluctuations", (_n, _k), variance, "$1 ≤ k ≤ n$", (_k <= _n,))


@cache
def lyapunov_masked() -> Formula:
    """γ_k = log σ + E_m E log χ_{m-k+1}, m ~ Bin(n, p) given m ≥ r, for k ≤ r.

    A frame cut by m open gates is an m-dimensional one: n gives way to m, at random.
    """
    mean = gate_mean(chi_cumulant(1).subs(_m, _m - _k + 1))
    return Formula(
        "lyapunov-masked",
        (_n, _k, _sigma, _p, _r),
        log(_sigma) + mean,
        "$1 ≤ k ≤ r ≤ n$, $σ > 0$, $0 < p < 1$",
        (_k <= _r, _r <= _n, _p < 1),
    )


def gate_mean(of: Expr, first: Expr = _r) -> Expr:
    """The mean of an expression of m ~ Bin(n, p) given m ≥ r, which vanishes below ``first`` ≥ r."""
    weight = binomial(_n, _m) * _p**_m * (1 - _p) ** (_n - _m)
    return Sum(weight * of, (_m, first, _n)) / Sum(weight, (_m, _r, _n))


@cache
def dead_layer() -> Formula:
    """1 - (1 - (1-p)^n)^N: the probability that all n gates of some layer of N are shut."""
    return Formula(
        "lyapunov-masked-unconditioned",
        (_n, _p, _N),
        1 - (1 - (1 - _p) ** _n) ** _N,
        "$n, N ≥ 1$, $0 < p < 1$",
        (_p < 1,),
    )


@cache
def intercept_by_minors() -> Formula:
    """δ_1 + … + δ_k = ½ Σ_{i≤k} [ψ((n-i+1)/2) - ψ((k-i+1)/2)], the Haar-minor correction."""
    width, minor = (chi_cumulant(1).subs(_m, size - _i + 1) for size in (_n, _k))
    return Formula("depth-intercept", (_n, _k), Sum(width - minor, (_i, 1, _k)), "$1 ≤ k ≤ n$", (_k <= _n,))


@cache
def intercept() -> Formula:
    """δ_k = ½ [ψ((n-k+1)/2) - ψ(k/2)] = γ_k - γ_{n+1-k}: the difference of two successive minors.

    In Σ_{i≤k} ψ((k-i+1)/2) = Σ_{i≤k} ψ(i/2) only the last term is new, so that the sum over i
    collapses. All intercepts together vanish, as they must: log |det J| has none.
    """
    exponent = lyapunov_gaussian().expression
    mirrored = exponent.subs(_k, _n + 1 - _k)
    return Formula(
        "intercept-closed-form", (_n, _k), simplify(exponent - mirrored), "$1 ≤ k ≤ n$", (_k <= _n,)
    )


# --- the gap ------------------------------------------------------------------------------------


@cache
def gap() -> Formula:
    """γ_1 - γ_2 = ½ [ψ(n/2) - ψ((n-1)/2)] = ∫_0^∞ e^{-(n-1)t}/(1 + e^{-t}) dt.

    The integral is Gauss' for ψ, with (1 - e^{-t/2})/(1 - e^{-t}) = 1/(1 + e^{-t/2}); its integrand
    is positive, and so is every gap γ_k - γ_{k+1}, with n - k for n - 1.
    """
    exponent = lyapunov_gaussian().expression
    difference = simplify(exponent.subs(_k, 1) - exponent.subs(_k, 2))
    return Formula("lyapunov-gap", (_n,), difference, "$n ≥ 2$", (_n >= 2,))


def gap_term(order: Expr, z: Expr) -> Expr:
    """(4^{m+1} - 1) B_{2m+2}/((2m+2) z^{2m+2}): the term of order m beyond 1/(2z), B a Bernoulli number.

    It is a_{2j+1} (2j+1)!/z^{2j+2}, where 1/(1 + e^{-t}) = ½ + Σ_j a_{2j+1} t^{2j+1}.
    """
    power = 2 * order + 2
    return (4 ** (order + 1) - 1) * bernoulli(power) / (power * z**power)


def gap_expansion(count: int) -> Formula:
    """1/(2z) + 1/(4z²) - 1/(8z⁴) + …, z = n-1: the first ``count`` terms of the gap."""
    z = _n - 1
    terms = [gap_term(Integer(order), z) for order in range(count - 1)]
    total = Add(z**-1 / 2, *terms) if count else Integer(0)
    return Formula("lyapunov-gap", (_n,), total, "$n ≥ 2$", (_n >= 2,))
