"""Equal trees are one object, immutable in effect, and what has no meaning is refused when it is written."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

from jacspec import (
    block,
    det,
    direct_sum,
    eig,
    factors,
    hadamard,
    identity,
    index,
    kronecker,
    left_vector,
    matrix,
    norm,
    number,
    overlap,
    polygamma,
    s,
    scalar,
    size,
    total,
    tr,
    vector,
)
from jacspec.theory.statements.tree import Op
from tests.theory.statements.examples import EXAMPLES

A, B, x = matrix("A"), matrix("B"), scalar("x")


def test_every_operation_has_an_example():
    assert set(EXAMPLES) == set(Op)
    assert all(node.op is op for op, node in EXAMPLES.items())


def test_equal_trees_are_one_object():
    assert matrix("A") @ matrix("B") is A @ B
    assert (s(1, A) <= 2) is (s(1, A) <= 2)
    assert A @ B is not B @ A
    assert A.T.T is A


@pytest.mark.parametrize("node", EXAMPLES.values(), ids=lambda node: node.op.name)
def test_a_copy_and_a_pickle_are_the_object_itself(node):
    assert pickle.loads(pickle.dumps(node)) is node  # noqa: S301 -- our own
    assert copy.copy(node) is copy.deepcopy(node) is node


def test_numbers_are_exact_and_a_float_is_its_decimal():
    assert number(0.99).data == Fraction(99, 100)
    assert number(np.float64(0.1)).data == number(Decimal("0.1")).data == number("1/10").data
    assert number("1e-30").data == Fraction(1, 10**30)
    assert (np.float64(0.5) * x) is Fraction(1, 2) * x
    assert (np.int64(3) * A) is 3 * A


def test_sizes_have_a_normal_form():
    n, m = size("n"), size("m")
    assert size(n - 1 + 1) is n
    assert size(n + m) is size(m + n)
    assert direct_sum(matrix("X", "m"), A).shape[0] is direct_sum(A, matrix("X", "m")).shape[0]
    assert kronecker(A, matrix("X", "m", 3)).shape[1] is size(3 * n)
    assert block(A, (2, n), (1, n)).shape[0] is size(n - 1)
    assert (A.T @ block(A, (1, n), (1, n - 1))).shape[1] is size(n - 1)


def test_free_indices_are_known_and_a_sum_binds_its_own():
    i, k = index("i"), index("k")
    assert s(i, A).indices == {"i"}
    assert total(s(i, A), i, 1, k).indices == {"k"}
    assert total(s(i, A), i, i, 3).indices == {"i"}  # the end of a range lies outside of it


@pytest.mark.parametrize(
    ("write", "remedy"),
    [
        (lambda: A + 1, "identity"),
        (lambda: A * B, "@"),
        (lambda: A @ matrix("C", "m", "k"), "size"),
        (lambda: A + matrix("C", "n", "m"), "equal sizes"),
        (lambda: det(matrix("C", "n", "m")), "square"),
        (lambda: s(1, x), "matrix"),
        (lambda: hadamard(A, matrix("C", "m")), "equal sizes"),
        (lambda: A <= 1, "other a number"),
        (lambda: matrix("C", "n", "m") >= 0, "square"),
        (lambda: A**0.5, "whole number"),
        (lambda: A**x, "whole number"),
        (lambda: x + True, "number"),
        (lambda: x + "y", "number"),
        (lambda: (x <= 1) + 1, "Comparison|relation|unsupported"),
        (lambda: x + (x <= 1), "relation"),
        (lambda: (x <= 1) <= 2, "relation"),
        (lambda: (x <= 1) == (x <= 1), "relation"),
        (lambda: 0 <= x <= 1, r"write both, \[a <= x, x <= b\]"),
        (lambda: bool(x), "truth value"),
        (lambda: block(A, (1, "n"), (1, 1)), "number"),
        (lambda: total(s(1, A), x, 1, 2), "index"),
        (lambda: matrix("X", "n", 1) @ 2, "matrix"),
    ],
)
def test_what_has_no_meaning_is_refused_with_a_remedy(write, remedy):
    with pytest.raises(TypeError, match=remedy):
        write()


@pytest.mark.parametrize(
    "write",
    [
        lambda: A[0, 0],
        lambda: A[1, -1],
        lambda: s(0, A),
        lambda: s(1.5, A),
        lambda: eig(0, A),
        lambda: overlap(1, A, 0, B),
        lambda: norm(A, "ky fan", 0),
        lambda: block(A, (0, 1), (1, 2)),
        lambda: factors("M")[0],
        lambda: factors("M").A(0),
        lambda: left_vector(0, A),
    ],
)
def test_counting_begins_at_1(write):
    with pytest.raises(ValueError, match=r"the index [-/0-9]+: counting begins at 1"):
        write()


@pytest.mark.parametrize(
    "write",
    [
        lambda: matrix("X", 0),
        lambda: matrix("X", "n", -1),
        lambda: vector("x", 0),
        lambda: identity(0),
        lambda: factors("M", 0),
        lambda: factors("M", 2, 0),
        lambda: block(A, (3, 2), (1, 2)),
    ],
)
def test_a_size_is_1_at_least(write):
    with pytest.raises(ValueError, match=r"the size (0|-1): expected a whole number from 1 on, or a name"):
        write()


@pytest.mark.parametrize("two", [2, np.int64(2), sympy.Integer(2)])
def test_whole_numbers_of_every_kind_are_the_same(two):
    assert A**two is A @ A
    assert polygamma(two, x) is polygamma(2, x)
    assert matrix("X", two) is matrix("X", 2)


@pytest.mark.parametrize("no_number", [True, np.True_, 2.0, "2", 0, -2, 100, sympy.Rational(1, 2)])
def test_a_power_of_a_matrix_is_whole(no_number):
    with pytest.raises(TypeError, match=r"a matrix; expected a whole number from 1 to 99, or -1"):
        A**no_number


@pytest.mark.parametrize("no_order", [True, 2.0, "2", -1])
def test_a_derivative_has_a_whole_order(no_order):
    with pytest.raises(ValueError, match=r"expected an order of 0, 1, 2, …"):
        polygamma(no_order, x)


def test_the_empty_product_of_a_chain_exists():
    M = factors("M")
    assert M.B(1) is M.product(1, 0)
    with pytest.raises(ValueError, match="counting begins at 0"):
        M.product(1, -1)


def test_a_name_must_be_one():
    with pytest.raises(ValueError, match="letters and digits"):
        matrix("A+B")


def test_pythons_sum_works():
    assert sum([tr(A), tr(B)]) is tr(A) + tr(B)


def test_powers_of_a_matrix_are_products():
    assert A**3 is A @ (A @ A)
    assert A**-1 is A.inv
    assert (A / 2).op is Op.SCALE
    assert identity("n").shape[0] is size("n")
