"""Section 3 of the ledger, sampled: intercepts, and depth scaling in mean.

Every statement about E log s_k is tested twice: on the mean of log s_k itself, which sees γ_k, and on the
mean of its difference from the QR exponent of the same chain, which has mean Nγ_k exactly and takes all but
O(1) of the variance away: it sees δ_k. Systematic errors are those of ``predictions``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from sympy import Expr, Integer, Symbol

from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, mean
from jacspec.proofs_check.ledger.initialisation.sampling import Plan, numbers, sampled
from jacspec.proofs_check.referee.propositions.sampled import Quantity
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import N, k, l, n, s, sA, sB
from jacspec.theory.results.initialisation import exponents
from jacspec.theory.results.propositions.initialisation import SAMPLED

_ENSEMBLE = Ensemble(3, 3.0)


def _pairs(
    proposition: Proposition, product: str, depth: int, size: Mapping[Symbol, Expr]
) -> Iterator[Quantity]:
    """Of every mode: its mean, and the mean of what is left of it beyond the QR exponent."""
    for mode in _ENSEMBLE.modes:
        name = f"$E[log s_{mode}({product})]$"
        slack = mean(_ENSEMBLE, mode, depth)
        for said, controlled in ((name, False), (f"{name} less the QR exponent", True)):
            batches = ((1, product, size),)
            yield Quantity(
                said, proposition, numbers(_ENSEMBLE, k=mode), batches, slack, controlled=controlled
            )


# --- intercepts -----------------------------------------------------------------------------------

_DEPTH = 100
(_INTERCEPT,) = SAMPLED["depth-intercept"]

_DEPTH_INTERCEPT = Claim(
    label="depth-intercept",
    propositions=SAMPLED["depth-intercept"],
    further_evidence=(
        sampled(
            [Plan(_ENSEMBLE, _DEPTH, {"J": (s, slice(None))}, controlled=True)],
            (_INTERCEPT,),
            lambda: _pairs(_INTERCEPT, "J", _DEPTH, {N: Integer(_DEPTH)}),
            others={
                "no intercept": (_INTERCEPT, Integer(0)),
                "half the intercept": (_INTERCEPT, _INTERCEPT.right / 2),
                "the mirrored mode": (_INTERCEPT, _INTERCEPT.right.subs(k, n + 1 - k)),
                "$n + 1$ for $n$": (_INTERCEPT, _INTERCEPT.right.subs(n, n + 1)),
            },
            size=2,
            least=1600,
        ),
    ),
    derivation=exponents.minor_sums,
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
    remark=(
        "the bound of the terms that are exponentially small in $N$ is explicit "
        "(`jacspec.theory.results.initialisation.finite_depth`)"
    ),
)

# --- depth scaling ----------------------------------------------------------------------------------

_TOTAL, _LAYER = 180, 81
_LEFT, _RIGHT = SAMPLED["depth-scaling-at-initialisation"]
_SIZE = {N: Integer(_TOTAL), l: Integer(_LAYER)}

_DEPTH_SCALING = Claim(
    label="depth-scaling-at-initialisation",
    propositions=(_LEFT, _RIGHT),
    further_evidence=(
        sampled(
            [
                Plan(
                    _ENSEMBLE,
                    _TOTAL,
                    {
                        "A_l": (lambda mode: sA(mode, _LAYER), slice(_LAYER - 1, None)),
                        "B_l": (lambda mode: sB(mode, _LAYER), slice(_LAYER - 1)),
                    },
                    controlled=True,
                )
            ],
            (_LEFT, _RIGHT),
            lambda: chain(
                _pairs(_LEFT, "A_l", _TOTAL - _LAYER + 1, _SIZE),
                _pairs(_RIGHT, "B_l", _LAYER - 1, _SIZE),
            ),
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
