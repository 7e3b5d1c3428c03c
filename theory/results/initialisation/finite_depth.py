"""Section 3 of the ledger at a finite depth: how far log s_k is from what it tends to, explicitly.

Let p_i be the leading i×i minor of V, and write s_[i] = s_1 ⋯ s_i, r = s_{k+1}/s_k. V is Haar and
independent of the singular values, because M_1 absorbs any rotation. The QR exponents q_k on the frame
e_1, e_2, … (volumes of the images of frames) obey, exactly,

    q_1 + … + q_k = log s_[k] + log|p_k| + Y_k,    0 ≤ Y_k ≤ ½ log(1 + r²/p_k²) ≤ (r/|p_k|)^θ/θ,

and each q_k is a sum of N independent terms log σχ_{n-k+1}. Since also q_{k+1} - q_k ≥ log r +
log|p_{k+1} p_{k-1}|, the moments of r are at most those of a product of independent quotients of χ. Together:

    0 ≤ N Σγ_i + Σδ_i - E log s_[k] = E Y_k,
    E Y_k^j ≤ (j/θ)^j  E|p_k|^{-θ}  e^{θ(Δ_{k+1}+Δ_{k-1})}  [E χ_{n-k}^θ  E χ_{n-k+1}^{-θ}]^N,    0 < θ < 1,

Δ_k = δ_1 + … + δ_k. Any θ will do; the best one gives the rate at which the error vanishes.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, I, Max, Sum, Symbol, exp, log, sqrt

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.notation.numbers import chance as _p, count as _m, power as _a
from jacspec.theory.notation.symbols import N as _N, i as _i, j as _j, k as _k, n as _n, r as _r
from jacspec.theory.results.initialisation.gaussian import (
    CHI_MOMENT,
    chi_cumulant,
    fluctuation,
    gate_mean,
    intercept_by_minors,
)

_theta = Symbol("theta", positive=True)


def _moment(size: Expr, power: Expr) -> Expr:
    """E χ_size^power."""
    return CHI_MOMENT.subs({_m: size, _a: power}, simultaneous=True)


def _minor(power: Expr) -> Expr:
    """E|p_k|^power: a k×k Gaussian determinant over the volume of a Gaussian k-frame."""
    logs = log(_moment(_k - _i + 1, power)) - log(_moment(_n - _i + 1, power))
    return exp(Sum(logs, (_i, 1, _k)))


@cache
def minor_moment() -> Formula:
    """E|p_k|^a of the k×k minor of a Haar orthogonal n×n matrix, a > 0."""
    return Formula("depth-intercept", (_n, _k, _a), _minor(_a), "$1 ≤ k ≤ n$, $a > 0$", (_k <= _n,))


@cache
def minor_variance() -> Formula:
    """Var log|p_k| = Σ_{i≤k} [Var log χ_{k-i+1} - Var log χ_{n-i+1}] of the same minor.

    log s_[k] + log|p_k| + Y_k is a sum of N independent terms and p_k is independent of s: up to Y_k,
    Var log s_[k] falls short of its leading term by this.
    """
    spread = (chi_cumulant(2).subs(_m, size - _i + 1) for size in (_k, _n))
    smaller, larger = spread
    total = Sum(smaller - larger, (_i, 1, _k))
    return Formula("lyapunov-fluctuations", (_n, _k), total, "$1 ≤ k ≤ n$", (_k <= _n,))


def _error(layer: Expr) -> Expr:
    """The bound of E Y_k^j, with the moment of one layer's quotient of χ."""
    minors = intercept_by_minors().expression
    neighbours = minors.subs(_k, _k + 1) + minors.subs(_k, _k - 1)
    power = (_j / _theta) ** _j
    return power * _minor(-_theta) * exp(_theta * neighbours) * layer**_N


def _quotient(size: Expr) -> Expr:
    """E (χ_{size-k}/χ_{size-k+1})^θ, the two independent."""
    return _moment(size - _k, _theta) * _moment(size - _k + 1, -_theta)


@cache
def error_moment() -> Formula:
    """A bound of E Y_k^j at depth N for Gaussian factors, k < n, 0 < θ < 1."""
    return Formula(
        "depth-intercept",
        (_n, _k, _N, _theta, _j),
        _error(_quotient(_n)),
        "$1 ≤ k < n$, $N ≥ 1$, $0 < θ < 1$, $j ≥ 1$",
        (_k < _n, _theta < 1),
    )


@cache
def error_moment_masked() -> Formula:
    """The same behind gates, for k ≤ r, k < n: a layer with m = k open gates ends the (k+1)-st mode."""
    layer = gate_mean(_quotient(_m), first=Max(_r, _k + 1))
    return Formula(
        "lyapunov-masked",
        (_n, _k, _N, _theta, _j, _p, _r),
        _error(layer),
        "$1 ≤ k ≤ r ≤ n$, $k < n$, $N ≥ 1$, $0 < θ < 1$, $j ≥ 1$, $0 < p < 1$",
        (_k < _n, _k <= _r, _r <= _n, _theta < 1, _p < 1),
    )


# --- the law of log s_k ---------------------------------------------------------------------------


@cache
def standardised() -> Formula:
    """The characteristic function at a of the QR exponent q_k, standardised, at depth N: complex."""
    size = _n - _k + 1
    rate = _a / sqrt(_N * fluctuation().expression)
    one = _moment(size, I * rate) * exp(-I * rate * chi_cumulant(1).subs(_m, size))
    return Formula(
        "lyapunov-fluctuations", (_n, _k, _N, _a), one**_N, "$1 ≤ k ≤ n$, $N ≥ 1$, $a > 0$", (_k <= _n,)
    )
