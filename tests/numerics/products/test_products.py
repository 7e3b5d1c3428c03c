"""Exact and rounded products of chains against arithmetic done otherwise."""

import mpmath
import numpy as np
from flint import fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.chains.flows import partial_products
from jacspec.numerics.products.exact import exact_product, mp_matrix, mp_product
from jacspec.numerics.support.precision import mp_context


def sequential(factors):
    result = factors[0]
    for factor in factors[1:]:
        result = factor * result
    return result


def test_the_tree_agrees_with_multiplying_one_after_the_other():
    for depth in (1, 2, 3, 7, 16):
        chain = Chain.gaussian(depth=depth, width=3, seed=depth)
        assert exact_product(chain.exact) == sequential(chain.exact)


def test_the_tree_keeps_the_order_of_rectangular_factors():
    chain = Chain([np.arange(6).reshape(3, 2), np.arange(12).reshape(4, 3), np.arange(4).reshape(1, 4)])
    assert chain.product() == sequential(chain.exact)


def test_rationals_are_multiplied_exactly():
    third = fmpq_mat(1, 1, [1]) / 3
    assert exact_product([third] * 5) == third * third * third * third * third


def test_a_cancelling_product_is_exact():
    """1e300 · 1e-300 overflows nothing, and the scale between entries is no obstacle."""
    chain = Chain([np.diag([1e300, 5e-324]), np.diag([1e-300, 2.0**1000])])
    exact = chain.product()
    assert exact[1, 1] == 1 / fmpq_mat(1, 1, [2**74])[0, 0]
    assert abs(float(exact[0, 0].p) / float(exact[0, 0].q) - 1) < 1e-15


def test_the_rounded_product_is_close_to_the_exact_one():
    chain = Chain.gaussian(depth=20, width=4, seed=1)
    context = mp_context(200)
    rounded, exact = mp_product(chain.factors, context), chain.product()
    for i in range(4):
        for j in range(4):
            value = context.mpf(int(exact[i, j].p)) / int(exact[i, j].q)
            assert abs(rounded[i, j] - value) < context.mpf(2) ** -180


def test_each_entry_is_rounded_once_to_the_context():
    context = mp_context(30)
    assert mp_matrix(Chain([[["1/3"]]]).factors[0], context)[0, 0] == context.mpf(1) / 3
    with mpmath.workprec(30):
        expected = +mpmath.mpf(0.1)
    assert mp_matrix(Chain([[[0.1]]]).factors[0], context)[0, 0] == expected


def test_partial_products_are_those_of_the_chain():
    chain = Chain([np.arange(6).reshape(3, 2), np.arange(12).reshape(4, 3), np.arange(8).reshape(2, 4)])
    left, right = partial_products(chain)
    assert left == [chain.left_partial(layer).product() for layer in range(1, 5)]
    assert right == [chain.right_partial(layer).product() for layer in range(1, 5)]
