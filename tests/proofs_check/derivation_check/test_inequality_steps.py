"""Inequality steps are evaluated on chains; what is stronger than the lemmas is refuted there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jacspec.proofs_check.derivation_check.check import check_step, reject
from jacspec.proofs_check.derivation_check.step_mutants import is_weaker
from jacspec.proofs_check.interpretation.points.ordered import split_points
from jacspec.theory import Relation, Step
from jacspec.theory.notation.symbols import N, delta, k, l, s, sA
from jacspec.theory.results.alignment import full_rank

INEQUALITIES = [
    step
    for derivation in (full_rank.alignment(), full_rank.right_alignment())
    for step in derivation.steps
    if step.relation.is_inequality
]


@pytest.mark.parametrize("step", INEQUALITIES, ids=lambda step: step.rule)
def test_stronger_reversed_and_equal_are_rejected_twice(step: Step) -> None:
    assert len(INEQUALITIES) == 8
    assert reject(replace(step, after=step.after / 2)) == (True, True)
    assert reject(replace(step, relation=Relation.AT_LEAST)) == (True, True)
    assert reject(replace(step, relation=Relation.EQUAL)) == (True, True)


@pytest.mark.parametrize("step", INEQUALITIES, ids=lambda step: step.rule)
def test_weaker_is_true_but_not_what_the_lemma_gives(step: Step) -> None:
    assert reject(replace(step, after=2 * step.after)) == (True, False)
    tally = check_step(step).mutants
    assert tally.weaker == 3  # factors 2, N and N - 1
    assert tally.total == tally.killed + tally.unrefuted


def test_weaker_bounds_are_proved_to_be_weaker_and_stronger_ones_are_not() -> None:
    bound, rate = sA(k, l) ** 2, delta(k)
    for relation, sign in ((Relation.AT_MOST, 1), (Relation.AT_LEAST, -1)):
        step = Step(s(k) ** 2, relation, sign * bound, "a bound")
        weaker = [2 * bound, N * bound, (N - 1) * bound, bound + 1, bound + s(k)]
        others = [bound / 2, -bound, bound * sA(k, l), bound - 1, bound + rate, bound / N, (N - 2) * bound]
        assert all(is_weaker(replace(step, after=sign * after), step) for after in weaker)
        assert not any(is_weaker(replace(step, after=sign * after), step) for after in others)
    signed = Step(s(k) ** 2, Relation.AT_MOST, rate, "a bound of unknown sign")
    assert not is_weaker(replace(signed, after=2 * rate), signed)


def test_points_hold_both_orders_of_the_directions_and_equal_ones() -> None:
    pairs = {point.description.split(", ")[-2:][0] for point in split_points(0, equality_in_B=True)}
    assert pairs == {"i=1", "i=2"}
    assert len(split_points(0, equality_in_B=True)) == len(split_points(0, equality_in_B=False)) == 8
