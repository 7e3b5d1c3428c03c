"""Section 2: the bounds are proved, and so are the lemmas on which they rest."""

from __future__ import annotations

import pytest

from jacspec.proofs_check import Claim, Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.lemmas import CLAIMS as LEMMA_CLAIMS
from jacspec.theory.results.alignment import full_rank
from jacspec.theory.results.alignment.full_rank import LEMMAS
from tests.proofs_check.ledger.reports import report_of


@pytest.mark.parametrize("label", ["alignment", "right-alignment"])
def test_the_bounds_are_proved(label: str) -> None:
    report = report_of(label)
    assert report.verdict is Verdict.PROVED, report.error
    # True as well, but not by these lemmas: s_i(J) for s_k(J), in each of the two parts.
    assert report.evidence[0].mutants.unrefuted == 2
    assert report.evidence[0].mutants.weaker == 12
    assert report.mutants.killed == report.mutants.total - report.mutants.unrefuted > 200
    assert report.to_json()["mutants"]["unrefuted"] == report.mutants.unrefuted


@pytest.mark.parametrize("claim", LEMMA_CLAIMS, ids=lambda claim: claim.label)
def test_the_lemmas_are_proved_or_hold_by_definition(claim: Claim) -> None:
    report = report_of(claim.label)
    expected = Verdict.SUPPORTED if claim.derivation is None else Verdict.PROVED
    assert report.verdict is expected, report.error
    assert report.mutants.total >= 3
    assert (claim.derivation is None) == (claim.label == "lemma-ordered")


def test_every_lemma_that_a_step_uses_is_a_claim() -> None:
    used = {lemma.label for step in full_rank.alignment().steps for _, lemma in step.lemmas}
    assert used == {lemma.label for lemma in LEMMAS}
    assert {f"lemma-{label}" for label in used} <= LEDGER.keys()
