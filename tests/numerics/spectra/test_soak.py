"""Hostile exact chains against their characteristic polynomials, by Descartes' rule and without a rounding.

Near ties of unequal radii, rectangles, exact entries, subnormals, entries at 2^±1000, graded factors: every
enclosure contains its own singular value, no engine fails with an error of its own, and what the float64
engine returns has its digits.
"""

import itertools
import os
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_poly

from jacspec.numerics import Chain, InputError, depth_scaling, partial_spectra, spectrum
from jacspec.numerics.spectra.certified import svd
from jacspec.numerics.spectra.engines import float64
from jacspec.numerics.support.precision import balls

DIGITS = 30
COUNT = 4000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 60
"""Chains of each kind."""


# --- the truth ----------------------------------------------------------------------------------------


def _polynomial(chain):
    """The characteristic polynomial of J Jᵀ or JᵀJ, exactly, without its zero roots."""
    J = chain.product()
    gram = J * J.transpose() if J.nrows() <= J.ncols() else J.transpose() * J
    coefficients = gram.charpoly().coeffs()
    return fmpq_poly(list(itertools.dropwhile(lambda x: x == 0, coefficients)))


def _roots_above(polynomial, bound, *, or_at):
    """How many roots are above a bound, or at it: all are real, so that Descartes' rule of signs is exact."""
    shifted = polynomial(fmpq_poly([bound, 1])).coeffs()
    signs = [1 if x > 0 else -1 for x in shifted if x != 0]
    at = len(list(itertools.takewhile(lambda x: x == 0, shifted)))
    return sum(a != b for a, b in itertools.pairwise(signs)) + (at if or_at else 0)


def _contains(ball, polynomial, k):
    """Whether a ball of log s_k, k from 1, contains it, up to 2^-500 relative."""
    with balls(700):
        low, high = (2 * ball.lower()).exp().lower(), (2 * ball.upper()).exp().upper()
    below = _roots_above(polynomial, _rational(low), or_at=True) < k
    return not below and _roots_above(polynomial, _rational(high), or_at=False) < k


def _rational(value):
    mantissa, exponent = (int(x) for x in value.man_exp())
    return fmpq(mantissa) * 2**exponent if exponent >= 0 else fmpq(mantissa, 2**-exponent)


# --- the chains ---------------------------------------------------------------------------------------


def near_ties(source):
    """Diagonals of (nearly) one value, moved by powers of two of any size, turned, shuffled, scaled."""
    m, n = source.randint(1, 5), source.randint(1, 5)
    value = source.choice([Fraction(1), Fraction(2), Fraction(1, 3), Fraction(3, 4)])

    def small():
        size = source.choice([5, 20, 60, 90, 100, 110, 130, 200, 400, 1000])
        return Fraction(source.choice([0, 1, 1, -1, 3]), 2**size)

    middle = [[value * (1 + small()) if i == j else Fraction(0) for j in range(n)] for i in range(m)]
    for _ in range(source.randint(0, 3)):
        middle[source.randrange(m)][source.randrange(n)] += small()
    factors = [middle]
    if n > 1 and source.random() < 0.5:
        turn = np.array([[int(i == j) for j in range(n)] for i in range(n)], dtype=object)
        pair = source.sample(range(n), 2)
        c, s = source.choice([(Fraction(3, 5), Fraction(4, 5)), (Fraction(5, 13), Fraction(12, 13)), (0, 1)])
        turn[np.ix_(pair, pair)] = [[c, -s], [s, c]]
        factors.insert(0, turn)
    if source.random() < 0.5:
        factors.append(np.eye(m)[source.sample(range(m), m)])
    return Chain(factors)


def ties_with_exact_values(source):
    """``(I E)`` with E tiny: rows that E leaves alone have their singular value exactly, others in a ball."""
    m = source.randint(2, 5)
    n = m + source.randint(1, 2)
    factor = [[Fraction(int(i == j)) for j in range(n)] for i in range(m)]
    for row in factor:
        if source.random() < 0.6:
            size = source.choice([50, 80, 95, 100, 105, 110, 120, 140, 200, 500])
            row[source.randrange(m, n)] = Fraction(source.choice([1, -1, 3]), 3 * 2**size)
    chain = Chain([factor])
    return chain.transpose() if source.random() < 0.3 else chain


