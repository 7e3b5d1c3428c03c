"""Random chains: reproducible, with the law and the structure that their names promise."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError
from jacspec.numerics.chains.ensembles import ENSEMBLES, gates

SIZE = {"depth": 4, "width": 5}


# --- every ensemble ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENSEMBLES)
def test_a_seed_determines_the_chain(name):
    make = getattr(Chain, name)
    assert make(**SIZE, seed=3) == make(**SIZE, seed=3)
    assert make(**SIZE, seed=3) != make(**SIZE, seed=4)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_chain_and_module_agree_in_size_and_value(name):
    chain = getattr(Chain, name)(**SIZE, seed=3)
    assert chain == Chain(ENSEMBLES[name](**SIZE, seed=3))
    assert (chain.depth, chain.shape, chain.is_dyadic) == (4, (5, 5), True)


# --- structure ---------------------------------------------------------------------------------


def test_haar_factors_are_orthogonal_to_rounding():
    for Q in Chain.haar(depth=3, width=20, seed=0).factors:
        assert np.abs(Q.T @ Q - np.eye(20)).max() < 20 * np.finfo(float).eps


def test_balanced_factors_are_balanced_to_rounding():
    factors = Chain.balanced(depth=5, width=8, seed=0).factors
    for earlier, later in itertools.pairwise(factors):
        assert np.abs(later.T @ later - earlier @ earlier.T).max() < 1e-14
        assert np.abs(later.T @ later - np.eye(8)).max() > 0.1  # and not by being orthogonal


def test_masked_factors_have_rows_of_zeros_only_where_a_gate_is_closed():
    for factor in Chain.masked(depth=10, width=12, seed=0, p=0.5).factors:
        closed = (factor == 0).all(axis=1)
        assert not (factor[~closed] == 0).any()
        assert 0 < (~closed).sum() < 12


def test_fgln_gates_are_shared_by_neighbours_and_open_at_the_ends():
    factors = Chain.fgln(depth=6, width=12, seed=0, p=0.5).factors
    assert not (factors[0] == 0).all(axis=0).any()
    assert not (factors[-1] == 0).all(axis=1).any()
    for earlier, later in itertools.pairwise(factors):
        closed = (earlier == 0).all(axis=1)
        assert closed.any()
        assert np.array_equal(closed, (later == 0).all(axis=0))


def test_open_gates_make_a_deep_linear_network():
    for name in ("masked", "fgln"):
        assert not any((factor == 0).any() for factor in getattr(Chain, name)(**SIZE, seed=0, p=1).factors)


# --- laws --------------------------------------------------------------------------------------


def test_gaussian_entries_have_the_variance():
    """20 000 entries: the sample variance is within 6 standard deviations, √(2/20000) = 1 %."""
    for variance, expected in ((None, 1 / 100), (4.0, 4.0)):
        entries = np.stack(Chain.gaussian(depth=2, width=100, seed=0, variance=variance).factors)
        assert abs(entries.var() / expected - 1) < 0.06
        assert abs(entries.mean()) < 6 * math.sqrt(expected / entries.size)


@pytest.mark.parametrize(("width", "p", "least"), [(3, 0.5, 1), (4, 0.2, 2), (3, 0.6, 0)])
def test_gates_follow_the_conditional_law(width, p, least):
    """Every one of the 2^n patterns against its exact conditional probability, within 6 σ of 20 000 draws."""
    rng, draws = np.random.default_rng(0), 20_000
    seen = [tuple(gates(rng, width, p, least).astype(int)) for _ in range(draws)]
    patterns = [tuple((k >> bit) & 1 for bit in range(width)) for k in range(2**width)]
    weights = {t: p ** sum(t) * (1 - p) ** (width - sum(t)) for t in patterns if sum(t) >= least}
    total = sum(weights.values())
    assert set(seen) <= set(weights)
    for pattern, weight in weights.items():
        q = weight / total
        assert abs(seen.count(pattern) / draws - q) < 6 * math.sqrt(q * (1 - q) / draws)


@given(
    width=st.integers(1, 30),
    p=st.floats(1e-12, 1),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32),
)
def test_gates_are_drawn_however_unlikely_the_condition(width, p, share, seed):
    least = round(share * width)
    gate = gates(np.random.default_rng(seed), width, p, least)
    assert set(gate) <= {0.0, 1.0}
    assert gate.sum() >= least


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0, -0.1, 1.1, float("nan")])
def test_probabilities_are_checked(p):
    with pytest.raises(InputError, match=rf"p {p!r}: expected a probability .* such as 0\.5"):
        Chain.masked(**SIZE, seed=0, p=p)


@pytest.mark.parametrize("variance", [0, -1.0, float("inf"), float("nan")])
def test_variances_are_checked(variance):
    with pytest.raises(InputError, match=r"variance .*: expected a positive number, such as 0\.2"):
        Chain.gaussian(**SIZE, seed=0, variance=variance)


def test_spreads_are_checked():
    with pytest.raises(InputError, match="spread 0: expected a positive number"):
        Chain.balanced(**SIZE, seed=0, spread=0)
