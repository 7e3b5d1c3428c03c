"""Section 3 of the ledger, sampled: how log s_k fluctuates from chain to chain.

Variances are means of the unbiased variances of small groups of chains; the law of the standardised
T_k = (log s_k - Nγ_k - δ_k)/√(Nv_k) is tested by its characteristic function, a mean of bounded values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import cos, sin, sqrt

import numpy as np
from sympy import Expr

from jacspec.numerics.chains.batches import log_singular_values
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, evaluated, law, mean, variance
from jacspec.proofs_check.ledger.initialisation.sampling import ASSUMES, Floats, changed, sampled
from jacspec.proofs_check.referee.statistics import Prediction, Statistics
from jacspec.theory.results.initialisation import gaussian

__all__ = ["CLAIMS"]

_ENSEMBLE = Ensemble(3, 3.0)

Means = dict[str, Prediction]

_DEEP, _GROUP, _TIMES = 100, 20, (1.0, 2.0)


def _fluctuations(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    """Unbiased variances of groups of chains over N; cosine and sine of the standardised log s_k."""
    logs = log_singular_values(factors)
    measured = {}
    for mode in ensemble.modes:
        values = logs[:, mode - 1]
        groups = values[: len(values) // _GROUP * _GROUP].reshape(-1, _GROUP)
        measured[f"$Var(log s_{mode})/N$"] = groups.var(axis=1, ddof=1) / _DEEP
        spread = sqrt(_DEEP * evaluated(gaussian.fluctuation(), ensemble.width, mode))
        standard = (values - mean(ensemble, mode, _DEEP).value) / spread
        for time in _TIMES:
            measured[f"$E cos({time:g}T_{mode})$"] = np.cos(time * standard)
            measured[f"$E sin({time:g}T_{mode})$"] = np.sin(time * standard)
    return measured


def _variances(wrong: Callable[[int], float] | None = None) -> Means:
    means: Means = {}
    for mode in _ENSEMBLE.modes:
        right = variance(_ENSEMBLE, mode, _DEEP)
        means[f"$Var(log s_{mode})/N$"] = right if wrong is None else replace(right, value=wrong(mode))
    return means


def _normal(wrong: Callable[[float], float] | None = None) -> Means:
    """The law of T_k by its characteristic function; another real one keeps the systematic errors."""
    means: Means = {}
    for mode in _ENSEMBLE.modes:
        for time in _TIMES:
            real, imaginary = law(_ENSEMBLE, mode, _DEEP, time)
            means[f"$E cos({time:g}T_{mode})$"] = real if wrong is None else replace(real, value=wrong(time))
            means[f"$E sin({time:g}T_{mode})$"] = imaginary
    return means


def _wrong_variance(name: str, by: Callable[[Expr], Expr]) -> Callable[[], Means]:
    def predicted() -> Means:
        formula = changed(gaussian.fluctuation(), name, by)
        return _variances(lambda mode: evaluated(formula, _ENSEMBLE.width, mode))

    return predicted


_FLUCTUATIONS = Claim(
    label="lyapunov-fluctuations",
    statement="$Var(log s_k)/N → ¼ψ′((n-k+1)/2)$, and $log s_k$ is asymptotically normal",
    further_evidence=(
        Statistics(
            sample=sampled((_ENSEMBLE,), _DEEP, _fluctuations),
            predicted=lambda: {**_variances(), **_normal()},
            mutants={
                "$½ψ′$ for $¼ψ′$": lambda: _variances(
                    lambda mode: 2 * evaluated(gaussian.fluctuation(), _ENSEMBLE.width, mode)
                ),
                "the argument of $ψ′$ larger by $1/2$": _wrong_variance("n", lambda n: n + 1),
                "the same for every mode": _wrong_variance("k", lambda k: k / k),
                "Laplace's law": lambda: _normal(lambda t: 1 / (1 + t * t / 2)),
                "a uniform law": lambda: _normal(lambda t: sin(sqrt(3) * t) / (sqrt(3) * t)),
                "two values": lambda: _normal(cos),
            },
            assumes=ASSUMES,
            size=4.5,
            least=9000,
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
    remark=(
        "normality is tested by the characteristic function of the standardised $log s_k$, at $t = 1$ and 2; "
        "the variance predicted is that of the $N$ layers less that of a $k × k$ minor of a Haar matrix"
    ),
)

CLAIMS = (_FLUCTUATIONS,)
"""The claim on fluctuations."""
