"""What a statement says at an exact example: equality decides, premises and indices have their scope."""

from fractions import Fraction

import pytest
from flint import fmpq, fmpq_mat

from jacspec import (
    InputError,
    det,
    eig,
    exp,
    index,
    log,
    matrix,
    maximum,
    modulus,
    norm,
    number,
    product,
    s,
    scalar,
    size,
    sqrt,
    tr,
    whole,
)
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.theory.statements.statement import statement

A, B, x, y = matrix("A"), matrix("B"), scalar("x"), scalar("y")
i, j, k, n = index("i"), index("j"), index("k"), size("n")
PAIR = {"A": fmpq_mat([[1, 2], [0, 3]]), "B": fmpq_mat([[0, 1], [2, -1]])}


def says(relations, given=(), example=None):
    found = judge_statement(statement(relations, given), PAIR if example is None else example)
    return None if found is None else found.truth


@pytest.mark.parametrize(
    ("relation", "truth"),
    [
        (det(A) == det(A.T), Truth.HOLDS),
        (det(A @ B) == det(A) * det(B), Truth.HOLDS),
        (det(A) == det(B), Truth.FAILS),
        (det(A) <= 3, Truth.HOLDS),
        (det(A) < 3, Truth.FAILS),
        (det(A) >= 3, Truth.HOLDS),
        (det(A) > 3, Truth.FAILS),
        (det(A) != 3, Truth.FAILS),
        (product(s(i, A @ B), i, 1, n) <= product(s(i, A) * s(i, B), i, 1, n), Truth.HOLDS),
        (product(s(i, A @ B), i, 1, n) < product(s(i, A) * s(i, B), i, 1, n), Truth.FAILS),
        (s(1, A) == s(1, A.T), Truth.HOLDS),
        (s(1, A) == norm(A), Truth.HOLDS),
        (A @ B == B @ A, Truth.FAILS),
        (A @ B != B @ A, Truth.HOLDS),
        (A.inv @ A == A @ A.inv, Truth.HOLDS),
        (A @ A.T >= 0, Truth.HOLDS),
        (A @ A.T > 0, Truth.HOLDS),
        (A @ A.T <= 0, Truth.FAILS),
        (A @ A.T - A @ A.T >= 0, Truth.HOLDS),
        (A @ A.T - A @ A.T > 0, Truth.FAILS),
        (modulus(A) >= 0, Truth.HOLDS),
        (modulus(A) <= 0, Truth.FAILS),
        (s(1, A @ B) <= s(1, A) * s(1, B), Truth.HOLDS),
        (s(1, A @ B) <= s(2, A) * s(1, B), Truth.FAILS),
        (sqrt(det(A)) ** 2 == 3, Truth.HOLDS),
        (s(1, A) ** 2 == eig(1, A @ A.T), Truth.HOLDS),
        (s(1, A) ** 2 + s(2, A) ** 2 == tr(A @ A.T), Truth.HOLDS),
        (exp(log(s(1, A))) == s(1, A), Truth.UNDECIDED),
    ],
    ids=str,
)  # fmt: skip
def test_a_relation_at_an_example(relation, truth):
    assert says(relation) is truth


def test_a_strict_inequality_fails_at_equality():
    point = {"x": fmpq(1, 3), "y": fmpq(1, 3)}
    assert says(x**2 + y**2 > 2 * x * y, example=point) is Truth.FAILS
    assert says(x**2 + y**2 >= 2 * x * y, example=point) is Truth.HOLDS
    assert says(x**2 + y**2 > 2 * x * y, example={"x": fmpq(0), "y": fmpq(1)}) is Truth.HOLDS


def test_the_limiting_margin_is_named():
    said = statement(s(i + j - 1, A @ B) <= s(i, A) * s(j, B))
    found = judge_statement(said, {"A": fmpq_mat([[1, 0], [0, 2]]), "B": fmpq_mat([[0, 1], [1, 0]])})
    assert found.worst.name == "i = 1, j = 1"
    assert {margin.name for margin in found.margins} == {"i = 1, j = 1", "i = 1, j = 2", "i = 2, j = 1"}


def test_a_premise_on_the_example_conditions_it():
    assert says(s(1, A) >= 100, given=[det(A) < 0]) is None
    assert says(s(1, A) >= 100, given=[det(A) > 0]) is Truth.FAILS
    assert says(s(1, A) >= 100, given=[A.T == A]) is None
    assert says(eig(1, A) >= 100) is None  # without a value outside of the symmetric matrices


def test_a_premise_on_an_index_conditions_the_instance():
    diagonal = {"A": fmpq_mat([[1, 0, 0], [0, 2, 0], [0, 0, 3]])}
    assert says(s(i, A) <= 2, example=diagonal) is Truth.FAILS
    assert says(s(i, A) <= 2, given=[i >= 2], example=diagonal) is Truth.HOLDS
    assert says(s(i, A) <= 2, given=[s(i, A) != 3], example=diagonal) is Truth.HOLDS
    # A premise that shares no index holds for all of its own.
    assert says(s(i, A) <= 2, given=[s(k, A) != 3], example=diagonal) is None
    assert says(s(1, A) <= 2, given=[s(k, A) <= 2, k >= 2], example=diagonal) is Truth.FAILS


def test_premises_on_sizes_condition_the_example():
    assert says(det(A) == 0, given=[n >= 3]) is None
    assert says(det(A) == 3, given=[n >= 2]) is Truth.HOLDS


def test_outside_its_domain_an_expression_has_no_value():
    zero = {"A": fmpq_mat(2, 2), "B": PAIR["B"]}
    assert says(tr(A.inv) > 100, example=zero) is None
    assert says(1 / det(A) > 100, example=zero) is None
    assert says([1 / det(A) > 100, det(B) < 0], example=zero) is Truth.HOLDS


def test_a_float_literal_is_its_decimal():
    assert says(x == 0.1, example={"x": fmpq(1, 10)}) is Truth.HOLDS
    assert says(x < number("1e-30"), example={"x": fmpq(1, 10**31)}) is Truth.HOLDS
    assert (
        says(maximum(x, 0.1) == 0.1, example={"x": fmpq(Fraction(0.1).numerator, Fraction(0.1).denominator)})
        is Truth.FAILS
    )


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="B does not fit"):
        says(det(A) <= det(B), example={"A": fmpq_mat(2, 2), "B": fmpq_mat(3, 3)})


@pytest.mark.parametrize("value", [0, -3, fmpq(1, 2)])
def test_what_is_no_whole_number_is_no_example(value):
    """A kept counterexample that was edited, N = 0, refuted N ≥ 1."""
    for relation, name in ((whole("N") >= 1, "N"), (x + n >= x + 1, "n")):
        with pytest.raises(InputError, match=f"{name} = {value} in the example: expected a whole number"):
            says(relation, example={"x": fmpq(1), name: value})
