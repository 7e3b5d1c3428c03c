"""The exact rank, against rational elimination on the exact product."""

import itertools
from time import perf_counter

import flint
import numpy as np
import pytest
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, rank
from jacspec.numerics.spectra.rank import _SMALL_PRIMES, without_zeros


@st.composite
def sparse_chains(draw):
    """Small integer chains with many zeros: dead coordinates and hidden rank loss are common."""
    widths = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    entry = st.sampled_from([0, 0, 0, 1, -1, 2])
    return Chain(
        [
            [[draw(entry) for _ in range(columns)] for _ in range(rows)]
            for columns, rows in itertools.pairwise(widths)
        ]
    )


@given(sparse_chains())
def test_the_rank_is_that_of_the_exact_product(chain):
    assert rank(chain) == chain.product().rank()


@given(sparse_chains())
def test_removing_dead_coordinates_keeps_the_product(chain):
    """Alive rows and columns of J are kept exactly; all others are zero."""
    left = without_zeros(chain)
    J = np.array([[int(x.p) for x in row] for row in chain.product().tolist()])
    if left is None:
        assert not J.any()
        return
    inner = Chain(left.factors).product()
    assert [[int(x.p) for x in row] for row in inner.tolist()] == J[left.rows][:, left.columns].tolist()
    assert not J[~left.rows].any()
    assert not J[:, ~left.columns].any()


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ([np.eye(3)], 3),
        ([np.zeros((2, 3))], 0),
        ([np.ones((4, 4))], 1),
        ([np.ones((2, 5)), np.ones((5, 2))], 1),
        ([np.diag([1, 0]), np.diag([0, 1])], 0),  # dead coordinates only
        ([[[1], [1]], [[1, -1]]], 0),  # no zero entry, and yet the product is zero
        ([np.diag([1e300, 1e-300])], 2),  # numerically singular, exactly not
        ([[["1/3", "1"], ["1", "3"]]], 1),  # singular in rationals, not in floats
        ([[[0.1, 0.3], [1, 3]]], 2),  # three times the float 0.1 is not the float 0.3
    ],
)
def test_ranks_that_are_known(factors, expected):
    assert rank(Chain(factors)) == expected


def test_a_multiple_of_the_first_prime_does_not_deceive():
    prime = 2**62 - 57
    assert rank(Chain([[[prime, 0], [0, 1]]])) == 2
    assert rank(Chain([[[prime, 1], [0, 1]], [[1, 0], [prime, prime**2]]])) == 2


def test_a_gated_chain_has_the_rank_of_its_narrowest_layer():
    factors = Chain.fgln(depth=10, width=16, seed=3).factors
    assert rank(Chain(factors)) == min(int((f != 0).any(axis=1).sum()) for f in factors)


@pytest.mark.parametrize(
    "chain",
    [
        Chain.gaussian(depth=2000, width=8, seed=0),
        Chain.gaussian(depth=10, width=64, seed=0),
        Chain.fgln(depth=10, width=64, seed=0),
    ],
    ids=("deep", "wide", "gated"),
)
def test_the_rank_is_cheap(chain):
    """A fraction of a second here; the bound only guards against computing the exact product's rank."""
    start = perf_counter()
    assert rank(chain) == (8 if chain.depth == 2000 else rank(chain.transpose()))
    assert perf_counter() - start < 10


def test_multiples_of_the_small_primes_do_not_deceive_either():
    both = float((2**20 - 3) * (2**20 - 5))
    assert rank(Chain([np.diag([both, 1.0])])) == 2
    assert rank(Chain([np.array([[both, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [both, both]])])) == 2


@pytest.mark.parametrize("seed", range(20))
def test_ranks_of_floats_of_every_magnitude_are_those_of_the_exact_product(seed):
    rng = np.random.default_rng(seed)
    factors = [np.ldexp(rng.integers(-3, 4, (3, 3)), rng.integers(-900, 900, (3, 3))) for _ in range(3)]
    chain = Chain(factors)
    assert rank(chain) == chain.product().numer_denom()[0].rank()


def test_small_primes_are_primes_and_small_enough_for_float64():
    for widest, primes in _SMALL_PRIMES.items():
        for prime in primes:
            assert flint.fmpz(prime).is_prime()
            assert widest * (2 * prime) ** 2 <= 2**53


@pytest.mark.parametrize("width", [2**11 + 1, 2**13 + 1])
def test_wide_chains_are_ranked_in_float64_too(width, monkeypatch):
    """A convolution on 64×64 has factors of 4096×4096, of which exact integers took minutes."""
    monkeypatch.setattr("jacspec.numerics.spectra.rank.as_exact", None)
    rng = np.random.default_rng(0)
    inner, outer = rng.normal(size=(3, width)), rng.normal(size=(width, 3))
    assert rank(Chain([inner.T, inner, outer])) == 3
