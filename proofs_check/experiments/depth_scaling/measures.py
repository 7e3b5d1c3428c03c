"""Depth scaling and strong alignment, measured: while a network trains, and over random chains.

In training, every record is the chain of absorbed factors: γ_k and δ_k by least squares over all non-empty
partial products (`jacspec.numerics.measures.depth_scaling`), and the level ε of strong alignment in balls
(`jacspec.numerics.measures.strong_alignment`), as a whole and of each mode.

At initialisation, every Gaussian chain gives a fit of its own. For δ_k alone there is a sharper look: log s_k
of m factors less the QR exponent of the same factors, whose mean is mγ_k exactly and which varies with it.
Both are averaged over chains, with standard errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics import Chain, DepthScaling, partial_spectra, strong_alignment
from jacspec.numerics.chains.batches import log_singular_values, qr_exponents
from jacspec.numerics.measures.depth_scaling import fit_depth_scaling
from jacspec.proofs_check.experiments.training import Snapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrainedChain:
    """One record of training: the fit, ε of strong alignment and that of each mode (shape (rank,))."""

    step: int
    loss: float
    fit: DepthScaling = field(repr=False)
    log_singular_values: Floats = field(repr=False)
    epsilon: float
    modes: Floats = field(repr=False)


def trained_chain(snapshot: Snapshot, top: int) -> TrainedChain:
    """Measure a snapshot of a fixed-gates network."""
    chain = snapshot.chain()
    spectra = partial_spectra(chain, engine="float64")
    aligned = strong_alignment(chain)
    return TrainedChain(
        step=snapshot.record.step,
        loss=snapshot.record.loss,
        fit=fit_depth_scaling(spectra),
        log_singular_values=spectra.whole.log_singular_values[:top],
        epsilon=aligned.epsilon,
        modes=np.array([float(mode.mid()) for mode in aligned.modes])[:top],
    )


@dataclass(frozen=True)
class RandomChain:
    """A Gaussian chain, its factors (N, n, n), with fitted γ_k, δ_k and residuals, each of shape (n,)."""

    factors: Floats = field(repr=False)
    gamma: Floats = field(repr=False)
    delta: Floats = field(repr=False)
    rms: Floats = field(repr=False)


def random_chain(depth: int, width: int, generator: np.random.Generator) -> RandomChain:
    """Draw a chain of square factors with entries N(0, 1/n), and fit."""
    factors = generator.standard_normal((depth, width, width)) / np.sqrt(width)
    fit = fit_depth_scaling(partial_spectra(Chain(list(factors)), engine="float64"))
    return RandomChain(factors, fit.gamma, fit.delta, fit.rms)


def beyond_exponents(chains: Sequence[RandomChain], counts: Sequence[int]) -> Floats:
    """Log s_k less the QR exponent, of the first m factors for m in ``counts``: (chains, counts, n).

    In mean that is E log s_k - mγ_k, which theory has tend to δ_k.
    """
    layers = list(np.stack([each.factors for each in chains], axis=1))
    return np.stack([log_singular_values(layers[:m]) - qr_exponents(layers[:m]) for m in counts], axis=1)


def mean_and_error(samples: Sequence[Floats] | Floats) -> tuple[Floats, Floats]:
    """The mean over samples and its standard error, entry by entry; at least two samples."""
    values = np.stack(list(samples))
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))
