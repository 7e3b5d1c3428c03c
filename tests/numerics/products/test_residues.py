"""Fixed-point products by residues against FLINT's integers: exact, or enclosed and narrow."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from flint import arb_mat, fmpz_mat

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.products import residues, tree
from jacspec.numerics.products.exact import exact_product
from jacspec.numerics.products.residues import FixedPoint, fixed_point, product
from jacspec.numerics.products.tree import Leaves
from jacspec.numerics.support.precision import balls

EXACT = 10**5


def integers(found: FixedPoint) -> fmpz_mat:
    """The digits put together by Python, entry by entry."""
    rows, columns = found.shape
    entries = np.moveaxis(found.digits, 0, -1).reshape(rows * columns, -1)
    return fmpz_mat(
        rows, columns, [sum(int(digit) << (22 * j) for j, digit in enumerate(each)) for each in entries]
    )


def graded(rng: np.random.Generator, rows: int, columns: int, decades: int) -> np.ndarray:
    sizes = 10.0 ** rng.integers(-decades, decades + 1, (rows, columns))
    return rng.standard_normal((rows, columns)) * sizes * (rng.random((rows, columns)) < 0.9)


@pytest.mark.parametrize("decades", [0, 5, 60])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (17, 4)])
def test_a_float_matrix_is_taken_over_exactly(shape: tuple[int, int], decades: int) -> None:
    matrix = graded(np.random.default_rng(1), *shape, decades)
    found = fixed_point(matrix, 900)
    assert found is not None
    assert found.radius == 0
    with balls(4000):
        assert (found.balls() - arb_mat(*shape, matrix.ravel().tolist())) == arb_mat(*shape)


def test_powers_of_two_do_not_lengthen_the_digits() -> None:
    found = fixed_point(np.array([[2.0**300, 0.0], [3 * 2.0**300, -(2.0**301)]]), 200)
    assert found is not None
    assert (len(found.digits), found.scale) == (1, 300)


def test_entries_too_far_apart_are_left_to_balls() -> None:
    assert fixed_point(np.array([[1e300, 1e-300]]), 200) is None


def test_what_is_not_finite_is_left_to_balls() -> None:
    assert fixed_point(np.array([[1.0, np.nan]]), 200) is None
    assert fixed_point(np.array([[1.0, np.inf]]), 200) is None


@pytest.mark.parametrize("digits", [(3, 600), (600, 3), (400, 300)])
def test_numbers_too_long_for_exact_sums_are_refused(digits: tuple[int, int]) -> None:
    A, B = (FixedPoint(np.ones((length, 2, 2)), 0, 0) for length in digits)
    with pytest.raises(ValueError, match="too long"):
        product(A, B, EXACT)


@pytest.mark.parametrize("bits", [EXACT, 60, 300])
def test_a_tree_of_products_contains_the_integer_product_and_is_narrow(bits: int) -> None:
    rng = np.random.default_rng(2)
    shapes = [(7, 3), (5, 7), (7, 5), (3, 7), (9, 3), (4, 9), (6, 4), (2, 6)]
    level = [fixed_point(graded(rng, *shape, 3), 900) for shape in shapes]
    exact = [(integers(leaf), leaf.scale) for leaf in level if leaf is not None]
    while len(level) > 1:
        level = [product(level[k + 1], level[k], bits) for k in range(0, len(level), 2)]
        exact = [
            (exact[k + 1][0] * exact[k][0], exact[k + 1][1] + exact[k][1]) for k in range(0, len(exact), 2)
        ]
        for found, (numbers, scale) in zip(level, exact, strict=True):
            shift = found.scale - scale
            errors = (integers(found) * (1 << shift) - numbers).entries()
            worst = max(abs(int(error)) for error in errors)
            assert worst <= found.radius << shift
            if bits == EXACT:
                assert found.radius == worst == 0
    if bits != EXACT:
        largest = max(abs(int(number)) for number in integers(level[0]).entries())
        assert level[0].radius << (bits - 40) < largest


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_entries_are_put_together_a_few_at_a_time(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residues, "_AT_ONCE", at_once)
    rng = np.random.default_rng(4)
    A = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (5, 3, 8)).astype(float), 0, 0)
    B = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (9, 8, 5)).astype(float), 0, 0)
    assert integers(product(A, B, EXACT)) == integers(A) * integers(B)


@pytest.mark.parametrize("inner", [200, 256, 257, 700])
def test_the_largest_digits_and_long_sums_stay_exact(inner: int) -> None:
    digits = np.full((4, 3, inner), 2.0**22 - 1)
    digits[:, 1] *= -1
    digits[:, 2, ::2] *= -1
    A, B = FixedPoint(digits, 0, 0), FixedPoint(digits.transpose(0, 2, 1).copy(), 0, 0)
    assert integers(product(A, B, EXACT)) == integers(A) * integers(B)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 31, 32, 33, 180])
def test_random_digits_of_any_length(length: int) -> None:
    rng = np.random.default_rng(length)
    A = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (length, 6, 5)).astype(float), 3, 0)
    B = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (length, 5, 7)).astype(float), -9, 0)
    found = product(A, B, EXACT)
    assert found.scale == -6
    assert integers(found) == integers(A) * integers(B)
    with balls(64 * length + 64):
        assert found.balls() * 64 == arb_mat(integers(found))


def test_a_radius_covers_every_matrix_that_the_factors_enclose() -> None:
    rng = np.random.default_rng(3)
    A = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (3, 4, 6)).astype(float), 0, 5)
    B = FixedPoint(rng.integers(-(2**22) + 1, 2**22, (2, 6, 4)).astype(float), 0, 7)
    found = product(A, B, EXACT)
    for sign_a, sign_b in itertools.product((-5, 5), (-7, 7)):
        moved = (integers(A) + fmpz_mat(4, 6, [sign_a] * 24)) * (integers(B) + fmpz_mat(6, 4, [sign_b] * 24))
        errors = [abs(int(error)) for error in (moved - integers(found)).entries()]
        assert max(errors) <= found.radius
    assert found.radius < 1.01 * 5 * 6 * 2**44 + 7 * 6 * 2**66


def test_a_wide_chain_multiplies_alike_by_the_blas_and_by_flint(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain.gaussian(depth=11, width=48, seed=5)
    by_blas = Leaves(chain.factors).product(150)
    monkeypatch.setattr(tree, "_NARROWEST", 1000)
    by_flint = Leaves(chain.factors).product(150)
    exact = exact_product([tree.as_exact(factor) for factor in chain.factors])
    with balls(1000):
        for found in (by_blas, by_flint):
            assert found.contains(exact)
            assert max(float(entry.rad()) for entry in found.entries()) < 2.0**-125


def test_spectra_do_not_depend_on_who_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain.gaussian(depth=40, width=44, seed=6)
    one = spectrum(chain, digits=40, vectors=True)
    monkeypatch.setattr(tree, "_NARROWEST", 1000)
    other = spectrum(chain, digits=40, vectors=True)
    assert one.enclosures is not None
    assert other.enclosures is not None
    for x, y in zip(one.enclosures, other.enclosures, strict=True):
        assert x.overlaps(y)
        assert x.rad() < 1e-39


def test_the_ends_of_a_product_are_multiplied_along(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    chain = Chain([rng.standard_normal(shape) for shape in ((44, 50), (41, 44), (60, 41))])
    left, right = rng.standard_normal((60, 60)), rng.standard_normal((50, 50))
    together = Chain([right, *chain.factors, left.T])
    exact = exact_product([tree.as_exact(factor) for factor in together.factors])
    for narrowest in (40, 1000):  # by the BLAS, by FLINT
        monkeypatch.setattr(tree, "_NARROWEST", narrowest)
        found = Leaves(chain.factors).product(100, left=left, right=right)
        with balls(1000):
            assert found.contains(exact)
            largest = max(abs(float(entry)) for entry in found.entries())
            assert max(float(entry.rad()) for entry in found.entries()) < largest * 2.0**-80
