r"""Full-batch gradient descent on a deep ReLU network without biases, whose gates move as it trains.

The network is ``f(x) = W_N σ(W_{N-1} σ(⋯ σ(W_1 x)))``, ``σ(z) = max(z, 0)``. At an input ``x`` it is
linear up to the kinks: with gates ``D_l(x) = [W_l ⋯ > 0]``, read off at the input,

    f(x) = J(x) x,        J(x) = W_N D_{N-1}(x) W_{N-1} ⋯ D_1(x) W_1,

so that its Jacobian ``J(x)`` is the product of the absorbed factors ``M_l = D_l W_l D_{l-1}``, as that
of a fixed-gates network is; only that the gates differ from input to input, and move when the weights
do. A kink (``z = 0``) counts as closed: the left derivative.

Frozen gates keep, for every sample, the gates that it has at initialisation: what is left of the
network when the fixed-gates view is taken at its word. Both descend the squared loss
``L = 1/(2P) Σ_p ‖f(x_p) - y_p‖²`` along

    ∂L/∂W_l = 1/P Σ_p D_l A_{l+1}ᵀ (f(x_p) - y_p) (B_l x_p)ᵀ,

the partial products and gates those at ``x_p``. A step costs three products of ``n × n`` by ``n × P``
a layer: moments of the data are not enough, as the gates differ.

Everything here is float64: an estimate, not an enclosure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.training.configuration import TrainingConfig
from jacspec.proofs_check.experiments.training.network import initial_weights
from jacspec.proofs_check.experiments.training.samples import paired_samples

Floats = NDArray[np.float64]
Gates = NDArray[np.bool_]


@dataclass(frozen=True)
class MovingSnapshot:
    """A recorded step: the loss, the share of samples read right, and the weights ``(N, n, n)``."""

    step: int
    loss: float
    accuracy: float
    weights: Floats = field(repr=False)


def gates_at(weights: Floats, inputs: Floats) -> Gates:
    """The gates of a ReLU network at inputs in rows, shape ``(P, N-1, n)``.

    ``absorb(weights, gates_at(weights, x)[p])`` are the factors of ``J(x_p)``, as a chain has them.
    """
    _, gates, _ = _forward(weights, inputs.T, None)
    return np.moveaxis(gates, 2, 0)


def gated_outputs(weights: Floats, gates: Gates, inputs: Floats) -> Floats:
    """``W_N D_{N-1} W_{N-1} ⋯ D_1 W_1 x_p`` in rows, with the gates of each sample, ``(P, N-1, n)``."""
    return _forward(weights, inputs.T, np.moveaxis(gates, 0, 2))[2].T


def gated_gradients(weights: Floats, gates: Gates, inputs: Floats, targets: Floats) -> Floats:
    """``∂L/∂W_l`` for every ``l``, shape ``(N, n, n)``, the gates ``(P, N-1, n)`` held fixed.

    With those of :func:`gates_at` it is the gradient of the ReLU network, away from kinks.
    """
    hidden, kept, outputs = _forward(weights, inputs.T, np.moveaxis(gates, 0, 2))
    return _backward(weights, hidden, kept, (outputs - targets.T) / len(inputs))


def descend_moving(
    config: TrainingConfig, inputs: ArrayLike, targets: ArrayLike, *, frozen: bool = False
) -> Iterator[MovingSnapshot]:
    """Run gradient descent, yielding a snapshot at every recorded step.

    Parameters
    ----------
    config
        The descent and the initial weights, which are those of the fixed-gates network of the same
        configuration; the gates come from the inputs, and ``gate_probability`` is not used for them.
    inputs, targets
        Samples in rows, both of shape ``(P, n)``, ``n`` the width.
    frozen
        Keep the gates that each sample has at initialisation.

    Raises
    ------
    InputError
        If the samples do not fit the network or are not finite numbers, or if the descent diverges.
    """
    # Checked here and not in a generator, which would delay the error to the first iteration.
    x, y = paired_samples(inputs, targets, config.width)
    return _descend(config, x, y, initial_weights(config), frozen)


def _descend(
    config: TrainingConfig, inputs: Floats, targets: Floats, weights: Floats, frozen: bool
) -> Iterator[MovingSnapshot]:
    columns, wanted = np.ascontiguousarray(inputs.T), np.ascontiguousarray(targets.T)
    samples, labels = len(inputs), targets.argmax(axis=1)
    fixed = _forward(weights, columns, None)[1] if frozen else None
    for step in range(config.steps + 1):
        # An exploding run overflows here; the next record finds the infinity.
        with np.errstate(over="ignore", invalid="ignore"):
            hidden, gates, outputs = _forward(weights, columns, fixed)
            error = outputs - wanted
            loss = float(np.sum(error**2)) / (2 * samples)
        if step % config.record_every == 0 or step == config.steps:
            if not math.isfinite(loss):
                raise InputError(
                    f"training diverged before step {step} with learning_rate {config.learning_rate} "
                    f"and gain {config.gain}: expected a finite loss; take a smaller learning_rate"
                )
            accuracy = float(np.mean(outputs.argmax(axis=0) == labels))
            # A copy: the descent goes on in place.
            yield MovingSnapshot(step, loss, accuracy, weights.copy())
        if step < config.steps:
            with np.errstate(over="ignore", invalid="ignore"):
                weights -= config.learning_rate * _backward(weights, hidden, gates, error / samples)


def _forward(weights: Floats, inputs: Floats, gates: Gates | None) -> tuple[list[Floats], Gates, Floats]:
    """What enters each layer, the gates (N-1, n, P) that were open, and the outputs; samples in columns."""
    depth, width, _ = weights.shape
    used = np.empty((depth - 1, width, inputs.shape[1]), dtype=bool) if gates is None else gates
    hidden = [inputs]
    for layer, W in enumerate(weights[:-1]):
        values = W @ hidden[-1]
        if gates is None:
            np.greater(values, 0, out=used[layer])
        values *= used[layer]
        hidden.append(values)
    return hidden, used, weights[-1] @ hidden[-1]


def _backward(weights: Floats, hidden: list[Floats], gates: Gates, error: Floats) -> Floats:
    """The gradient from ``(f(x_p) - y_p)/P`` in columns."""
    gradients = np.empty_like(weights)
    for layer in range(len(weights) - 1, -1, -1):
        gradients[layer] = error @ hidden[layer].T
        if layer:
            error = weights[layer].T @ error
            error *= gates[layer - 1]
    return gradients
