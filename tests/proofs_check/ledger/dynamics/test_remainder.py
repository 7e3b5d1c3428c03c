"""The remainder: its verdict, and how near the bound comes to the error where one overlap alone makes it."""

from __future__ import annotations

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.interpretation.points.moving import moving_points
from jacspec.proofs_check.interpretation.propositions import sides_at
from jacspec.proofs_check.ledger import LEDGER
from jacspec.theory.notation.symbols import k
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS


def test_verdict() -> None:
    report = verify(LEDGER["remainder-bound"], effort="quick")
    assert report.verdict is Verdict.PROVED, report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 30


def test_both_signs_of_the_error_are_bounded_and_one_comes_near() -> None:
    nearest = 0.0
    with balls(192):
        for point in moving_points(0):
            for stated in PROPOSITIONS["remainder-bound"]:
                sides = sides_at(stated, point, {k: point.indices[k]})
                assert sides is not None
                assert sides.ball > 0
                nearest = max(nearest, float(sides.left / sides.right))  # type: ignore[operator]
    assert 0.2 < nearest < 1
