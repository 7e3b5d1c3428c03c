"""A network of gated weights: how it is drawn, its absorbed factors, partial products and gradient."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.training.configuration import TrainingConfig
from jacspec.proofs_check.experiments.training.loss import SquaredLoss


def initial_network(config: TrainingConfig) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Draw the weights ``(N, n, n)`` and the gates ``(N-1, n)`` of a network, from its seed.

    Raises
    ------
    InputError
        If a layer is drawn with no open gate: then ``J = 0`` whatever the weights, and nothing
        trains.
    """
    weights, gates = _drawn(config)
    dead = np.flatnonzero(~gates.any(axis=1))
    if dead.size:
        raise InputError(
            f"layer {dead[0] + 1} has no open gate with seed {config.seed} at gate_probability "
            f"{config.gate_probability}: expected at least one; take another seed, or a larger "
            "probability or width"
        )
    return weights, gates


def initial_weights(config: TrainingConfig) -> NDArray[np.float64]:
    """The weights of :func:`initial_network` alone, for networks whose gates come from elsewhere."""
    return _drawn(config)[0]


def _drawn(config: TrainingConfig) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rng = np.random.default_rng(config.seed)
    depth, width = config.depth, config.width
    gates = rng.random((depth - 1, width)) < config.gate_probability
    weights = math.sqrt(config.gain / width) * rng.standard_normal((depth, width, width))
    return weights, gates


def absorb(weights: NDArray[np.float64], gates: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``M_l = D_l W_l D_{l-1}`` with ``D_0 = D_N = I``, exactly: entries are kept or become +0."""
    return np.where(open_entries(gates), weights, 0.0)


def partial_products(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """``B_1 = I, B_2 = M_1, …, B_{N+1} = J``, shape ``(N+1, n, n)``."""
    depth, width, _ = factors.shape
    partial = np.empty((depth + 1, width, width))
    partial[0] = np.eye(width)
    for index in range(depth):
        np.matmul(factors[index], partial[index], out=partial[index + 1])
    return partial


def open_entries(gates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which entries of each ``W_l`` have an open row (in ``D_l``) and column (in ``D_{l-1}``)."""
    always = np.ones((1, gates.shape[1]), dtype=bool)
    rows = np.concatenate([gates, always])
    columns = np.concatenate([always, gates])
    return np.asarray(rows[:, :, None] & columns[:, None, :])


def weight_gradients(
    weights: NDArray[np.float64], gates: NDArray[np.bool_], loss: SquaredLoss
) -> NDArray[np.float64]:
    """``∂L/∂W_l = D_l A_{l+1}ᵀ G B_lᵀ D_{l-1}`` for every ``l``, shape ``(N, n, n)``."""
    factors = absorb(weights, gates)
    # An exploding run overflows here; `descend` finds the infinity and says what to do about it.
    with np.errstate(over="ignore", invalid="ignore"):
        partial = partial_products(factors)
        # Back-propagated gradient A_{l+1}ᵀ G, from l = N (where A_{N+1} = I) down to l = 1.
        backward = loss.gradient(partial[-1])
        gradients = np.empty_like(factors)
        gradients[-1] = backward @ partial[-2].T
        for index in range(len(factors) - 2, -1, -1):
            backward = factors[index + 1].T @ backward
            gradients[index] = backward @ partial[index].T
    return np.where(open_entries(gates), gradients, 0.0)
