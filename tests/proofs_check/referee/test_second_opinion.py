"""The second opinion on a decisive example."""

from dataclasses import replace

from flint import arb, fmpq_mat

from jacspec.numerics.spectra import independent, small_exact
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.proofs_check.claims.margin import judge
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.refutation import attempt, re_verified
from jacspec.proofs_check.referee.second_opinion import second_opinion

A = fmpq_mat([[3, 1], [0, 2]])


def opinion(statement):
    return second_opinion(statement, {"A": A}, judge(lambda: statement(A=A), cap=400, start=200))


def test_mpmath_agrees_with_what_balls_decide():
    assert str(opinion(lambda A: singular_values(A)[1] - singular_values(A)[0])) == "mpmath agrees"


def test_a_statement_without_a_spectrum_has_no_second_opinion():
    assert "no spectrum enters" in str(opinion(lambda A: A.det()))


def test_a_contradiction_is_told():
    calls = []

    def fickle(A):
        calls.append(A)
        return singular_values(A)[0] * (1 if len(calls) == 1 else -1)

    assert opinion(fickle).contradicts


def test_an_equality_is_not_decided_by_either():
    found = opinion(lambda A: singular_values(A)[0] ** 2 - singular_values(A)[0] * singular_values(A)[0])
    assert not found.contradicts
    assert isinstance(singular_values(A)[0], arb)


def test_nothing_that_the_first_computed_is_handed_to_it(monkeypatch):
    own = independent.eigensystem

    def unknowing(gram):
        found = own(gram)
        return replace(found, eigenvalues=tuple(arb(0, 1e30) for _ in found.eigenvalues))

    monkeypatch.setattr(small_exact, "eigensystem", unknowing)
    claim = LEDGER["alignment-as-stated"]
    found = re_verified(claim, attempt(claim, 100, 0))
    assert found is not None
    assert found.witness == "mpmath cannot decide"
