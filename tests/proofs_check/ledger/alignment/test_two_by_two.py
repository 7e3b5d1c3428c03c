"""The exact law of width 2, and the constant to first order: proved, and attained at width 2."""

from dataclasses import replace

import pytest
from flint import fmpq

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.derivation_check.check import reject
from jacspec.proofs_check.interpretation import evaluate_scalar
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint, chains_of_the_plane, steepest
from jacspec.theory.notation.symbols import eta, k, l, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment import two_by_two as two
from tests.proofs_check.ledger.reports import report_of


@pytest.mark.parametrize("label", ["alignment-exact-two", "alignment-first-order-constant"])
def test_the_bounds_are_proved_and_attained(label):
    report = report_of(label)
    assert report.verdict is Verdict.PROVED, report.error
    derived = report.evidence[0]
    assert not derived.lacking
    assert "in words" not in derived.generality
    assert report.sharpness.reading == "sharp"
    assert not report.mutants.survivors


def test_at_the_chains_of_equality_the_turn_is_the_bound():
    with balls(200):
        for point in chains_of_the_plane():
            turned, bound = (evaluate_scalar(each, point) for each in (two.turn * two.stretch, two.bound))
            if "right angle" in point.description:
                assert turned.overlaps(bound)
            else:
                assert turned < bound


@pytest.mark.parametrize("spread", [2, 3, fmpq(7, 2)])
def test_the_steepest_chain_takes_as_much_as_its_condition_number_lets_it(spread):
    point = SplitPoint(steepest(fmpq(spread)), 1, 2, "")
    with balls(200):
        taken = evaluate_scalar(inner(vA(1, l), eta(2, l)), point)
        assert abs(taken).overlaps((fmpq(spread) - 1 / fmpq(spread)) / 2 + taken * 0)
        assert evaluate_scalar(inner(vA(k, l), eta(k, l)), point).overlaps(taken * 0 + 1)


def test_a_step_for_two_directions_fails_without_saying_so():
    step = next(each for each in two.exact_two().steps if each.rule == "length in a basis, written out")
    assert step.holds()
    general = replace(step, uses=tuple(each for each in step.uses if each.name != "plane"))
    assert reject(general) != (False, False)
