"""Independent random chains, chunk after chunk, and singular values of their products, for sampled claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, Symbol, sympify

from jacspec.numerics.chains.batches import gaussian_batch, log_singular_values, masked_batch, qr_exponents
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble
from jacspec.proofs_check.referee.propositions.laws import DrawnAsSaid, Sampler
from jacspec.proofs_check.referee.propositions.sampled import Batch, Quantity, SampledPropositions, Samples
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.numbers import chance, deviation
from jacspec.theory.notation.symbols import M, l, n, r

Floats = NDArray[np.float64]

_CHUNK = 2000
"""Chains in memory at once."""

ASSUMES = (
    "independent chains; a mean of so many values is Student's $t$ up to its skewness; the errors of the "
    "float64 engine, about $10^{-12}$, are neglected"
)


@dataclass(frozen=True)
class Plan:
    """Chains of one ensemble and depth, and the products whose singular values are taken.

    ``products`` gives each a name, the symbol of its k-th singular value, and its factors. If ``controlled``,
    the QR exponents of the same factors, less their means, are controls.
    """

    ensemble: Ensemble
    depth: int
    products: Mapping[str, tuple[Callable[[int], Expr], slice]]
    controlled: bool = False

    def batches(self, generator: np.random.Generator, count: int) -> Iterator[tuple[str, Batch]]:
        """So many chains, product by product."""
        factors = self.factors(generator, count)
        for name, (symbol, part) in self.products.items():
            logs = log_singular_values(factors[part])
            controls = {}
            if self.controlled:
                exponents, depth = qr_exponents(factors[part]), len(factors[part])
                controls = {
                    symbol(mode): exponents[:, mode - 1] - depth * self.ensemble.exponent(mode)
                    for mode in self.ensemble.modes
                }
            yield name, Batch({symbol(k): row for k, row in enumerate(logs.T, 1)}, controls)

    def factors(self, generator: np.random.Generator, count: int) -> list[Floats]:
        """The factors of so many chains, layer by layer."""
        ensemble = self.ensemble
        width, sigma = ensemble.width, ensemble.sigma
        if ensemble.p == 1:
            return list(gaussian_batch(generator, count, depth=self.depth, width=width, sigma=sigma))
        gated = masked_batch(
            generator,
            count,
            depth=self.depth,
            width=width,
            sigma=sigma,
            p=ensemble.p,
            min_active=ensemble.least,
        )
        return list(gated)


def sampled(
    plans: Sequence[Plan],
    propositions: Sequence[Proposition],
    quantities: Callable[[], Iterator[Quantity]],
    **particulars: Any,
) -> DrawnAsSaid:
    """Statistics of propositions on the chains of the plans, whose laws are those of the premises."""

    def sampler(plan: Plan) -> Sampler:
        return Sampler(
            lambda generator, count: {M(l): np.stack(plan.factors(generator, count), axis=1)},
            numbers(plan.ensemble),
        )

    evidence = SampledPropositions(lambda: tuple(quantities()), drawn(*plans), ASSUMES, **particulars)
    return DrawnAsSaid(evidence, propositions, [sampler(plan) for plan in plans])


def drawn(*plans: Plan) -> Callable[[int, np.random.Generator], Samples]:
    """A sampler for ``SampledPropositions``."""

    def sample(count: int, generator: np.random.Generator) -> dict[str, Batch]:
        pieces: dict[str, list[Batch]] = {}
        for plan in plans:
            for start in range(0, count, _CHUNK):
                for name, batch in plan.batches(generator, min(_CHUNK, count - start)):
                    pieces.setdefault(name, []).append(batch)
        return {name: _joined(batches) for name, batches in pieces.items()}

    return sample


def _joined(batches: Sequence[Batch]) -> Batch:
    def joined(parts: Sequence[Mapping[Expr, Floats]]) -> dict[Expr, Floats]:
        return {symbol: np.concatenate([part[symbol] for part in parts]) for symbol in parts[0]}

    return Batch(joined([each.logs for each in batches]), joined([each.controls for each in batches]))


def numbers(ensemble: Ensemble, **others: int) -> dict[Symbol, Expr]:
    """What stands for the symbols of a proposition on chains of an ensemble, at some indices."""
    indices = {Symbol(name, integer=True, positive=True): sympify(value) for name, value in others.items()}
    gates = {chance: Rational(ensemble.p), r: sympify(ensemble.least)}
    return {n: sympify(ensemble.width), deviation: Rational(ensemble.sigma), **gates, **indices}
