"""Section 3 of the ledger, sampled: intercepts, fluctuations, and depth scaling in mean.

Every statement about E log s_k is tested twice: on the mean of log s_k itself, which sees γ_k, and on the
mean of its difference from the QR exponent of the same chain, which has mean Nγ_k exactly and takes all but
O(1) of the variance away: it sees δ_k. Systematic errors are those of ``predictions``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import cos, sin, sqrt

import numpy as np
from sympy import Expr, log

from numerics.batches import log_singular_values, qr_exponents
from proofs_check.claim import Claim, Expectation
from proofs_check.ledger.predictions import Ensemble, evaluated, law, mean, variance
from proofs_check.ledger.sampling import ASSUMES, Floats, changed, sampled
from proofs_check.statistics import Prediction, Statistics
from theory import initialisation, mutants
from theory.assumptions import DEPTH_SCALING_NON_EMPTY
from theory.notation import N, delta, gamma, k, l

__all__ = ["CLAIMS"]

_ENSEMBLE = Ensemble(3, 3.0)
_SOURCE = "ledger, section 3"

Means = dict[str, Prediction]


def _pair(name: str, mode: int, factors: list[Floats]) -> dict[str, Floats]:
    """Log s_k of a product, and what it has beyond the QR exponent of the same factors."""
    logs, exponents = log_singular_values(factors)[:, mode - 1], qr_exponents(factors)[:, mode - 1]
    return {f"log s_{mode}({name})": logs, f"log s_{mode}({name}) - QR": logs - exponents}


def _predicted_pair(name: str, mode: int, depth: int, value: float) -> Means:
    """Of both, if E log s_k is ``value``: the QR exponent's own mean is Nγ_k, whatever is claimed."""
    known = mean(_ENSEMBLE, mode, depth)
    own = depth * _ENSEMBLE.exponent(mode)
    return {
        f"log s_{mode}({name})": replace(known, value=value),
        f"log s_{mode}({name}) - QR": replace(known, value=value - own),
    }


# --- intercepts -----------------------------------------------------------------------------------

_DEPTH = 100