def extremes(source):
    """Subnormals, 2^±1000, ordinary numbers and zeros side by side, in rectangles."""
    widths = [source.randint(1, 4) for _ in range(source.randint(2, 5))]

    def entry():
        size = source.choice([0.0, 5e-324, 2.0**-1060, 2.0**-1000, 2.0**1000, 1.0, 0.5, source.gauss(0, 1)])
        return source.choice([1, -1, 1.5]) * size

    return Chain(
        [[entry() for _ in range(columns)] for _ in range(rows)]
        for columns, rows in itertools.pairwise(widths)
    )


def beyond_float64(source):
    """Integers times 2^±3000: rationals that float64 cannot hold."""
    size = source.randint(2, 4)

    def entry():
        return source.randint(-9, 9) * Fraction(2) ** source.choice([0, 0, 1000, -1000, -2000, 3000])

    return Chain([[entry() for _ in range(size)] for _ in range(size)] for _ in range(source.randint(1, 3)))


def graded(source, *scales):
    """N(0, 1)·2^±e."""
    size, e = source.randint(1, 4), source.choice(scales or (5, 20, 60, 100, 300))
    return Chain(
        [[source.gauss(0, 1) * 2.0 ** source.choice([-e, e]) for _ in range(size)] for _ in range(size)]
        for _ in range(source.randint(1, 4))
    )


KINDS = (near_ties, ties_with_exact_values, extremes, beyond_float64, graded)


def _chains(kind, count, *arguments):
    for seed in range(count):
        source = random.Random(f"{kind.__name__} {seed}")  # noqa: S311 -- examples, not secrets
        yield seed, kind(source, *arguments)


# --- the certified engine -----------------------------------------------------------------------------


def _check(found, polynomial, label):
    assert found.rank == polynomial.degree(), label
    assert not found.shortfall, label
    for k, ball in enumerate(found.enclosures[: found.rank], 1):
        assert _contains(ball, polynomial, k), (label, k)
        assert ball.rad() <= arb(10) ** -DIGITS, (label, k)


@pytest.mark.parametrize("kind", KINDS)
def test_every_enclosure_contains_its_own_singular_value(kind):
    for seed, chain in _chains(kind, COUNT):
        _check(spectrum(chain, digits=DIGITS, vectors=seed % 2 == 0), _polynomial(chain), seed)


