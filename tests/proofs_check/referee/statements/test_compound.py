"""Relations made of relations: both directions of an equivalence are searched, a witness is put in."""

import pickle
from fractions import Fraction

import pytest
from flint import fmpq_mat

from jacspec import claim, det, exists, exp, identity, iff, index, log, matrix, s, scalar, size, verify
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.printing import latex, text
from jacspec.theory.statements.statement import statement

A, B, Q, x, y = matrix("A"), matrix("B"), matrix("Q"), scalar("x"), scalar("y")
i, n = index("i"), size("n")
ORTHOGONAL = identity() == A.T @ A


def test_an_equivalence_is_two_implications():
    said = statement(iff(ORTHOGONAL, [s(1, A) == 1, s(n, A) == 1]), given=det(A) > 0)
    there, back = said.implications
    assert [text(each) for each in there.given] == ["det(A) > 0", "I = Aᵀ A"]
    assert [text(each) for each in there.relations] == ["s_1(A) = 1", "s_n(A) = 1"]
    assert back.relations == (ORTHOGONAL,)
    assert len(back.given) == 3
    assert text(said.relations[0]) == "I = Aᵀ A ⟺ s_1(A) = 1, s_n(A) = 1"
    assert r"\iff" in latex(said.relations[0])
    assert pickle.loads(pickle.dumps(said)).relations[0] is said.relations[0]  # noqa: S301 -- our own


@pytest.mark.parametrize(
    ("relation", "verdict"),
    [
        (iff(ORTHOGONAL, [s(1, A) == 1, s(n, A) == 1]), "supported"),
        (iff(ORTHOGONAL, s(1, A) == 1), "refuted"),  # from right to left
        (iff(A == 0, [A[i, i] == 0, s(1, A) == 0]), "supported"),
        (iff(s(1, A) >= 1, ORTHOGONAL), "refuted"),
        (iff(ORTHOGONAL, [s(1, A) == 1, A[1, 1] >= 0]), "refuted"),  # from left to right
        (exists(B, A.T == A @ B, witness=A.T), "refuted"),
    ],
    ids=str,
)
def test_the_verdict_and_its_counterexample(relation, verdict):
    report = verify(claim("compound", relation), effort="quick")
    assert report.verdict.value == verdict
    assert (report.counterexample is not None) == (verdict == "refuted")
    if verdict == "supported":
        assert report.mutants.killed == report.mutants.total > 0


@pytest.mark.parametrize(
    ("relation", "needed"),
    [
        (exists(B, identity() == A @ B, witness=A.inv), det(A) != 0),
        (exists(x, x * y == 1, witness=1 / y), y != 0),
        (exists(x, x**2 == y, witness=y ** Fraction(1, 2)), y >= 0),
        (exists(x, exp(x) == y, witness=log(y)), y > 0),
        (exists(x, log(x) == y, witness=y), None),
        (exists(x, [x * y == 1, x <= 1], witness=1 / y), None),
    ],
    ids=str,
)
def test_nothing_exists_by_a_witness_without_a_value(relation, needed):
    without = verify(claim("by-witness", relation), effort="quick")
    assert without.verdict.value == "refuted"
    assert "the witness gives no value" in str(without.counterexample)
    if needed is not None:
        report = verify(claim("by-witness", relation, given=needed), effort="quick")
        assert report.verdict.value == "supported"
        assert report.mutants.killed == report.mutants.total > 0


def test_where_neither_side_holds_an_equivalence_says_nothing():
    said = statement(iff(ORTHOGONAL, s(1, A) == 1))
    assert judge_statement(said, {"A": fmpq_mat([[2, 0], [0, 3]])}) is None
    assert judge_statement(said, {"A": fmpq_mat([[0, 1], [1, 0]])}).truth is Truth.HOLDS
    assert judge_statement(said, {"A": fmpq_mat([[1, 0], [0, 0]])}).truth is Truth.FAILS


def test_a_direction_that_no_example_reaches_is_vacuous():
    assert (
        verify(claim("one-way", iff(det(A) ** 2 < 0, s(1, A) < 0)), effort="quick").verdict.value == "vacuous"
    )


def test_both_sides_have_wrong_variants():
    changed = {text(m.statement.relations[0]) for m in mutants_of(statement(iff(x >= 0, abs(x) == x)))}
    assert {"x ≤ 0 ⟺ |x| = x", "x ≥ 0 ⟺ x = x", "x ≥ 0 ⟺ |x| ≠ x"} <= changed


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (lambda: iff(x >= 0, iff(x > 0, x >= 1)), "relation of two sides"),
        (lambda: statement(x >= 0, given=iff(x > 0, x >= 1)), "relation of two sides"),
        (lambda: statement([x >= 0, iff(x > 0, x >= 1)]), "alone"),
        (lambda: exists(x, x**2 == 2, witness=x), "speaks of x"),
        (lambda: exists(2, x >= 0, witness=1), "expected a variable"),
        (lambda: exists(B, det(B) == 1, witness=2), "matrix"),
    ],
)
def test_what_has_no_meaning_is_refused(write, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        write()
