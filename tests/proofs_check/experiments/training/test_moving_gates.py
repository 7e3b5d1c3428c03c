"""Gradient descent on a ReLU network: exact gradients, gates, Jacobians; frozen gates as the control."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from jacspec.numerics import Chain
from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.training import (
    SquaredLoss,
    TrainingConfig,
    absorb,
    descend_moving,
    gated_gradients,
    gated_outputs,
    gates_at,
    initial_network,
    weight_gradients,
)

SMALL = TrainingConfig(depth=4, width=6, learning_rate=0.05, gain=2.0, steps=60, record_every=20, top=3)
exact = np.vectorize(Fraction, otypes=[object])


def samples(width=6, count=30, seed=1):
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((count, width))
    return inputs, np.abs(inputs @ rng.standard_normal((width, width)) / width)


def exact_forward(weights, inputs):
    """The ReLU network from its definition in rational arithmetic: outputs in rows, and all its gates."""
    values, gates = inputs.T, []
    for W in weights[:-1]:
        values = W @ values
        gates.append(values > 0)
        values = np.where(values > 0, values, Fraction(0))
    return (weights[-1] @ values).T, np.array(gates, dtype=bool)


def exact_loss(weights, inputs, targets):
    outputs, gates = exact_forward(weights, inputs)
    return ((outputs - targets) ** 2).sum() / (2 * len(inputs)), gates


def test_the_gradient_is_the_exact_difference_quotient_of_the_relu_loss():
    """Between kinks L is quadratic in each single weight: a central difference is its derivative.

    Small integers and four samples: the float64 gradient has no rounding and must be equal. The step is so
    small that no gate moves, which is checked.
    """
    rng = np.random.default_rng(9)
    depth, width, count = 4, 3, 4
    weights = rng.integers(-3, 4, (depth, width, width))
    inputs, targets = rng.integers(-3, 4, (count, width)), rng.integers(-3, 4, (count, width))
    floats = [array.astype(float) for array in (weights, inputs, targets)]
    gates = gates_at(floats[0], floats[1])
    gradient = gated_gradients(floats[0], gates, *floats[1:])

    rational = [exact(array) for array in (weights, inputs, targets)]
    step = Fraction(1, 10**9)
    moved = 0
    for index in np.ndindex(weights.shape):
        found = []
        for sign in (1, -1):
            changed = rational[0].copy()
            changed[index] += sign * step
            found.append(exact_loss(changed, *rational[1:]))
        if not np.array_equal(found[0][1], found[1][1]):
            moved += 1  # a kink: a unit that is exactly zero at one of the samples
            continue
        assert Fraction(gradient[index]) == (found[0][0] - found[1][0]) / (2 * step)
    assert moved < weights.size / 4
    assert np.any(gradient != 0, axis=(1, 2)).all()

    outputs, exact_gates = exact_forward(*rational[:2])
    assert np.array_equal(np.moveaxis(exact_gates, 2, 0), gates)
    assert (exact(gated_outputs(floats[0], gates, floats[1])) == outputs).all()


def test_with_the_same_gates_for_all_samples_it_is_the_fixed_gates_network():
    weights, gates = initial_network(SMALL)
    inputs, targets = samples()
    same = np.broadcast_to(gates, (len(inputs), *gates.shape))
    expected = weight_gradients(weights, gates, SquaredLoss.of(inputs, targets))
    found = gated_gradients(weights, same, inputs, targets)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-14)
    J = np.linalg.multi_dot(list(absorb(weights, gates))[::-1])
    assert gated_outputs(weights, same, inputs) == pytest.approx(inputs @ J.T, rel=1e-11, abs=1e-14)


def test_the_jacobian_at_an_input_is_the_chain_of_its_absorbed_factors():
    """As `Chain.from_weights` reads it off the same weights, gate by gate, exactly."""
    weights, _ = initial_network(SMALL)
    inputs, _ = samples(count=3)
    for x, gates in zip(inputs, gates_at(weights, inputs), strict=True):
        ours = Chain(list(absorb(weights, gates))).product()
        network = Chain.from_weights(list(weights), x)
        assert ours == network.product()


def test_both_descents_start_alike_and_the_loss_falls():
    inputs, targets = samples()
    moving = list(descend_moving(SMALL, inputs, targets))
    frozen = list(descend_moving(SMALL, inputs, targets, frozen=True))
    assert [snapshot.step for snapshot in moving] == [0, 20, 40, 60]
    assert np.array_equal(moving[0].weights, initial_network(SMALL)[0])
    assert moving[0].loss == frozen[0].loss
    for run in (moving, frozen):
        losses = [snapshot.loss for snapshot in run]
        assert losses == sorted(losses, reverse=True)
        assert losses[-1] < 0.9 * losses[0]
    assert not np.array_equal(moving[-1].weights, frozen[-1].weights)


def test_a_step_is_a_step_along_the_gradient_of_either_network():
    inputs, targets = samples()
    one = dataclasses.replace(SMALL, steps=2, record_every=1)
    for frozen in (False, True):
        first, second, third = descend_moving(one, inputs, targets, frozen=frozen)
        at_start = gates_at(first.weights, inputs)
        for before, after in ((first, second), (second, third)):
            gates = at_start if frozen else gates_at(before.weights, inputs)
            step = before.weights - after.weights
            gradient = gated_gradients(before.weights, gates, inputs, targets)
            assert step == pytest.approx(SMALL.learning_rate * gradient, rel=1e-9, abs=1e-15)


def test_the_loss_is_that_of_the_outputs():
    inputs, targets = samples()
    last = list(descend_moving(SMALL, inputs, targets))[-1]
    outputs = gated_outputs(last.weights, gates_at(last.weights, inputs), inputs)
    assert last.loss == pytest.approx(np.mean(np.sum((outputs - targets) ** 2, axis=1)) / 2, rel=1e-13)
    assert last.accuracy == np.mean(outputs.argmax(axis=1) == targets.argmax(axis=1))


def test_depth_one_has_no_gates():
    config = TrainingConfig(depth=1, width=1, top=1, steps=200, record_every=200)
    *_, last = descend_moving(config, [[1.0], [2.0]], [[-3.0], [-6.0]])
    assert last.weights.item() == pytest.approx(-3, rel=1e-12)


def test_a_network_without_drawn_gates_does_not_mind_a_layer_in_which_none_would_be_open():
    closed = TrainingConfig(depth=4, width=2, top=1, gate_probability=1e-9, steps=1)
    with pytest.raises(InputError, match="no open gate"):
        initial_network(closed)
    first, _ = descend_moving(closed, [[1.0, 2.0]], [[1.0, 0.0]])
    opened = initial_network(dataclasses.replace(closed, gate_probability=1.0))[0]
    assert np.array_equal(first.weights, opened)


def test_bad_samples_and_divergence_are_errors_with_a_remedy():
    inputs, targets = samples()
    with pytest.raises(InputError, match="29 inputs but 30 targets"):
        descend_moving(SMALL, inputs[1:], targets)
    with pytest.raises(InputError, match=r"learning_rate 50\.0 .*take a smaller learning_rate"):
        list(descend_moving(dataclasses.replace(SMALL, learning_rate=50.0), inputs, targets, frozen=True))
