"""Section 4: the verdicts, and the depths at which the claim for any depth fails."""

from __future__ import annotations

import pytest

from jacspec.proofs_check import Verdict
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.ledger.separation import CLAIMS
from tests.proofs_check.ledger.reports import report_of


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.label)
def test_verdict(claim: Claim) -> None:
    report = report_of(claim.label)
    if claim.label == "separation-dynamics-any-depth":
        assert report.verdict is Verdict.REFUTED
        assert report.counterexample is not None
        assert report.counterexample.values["depth"] <= 2
    else:
        assert report.verdict is Verdict.PROVED, report.error
        assert report.mutants.killed + report.mutants.unrefuted == report.mutants.total
        assert report.mutants.killed > report.evidence[0].mutants.killed + 20
