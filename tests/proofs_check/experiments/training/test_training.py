"""Gradient descent on a fixed-gates linear network: gradients, invariants, honest records."""

import dataclasses
import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from jacspec.numerics.support.errors import InputError
from jacspec.proofs_check.experiments.training import (
    LOG_RESOLUTION,
    SquaredLoss,
    TrainingConfig,
    TrainingResult,
    absorb,
    descend,
    initial_network,
    resolved_log_singular_values,
    train,
    weight_gradients,
)

SMALL = TrainingConfig(depth=4, width=8, gate_probability=0.8, learning_rate=0.05, steps=40, top=3)


def teacher(width=8, samples=50, seed=1):
    """Samples of a random linear map, which a network of full rank could learn exactly."""
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((samples, width))
    return inputs, inputs @ rng.standard_normal((width, width)) / width


def drift_of_imbalance(factors):
    """M_{l+1}ᵀM_{l+1} - M_l M_lᵀ for every interior l."""
    return np.stack([b.T @ b - a @ a.T for a, b in itertools.pairwise(factors)])


# --- gradients ---------------------------------------------------------------------------------


def exact_loss(weights, gates, inputs, targets):
    """L from its definition, one gated layer after the other, in rational arithmetic."""
    outputs = inputs.T
    for index, W in enumerate(weights):
        outputs = W @ outputs
        if index < len(gates):
            outputs = gates[index][:, None] * outputs
    return ((outputs - targets.T) ** 2).sum() / (2 * len(inputs))


def test_the_gradient_is_the_exact_difference_quotient_of_the_loss():
    """L is quadratic in each single weight, so a central difference of any step is its derivative.

    Small integers and four samples: the float64 gradient has no rounding at all and must be equal.
    """
    rng = np.random.default_rng(5)
    depth, width, samples = 4, 3, 4
    exact = np.vectorize(Fraction, otypes=[object])
    weights = rng.integers(-3, 4, (depth, width, width))
    gates = np.array([[1, 0, 1], [1, 1, 1], [0, 1, 1]])
    inputs = rng.integers(-3, 4, (samples, width))
    targets = rng.integers(-3, 4, (samples, width))

    loss = SquaredLoss.of(inputs.astype(float), targets.astype(float))
    gradient = weight_gradients(weights.astype(float), gates.astype(bool), loss)
    rational = [exact(array) for array in (weights, gates, inputs, targets)]
    for index in np.ndindex(weights.shape):
        plus, minus = rational[0].copy(), rational[0].copy()
        plus[index] += 1
        minus[index] -= 1
        expected = (exact_loss(plus, *rational[1:]) - exact_loss(minus, *rational[1:])) / 2
        assert Fraction(gradient[index]) == expected
    assert np.any(gradient != 0, axis=(1, 2)).all()

    J = np.linalg.multi_dot(list(absorb(weights.astype(float), gates.astype(bool)))[::-1])
    assert Fraction(loss.value(J)) == exact_loss(*rational)


def test_closed_gates_leave_their_weights_untouched():
    weights, gates = initial_network(SMALL)
    assert not gates.all()
    final = train(SMALL, *teacher()).final
    ones = np.ones((1, SMALL.width), dtype=bool)
    rows, columns = np.concatenate([gates, ones]), np.concatenate([ones, gates])
    is_open = rows[:, :, None] & columns[:, None, :]
    assert np.array_equal(final.weights[~is_open], weights[~is_open])
    assert not np.any(final.weights[is_open] == weights[is_open])


def test_absorbed_factors_multiply_to_the_gated_network():
    final = train(SMALL, *teacher()).final
    J = final.weights[0]
    for W, gate in zip(final.weights[1:], final.gates, strict=True):
        J = W @ np.diag(gate.astype(float)) @ J
    absorbed = np.linalg.multi_dot(list(final.factors)[::-1])
    eps = np.finfo(float).eps
    scale = np.prod(np.linalg.norm(final.weights, axis=(1, 2)))
    assert np.max(np.abs(J - absorbed)) <= SMALL.depth * SMALL.width * eps * scale


# --- invariants of gradient descent -----------------------------------------------------------


def test_one_step_changes_the_imbalance_at_second_order_only():
    """First-order terms cancel, so the change is exactly η²(g_{l+1}ᵀg_{l+1} - g_l g_lᵀ)."""
    config = dataclasses.replace(SMALL, steps=1)
    inputs, targets = teacher()
    before, after = (snapshot.factors for snapshot in descend(config, inputs, targets))
    weights, gates = initial_network(config)
    gradient = weight_gradients(weights, gates, SquaredLoss.of(inputs, targets))
    change = drift_of_imbalance(after) - drift_of_imbalance(before)
    expected = config.learning_rate**2 * drift_of_imbalance(gradient)
    rounding = 4 * SMALL.width * np.finfo(float).eps * np.max(np.linalg.norm(before, axis=(1, 2))) ** 2
    assert np.max(np.abs(change - expected)) <= rounding
    assert np.max(np.abs(expected)) > 1e6 * rounding


