"""Section 3 without sampling: verdicts, and the gap's remainder at every width from 4 to 4096."""

from __future__ import annotations

import pytest
from flint import arb

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.proofs_check.ledger.initialisation.exact import CLAIMS
from jacspec.theory.results.initialisation import gaussian


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.label)
def test_verdict(claim: Claim) -> None:
    report = verify(claim, effort="quick")
    words = claim.label == "lyapunov-gap-all-orders"  # its sum over all poles is taken in words
    assert report.verdict is (Verdict.SUPPORTED if words else Verdict.PROVED), report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 3


@pytest.mark.parametrize("terms", [1, 3, 6])
def test_the_remainder_is_certified_at_every_width(terms: int) -> None:
    expansion, remainder = gaussian.gap_expansion(terms), gaussian.gap_remainder(terms)
    leading = gaussian.gap_leading_bound()
    with balls(320):
        for width in range(4, 4097):
            gap = evaluate_formula(gaussian.gap(), (width,))
            error = abs(gap - evaluate_formula(expansion, (width,)))
            assert error < evaluate_formula(remainder, (width,))
            assert abs(gap - arb(1) / (2 * width)) < evaluate_formula(leading, (width,))


def test_the_remainder_is_nearly_attained() -> None:
    with balls(320):
        gap = evaluate_formula(gaussian.gap(), (4096,))
        error = abs(gap - evaluate_formula(gaussian.gap_expansion(2), (4096,)))
        assert error > evaluate_formula(gaussian.gap_remainder(2), (4096,)) * 99 / 100


def test_a_mode_beyond_the_width_is_refused() -> None:
    with pytest.raises(ValueError, match="expected n ≥ 1, 1 ≤ k ≤ n"):
        evaluate_formula(gaussian.lyapunov_gaussian(), (3, 4, arb(1)))