@pytest.mark.parametrize("kind", KINDS)
def test_every_partial_product_has_its_own_singular_values(kind):
    for seed, chain in _chains(kind, COUNT // 4):
        found = partial_spectra(chain, digits=DIGITS)
        for layer in range(1, chain.depth + 1):
            _check(found.left[layer - 1], _polynomial(chain.left_partial(layer)), (seed, layer))
            _check(found.right[layer], _polynomial(chain.right_partial(layer + 1)), (seed, layer))


@pytest.mark.parametrize("power", [100, 200, 400])
def test_a_near_tie_beside_an_exact_value(power, monkeypatch):
    """s = √(1 + 4^-power), 1: the one in a ball, the other exactly known, and not the larger."""
    chain = Chain([[[1, 0, 0], [0, 1, Fraction(1, 2**power)]]])
    apart = spectrum(chain)
    monkeypatch.setattr(svd, "WIDEST", 0)  # the engine of wide chains
    together = spectrum(chain)
    assert together.clusters == ((0, 1),)
    for found in (together, apart):
        with balls(4 * power):
            assert found.enclosures[0].contains((1 + arb(2) ** (-2 * power)).log() / 2)
            assert found.enclosures[1].contains(0)


def test_the_truth_tells_a_ball_from_its_neighbours():
    """The check can fail: it refuses the balls of the wrong value, and balls beside the right one."""
    polynomial = _polynomial(Chain([np.diag([4.0, 2.0, 2.0])]))
    log2 = arb.const_log2()
    truth = [[_contains(value, polynomial, k) for k in (1, 2, 3)] for value in (2 * log2, log2, arb(1, 0.1))]
    assert truth == [[True, False, False], [False, True, True], [False, False, False]]


# --- the others ---------------------------------------------------------------------------------------


def _check_digits(found, polynomial, digits, label):
    assert found.rank == polynomial.degree(), label
    for k, log in enumerate(found.log_singular_values[: found.rank].tolist(), 1):
        assert _contains(arb(log, arb(10) ** -digits), polynomial, k), (label, k, log)


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_engine_has_its_digits(kind):
    for seed, chain in _chains(kind, COUNT // 2):
        _check_digits(spectrum(chain, digits=10, engine="mpmath"), _polynomial(chain), 10, seed)


@pytest.mark.parametrize("kind", KINDS)
def test_the_float64_engine_has_its_digits_or_refuses(kind):
    answers = 0
    for seed, chain in _chains(kind, COUNT):
        try:
            found = spectrum(chain, engine="float64")
        except InputError:  # beyond float64's range
            continue
        answers += 1
        _check_digits(found, _polynomial(chain), 10, seed)
    assert answers > (COUNT / 2 if kind in (near_ties, ties_with_exact_values, graded) else 0)


@pytest.mark.parametrize(
    ("e", "engines"),
    [
        (0, {"float64"}),
        (5, {"float64"}),
        (10, {"float64", "certified"}),
        (20, {"float64", "certified"}),
        (60, {"float64", "certified"}),
        (100, {"float64", "certified"}),
    ],
)
def test_ten_digits_of_float64_at_any_spread(e, engines):
    """N(0, 1)·2^±e: where the entries span too much for float64, the certified engine takes over."""
    used = set()
    for seed, chain in _chains(graded, COUNT // 2, e):
        polynomial, found = _polynomial(chain), spectrum(chain, engine="float64")
        used.add(found.engine)
        _check_digits(found, polynomial, 10, seed)
        _check_digits(partial_spectra(chain, engine="float64").whole, polynomial, 10, seed)
    assert used == engines


SINGULAR = [
    [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
    [[1.0, 1.0], [1.0, 1.0]],
    [[3.0, 1e16], [3e-16, 1.0]],  # singular but for its rounding
    [[1.0, 1.0], [1.0, 1.0 + 2.0**-52]],
    [["1/3", "2/3"], [1, 2]],
]


@pytest.mark.parametrize("depth", [1, 25])
@pytest.mark.parametrize("singular", SINGULAR)
def test_no_singular_factor_is_taken_for_regular(singular, depth):
    width = len(singular)
    factors = [*Chain.gaussian(depth=depth, width=width, seed=3).factors, singular]
    for chain in (Chain(factors), Chain(factors[::-1])):
        assert spectrum(chain, engine="float64").rank == chain.product().rank()


def test_the_rank_of_regular_factors_is_known_from_their_triangles(monkeypatch):
    monkeypatch.setattr(float64, "rank_of", None)
    for chain in (
        Chain.gaussian(depth=200, width=5, seed=0),
        Chain([np.triu(factor) + np.eye(5) for factor in Chain.gaussian(depth=30, width=5, seed=1).factors]),
    ):
        found = spectrum(chain, engine="float64")
        assert (found.engine, found.rank) == ("float64", 5)


def test_a_nearly_singular_factor_has_its_ten_digits():
    """A Hilbert matrix, whose least singular value plain float64 gets wrong in the seventh digit."""
    chain = Chain([[[Fraction(1, i + j + 1) for j in range(7)] for i in range(7)]] * 3)
    found = spectrum(chain, engine="float64")
    _check_digits(found, _polynomial(chain), 10, "Hilbert")
    assert found.engine == "certified"
    few = spectrum(chain, engine="float64", digits=4)
    assert few.engine == "float64"  # as good as that it is
    _check_digits(few, _polynomial(chain), 4, "Hilbert")
    assert depth_scaling(chain).engine == "certified"
