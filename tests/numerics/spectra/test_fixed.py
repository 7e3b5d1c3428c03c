"""Refinement in fixed point: every operation encloses, and wide chains need nothing else."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.products import tree
from jacspec.numerics.products.residues import FixedPoint, product
from jacspec.numerics.spectra.certified import svd
from jacspec.numerics.spectra.certified.fixed import elimination, matrices, refinement
from jacspec.numerics.spectra.certified.ldr import ZeroPivotError
from jacspec.numerics.support.parallel import thread_pool
from jacspec.numerics.support.precision import balls
from tests.numerics.spectra.test_soak import DIGITS, KINDS, _check, _polynomial

BITS = 300


def matrix(
    rng: np.random.Generator, rows: int, columns: int, *, size: int = 0, radius: int = 0
) -> FixedPoint:
    """Random digits, of numbers of about ``2^size``."""
    digits = rng.integers(-(2**21), 2**21, (6, rows, columns)).astype(np.float64)
    return FixedPoint(digits, 22 * (round(size / 22) - 6), radius)


def contains(found: FixedPoint, truth: arb_mat) -> bool:
    """Whether an enclosure holds an exact matrix."""
    with balls(5000):
        return bool(found.balls().contains(truth))


def exact(X: FixedPoint) -> arb_mat:
    """The midpoints."""
    with balls(5000):
        return FixedPoint(X.digits, X.scale, 0).balls()


@pytest.mark.parametrize("size", [0, -44, 66])
@pytest.mark.parametrize("bits", [20, 100, 400])
def test_what_is_cut_is_in_the_radius(size: int, bits: int) -> None:
    X = matrix(np.random.default_rng(0), 5, 7, size=size, radius=3)
    found = matrices.cut(X, bits)
    assert contains(found, exact(X))
    assert found.scale <= max(-bits + 22, X.scale)
    assert len(found.digits) <= len(X.digits)


@pytest.mark.parametrize("sign", [1, -1])
def test_sums_of_unequal_scales(sign: int) -> None:
    rng = np.random.default_rng(1)
    X, Y = matrix(rng, 4, 4, size=30), matrix(rng, 4, 4, size=-50)
    with balls(5000):
        assert exact(matrices.total(X, Y, sign)) == exact(X) + sign * exact(Y)


def test_a_product_is_as_precise_as_is_asked_for() -> None:
    rng = np.random.default_rng(2)
    X, Y = matrix(rng, 5, 40, size=-22), matrix(rng, 40, 6, size=44)
    found = matrices.times(X, Y, 80)
    with balls(5000):
        assert contains(found, exact(X) * exact(Y))
    assert found.radius * 2.0**found.scale < 2.0**-80


@pytest.mark.parametrize("size", [-22, -44, -110])
def test_the_series_of_the_inverse_holds_its_remainder(size: int) -> None:
    rng = np.random.default_rng(3)
    A, Z = matrix(rng, 6, 8), matrix(rng, 8, 8, size=size)
    found = matrices.times_inverse(A, Z, 150)
    with balls(5000):
        one = arb_mat(np.eye(8).tolist())
        truth = exact(A) * (one + exact(Z)).inv()
        assert contains(found, truth.mid())
    assert found.radius * 2.0**found.scale < 2.0**-145


def test_a_turn_that_is_not_small_is_refused() -> None:
    X = matrix(np.random.default_rng(4), 4, 4)
    with pytest.raises(ArithmeticError, match="too large"):
        matrices.times_inverse(X, X, 100)


def test_balls_and_floats_are_enclosed() -> None:
    rng = np.random.default_rng(5)
    floats = rng.standard_normal((4, 3)) * 2.0 ** rng.integers(-90, 5, (4, 3))
    truth = arb_mat(floats.tolist())
    assert contains(matrices.of_floats(floats, 70), truth)
    assert contains(
        matrices.of_floats(np.rint(floats * 2**53) / 2**53, 53, exact=True),
        arb_mat((np.rint(floats * 2**53) / 2**53).tolist()),
    )
    wide = arb_mat(4, 3, [arb(x, 2.0**-40) for x in floats.ravel().tolist()])
    found = matrices.of_balls(wide, 60)
    with balls(5000):
        assert bool(found.balls().contains(wide))
    assert found.radius * 2.0**found.scale < 2.0**-38


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ArithmeticError):
        matrices.of_floats(np.array([[1.0, value]]), 50)
    with pytest.raises((ArithmeticError, ValueError)):
        matrices.of_balls(arb_mat([[arb(1, value)]]), 50)


def test_a_scale_between_digits_is_mended() -> None:
    rng = np.random.default_rng(6)
    for scale in range(-30, 30, 7):
        X = FixedPoint(matrix(rng, 3, 3).digits, scale, 1)
        found = matrices.aligned(X)
        assert found.scale % 22 == 0
        with balls(5000):
            assert exact(found) == exact(X)
            assert found.radius * arb(2) ** found.scale == X.radius * arb(2) ** X.scale


# --- elimination ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [0.5, 5, 40])
@pytest.mark.parametrize("shape", [(9, 9), (12, 9), (9, 11)])
def test_the_factors_make_up_the_matrix(shape: tuple[int, int], step: float, monkeypatch) -> None:
    """K = (I+E) S (I+F), as approximate singular vectors leave it, at any range: blocks of 1 to 4 columns."""
    monkeypatch.setattr(elimination, "_BLOCK", 4)
    monkeypatch.setattr(elimination, "_LEAST", 1)
    monkeypatch.setattr(elimination, "_WIDE", 1)
    rng = np.random.default_rng(7)
    logs = [-step * k for k in range(9)]
    wide = BITS + round(-logs[-1]) + 60
    with balls(4 * wide):
        left, right = (arb_mat((np.eye(n) + 2.0**-40 * rng.standard_normal((n, n))).tolist()) for n in shape)
        middle = arb_mat(*shape)
        for k, log in enumerate(logs):
            middle[k, k] = arb(2) ** round(log)
        truth = left * middle * right
        K = matrices.of_balls(truth, wide)
        found = elimination.eliminated(K, logs, wide=wide, bits=BITS)
        scales = arb_mat(9, 9)
        for k, exponent in enumerate(found.exponents):
            scales[k, k] = arb(2) ** exponent
        made = found.A.balls() * scales * found.R.balls().transpose()
        assert made.overlaps(truth)
        assert bool(made.contains(truth.mid()))
    assert max(X.radius * 2.0**X.scale for X in (found.A, found.R)) < 2.0 ** (22 - BITS)
    assert [round(log) for log in logs] == list(found.exponents)


def test_a_pivot_that_vanishes_is_said() -> None:
    K = FixedPoint(np.ones((1, 4, 4)), 0, 0)
    with pytest.raises(ZeroPivotError):
        elimination.eliminated(K, [0.0] * 4, wide=200, bits=100)


# --- the path ---------------------------------------------------------------------------------------------


def _force(monkeypatch, certified: list[bool], block: int) -> None:
    """Everything by fixed point; what it certifies is noted."""
    refined = refinement.refined

    def noted(*arguments):
        found = refined(*arguments)
        certified.append(found is not None)
        return found

    monkeypatch.setattr(svd, "WIDEST", 0)
    monkeypatch.setattr(tree, "_NARROWEST", 1)
    for name, value in {"_NARROWEST": 1, "refined": noted}.items():
        monkeypatch.setattr(refinement, name, value)
    for name, value in {"_BLOCK": block, "_LEAST": 1, "_WIDE": 1}.items():
        monkeypatch.setattr(elimination, name, value)


@pytest.mark.parametrize("block", [1, 2, 32])
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_chains_through_fixed_point(kind, block, monkeypatch):
    _force(monkeypatch, [], block)
    for seed in range(12):
        chain = kind(random.Random(f"{kind.__name__} fixed {seed}"))  # noqa: S311 -- examples, not secrets
        _check(spectrum(chain, digits=DIGITS, vectors=seed % 2 == 0), _polynomial(chain), seed)


def test_random_chains_through_fixed_point(monkeypatch):
    """Small integers, rectangles and deficient ranks among them: most of them are certified by this path."""
    certified: list[bool] = []
    _force(monkeypatch, certified, 2)
    for seed in range(60):
        source = random.Random(f"integers {seed}")  # noqa: S311 -- examples, not secrets
        widths = [source.randint(1, 6) for _ in range(source.randint(2, 5))]
        chain = Chain(
            [[source.randint(-3, 3) for _ in range(columns)] for _ in range(rows)]
            for columns, rows in itertools.pairwise(widths)
        )
        _check(spectrum(chain, digits=DIGITS, vectors=seed % 2 == 0), _polynomial(chain), seed)
    assert sum(certified) > 30


@pytest.mark.parametrize("depth", [3, 300])
def test_wide_chains_need_no_other_path(depth, monkeypatch):
    """n = 40: the refinement in balls is not asked; the values are those of it."""
    chain = Chain.gaussian(depth=depth, width=40, seed=2)
    with monkeypatch.context() as patched:
        patched.setattr(svd, "refined", None)
        found = spectrum(chain, digits=40)
    monkeypatch.setattr(refinement, "_NARROWEST", 1000)
    other = spectrum(chain, digits=40)
    assert all(x.overlaps(y) for x, y in zip(found.enclosures, other.enclosures, strict=True))
    assert max(x.rad() for x in found.enclosures) <= arb(10) ** -40


def test_vectors_of_a_wide_chain_are_singular_vectors():
    """J v_k = s_k u_k, exactly, for the product in rationals."""
    chain = Chain.gaussian(depth=2, width=30, seed=4)
    found = spectrum(chain, digits=30, vectors=True)
    J = arb_mat(fmpq_mat(chain.product()))
    with balls(400):
        u, v = found.left_enclosures, found.right_enclosures
        image = J * v
        for k, log in enumerate(found.enclosures):
            for i in range(30):
                assert (image[i, k] - log.exp() * u[i, k]).contains(0)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_change_no_product(workers: int) -> None:
    rng = np.random.default_rng(8)
    X, Y = matrix(rng, 20, 30, radius=2), matrix(rng, 30, 25)
    alone = product(X, Y, 200)
    with thread_pool(workers):
        found = product(X, Y, 200)
    assert (found.digits == alone.digits).all()
    assert (found.scale, found.radius) == (alone.scale, alone.radius)


def test_near_ties_of_wide_chains_are_left_to_balls(monkeypatch):
    """Two equal values among 30: fixed point gives up, and the cluster is certified as such."""
    certified: list[bool] = []
    _force(monkeypatch, certified, 32)
    rng = np.random.default_rng(9)
    values = [Fraction(k + 2) for k in range(29)] + [Fraction(2)]
    chain = Chain([np.diag(values), np.eye(30)[rng.permutation(30)]])
    assert spectrum(chain, digits=30).clusters
    assert certified == [False]