def _whole(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    logs, exponents = log_singular_values(factors), qr_exponents(factors)
    measured = {}
    for mode in ensemble.modes:
        measured[f"log s_{mode}(J)"] = logs[:, mode - 1]
        measured[f"log s_{mode}(J) - QR"] = (logs - exponents)[:, mode - 1]
    return measured


def _with_intercept(intercept: Callable[[int], float], extra: int = 0) -> Callable[[], Means]:
    """E log s_k = (N + extra)γ_k + intercept."""

    def predicted() -> Means:
        means: Means = {}
        for mode in _ENSEMBLE.modes:
            value = (_DEPTH + extra) * _ENSEMBLE.exponent(mode) + intercept(mode)
            means |= _predicted_pair("J", mode, _DEPTH, value)
        return means

    return predicted


def _intercept(mode: int) -> float:
    return evaluated(initialisation.intercept(), _ENSEMBLE.width, mode)


def _wider(mode: int) -> float:
    """The intercept for n + 1 instead of n."""
    wrong = changed(initialisation.intercept(), "n", lambda n: n + 1)
    return evaluated(wrong, _ENSEMBLE.width, mode)


_DEPTH_INTERCEPT = Claim(
    label="depth-intercept",
    statement="E log s_k(J) = Nγ_k + δ_k + O(e^{-cN}), Σ_{i≤k} δ_i = ½ Σ_{i≤k} [ψ((n-i+1)/2) - ψ((k-i+1)/2)]",
    inquiries=(
        Statistics(
            sample=sampled((_ENSEMBLE,), _DEPTH, _whole),
            predicted=_with_intercept(_intercept),
            mutants={
                "no intercept": _with_intercept(lambda _: 0.0),
                "half the intercept": _with_intercept(lambda mode: _intercept(mode) / 2),
                "the mirrored mode": _with_intercept(lambda mode: _intercept(_ENSEMBLE.width + 1 - mode)),
                "n + 1 for n": _with_intercept(_wider),
                "one layer more": _with_intercept(_intercept, 1),
            },
            assumes=ASSUMES,
            size=2,
            least=1600,
        ),
    ),
    expected=Expectation.SUPPORTED,
    source=_SOURCE,
    remark=(
        "the exponentially small terms have an explicit bound: E log(s_1⋯s_k) falls short of its value by "
        "at most (1/θ) E|p_k|^{-θ} e^{θ(Δ_{k+1}+Δ_{k-1})} [E χ_{n-k}^θ E χ_{n-k+1}^{-θ}]^N, 0 < θ < 1 "
        "(theory.finite_depth)"
    ),
)

# --- fluctuations ---------------------------------------------------------------------------------

_DEEP, _GROUP, _TIMES = 120, 10, (1.0, 2.0)


def _fluctuations(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    """Unbiased variances of groups of chains over N; cosine and sine of the standardised log s_k."""
    logs = log_singular_values(factors)
    measured = {}
    for mode in ensemble.modes:
        values = logs[:, mode - 1]
        groups = values[: len(values) // _GROUP * _GROUP].reshape(-1, _GROUP)
        measured[f"Var log s_{mode}/N"] = groups.var(axis=1, ddof=1) / _DEEP
        spread = sqrt(_DEEP * evaluated(initialisation.fluctuation(), ensemble.width, mode))
        standard = (values - mean(ensemble, mode, _DEEP).value) / spread
        for time in _TIMES:
            measured[f"E cos {time:g}T_{mode}"] = np.cos(time * standard)
            measured[f"E sin {time:g}T_{mode}"] = np.sin(time * standard)
    return measured


def _variances(wrong: Callable[[int], float] | None = None) -> Means:
    means: Means = {}
    for mode in _ENSEMBLE.modes:
        right = variance(_ENSEMBLE, mode, _DEEP)
        means[f"Var log s_{mode}/N"] = right if wrong is None else replace(right, value=wrong(mode))
    return means


def _normal(wrong: Callable[[float], float] | None = None) -> Means:
    """The law of T_k by its characteristic function; another real one keeps the systematic errors."""
    means: Means = {}
    for mode in _ENSEMBLE.modes:
        for time in _TIMES:
            real, imaginary = law(_ENSEMBLE, mode, _DEEP, time)
            means[f"E cos {time:g}T_{mode}"] = real if wrong is None else replace(real, value=wrong(time))
            means[f"E sin {time:g}T_{mode}"] = imaginary
    return means


def _wrong_variance(name: str, by: Callable[[Expr], Expr]) -> Callable[[], Means]:
    def predicted() -> Means:
        formula = changed(initialisation.fluctuation(), name, by)
        return _variances(lambda mode: evaluated(formula, _ENSEMBLE.width, mode))

    return predicted


_FLUCTUATIONS = Claim(
    label="lyapunov-fluctuations",
    statement="Var(log s_k)/N → ¼ψ′((n-k+1)/2), and log s_k is asymptotically normal",
    inquiries=(
        Statistics(
            sample=sampled((_ENSEMBLE,), _DEEP, _fluctuations),
            predicted=lambda: {**_variances(), **_normal()},
            mutants={
                "½ψ′ for ¼ψ′": lambda: _variances(
                    lambda mode: 2 * evaluated(initialisation.fluctuation(), _ENSEMBLE.width, mode)
                ),
                "ψ′'s argument larger by 1/2": _wrong_variance("n", lambda n: n + 1),
                "the same for every mode": _wrong_variance("k", lambda k: k / k),
                "Laplace's law": lambda: _normal(lambda t: 1 / (1 + t * t / 2)),
                "a uniform law": lambda: _normal(lambda t: sin(sqrt(3) * t) / (sqrt(3) * t)),
                "two values": lambda: _normal(cos),
            },
            assumes=ASSUMES,
            size=2,
            least=4000,
        ),
    ),
    expected=Expectation.SUPPORTED,
    source=_SOURCE,
    remark=(
        "normality is tested by the characteristic function of T_k = (log s_k - Nγ_k - δ_k)/√(Nv_k) at t = 1 "
        "and 2; Var log(s_1⋯s_k) is that of the N layers less Var log|p_k|, up to exponentially small terms"
    ),
)

# --- depth scaling ----------------------------------------------------------------------------------

_TOTAL, _LAYER = 180, 81
_PRODUCTS = {"A_l": _TOTAL - _LAYER + 1, "B_l": _LAYER - 1}


def _partial_products(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    measured: dict[str, Floats] = {}
    for name, part in (("A_l", factors[_LAYER - 1 :]), ("B_l", factors[: _LAYER - 1])):
        logs, exponents = log_singular_values(part), qr_exponents(part)
        for mode in ensemble.modes:
            measured[f"log s_{mode}({name})"] = logs[:, mode - 1]
            measured[f"log s_{mode}({name}) - QR"] = (logs - exponents)[:, mode - 1]
    return measured


_RULES = dict(zip(_PRODUCTS, DEPTH_SCALING_NON_EMPTY.rules, strict=False))
"""s_k(A_l) and s_k(B_l) as depth scaling has them."""


def _scaling(**wrong: Expr) -> Callable[[], Means]:
    """Means of log s_k(A_l) and log s_k(B_l), as depth scaling says; or as ``wrong`` does."""

    def predicted() -> Means:
        means: Means = {}
        for name, depth in _PRODUCTS.items():
            right_side = wrong.get(name, _RULES[name].rhs)
            for mode in _ENSEMBLE.modes:
                values = {
                    gamma(k): _ENSEMBLE.exponent(mode),
                    delta(k): _intercept(mode),
                    N: _TOTAL,
                    l: _LAYER,
                }
                exponent = log(right_side.xreplace(values))
                means |= _predicted_pair(name, mode, depth, float(exponent))
        return means

    return predicted


def _slips() -> dict[str, Callable[[], Means]]:
    """Single slips in either right side, by ``theory.mutants``, that leave a visible positive number."""
    return {
        f"s_k({name}): {mutant.change}": _scaling(**{name: mutant.expression})
        for name in _PRODUCTS
        for mutant in mutants(_RULES[name].rhs)
        if "/N" not in mutant.change and mutant.change != "sign changed"
    }


_DEPTH_SCALING = Claim(
    label="depth-scaling-at-initialisation",
    statement="in mean, log s_k(A_l) = (N-l+1)γ_k + δ_k and log s_k(B_l) = (l-1)γ_k + δ_k, up to O(e^{-cN})",
    inquiries=(
        Statistics(
            sample=sampled((_ENSEMBLE,), _TOTAL, _partial_products),
            predicted=_scaling(),
            mutants=_slips(),
            assumes=ASSUMES,
            size=2,
            least=1600,
        ),
    ),
    expected=Expectation.SUPPORTED,
    source=_SOURCE,
    remark=f"at N = {_TOTAL}, l = {_LAYER}, so that both partial products are deep",
)

CLAIMS = (_DEPTH_INTERCEPT, _FLUCTUATIONS, _DEPTH_SCALING)
"""The claims on finite depth, in the ledger's order."""
