"""Spectra of all partial products: against a spectrum of each, closed forms, and counted operations."""

import math

import numpy as np
import pytest
from flint import arb

from jacspec.numerics import Chain, InputError, partial_spectra, spectrum
from jacspec.numerics.products.graded import Sweep
from jacspec.numerics.products.graded_prefixes import graded_prefixes
from jacspec.numerics.products.tree import BLOCK, prefix_products
from jacspec.numerics.spectra.rank import prefix_ranks, rank
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import balls


def layers(chain):
    return range(1, chain.depth + 2)


def rectangular():
    rng = np.random.default_rng(0)
    return Chain([rng.normal(size=shape) for shape in [(4, 3), (5, 4), (2, 5), (6, 2)]])


CHAINS = {
    "deep": lambda: Chain.gaussian(depth=40, width=6, seed=0),
    "gated": lambda: Chain.masked(depth=12, width=7, seed=1, p=0.7),
    "rectangular": rectangular,
    "one factor": lambda: Chain([[[1, 2], [3, 4], [5, 6]]]),
    "rational": lambda: Chain([[["1/3", "2/7"], [0, "5/9"]]] * 5),
    "a zero factor": lambda: Chain([np.eye(3), np.diag([1.0, 2.0, 0]), np.zeros((3, 3)), np.ones((3, 3))]),
}
chains = pytest.mark.parametrize("chain", [make() for make in CHAINS.values()], ids=list(CHAINS))


# --- values --------------------------------------------------------------------------------------


@chains
@pytest.mark.parametrize("engine", ["float64", "certified"])
def test_every_partial_product_has_the_spectrum_of_its_own_chain(chain, engine):
    found = partial_spectra(chain, engine=engine)
    digits, tolerance = (10, 1e-11) if engine == "float64" else (20, 1e-15)
    assert len(found.left) == len(found.right) == chain.depth + 1
    for layer in layers(chain):
        for part, alone in (
            (found.left[layer - 1], chain.left_partial(layer)),
            (found.right[layer - 1], chain.right_partial(layer)),
        ):
            truth = spectrum(alone, digits=30)
            assert (part.shape, part.rank) == (truth.shape, truth.rank)
            finite = slice(0, truth.rank)
            error = part.log_singular_values[finite] - truth.log_singular_values[finite]
            assert np.abs(error).max(initial=0) <= tolerance * max(1.0, part.depth)
            assert np.isneginf(part.log_singular_values[truth.rank :]).all()
            if engine == "certified":
                for mine, ball in zip(part.enclosures[finite], truth.enclosures[finite], strict=True):
                    assert mine.overlaps(ball)
                    assert mine.rad() < arb(10) ** -digits


def test_certified_vectors_are_those_of_each_product():
    """``A v = s u`` in balls, for every left and right partial product."""
    chain = Chain.gaussian(depth=6, width=4, seed=3)
    found = partial_spectra(chain, digits=25, vectors=True)
    with balls(300):
        for layer in layers(chain)[1:-1]:
            for part, alone in (
                (found.left[layer - 1], chain.left_partial(layer)),
                (found.right[layer - 1], chain.right_partial(layer)),
            ):
                image = alone.product() * part.right_enclosures
                for k, log in enumerate(part.enclosures):
                    for row in range(4):
                        difference = image[row, k] - log.exp() * part.left_enclosures[row, k]
                        assert difference.contains(0)
                        assert difference.rad() < arb(10) ** -22


def test_the_empty_products_are_identities():
    found = partial_spectra(rectangular())
    assert found.left[-1].shape == (6, 6)
    assert found.right[0].shape == (3, 3)
    for part in (found.left[-1], found.right[0]):
        assert all(ball.is_zero() for ball in part.enclosures)


def test_enclosures_contain_the_exact_values():
    chain = Chain.gaussian(depth=5, width=3, seed=2)
    found = partial_spectra(chain)
    with balls(400):
        for layer in layers(chain):
            truth = singular_values(chain.left_partial(layer).product())
            for ball, value in zip(found.left[layer - 1].enclosures, truth, strict=True):
                assert ball.overlaps(value.log())


def test_repeated_values_and_numbers_beyond_float64_are_ordinary_input():
    chain = Chain([np.diag([2.0, 2.0, 1.0]), [["1", "0", "0"], ["0", "1", "0"], ["0", "0", f"1/{10**400}"]]])
    found = partial_spectra(chain, digits=20)
    assert found.whole.log_singular_values[2] == pytest.approx(-400 * math.log(10))
    assert found.right[1].log_singular_values == pytest.approx([math.log(2), math.log(2), 0])
    for function in (partial_spectra, spectrum):
        with pytest.raises(InputError, match="beyond float64's range"):
            function(chain, engine="float64")


@chains
def test_ranks_of_prefixes_are_exact(chain):
    assert prefix_ranks(chain) == [rank(chain.right_partial(layer)) for layer in layers(chain)[1:]]


# --- cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 8, 13, 64, 65, 200])
def test_all_prefixes_take_a_few_products_for_each_factor(size):
    class Word:
        """A product as the factors it is made of, and how many products it lies behind."""

        products = 0

        def __init__(self, letters, depth=0):
            self.letters, self.depth = letters, depth

        def __mul__(self, other):
            Word.products += 1
            return Word(self.letters + other.letters, 1 + max(self.depth, other.depth))

    found = list(prefix_products([Word((k,)) for k in range(size)], 64))
    assert [word.letters for word in found] == [tuple(range(k, -1, -1)) for k in range(size)]
    assert Word.products < (2 if size <= BLOCK else 3) * size
    assert max(word.depth for word in found) <= 2 * math.log2(min(size, BLOCK)) + 1 + size // BLOCK


@pytest.mark.parametrize("depth", [50, 200])
def test_one_sweep_in_each_direction_serves_all_prefixes(monkeypatch, depth):
    steps = []
    apply = Sweep.apply
    monkeypatch.setattr(Sweep, "apply", lambda self, factor: (steps.append(1), apply(self, factor))[1])
    chain = Chain.gaussian(depth=depth, width=3, seed=0)
    graded_prefixes(chain.factors, [3] * depth)
    assert len(steps) == depth  # the first pass factorises products of several factors


# --- results and refusals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"engine": "mpmath"}, "expected one of certified, float64"),
        ({"engine": "float64", "digits": 11}, "expected an integer from 1 to 10"),
        ({"engine": "float64", "vectors": True}, "ask the certified engine for vectors"),
        ({"digits": 0}, "expected an integer from 1 to 4000"),
    ],
)
def test_bad_requests_are_refused(options, expected):
    with pytest.raises(InputError, match=expected):
        partial_spectra(Chain([np.eye(2)] * 2), **options)
