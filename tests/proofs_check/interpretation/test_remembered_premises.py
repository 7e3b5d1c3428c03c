"""What is remembered of the premises at a point is what a point that remembers nothing finds."""

import gc
from weakref import ref

import pytest

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.index_values import instances
from jacspec.proofs_check.interpretation.propositions import holds_at, is_about, truth_at
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.propositions.conclusion import StatedConclusion
from jacspec.proofs_check.referee.refutation import attempt
from jacspec.theory.notation.symbols import k

STATED = [label for label, claim in LEDGER.items() if isinstance(claim.conclusion, StatedConclusion)]


def afresh(premise, point, values):
    try:
        return truth_at(premise, point, values)
    except (IndexError, ValueError, ZeroDivisionError):
        return Truth.FAILS


@pytest.mark.parametrize("label", STATED)
def test_it_is_the_same_at_all_values_of_the_indices(label):
    claim = LEDGER[label]
    make = claim.conclusion.points.make
    examples = attempt(claim, 4, 0).kept[:3]
    assert examples
    asked = 0
    with balls(192):
        for example in examples:
            point = make(**example)
            for proposition in claim.conclusion.propositions:
                every = list(instances(proposition, point))
                for premise in proposition.given:
                    for values in every if is_about(premise, proposition) else [{}] * bool(every):
                        assert holds_at(premise, point, values) is afresh(premise, make(**example), values)
                        asked += 1
    assert asked or not any(each.given for each in claim.conclusion.propositions)


def test_values_of_indices_are_those_of_the_point_that_is_asked():
    claim = LEDGER["balance-aligns"]
    (said, *_), make = claim.conclusion.propositions, claim.conclusion.points.make
    example = attempt(claim, 4, 0).kept[0]
    free, second = make(**example), make(**example).at({k: 2})
    second.particular = free.particular | {k}
    first = second.at({k: 1})
    assert [{values[k] for values in instances(said, point)} for point in (free, first, second)] == [
        {1, 2},
        {1},
        {2},
    ]


@pytest.mark.parametrize("label", ["general-dynamics", "lemma-exchange", "alignment"])
def test_a_point_is_gone_with_its_last_user(label):
    """It is not left to the garbage collector, which would look through all of them."""
    claim = LEDGER[label]
    example = attempt(claim, 4, 0).kept[0]
    gc.disable()
    try:
        with balls(192):
            point = claim.conclusion.points.make(**example)
            assert list(claim.conclusion.cases(claim.conclusion.propositions[0], point))
        gone = ref(point)
        del point
        assert gone() is None
    finally:
        gc.enable()
