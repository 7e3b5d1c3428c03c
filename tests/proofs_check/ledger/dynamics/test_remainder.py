"""The remainder: its verdict, and how near the bound comes to the error where one overlap alone makes it."""

from __future__ import annotations

import pytest

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.derivation_check.joint_domain import joint_domain
from jacspec.proofs_check.interpretation.points.moving import moving_points
from jacspec.proofs_check.interpretation.propositions import sides_at
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.refutation import attempt
from jacspec.proofs_check.referee.weighing.hypotheses import weigh
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.notation.symbols import k
from jacspec.theory.results.dynamics.remainder_derivation import remainder_with_intercepts
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS
from tests.proofs_check.ledger.reports import report_of


@pytest.mark.parametrize(("label", "needed"), [("remainder-bound", True), ("lemma-small-level", False)])
def test_the_level_of_misalignment_is_weighed_at_a_part_of_it(label: str, needed: bool) -> None:
    claim = LEDGER[label]
    weighed = weigh(claim, attempt(claim, 25, 0), examples=60, seed=0)
    assert next(each.needed for each in weighed if each.name == "misalignment of mode $k$") is needed


@pytest.mark.parametrize("label", ["remainder-bound", "general-dynamics-remainder"])
def test_verdict(label: str) -> None:
    report = report_of(label)
    assert report.verdict is Verdict.PROVED, report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 30


def test_what_is_said_of_intercepts_is_said_of_points_that_have_some() -> None:
    (above, below), derivation = PROPOSITIONS["general-dynamics-remainder"], remainder_with_intercepts()
    for stated in (above, below):
        calculation = proof_of(stated, derivation).calculation
        assert calculation is not None
        domain = joint_domain(stated, calculation)
        assert domain.points
        assert not domain.trivial
        assert not domain.lacking


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
