"""Section 3 without sampling: verdicts, and the gap's remainder at widths from 2 to 4096."""

from __future__ import annotations

import pytest
from flint import arb

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.initialisation.exact import CLAIMS
from jacspec.theory.results.initialisation import gaussian
from tests.proofs_check.ledger.reports import report_of


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.label)
def test_verdict(claim: Claim) -> None:
    report = report_of(claim.label)
    words = claim.label == "lyapunov-gap-all-orders"  # its sum over all poles is taken in words
    assert report.verdict is (Verdict.SUPPORTED if words else Verdict.PROVED), report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 3


@pytest.mark.parametrize(
    ("label", "terms"), [("lyapunov-gap", {}), ("lyapunov-gap-all-orders", {"terms": 5})]
)
def test_the_remainder_is_certified_at_every_width(label: str, terms: dict[str, int]) -> None:
    conclusion = LEDGER[label].conclusion
    assert conclusion is not None
    with balls(320):
        for width in (*range(2, 65), *range(65, 4097, 31), 4096):
            bounds = dict(conclusion(width=width, **terms))
            assert len(bounds) == (2 if terms else 5 if width >= 4 else 4)
            assert all(bound.margin > 0 for bound in bounds.values())


def test_the_remainder_is_nearly_attained() -> None:
    conclusion = LEDGER["lyapunov-gap-all-orders"].conclusion
    assert conclusion is not None
    with balls(320):
        sign, size = (bound for _, bound in conclusion(width=4096, terms=1))
    assert 0.99 < size.ratio < 1
    assert sign.margin > 0


def test_a_mode_beyond_the_width_is_refused() -> None:
    with pytest.raises(ValueError, match="expected n ≥ 1, 1 ≤ k ≤ n"):
        evaluate_formula(gaussian.lyapunov_gaussian(), (3, 4, arb(1)))