def test_the_drift_of_the_imbalance_over_a_fixed_time_is_proportional_to_the_step():
    inputs, targets = teacher()
    drifts = []
    for refinement in (1, 2, 4, 8):
        config = dataclasses.replace(
            SMALL, learning_rate=0.02 / refinement, steps=100 * refinement, record_every=1000
        )
        first, last = (drift_of_imbalance(s.factors) for s in descend(config, inputs, targets))
        drifts.append(np.max(np.abs(last - first)))
    ratios = np.array(drifts[:-1]) / np.array(drifts[1:])
    # ratio = 2 + O(step): each must be nearer to 2 than the one before.
    assert np.all(np.diff(np.abs(ratios - 2)) < 0)
    assert ratios[-1] == pytest.approx(2, abs=0.05)


def test_raw_weights_do_not_conserve_their_imbalance():
    """The claim `imbalance-conserved-raw` is false: gates close one side only."""
    inputs, targets = teacher()
    drifts = []
    for refinement in (1, 8):
        config = dataclasses.replace(
            SMALL, learning_rate=0.02 / refinement, steps=100 * refinement, record_every=1000
        )
        first, last = (drift_of_imbalance(s.weights) for s in descend(config, inputs, targets))
        drifts.append(np.max(np.abs(last - first)))
    assert drifts[1] == pytest.approx(drifts[0], rel=0.2)


def test_the_loss_decreases_at_every_record():
    result = train(dataclasses.replace(SMALL, steps=400, record_every=10), *teacher())
    assert np.all(np.diff(result.losses) < 0)
    assert result.losses[-1] < 0.9 * result.losses[0]


def test_the_loss_from_moments_is_the_loss_over_samples():
    inputs, targets = teacher()
    J = np.random.default_rng(2).standard_normal((8, 8))
    direct = 0.5 * np.mean(np.sum((inputs @ J.T - targets) ** 2, axis=1))
    assert SquaredLoss.of(inputs, targets).value(J) == pytest.approx(direct, rel=1e-13)


# --- what is recorded --------------------------------------------------------------------------


def test_records_are_taken_at_the_start_regularly_and_at_the_end():
    result = train(dataclasses.replace(SMALL, steps=25, record_every=10), *teacher())
    assert result.steps.tolist() == [0, 10, 20, 25]
    assert result.log_singular_values.shape == (4, 3)
    assert result.complete
    assert np.array_equal(np.stack(list(result.chain().factors)), result.final.factors)


def test_stopping_early_keeps_intact_what_was_computed():
    config = dataclasses.replace(SMALL, steps=30, record_every=10)
    snapshots = descend(config, *teacher())
    kept = [next(snapshots), next(snapshots)]
    weights = kept[1].weights.copy()
    next(snapshots)
    assert np.array_equal(kept[1].weights, weights)
    result = TrainingResult.of(config, [snapshot.record for snapshot in kept], kept[-1])
    assert result.steps.tolist() == [0, 10]
    assert not result.complete


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    first, second = (train(SMALL, *teacher()) for _ in range(2))
    other = train(dataclasses.replace(SMALL, seed=1), *teacher())
    assert np.array_equal(first.final.weights, second.final.weights)
    assert np.array_equal(first.log_singular_values, second.log_singular_values)
    assert not np.array_equal(first.final.weights, other.final.weights)


def test_initial_network_has_the_variance_and_the_gates_asked_for():
    config = TrainingConfig(depth=40, width=64, gate_probability=0.25, gain=3.0)
    weights, gates = initial_network(config)
    # Six standard errors: of the variance of 163 840 normals, of the mean of 2496 Bernoullis.
    assert np.var(weights) * 64 == pytest.approx(3, rel=6 * np.sqrt(2 / weights.size))
    assert np.mean(gates) == pytest.approx(0.25, abs=6 * np.sqrt(0.25 * 0.75 / gates.size))


def reference_logs(factors, top):
    """Logs of the `top` largest singular values at 200 digits, from the exact float64 factors."""
    with mpmath.workdps(200):  # restores the precision that it found
        product = mpmath.eye(factors.shape[-1])
        for factor in factors:
            product = mpmath.matrix(factor.tolist()) * product
        gram = mpmath.eigsy(product.T * product, eigvals_only=True)
        return [float(mpmath.log(value) / 2) for value in sorted(gram, reverse=True)[:top]]


