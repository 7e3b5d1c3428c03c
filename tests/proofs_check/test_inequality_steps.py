"""Inequality steps are evaluated on chains; what is stronger than the lemmas is refuted there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs_check.chain_points import split_points
from proofs_check.steps import check_derivation, check_step, reject
from theory import Derivation, Relation, Step, alignment_bounds

DERIVATIONS = (alignment_bounds.alignment(), alignment_bounds.right_alignment())
INEQUALITIES = [step for each in DERIVATIONS for step in each.steps if step.relation.is_inequality]


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda each: each.label)
def test_every_step_passes_both_checks(derivation: Derivation) -> None:
    check = check_derivation(derivation)
    assert check.troubles == ()
    assert check.mutants.rejected > 0


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
    assert tally.by_form_only > 0
    assert tally.generated == tally.equivalent + tally.rejected + tally.by_form_only


def test_points_hold_both_orders_of_the_directions_and_equal_ones() -> None:
    pairs = {point.description.split(", ")[-2:][0] for point in split_points(0, equality_in_B=True)}
    assert pairs == {"i=1", "i=2"}
    assert len(split_points(0, equality_in_B=True)) == len(split_points(0, equality_in_B=False)) == 6
