"""Section 3 of the ledger, sampled: how log s_k fluctuates from chain to chain.

Variances are means of the unbiased variances of small groups of chains; a law is tested by its characteristic
function, a mean of bounded values.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
from sympy import Integer

from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, evaluated, law, variance
from jacspec.proofs_check.ledger.initialisation.sampling import Plan, numbers, sampled
from jacspec.proofs_check.referee.propositions.sampled import Quantity
from jacspec.theory.notation.symbols import N, s
from jacspec.theory.results.initialisation import exponents, gaussian
from jacspec.theory.results.propositions.initialisation import SAMPLED

_ENSEMBLE, _DEEP, _TIMES = Ensemble(3, 3.0), 100, (1.0, 2.0)
_VARIANCE, _LAW = SAMPLED["lyapunov-fluctuations"]


def _quantities() -> Iterator[Quantity]:
    """Of every mode the variance, and the mean cosine and sine of t times what tends to a law."""
    batches = ((1, "J", {N: Integer(_DEEP)}),)
    for mode in _ENSEMBLE.modes:
        values = numbers(_ENSEMBLE, k=mode)
        slack = variance(_ENSEMBLE, mode, _DEEP)
        yield Quantity(f"$Var(log s_{mode})/N$", _VARIANCE, values, batches, slack)
        spread = sqrt(evaluated(gaussian.fluctuation(), _ENSEMBLE.width, mode))
        for time in _TIMES:
            parts = zip((np.cos, np.sin), law(_ENSEMBLE, mode, _DEEP, time), strict=True)
            for wave, slack in parts:
                name = f"$E[{wave.__name__}({time:g} T_{mode})]$"
                yield Quantity(name, _LAW, values, batches, slack, wave=(time / spread, wave))


_FLUCTUATIONS = Claim(
    label="lyapunov-fluctuations",
    propositions=SAMPLED["lyapunov-fluctuations"],
    further_evidence=(
        sampled(
            [Plan(_ENSEMBLE, _DEEP, {"J": (s, slice(None))})],
            (_VARIANCE, _LAW),
            _quantities,
            size=4.5,
            least=9000,
        ),
    ),
    derivation=exponents.lyapunov_fluctuations,
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
    remark=(
        "the law is tested by the characteristic function of $T_k$, the left side over its standard "
        "deviation, at 1 and 2; the variance predicted at depth $N$ is that of the $N$ layers less "
        "that of a $k × k$ minor of a Haar matrix"
    ),
)

CLAIMS = (_FLUCTUATIONS,)
"""The claim on fluctuations."""
