"""The claim on overlaps to first order."""

from __future__ import annotations

import pytest
from flint import fmpq_mat

from jacspec.proofs_check import Verdict
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER
from jacspec.theory.derivations.proposition import proof_of
from tests.proofs_check.ledger.reports import report_of

CLAIM = LEDGER["overlap-first-order"]


@pytest.mark.parametrize("B", [[1, 0, 2, 1], [1, 0, 0, 1], [2, -1, 3, 1, 4, -2, 5, 1, 1]])
def test_the_limit_is_seen_of_a_known_matrix(B: list[int]) -> None:
    width = 2 if len(B) == 4 else 3
    judgement = judge(lambda: CLAIM.conclusion(B=fmpq_mat(width, width, B)), cap=1536)  # type: ignore[misc]
    assert judgement.truth is Truth.HOLDS
    assert len(judgement.margins) == (1 if width == 2 else 3)


def test_first_order_is_supported_at_the_sizes_that_were_derived() -> None:
    report = report_of(CLAIM.label)
    assert report.verdict is Verdict.SUPPORTED
    assert report.mutants.survivors == ()
    assert report.mutants.killed > 100
    assert "checked for n = 2; checked for n = 3" in report.evidence[0].generality
    assert not report.evidence[0].lacking
    assert report.sharpness is None


def test_what_the_overlaps_solve_is_proved_at_every_width() -> None:
    report = report_of("overlap-elimination")
    assert report.verdict is Verdict.PROVED, report.error
    assert report.evidence[0].general


def test_its_derivation_ends_in_it() -> None:
    derivation = CLAIM.derivation()
    assert all(proof_of(each, derivation).calculation is not None for each in CLAIM.propositions)
