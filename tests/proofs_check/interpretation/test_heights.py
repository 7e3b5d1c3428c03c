"""How near two algebraic numbers that differ can be: equalities are decided, and no difference is missed."""

from functools import reduce
from operator import add, mul

import pytest
from flint import fmpq, fmpq_mat

from jacspec import det, eig, eigenmodulus, log, matrix, maximum, norm, number, s, scalar, sqrt
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.heights import Height, Heights, separation
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.theory.statements.statement import statement

A, B, x = matrix("A"), matrix("B"), scalar("x")
ENTRIES = [1, 2, -3, 4, 0, 1, -2, 5, 3, 1, 1, -1, 2, 0, -4, 1]


def pair(n):
    X = fmpq_mat(n, n, ENTRIES[: n * n])
    return {"A": X * fmpq(1, 3), "B": X.transpose() * X + X}


def values(X, n):
    return [s(k, X) for k in range(1, n + 1)]


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize(
    "equality",
    [
        lambda n: reduce(add, (each**2 for each in values(A, n))) == norm(A, "frobenius") ** 2,
        lambda n: reduce(mul, values(A, n)) == abs(det(A)),
        lambda n: reduce(add, values(A, n)) == norm(A, "nuclear"),
        lambda n: s(1, 3 * A) - s(1, A) == 2 * s(1, A),
        lambda n: sqrt(s(1, A) ** 2 + 2 * s(1, A) * s(1, B) + s(1, B) ** 2) == s(1, A) + s(1, B),
        lambda n: s(1, A @ A.T) / s(1, A) == maximum(s(1, A), s(2, A)),
        lambda n: eig(1, A @ A.T) * s(1, B) == s(1, A) ** 2 * s(1, B),
    ],
)
def test_an_equality_holds_and_a_small_change_of_it_does_not(n, equality):
    relation = equality(n)
    left, right = relation.args
    assert judge_statement(statement(relation), pair(n)).truth is Truth.HOLDS
    assert judge_statement(statement(left < right), pair(n)).truth is Truth.FAILS
    changed = left == right + number("1e-250")
    assert judge_statement(statement(changed), pair(n)).truth is Truth.FAILS


def test_a_bound_is_no_larger_than_a_difference_that_there_is():
    """Of √(m + 1) - √m, and of powers of 1 - √2, which come near to 0."""
    for m in (2, 10**3, 10**9):
        close = sqrt(x + 1) == sqrt(x)
        assert separation(close, {}, Evaluator(Heights(), {"x": fmpq(m)}, {})) >= m.bit_length() / 2
    for power in (3, 20, 75):  # |1 - √2|^p = 2^(-1.27 p), in a field of degree 2
        bits = separation((1 - sqrt(x)) ** power == 0, {}, Evaluator(Heights(), {"x": fmpq(2)}, {}))
        assert 1.27 * power <= bits <= 10 * power


def test_the_degree_of_a_field_counts_every_root_once():
    on = Heights()
    cubic = fmpq_mat([[1, 1, 0], [1, 2, 1], [0, 1, 4]])
    first, second, third = on.operations[eig(1, A).op](1, cubic), *on._spectrum(eig(1, A).op, cubic)[1:]
    add_up = on.operations[(x + 1).op]
    assert first.degree == 3
    assert add_up(first, first).degree == 3
    assert add_up(first, second).degree == add_up(add_up(first, second), third).degree == 6
    assert isinstance(first, Height)


def test_of_what_is_not_algebraic_no_bound_is_known():
    at = Evaluator(Heights(), {"x": fmpq(2)}, {})
    assert separation(log(x) == sqrt(x), {}, at) is None


def test_moduli_of_complex_eigenvalues_are_compared_too():
    turn = {"A": fmpq_mat([[1, -2], [3, 1]])}
    assert judge_statement(statement(eigenmodulus(1, A) ** 2 == det(A)), turn).truth is Truth.HOLDS
    assert judge_statement(statement(eigenmodulus(1, A) == eigenmodulus(2, A)), turn).truth is Truth.HOLDS
