"""Section 3 of the ledger, sampled: intercepts, and depth scaling in mean.

Every statement about E log s_k is tested twice: on the mean of log s_k itself, which sees γ_k, and on the
mean of its difference from the QR exponent of the same chain, which has mean Nγ_k exactly and takes all but
O(1) of the variance away: it sees δ_k. Systematic errors are those of ``predictions``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr, log

from jacspec.numerics.chains.batches import log_singular_values, qr_exponents
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, evaluated, mean
from jacspec.proofs_check.ledger.initialisation.sampling import ASSUMES, Floats, changed, sampled
from jacspec.proofs_check.referee.statistics import Prediction, Statistics
from jacspec.theory import mutants
from jacspec.theory.notation.symbols import N, delta, gamma, k, l
from jacspec.theory.results.assumptions import DEPTH_SCALING_NON_EMPTY
from jacspec.theory.results.initialisation import gaussian
from jacspec.theory.results.propositions.initialisation import SAMPLED

__all__ = ["CLAIMS"]

_ENSEMBLE = Ensemble(3, 3.0)

Means = dict[str, Prediction]


def _pairs(ensemble: Ensemble, name: str, factors: list[Floats]) -> dict[str, Floats]:
    """Of every mode of a product: log s_k, and what it has beyond the QR exponent of the same factors."""
    logs, exponents = log_singular_values(factors), qr_exponents(factors)
    measured = {}
    for mode in ensemble.modes:
        measured[f"$log s_{mode}({name})$"] = logs[:, mode - 1]
        measured[f"$log s_{mode}({name})$ less the QR exponent"] = (logs - exponents)[:, mode - 1]
    return measured


def _predicted_pair(name: str, mode: int, depth: int, value: float) -> Means:
    """Of both, if E log s_k is ``value``: the QR exponent's own mean is Nγ_k, whatever is claimed."""
    known = mean(_ENSEMBLE, mode, depth)
    own = depth * _ENSEMBLE.exponent(mode)
    return {
        f"$log s_{mode}({name})$": replace(known, value=value),
        f"$log s_{mode}({name})$ less the QR exponent": replace(known, value=value - own),
    }


# --- intercepts -----------------------------------------------------------------------------------

_DEPTH = 100


def _whole(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    return _pairs(ensemble, "J", factors)


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
    return evaluated(gaussian.intercept(), _ENSEMBLE.width, mode)


def _wider(mode: int) -> float:
    """The intercept for n + 1 instead of n."""
    wrong = changed(gaussian.intercept(), "n", lambda n: n + 1)
    return evaluated(wrong, _ENSEMBLE.width, mode)


_DEPTH_INTERCEPT = Claim(
    label="depth-intercept",
    propositions=SAMPLED["depth-intercept"],
    further_evidence=(
        Statistics(
            sample=sampled((_ENSEMBLE,), _DEPTH, _whole),
            predicted=_with_intercept(_intercept),
            mutants={
                "no intercept": _with_intercept(lambda _: 0.0),
                "half the intercept": _with_intercept(lambda mode: _intercept(mode) / 2),
                "the mirrored mode": _with_intercept(lambda mode: _intercept(_ENSEMBLE.width + 1 - mode)),
                "$n + 1$ for $n$": _with_intercept(_wider),
                "one layer more": _with_intercept(_intercept, 1),
            },
            assumes=ASSUMES,
            size=2,
            least=1600,
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
    remark=(
        "the bound of the terms $O(e^{-cN})$ is explicit "
        "(`jacspec.theory.results.initialisation.finite_depth`)"
    ),
)

# --- depth scaling ----------------------------------------------------------------------------------

_TOTAL, _LAYER = 180, 81
_PRODUCTS = {"A_l": _TOTAL - _LAYER + 1, "B_l": _LAYER - 1}


def _partial_products(ensemble: Ensemble, factors: list[Floats]) -> dict[str, Floats]:
    outer, inner = factors[_LAYER - 1 :], factors[: _LAYER - 1]
    return {**_pairs(ensemble, "A_l", outer), **_pairs(ensemble, "B_l", inner)}


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
        f"$s_k({name})$: {mutant.change}": _scaling(**{name: mutant.expression})
        for name in _PRODUCTS
        for mutant in mutants(_RULES[name].rhs)
        if "/N" not in mutant.change and mutant.change != "sign changed"
    }


_DEPTH_SCALING = Claim(
    label="depth-scaling-at-initialisation",
    propositions=SAMPLED["depth-scaling-at-initialisation"],
    further_evidence=(
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
    whose=Whose.POSTER,
    remark=f"at $N = {_TOTAL}$, $l = {_LAYER}$, so that both partial products are deep",
)

CLAIMS = (_DEPTH_INTERCEPT, _DEPTH_SCALING)
"""The claims on finite depth, in the ledger's order."""
