"""Section 3 of the ledger, sampled: the exponents of Gaussian chains, without and behind gates.

The mean growth of log s_k between two depths of the same chains is compared with γ_k: the intercept cancels,
and what is left of the smaller depth is bounded by ``jacspec.theory.results.initialisation.finite_depth``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from flint import fmpq_mat, fmpz
from hypothesis import strategies as st
from sympy import Rational, limit, oo, sqrt

from jacspec.numerics import Chain
from jacspec.numerics.chains.batches import log_singular_values
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.claims.margin import exactly
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, evaluated, rate
from jacspec.proofs_check.ledger.initialisation.sampling import ASSUMES, Floats, changed, sampled
from jacspec.proofs_check.referee.statistics import Prediction, Statistics
from jacspec.theory.notation.printing import text
from jacspec.theory.results.initialisation import gaussian
from jacspec.theory.results.propositions.initialisation import SAMPLED

__all__ = ["CLAIMS"]

_FIRST, _LAST = 60, 120

Exponent = Callable[[Ensemble, int], float]
Means = dict[str, Prediction]


def _growth(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    early, late = log_singular_values(factors[:_FIRST]), log_singular_values(factors)
    return {
        _name(ensemble, mode): (late[:, mode - 1] - early[:, mode - 1]) / (_LAST - _FIRST)
        for mode in ensemble.modes
    }


def _name(ensemble: Ensemble, mode: int) -> str:
    return f"$γ_{mode}$, $n = {ensemble.width}$"


def _rates(ensembles: Sequence[Ensemble], exponent: Exponent = Ensemble.exponent) -> Callable[[], Means]:
    """The rate of growth of every mode; another exponent keeps the systematic errors."""

    def predicted() -> Means:
        return {
            _name(ensemble, mode): replace(
                rate(ensemble, mode, _FIRST, _LAST), value=exponent(ensemble, mode)
            )
            for ensemble in ensembles
            for mode in ensemble.modes
        }

    return predicted


# --- Gaussian factors ---------------------------------------------------------------------------

_GAUSSIAN = (Ensemble(2, 3.0), Ensemble(3, 3.0))


def _wrong(name: str, by: Callable[..., object]) -> Exponent:
    def exponent(ensemble: Ensemble, mode: int) -> float:
        formula = changed(gaussian.lyapunov_gaussian(), name, by)
        return evaluated(formula, ensemble.width, mode, ensemble.sigma)

    return exponent


_LYAPUNOV_GAUSSIAN = Claim(
    label="lyapunov-gaussian",
    propositions=SAMPLED["lyapunov-gaussian"],
    further_evidence=(
        Statistics(
            sample=sampled(_GAUSSIAN, _LAST, _growth),
            predicted=_rates(_GAUSSIAN),
            mutants={
                "$σ²$ for $2σ²$": _rates(_GAUSSIAN, _wrong("sigma", lambda sigma: sigma / sqrt(2))),
                "$σ$ for $σ²$": _rates(_GAUSSIAN, _wrong("sigma", sqrt)),
                "the argument of $ψ$ larger by $1/2$": _rates(_GAUSSIAN, _wrong("n", lambda n: n + 1)),
                "$n$ for $n-k+1$": _rates(_GAUSSIAN, _wrong("k", lambda k: k / k)),
            },
            assumes=ASSUMES,
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.CLASSICAL,
    source="Newman 1986",
)

# --- behind gates -------------------------------------------------------------------------------

_GATED = (Ensemble(4, 3.0, 0.5, 2),)


def _as_if(gated: Callable[[Ensemble], Ensemble]) -> Exponent:
    """The exponent of another ensemble."""
    return lambda ensemble, mode: gated(ensemble).exponent(mode)


def _mean_gates(ensemble: Ensemble, mode: int) -> float:
    """$ψ$ at the mean number of open gates, for the mean of ψ."""
    formula = changed(gaussian.lyapunov_gaussian(), "n", lambda n: n * Rational(ensemble.p))
    return evaluated(formula, ensemble.width, mode, ensemble.sigma)


_LYAPUNOV_MASKED = Claim(
    label="lyapunov-masked",
    propositions=SAMPLED["lyapunov-masked"],
    further_evidence=(
        Statistics(
            sample=sampled(_GATED, _LAST, _growth),
            predicted=_rates(_GATED),
            mutants={
                "gates ignored": _rates(_GATED, _as_if(lambda ensemble: replace(ensemble, p=1.0))),
                "one gate more required": _rates(
                    _GATED, _as_if(lambda ensemble: replace(ensemble, least=ensemble.least + 1))
                ),
                "no condition beyond $m ≥ k$": _rates(
                    _GATED, lambda ensemble, mode: replace(ensemble, least=mode).exponent(mode)
                ),
                "$ψ$ at the mean number of open gates": _rates(_GATED, _mean_gates),
                "$σ²$ for $2σ²$": _rates(
                    _GATED, _as_if(lambda ensemble: replace(ensemble, sigma=ensemble.sigma / np.sqrt(2)))
                ),
            },
            assumes=ASSUMES,
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
)

# --- without the condition ------------------------------------------------------------------------


_N, _n = 2, 2
_WEIGHTS = st.lists(st.sampled_from((1, -1, 2, -2, 3, -3)), min_size=_N * _n * _n, max_size=_N * _n * _n).map(
    lambda drawn: Chain([fmpq_mat(_n, _n, drawn[: _n * _n]), fmpq_mat(_n, _n, drawn[_n * _n :])])
)
_GATES = st.lists(st.integers(0, 1), min_size=_N * _n, max_size=_N * _n).map(
    lambda drawn: fmpq_mat(_N, _n, drawn)
)


def _masked(weights: Chain, gates: fmpq_mat) -> fmpq_mat:
    """J = D_2 W_2 D_1 W_1, the gates of layer l in row l."""
    masks = [
        fmpq_mat(_n, _n, [int(r == c) * gates[layer, r] for r in range(_n) for c in range(_n)])
        for layer in range(_N)
    ]
    return masks[1] * weights.exact[1] * masks[0] * weights.exact[0]


def _alive(weights: Chain, gates: fmpq_mat) -> fmpz:
    """s_1(J) > 0, without which (1/N) log s_1(J) has no finite limit."""
    J = _masked(weights, gates)
    return exactly(J != 0 * J)


def _stays_dead(gates: fmpq_mat, **_: object) -> str | None:
    """Why every chain that goes on like this one, and almost every chain, ends the same way."""
    dead = [layer for layer in range(1, _N + 1) if all(gates[layer - 1, row] == 0 for row in range(_n))]
    formula = gaussian.dead_layer()
    width, p, depth = formula.parameters
    chance = formula.expression.subs({width: _n, p: Rational(1, 2)})
    if not dead or limit(chance, depth, oo) != 1:
        return None
    return (
        f"all gates of layer {dead[0]} are shut: $s_1 = 0$, exactly, whatever follows; some layer of $N$ is "
        f"dead with probability ${text(formula.expression)}$, which tends to 1 ($p = 1/2$, $n = {_n}$: "
        "limit by SymPy)"
    )


_UNCONDITIONED = Claim(
    label="lyapunov-masked-unconditioned",
    statement=(
        "gates open with probability $p < 1$, unconditioned: $(1/N) log s_1(J)$ tends to a finite $γ_1$"
    ),
    given={"weights": _WEIGHTS, "gates": _GATES},
    hypotheses={"weights nonsingular": lambda weights, **_: abs(weights.product().det())},
    conclusion=_alive,
    certify=_stays_dead,
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
)

CLAIMS = (_LYAPUNOV_GAUSSIAN, _LYAPUNOV_MASKED, _UNCONDITIONED)
"""The claims on exponents, in the ledger's order."""
