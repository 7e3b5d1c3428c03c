"""The exact claims of section 1 reach the verdicts that the mathematics gives them."""

from __future__ import annotations

import pytest

from jacspec.proofs_check import Verdict
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report_blocks import example_block
from jacspec.proofs_check.ledger.dynamics.deep_linear import CLAIMS
from jacspec.proofs_check.referee.refutation import attempt
from jacspec.proofs_check.referee.weighing.hypotheses import weigh
from tests.proofs_check.ledger.reports import report_of

_REFUTED = {"imbalance-conserved-raw"}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.label)
def test_verdict(claim: Claim) -> None:
    report = report_of(claim.label)
    assert report.verdict is (Verdict.REFUTED if claim.label in _REFUTED else Verdict.PROVED), report.error
    if report.verdict is Verdict.PROVED:
        mutants = report.mutants
        assert mutants.killed + mutants.unrefuted == mutants.total > report.evidence[0].mutants.total
        # Courant and Fischer's inequalities have variants that may hold; no equation has.
        assert report.evidence[0].mutants.unrefuted == 0 or claim.label == "balance-aligns"


def test_balance_is_what_makes_partial_products_scale_and_align() -> None:
    claim = next(each for each in CLAIMS if each.label == "balance-aligns")
    report = report_of(claim.label)
    (balanced,) = (each for each in report.hypotheses if each.name == "balanced factors")
    assert balanced.needed
    assert claim.derived is not None
    assert [each.title for each in claim.derived.assumptions] == ["balanced factors", "full rank"]


def test_the_raw_counterexample_is_small_and_has_a_closed_gate() -> None:
    claim = next(each for each in CLAIMS if each.label == "imbalance-conserved-raw")
    found = report_of(claim.label).counterexample
    assert found is not None
    weights, gates = found.values["network"]["W"], found.values["network"]["D"]
    assert any(gate[i][i] == 0 for gate in gates for i in range(len(gate)))
    assert all(abs(entry) <= 2 for weight in weights for row in weight for entry in row)
    named = [*(f"W_{layer + 1}" for layer in range(len(weights)))]
    named += [f"D_{layer + 1}" for layer in range(len(gates))]
    assert [line.partition(" = ")[0] for line in found.text.splitlines()] == [*named, "gradient"]
    assert [each.name for each in example_block(found).blocks] == [*named, "gradient"]


@pytest.mark.parametrize("label", ["gate-absorption", "imbalance-where-open"])
def test_gates_that_are_projectors_and_nothing_else_that_moves_are_needed(label: str) -> None:
    claim = next(each for each in CLAIMS if each.label == label)
    found = attempt(claim, 25, 0)
    assert {each.name: each.needed for each in weigh(claim, found, examples=60, seed=0)} == dict.fromkeys(
        claim.hypotheses, True
    )
