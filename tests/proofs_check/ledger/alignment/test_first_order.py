"""The claim on overlaps to first order."""

from __future__ import annotations

from flint import arb, fmpq_mat

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.alignment.first_order import measured_order


def test_the_order_of_a_known_matrix_is_two() -> None:
    B = fmpq_mat(2, 2, [1, 0, 2, 1])  # G = [[1, 2], [2, 5]]: leading overlap -2
    with balls(400):
        order = measured_order(B, 1, 2, arb(-2))
        wrong = measured_order(B, 1, 2, arb(2))
    assert abs(order - 2) < 1e-6
    assert abs(wrong) < 1e-6


def test_first_order_is_supported_at_the_sizes_that_were_derived() -> None:
    report = verify(LEDGER["overlap-first-order"], effort="quick")
    assert report.verdict is Verdict.SUPPORTED
    assert report.mutants.survivors == ()
    assert "checked for n = 2; checked for n = 3" in report.evidence[0].generality
