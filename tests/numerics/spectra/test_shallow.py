"""Chains of few factors, multiplied out: right to the digits asked, the rank exact, or nothing said."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from jacspec.numerics import Chain, rank, spectrum
from jacspec.numerics.spectra.compute import spectrum_of_each
from jacspec.numerics.spectra.engines.shallow import shallow

TURN = np.array([[0.6, 0.8], [-0.8, 0.6]])
RAISED = np.diag([1.0, 1e14]) @ TURN.T * 1e120
ENSEMBLES = (Chain.gaussian, Chain.masked, Chain.fgln, Chain.haar, Chain.balanced)


def logs_of(chain, digits=10):
    return shallow([chain], digits)[0].logs


@pytest.mark.parametrize("digits", [8, 11, 13])
@pytest.mark.parametrize("make", ENSEMBLES)
def test_what_is_said_is_right_to_the_digits_asked(make, digits):
    said = 0
    for depth, width in ((1, 5), (2, 16), (4, 8), (8, 3), (16, 6)):
        chains = [make(depth=depth, width=width, seed=seed) for seed in range(6)]
        for chain, (found_rank, logs) in zip(chains, shallow(chains, digits), strict=True):
            if logs is not None:
                exact = spectrum(chain, digits=20)
                assert len(logs) == found_rank == exact.rank
                assert np.abs(logs - exact.log_singular_values[: len(logs)]).max(initial=0.0) <= 10.0**-digits
                said += 1
    assert said > 10 or digits == 13


@given(st.integers(1, 4), st.integers(1, 4), st.data())
@settings(max_examples=200)
def test_the_rank_is_exact_or_nothing_is_said(depth, width, data):
    entry = st.sampled_from([0, 0, 1, 1, -1, 2, 3, 2.0**-30, 1 + 2.0**-52])
    factor = st.lists(st.lists(entry, min_size=width, max_size=width), min_size=width, max_size=width)
    chain = Chain([np.array(data.draw(factor), dtype=float) for _ in range(depth)])
    for digits in (10, -20):  # also where anything is near enough
        found_rank, logs = shallow([chain], digits)[0]
        assert found_rank in (None, chain.product().rank())
        assert logs is None or len(logs) == found_rank


@pytest.mark.parametrize(
    "factors",
    [
        [[[1.0, 2.0], [2.0, 4.0]]],
        [[[1.0, 1.0], [1.0, 1.0 + 2.0**-52]]],
        [[[0.1, 0.2], [0.3, 0.6]]],  # singular but for what its entries are rounded to
        [np.diag([1.0, 1e-20]), [[1.0, 1.0], [-1.0, 1.0]]],
        [np.diag([1e150, 1.0]), np.diag([1e-150, 1.0]), [[1.0, 2.0], [3.0, 4.0]]],
        [np.full((2, 2), 1e200), np.eye(2) * 1e200],
        [np.eye(2) * 1e-200, np.eye(2) * 1e-200],
        [
            TURN @ np.diag([1, 1e-14]) @ TURN,
            RAISED * 1e-120,
        ],  # well conditioned, but half way a value is lost
        # What is lost of a small singular value, the norm of 1e-200 on the way would hide.
        [np.eye(2) * 1e-100, np.eye(2) * 0.3e-100, TURN @ np.diag([1, 1e-14]) @ TURN, RAISED],
    ],
)
def test_of_chains_beyond_the_plain_product_nothing_is_said(factors):
    chain = Chain(factors)
    assert logs_of(chain) is None
    exact, found = spectrum(chain), spectrum(chain, engine="float64")
    assert found.rank == exact.rank == rank(chain)
    known = exact.log_singular_values[: exact.rank]
    np.testing.assert_allclose(found.log_singular_values[: exact.rank], known, rtol=0, atol=1e-10)


def test_what_nothing_reaches_does_not_count():
    found = shallow([Chain([[[3.0, 4.0], [0.0, 0.0]], [[1.0, 2.0], [2.0, 1.0]]])], 10)[0]
    assert found.rank == 1
    assert found.logs == pytest.approx([np.log(125) / 2], abs=1e-10)


def test_a_chain_has_one_spectrum_whatever_stands_beside_it():
    rng = np.random.default_rng(0)
    shapes = [(3, 2), (5, 3), (4, 5)]
    chains = [Chain([rng.normal(size=shape) for shape in shapes]) for _ in range(3)]
    chains += [make(depth=depth, width=4, seed=0) for depth in (3, 40) for make in ENSEMBLES]
    chains += [Chain([[["1/3", 2], [1, 1]]]), Chain([np.zeros((2, 3))]), Chain([np.eye(70)])]
    together = spectrum_of_each(chains, engine="float64")
    assert together == [spectrum(chain, engine="float64") for chain in chains]
    assert [each.depth for each in together] == [chain.depth for chain in chains]
