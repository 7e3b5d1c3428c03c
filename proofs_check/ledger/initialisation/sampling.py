"""Independent random chains, chunk after chunk, and what is measured on them: for the sampled claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from jacspec.numerics.chains.batches import gaussian_batch, masked_batch
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble
from jacspec.theory import Formula

__all__ = ["ASSUMES", "Floats", "changed", "sampled"]

Floats = NDArray[np.float64]
Measured = Callable[[Ensemble, list[Floats]], Mapping[str, Floats]]

_CHUNK = 2000
"""Chains in memory at once."""

ASSUMES = (
    "independent chains; a mean of so many values is Student's $t$ up to its skewness; the errors of the "
    "float64 engine, about $10^{-12}$, are neglected"
)


def sampled(
    ensembles: Iterable[Ensemble], depth: int, measured: Measured
) -> Callable[[int, np.random.Generator], Mapping[str, Floats]]:
    """A sampler for ``Statistics``: what ``measured`` finds on chains of that depth, of each ensemble."""

    def sample(count: int, generator: np.random.Generator) -> dict[str, Floats]:
        pieces: dict[str, list[Floats]] = {}
        for ensemble in ensembles:
            for start in range(0, count, _CHUNK):
                factors = _factors(ensemble, generator, min(_CHUNK, count - start), depth)
                for name, values in measured(ensemble, factors).items():
                    pieces.setdefault(name, []).append(values)
        return {name: np.concatenate(values) for name, values in pieces.items()}

    return sample


def _factors(ensemble: Ensemble, generator: np.random.Generator, count: int, depth: int) -> list[Floats]:
    width, sigma = ensemble.width, ensemble.sigma
    if ensemble.p == 1:
        return list(gaussian_batch(generator, count, depth=depth, width=width, sigma=sigma))
    return list(
        masked_batch(
            generator, count, depth=depth, width=width, sigma=sigma, p=ensemble.p, min_active=ensemble.least
        )
    )


def changed(formula: Formula, name: str, by: Callable[[Expr], Expr]) -> Formula:
    """A wrong variant: one parameter replaced by an expression of it, wherever it occurs; no domain."""
    symbol = next(each for each in formula.parameters if each.name == name)
    return replace(formula, expression=formula.expression.subs(symbol, by(symbol)), conditions=())