@pytest.mark.parametrize("scale", [1.0, 2.0**-60, 2.0**60])
def test_a_recorded_log_is_right_and_one_that_is_not_resolved_is_nan(scale):
    """Steep factors: the product spans 10^-24 … 1 and float64 sees only its upper part."""
    rng = np.random.default_rng(3)
    steep = np.diag(10.0 ** -np.arange(7))
    factors = np.stack([rng.standard_normal((7, 7)) @ steep for _ in range(4)]) * scale
    logs = resolved_log_singular_values(factors, 7)
    resolved = np.isfinite(logs)
    assert resolved.tolist() == sorted(resolved.tolist(), reverse=True)
    assert 2 <= resolved.sum() < 7
    truth = np.array(reference_logs(factors, 7))
    assert np.max(np.abs(logs - truth)[resolved]) <= LOG_RESOLUTION


@pytest.mark.parametrize(
    ("exponent", "recorded"), [(-600, 0), (-300, 0), (-250, 1), (-240, 3), (250, 3), (300, 0)]
)
def test_underflow_and_overflow_of_the_product_are_not_recorded(exponent, recorded):
    factors = np.random.default_rng(6).standard_normal((4, 3, 3)) * 2.0**exponent
    logs = resolved_log_singular_values(factors, 3)
    resolved = np.isfinite(logs)
    assert resolved.sum() == recorded
    truth = np.array(reference_logs(factors, 3))
    assert np.all(np.abs(logs - truth)[resolved] <= LOG_RESOLUTION)


def test_zero_singular_values_are_never_recorded_as_noise():
    rng = np.random.default_rng(4)
    factors = rng.standard_normal((5, 6, 6))
    factors[2, 2:] = 0.0  # rank 2 from here on
    logs = resolved_log_singular_values(factors, 6)
    assert np.isfinite(logs).tolist() == [True, True, False, False, False, False]
    assert np.isnan(resolved_log_singular_values(np.zeros((3, 2, 2)), 2)).all()


def test_depth_one_and_width_one_are_ordinary():
    config = TrainingConfig(depth=1, width=1, top=1, steps=200, record_every=50, seed=3)
    result = train(config, [[1.0], [2.0]], [[3.0], [6.0]])
    assert result.final.factors.item() == pytest.approx(3, rel=1e-12)
    assert result.log_singular_values[-1] == pytest.approx([np.log(3)], rel=1e-12)


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("depth", 0, "depth 0: expected an integer of at least 1"),
        ("width", 2.5, "width 2.5: expected an integer"),
        ("steps", True, "steps True: expected an integer"),
        ("record_every", -1, "record_every -1"),
        ("seed", -1, "seed -1: expected an integer of at least 0"),
        ("top", 65, "top 65: expected an integer from 1 to 64"),
        ("gain", 0.0, "gain 0.0: expected a positive number"),
        ("gain", "1", "gain '1': expected a positive number"),
        ("learning_rate", float("nan"), "learning_rate nan"),
        ("gate_probability", 1.5, "gate_probability 1.5: expected a probability"),
    ],
)
def test_a_bad_configuration_is_refused(option, value, message):
    with pytest.raises(InputError, match=message):
        TrainingConfig(**{option: value})


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (np.ones((3, 7)), np.ones((3, 8)), r"inputs have shape \(3, 7\): expected \(P, 8\)"),
        (np.ones((3, 8)), np.ones(8), r"targets have shape \(8,\)"),
        (np.ones((0, 8)), np.ones((0, 8)), "at least one sample"),
        (np.ones((3, 8)), np.ones((2, 8)), "3 inputs but 2 targets"),
        (np.full((3, 8), np.nan), np.ones((3, 8)), "inputs contain NaN or infinity"),
        ([["a"] * 8], np.ones((1, 8)), "inputs are not numbers"),
    ],
)
def test_bad_samples_are_refused_before_the_first_step(inputs, targets, message):
    with pytest.raises(InputError, match=message):
        descend(SMALL, inputs, targets)


def test_divergence_is_an_error_with_a_remedy_and_no_warning():
    config = dataclasses.replace(SMALL, learning_rate=50.0)
    with pytest.raises(InputError, match=r"learning_rate 50\.0 .*take a smaller learning_rate"):
        train(config, *teacher())


def test_a_dead_layer_is_an_error_with_a_remedy():
    config = TrainingConfig(depth=50, width=2, gate_probability=0.3, top=1)
    with pytest.raises(InputError, match=r"layer \d+ has no open gate with seed 0"):
        initial_network(config)
