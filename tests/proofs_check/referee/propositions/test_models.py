"""Every set of premises of the ledger has a model, checked; where premises have none, nothing is proved."""

from dataclasses import replace

import pytest
from flint import fmpq_mat
from hypothesis import strategies as st
from sympy import Integer, KroneckerDelta

from jacspec import Chain, claim, matrix, s as sv, verify
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.derivation_check.joint_domain import joint_domain
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.propositions.models import models
from jacspec.proofs_check.referee.refutation import attempt
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.strategies import chains
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proof, Proposition, proof_of
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import MT, C, M, N, i, j, k, l, n, s, sA, u, uT
from jacspec.theory.results.assumptions import ORTHONORMAL
from jacspec.theory.results.dynamics.balanced import BALANCED
from jacspec.theory.results.propositions.alignment import PROPOSITIONS
from tests.proofs_check.ledger.reports import report_of

WITH_PROPOSITIONS = {label: each for label, each in LEDGER.items() if each.propositions}


def held_by(label):
    """A report has none for what is sampled, or refuted."""
    stated = LEDGER[label]
    found = SearchResult(0) if stated.conclusion is None else attempt(stated, 25, 0)
    derived = stated.derived
    proofs = [
        Proof(each, None) if derived is None else proof_of(each, derived) for each in stated.propositions
    ]
    return models(stated, found, proofs, seed=0)


@pytest.mark.parametrize("label", sorted(WITH_PROPOSITIONS))
def test_every_set_of_premises_of_the_ledger_has_a_model(label):
    found = report_of(label).models or held_by(label)
    assert len(found) == len(LEDGER[label].propositions)
    for model in found:
        assert model.lacking == ""
        assert model.point
    zero = {each for model in found for each in model.trivial}
    assert zero <= {"δ_k = 0"}


def test_orthonormal_vectors_and_balanced_factors_have_one_with_their_ranges():
    both = Proposition(uT(i) * u(j), Relation.EQUAL, KroneckerDelta(i, j), (ORTHONORMAL, BALANCED))
    found = joint_domain(both)
    assert found.lacking == ""
    assert "N=2, n=2" in found.points[0]


SAID = PROPOSITIONS["alignment"][0]
NO_RANGE = replace(SAID, domain=Domain((*SAID.domain.parameters[:-1], Parameter(l, Integer(3), Integer(2)))))


def premise(name, **fields):
    return replace(SAID, given=(*SAID.given, Assumption(name, name, on_chains=True, **fields)))


CONTRADICTORY = {
    "larger than itself": (
        premise("more", conditions=(Condition(s(k), Relation.AT_LEAST, s(k), strict=True),)),
        "'more' fails",
    ),
    "out of order": (premise("order", positive=(sA(k + 1, l) - sA(k, l),)), "'order' fails"),
    "two definitions": (
        premise("twice", rules=(Rule(sA(k, l), s(k), (k,)), Rule(sA(k, l), 2 * s(k), (k,)))),
        "'twice' fails",
    ),
    "no range": (NO_RANGE, "none of those tried lies in its domain"),
    "no size": (premise("small", restricts=(Parameter(n, Integer(1), Integer(0)),)), "'small' fails"),
    "one direction apart": (premise("apart", distinct=(k, k)), "'apart' fails"),
    "orthonormal out of range": (
        premise("frame", rules=(Rule(uT(n + 1) * u(n + 1), Integer(1)),)),
        "u_3 stands for nothing on a chain of 3 factors of width 2, where the direction is 1 … 2",
    ),
    "balanced out of range": (
        premise("ends", rules=(Rule(M(N + 1) * MT(N + 1), C(N + 2)),)),
        "M_4 stands for nothing on a chain of 3 factors of width 2, where the layer of a factor is 1 … 3",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_contradictory_premises_have_no_model(name):
    proposition, why = CONTRADICTORY[name]
    lacking = joint_domain(proposition).lacking
    assert lacking.startswith("no point was found at which all its assumptions hold at once: ")
    assert why in lacking


def searched_for(*propositions):
    return Claim(label="both", given={"chain": chains(2, 2)}, **searched(propositions, SplitPoint))


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_a_claim_a_part_of_which_has_contradictory_premises_is_vacuous_and_says_so(name):
    proposition, _ = CONTRADICTORY[name]
    found: Report = verify(searched_for(SAID, proposition), effort="quick")
    assert found.verdict is Verdict.VACUOUS
    (evidence,) = found.evidence
    assert evidence.silent == proposition.conclusion
    assert "no point was found at which all its assumptions hold at once" in evidence.summary


def test_without_the_contradiction_it_is_supported_with_a_model_of_each_part():
    found = verify(searched_for(SAID, PROPOSITIONS["alignment"][1]), effort="quick")
    assert found.verdict is Verdict.SUPPORTED
    assert [model.of for model in found.models] == [("$B_l$ nonsingular",)] * 2
    assert all(model.point.startswith("M_1 = ") for model in found.models)
    again = Report.from_json(found.to_json())
    assert again.models == found.models


def test_a_premise_that_only_zero_satisfies_is_said_to_be_trivial():
    nothing = Assumption("nothing", "nothing moves", rules=(Rule(M(l), Integer(0), (l,)),), on_chains=True)
    given = {"chain": st.just(Chain([fmpq_mat(2, 2)] * 2))}
    proposition = Proposition(M(1) * MT(1), Relation.EQUAL, Integer(0), (nothing,))
    stated = Claim(label="zero", given=given, **searched([proposition], SplitPoint))
    (model,) = verify(stated, effort="quick").models
    assert model.trivial == ("M_1 = 0", "M_1ᵀ = 0")


def test_one_line_statements_with_contradictory_premises_are_vacuous():
    A = matrix("A", 2, 2)
    for given in ([sv(1, A) > sv(1, A)], [sv(2, A) > sv(1, A)], [A.T == A, sv(1, A - A.T) > 0]):
        found = verify(claim("never", sv(1, A) <= sv(2, A), given=given), effort="quick")
        assert found.verdict is Verdict.VACUOUS
