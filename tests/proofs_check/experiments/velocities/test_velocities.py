"""The velocities experiment, small: against exact chains, difference quotients, and what balance gives."""

import dataclasses
import json
import math

import numpy as np
import pytest

from jacspec.numerics import Chain, gradient_flow, spectrum, velocities
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_exact, as_factor
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.experiments.frame.digits import load_digits
from jacspec.proofs_check.experiments.training import (
    SquaredLoss,
    TrainingConfig,
    absorb,
    descend,
    initial_network,
    weight_gradients,
)
from jacspec.proofs_check.experiments.velocities import experiment as experiment
from jacspec.proofs_check.experiments.velocities.fits import Fits, fits, relative_errors, spectral_rates
from jacspec.proofs_check.experiments.velocities.measures import AtDepth, at_depth, at_step, random_flows
from jacspec.proofs_check.experiments.velocities.points import closed_form, float64_velocities
from jacspec.proofs_check.interpretation import evaluate
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.theory.notation.symbols import k
from jacspec.theory.results.dynamics import deep_linear, general

TRAINING = TrainingConfig(depth=2, gate_probability=0.3, steps=50, top=10)
SMALL = {"depths": (3, 5), "chains": 2, "training": TRAINING, "records": 2}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same small run twice, into different directories."""
    return [experiment.run(tmp_path_factory.mktemp(name), seed=4, **SMALL) for name in ("first", "second")]


def read(report):
    arrays, text = report.files[:2]
    with np.load(arrays) as data:
        return dict(data), json.loads(text.read_text())


def test_the_registry_names_it():
    assert EXPERIMENTS["velocities"] is experiment.run


def theory_on_exact_chain(derivation, chain, gradient):
    """A derivation's result on the chain in exact arithmetic: no float64 and no spectral engine enters."""
    exact = as_exact(as_factor(gradient, "G"))
    with balls(300):
        point = ChainPoint(chain, gradient_flow(chain, exact), 1, exact)
        values = [evaluate(derivation.result.after, point, {k: mode}) for mode in (1, 2, 3)]
        return np.array([float((value if hasattr(value, "mid") else value[0, 0]).mid()) for value in values])


def test_the_quotients_are_the_theorys_on_exact_chains(runs):
    arrays, _ = read(runs[0])
    assert arrays["depths"].tolist() == [3, 5]
    for row, depth in enumerate((3, 5)):
        for column, (chain, gradient) in zip(range(2), random_flows(depth, 4), strict=False):
            exact, decoupled, closed = (
                theory_on_exact_chain(each(), chain, gradient)
                for each in (general.velocity_identity, general.decoupled_velocity, deep_linear.deep_linear)
            )
            assert arrays["decoupled_over_exact"][row, column] == pytest.approx(decoupled / exact, rel=1e-9)
            assert arrays["closed_form_over_exact"][row, column] == pytest.approx(closed / exact, rel=1e-9)
            float64 = arrays["decoupled_over_exact_in_float64"][row, column]
            assert float64 == pytest.approx(decoupled / exact, rel=1e-6)


def test_float64_loses_the_third_mode_of_a_deep_chain():
    found = at_depth(60, 1, seed=0)
    assert abs(found.decoupled[0, 2]) < 1e-18
    assert abs(found.in_float64[0, 2]) > 100 * abs(found.decoupled[0, 2])
    assert found.in_float64[0, 0] == pytest.approx(found.decoupled[0, 0], rel=1e-6)


def test_the_third_mode_of_a_deep_chain_is_decided():
    """At N = 80 the decoupled sum cancels so far that twelve digits of its terms leave nothing of it."""
    chain, gradient = next(random_flows(80, 0))
    certain = velocities(chain, gradient_flow(chain, gradient), digits=60)
    assert min(value.rel_accuracy_bits() for value in certain.decoupled) > 100
    assert at_depth(80, 1, seed=0).decoupled[0] == pytest.approx(certain.ratios, rel=1e-5)


def test_balanced_factors_have_the_closed_form_and_the_decoupled_sum():
    """The derivation deep-linear-dynamics: both are exact where the factors are balanced."""
    chain = Chain.balanced(depth=5, width=4, seed=2)
    gradient = np.random.default_rng(1).standard_normal((4, 4))
    found = velocities(chain, gradient_flow(chain, gradient))
    exact = [float(value.mid()) for value in found.exact]
    # Rounded entries are balanced to about 1e-15 only, which moves vectors by that over the gaps.
    formula = closed_form(spectrum(chain, vectors=True), gradient)
    assert [float(value.mid()) for value in formula] == pytest.approx(exact, rel=1e-10)
    for values in float64_velocities(chain, gradient):
        assert values == pytest.approx(exact, rel=1e-9)


