"""Hashes that are computed once: equal objects agree, and no pickle takes one to another process."""

import pickle
from dataclasses import dataclass, replace

from jacspec.theory.algebra.remembered import hashed_once
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.symbols import G, J

ASKED = []


class Part:
    """What is counted when it is hashed."""

    def __hash__(self) -> int:
        ASKED.append(self)
        return 7


@hashed_once
@dataclass(frozen=True)
class Whole:
    part: Part
    number: int


def test_it_is_hashed_once():
    ASKED.clear()
    whole = Whole(Part(), 1)
    assert hash(whole) == hash(whole)
    assert len(ASKED) == 1


def test_equal_objects_have_equal_hashes_and_others_their_own():
    part = Part()
    whole = Whole(part, 1)
    assert hash(whole) == hash(Whole(part, 1))
    assert hash(replace(whole, number=2)) == hash(Whole(part, 2)) != hash(whole)


def test_a_pickle_does_not_hold_the_hash():
    rule = Rule(J, G)
    before = pickle.dumps(rule)
    hash(rule)
    assert pickle.dumps(rule) == before
    again = pickle.loads(before)  # noqa: S301 -- our own
    assert again == rule
    assert hash(again) == hash(rule)
