"""Exact velocities beside their predictions: at initialisation against depth, and along training.

The motion is gradient flow. The predictions are the decoupled sum, to which depth scaling and alignment lead,
and the closed form ``-N s_k^{2-2/N} ⟨G, u_k v_kᵀ⟩``, which balanced factors have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from jacspec.numerics import Chain, PrecisionError, Velocities, gradient_flow, spectrum, velocities
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.experiments.training import Snapshot
from jacspec.proofs_check.experiments.velocities.points import closed_form, float64_velocities

WIDTH: Final = 3
"""n of the chains at initialisation, as in the ledger's section 5."""

LEARNT: Final = 9
"""Modes that digits teach: ten classes, of centred inputs."""

_DIGITS: Final = 12
_BITS: Final = 20
"""Relative accuracy that a velocity must have to be shown."""


@dataclass(frozen=True)
class AtDepth:
    """Predicted over exact velocities of some chains of one depth; arrays of shape (chains, modes).

    `in_float64` is the decoupled quotient again, computed in float64.
    """

    depth: int
    decoupled: NDArray[np.float64] = field(repr=False)
    closed_form: NDArray[np.float64] = field(repr=False)
    in_float64: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class AtStep:
    """Relative velocities ``ṡ_k/s_k`` of the largest modes at one step of training, and alignment there.

    `mode_alignment` is the mean of ``⟨u_k(A_l), u_k⟩²`` over the learnt modes and l = 2 … N,
    `subspace_alignment` that of ``‖U_A[:, :9]ᵀ U_J[:, :9]‖²/9``, which does not ask which mode is which.
    """

    step: int
    log_singular_values: NDArray[np.float64] = field(repr=False)
    exact: NDArray[np.float64] = field(repr=False)
    decoupled: NDArray[np.float64] = field(repr=False)
    closed_form: NDArray[np.float64] = field(repr=False)
    mode_alignment: float
    subspace_alignment: float


def random_flows(depth: int, seed: int) -> Iterator[tuple[Chain, NDArray[np.float64]]]:
    """Gaussian chains of variance 1/3, each with a Gaussian G, one after another."""
    generator = np.random.default_rng([seed, depth])
    while True:
        factors = generator.standard_normal((depth, WIDTH, WIDTH)) / np.sqrt(WIDTH)
        yield Chain(list(factors)), generator.standard_normal((WIDTH, WIDTH))


def at_depth(depth: int, chains: int, seed: int) -> AtDepth:
    """Measure so many chains."""
    decoupled, closed, rounded = [], [], []
    for _, (chain, gradient) in zip(range(chains), random_flows(depth, seed), strict=False):
        found = _decided(chain, gradient)
        formula = closed_form(spectrum(chain, digits=20, vectors=True), gradient)
        exact, product = float64_velocities(chain, gradient)
        decoupled.append(found.ratios)
        closed.append(_quotients(formula, found.exact))
        rounded.append(product / exact)
    return AtDepth(depth, np.array(decoupled), np.array(closed), np.array(rounded))


def at_step(snapshot: Snapshot, gradient: NDArray[np.float64], top: int) -> AtStep:
    """Measure a network in training; `gradient` is G there."""
    chain = snapshot.chain()
    found = _decided(chain, gradient)
    whole = spectrum(chain, digits=20, vectors=True)
    formula = closed_form(whole, gradient)
    logs = whole.log_singular_values[:top]
    modes, subspace = _alignment(snapshot.factors)
    exact, decoupled, closed = (
        np.array([float(value.mid()) for value in each[: len(logs)]]) / np.exp(logs)
        for each in (found.exact, found.decoupled, formula)
    )
    return AtStep(snapshot.record.step, logs, exact, decoupled, closed, modes, subspace)


def _decided(chain: Chain, gradient: NDArray[np.float64]) -> Velocities:
    """Velocities under gradient flow, every ball narrow beside its value: none is mostly radius."""
    found = velocities(chain, gradient_flow(chain, gradient), digits=_DIGITS)
    determined = [value for value in (*found.exact, *found.decoupled) if not value.is_nan()]
    if any(value.rel_accuracy_bits() < _BITS for value in determined):
        message = (
            f"a velocity of a chain of depth {chain.depth} is zero, or too far below its terms to tell; "
            "expected one that can be shown: take another seed"
        )
        raise PrecisionError(message)
    return found


def _quotients(above: tuple[arb, ...], below: tuple[arb, ...]) -> NDArray[np.float64]:
    with balls(128):
        return np.array([float((x / y).mid()) for x, y in zip(above, below, strict=True)])


def _alignment(factors: NDArray[np.float64]) -> tuple[float, float]:
    """Of the learnt modes, over l = 2 … N; float64, which resolves the largest modes of a trained network."""
    if len(factors) == 1:
        return 1.0, 1.0  # there is only J itself
    left = np.eye(factors.shape[-1])
    bases = []
    for factor in factors[::-1]:
        left = left @ factor
        bases.append(np.linalg.svd(left)[0][:, :LEARNT])
    overlaps = [basis.T @ bases[-1] for basis in bases[:-1]]
    modes = np.mean([np.mean(np.diagonal(R) ** 2) for R in overlaps])
    return float(modes), float(np.mean([np.sum(R**2) / LEARNT for R in overlaps]))
