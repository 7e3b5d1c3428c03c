"""Time derivatives of expressions whose variables move: carried out, and limits of difference quotients."""

import pytest
from flint import fmpq, fmpq_mat

from jacspec import Chain, claim, ddt, det, factors, index, matrix, s, scalar, size, tends, tr, verify
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, NoValueError
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.theory.statements.statement import statement
from jacspec.theory.statements.vocabulary import speed

A, B, t, x = matrix("A"), matrix("B"), scalar("t"), scalar("x")
M, V = factors("M"), factors("V")
k, n, layer = index("k"), size("n"), index("l")


def test_what_moves_is_differentiated():
    assert ddt(det(A), {A: B}) is det(A) * tr(A.inv @ B)
    assert ddt(s(k, A), {A: B}) is speed(k, A, B)
    assert ddt(M[layer], {M: V}) is V[layer]
    assert ddt(x * tr(A), {x: t}) is t * tr(A)
    assert ddt(tr(A), {B: A}).data == 0
    with pytest.raises(TypeError, match="expected a variable"):
        ddt(tr(A), {A @ A: B})
    with pytest.raises(TypeError, match="equal sizes"):
        ddt(tr(A), {A: matrix("X", "n", "m")})


def test_the_velocity_of_a_product_is_that_of_each_factor():
    chain, rates = (
        Chain([fmpq_mat([[a, 1], [0, 2]]), fmpq_mat([[1, a], [1, 1]]), fmpq_mat([[a, 0], [3, 1]])])
        for a in (2, 5)
    )
    at = Evaluator(Balls(), {"M": chain, "V": rates}, {"n": 2, "N": 3})
    one, two, three = chain.exact
    first, second, third = rates.exact
    assert at.value(ddt(M.J, {M: V}), {}) == third * two * one + three * second * one + three * two * first


def test_the_velocity_of_a_singular_value_is_exact_where_it_is_rational():
    values = {"A": fmpq_mat([[3, 0], [0, 1]]), "B": fmpq_mat([[1, 7], [2, -5]])}
    at = Evaluator(Balls(), values, {"n": 2})
    assert at.value(speed(1, A, B), {}) == fmpq(1)
    assert at.value(speed(2, A, B), {}) == fmpq(-5)
    with balls(200):
        wide = Evaluator(Balls(), {"A": values["B"], "B": values["A"]}, {"n": 2})
        total = sum(wide.value(s(j, A), {}) * wide.value(speed(j, A, B), {}) for j in (1, 2))
        assert total.overlaps(wide.value(tr(A.T @ B), {}))
        assert total.rad() < 1e-40


@pytest.mark.parametrize("X", [fmpq_mat([[1, 0], [0, 1]]), fmpq_mat([[1, 0], [0, 0]])])
def test_where_it_is_not_determined_it_has_no_value(X):
    at = Evaluator(Balls(), {"A": X, "B": fmpq_mat([[1, 2], [3, 4]])}, {"n": 2})
    with pytest.raises(NoValueError):
        at.value(speed(2, A, B), {})


def test_an_identity_of_velocities_is_decided():
    said = statement(s(1, A) * speed(1, A, B) + s(2, A) * speed(2, A, B) == tr(A.T @ B), given=n == 2)
    example = {"A": fmpq_mat([[1, 2], [3, 5]]), "B": fmpq_mat([[1, -1], [0, 4]])}
    assert judge_statement(said, example).truth is Truth.HOLDS


def test_it_is_the_limit_of_difference_quotients():
    quotient = (s(k, A + t * B) - s(k, A)) / t
    report = verify(claim("quotient", tends(quotient, ddt(s(k, A), {A: B}), t, 0)), effort="quick")
    assert report.verdict.value == "supported"
    wrong = tends(quotient, 2 * ddt(s(k, A), {A: B}), t, 0)
    # Not supported; of matrices no contrary limit is proved.
    assert verify(claim("twice", wrong), effort="quick").verdict.value == "undecided"