def test_velocities_in_training_are_difference_quotients(runs):
    """Of log s_k along the gradient, at step 0; by NumPy alone."""
    arrays, _ = read(runs[0])
    config = dataclasses.replace(TRAINING, seed=4)
    weights, gates = initial_network(config)
    slope = weight_gradients(weights, gates, SquaredLoss.of(*load_digits(64)))
    step = 1e-3
    later, earlier = (
        np.linalg.svd(np.linalg.multi_dot(list(absorb(weights + sign * step * slope, gates))[::-1]))[1]
        for sign in (-1, 1)
    )
    quotient = (np.log(later) - np.log(earlier))[:10] / (2 * step)
    assert arrays["training_exact"][0] == pytest.approx(quotient, rel=1e-4, abs=1e-8)
    assert arrays["training_log_singular_values"][0] == pytest.approx(
        np.log(later * earlier)[:10] / 2, abs=1e-5
    )


def test_training_is_measured_at_the_steps_asked_for(runs):
    arrays, written = read(runs[0])
    assert arrays["steps"].tolist() == [0, 50]
    assert arrays["training_decoupled"].shape == (2, 10)
    assert list(written["summary"]["training"]) == ["0", "50"]
    assert (
        (arrays["mode_alignment"] >= 0) & (arrays["mode_alignment"] <= arrays["subspace_alignment"])
    ).all()
    assert (arrays["subspace_alignment"] <= 1).all()


def test_one_layer_is_predicted_without_error():
    """N = 1: both predictions are -⟨G, u_k v_kᵀ⟩, and there is nothing to align."""
    config = TrainingConfig(depth=1, steps=1, top=10)
    inputs, targets = load_digits(64)
    snapshot = next(iter(descend(config, inputs, targets)))
    gradient = SquaredLoss.of(inputs, targets).gradient(snapshot.weights[0])
    with np.errstate(invalid="raise"):
        errors = relative_errors(at_step(snapshot, gradient, 10))
    assert errors == pytest.approx((0, 0), abs=1e-10)


def made_up(depth, decoupled, closed, in_float64):
    return AtDepth(depth, *(np.array([row, row]) for row in (decoupled, closed, in_float64)))


def test_fits_find_the_laws_that_data_were_made_of():
    data = []
    for depth in (10, 20, 40, 80):
        quotients = [1 + depth**-1.5, math.exp(-depth / 3), 7 * math.exp(-depth)]
        lost = [*quotients[:2], max(quotients[2], 1e-16)]
        data.append(made_up(depth, quotients, [3 / depth, 1, 1], lost))
    found = fits(data)
    assert isinstance(found, Fits)
    assert [fit.slope for fit in found.rates] == pytest.approx([-1 / 3, -1])
    assert (found.top_power.slope, found.closed_power.slope) == pytest.approx((-1.5, -1))
    assert all(fit.deviation < 1e-9 for fit in (*found.rates, found.top_power, found.closed_power))
    assert found.float64_lost == (None, None, 40)
    assert fits(data[:1]) is None


def test_the_spectral_rates_are_newmans():
    """γ_k - γ_1 at n = 3: ½ψ(1) - ½ψ(3/2) = log 2 - 1 and ½ψ(½) - ½ψ(3/2) = -1."""
    assert spectral_rates() == pytest.approx((math.log(2) - 1, -1))


def test_the_same_seed_writes_the_same_bytes(runs):
    first, second = runs
    for one, other in zip(first.files, second.files, strict=True):
        if one.suffix != ".json":
            assert one.read_bytes() == other.read_bytes(), one.name
    assert [file.name for file in first.files] == [
        "velocities.npz", "velocities.json", "velocities.svg", "velocities.png"
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "depths", "steps"), [("at_depth", [3], []), ("at_step", [3, 5], [0])])
def test_an_interrupt_leaves_what_there_is(tmp_path, monkeypatch, name, depths, steps):
    real, calls = getattr(experiment, name), []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(experiment, name, interrupted)
    report = experiment.run(tmp_path, **SMALL)
    arrays, _ = read(report)
    assert not report.complete
    assert "interrupted at part" in str(report)
    assert arrays["depths"].tolist() == depths
    assert arrays["steps"].tolist() == steps
    assert all(file.stat().st_size for file in report.files)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depths": (5,)}, r"depths are \(5,\): expected at least two"),
        ({"depths": (5, 3)}, "rising"),
        ({"chains": 0}, "chains 0: expected an integer of at least 1"),
        ({"records": 1}, "records 1: expected an integer of at least 2"),
    ],
)
def test_bad_options_are_refused_before_any_work(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        experiment.run(tmp_path / "out", **(SMALL | options))
    assert not (tmp_path / "out").exists()
