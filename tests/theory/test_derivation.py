"""Derivations as data: steps, parts, lemmas, computed assumptions."""

from dataclasses import replace

import pytest
from sympy import Integer

from theory import Derivation, Part, Relation, Step
from theory.assumptions import (
    DEPTH_SCALING,
    ORTHONORMAL,
    SINGULAR_PAIR_OF_J,
    STRONG_ALIGNMENT,
)
from theory.notation import J, epsilon, inner, k, l, s, u, uA, v
from theory.rules import Rule

UNIT = inner(u(k), u(k))


def test_a_step_holds_only_with_the_assumption_it_uses():
    step = Step(UNIT, Relation.EQUAL, Integer(1), "unit vectors", (ORTHONORMAL,))
    assert step.holds()
    assert not replace(step, uses=()).holds()
    assert not replace(step, uses=(SINGULAR_PAIR_OF_J,)).holds()
    assert not replace(step, after=Integer(2)).holds()


def test_a_limit_is_no_equality():
    step = Step(uA(k, l), Relation.LIMIT, u(k), "alignment", (STRONG_ALIGNMENT,))
    assert step.holds()
    assert not replace(step, relation=Relation.EQUAL).holds()


def test_a_step_says_which_rule_and_which_assumptions():
    step = Step(UNIT, Relation.EQUAL, Integer(1), "unit vectors", (ORTHONORMAL,))
    assert step.reason == "unit vectors [orthonormal singular vectors]"
    assert replace(step, uses=()).reason == "unit vectors"


def test_a_part_chains_its_steps():
    part = (
        Part("The singular value", inner(u(k), J * v(k)))
        .equals(s(k) * UNIT, "apply J", SINGULAR_PAIR_OF_J, ORTHONORMAL)
        .equals(s(k), "unit vectors", ORTHONORMAL)
    )
    assert [step.before for step in part.steps] == [part.start, s(k) * UNIT]
    assert part.end == s(k)
    assert all(step.holds() for step in part.steps)
    assert Part("Nothing yet", UNIT).end == UNIT


def test_a_part_becomes_a_lemma_as_what_it_shows_and_nothing_else():
    shown = Part("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    lemma = shown.as_lemma("s", "s", Rule(s(k), s(k) * UNIT))
    assert lemma.definition
    assert [rule.lhs for rule in lemma.rules] == [s(k)]
    part = Part("The length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    with pytest.raises(ValueError, match="is not what the part"):
        part.as_lemma("length", "length", Rule(s(k), Integer(1)))


def test_a_result_becomes_a_lemma_in_which_its_index_is_free():
    part = Part("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    derivation = Derivation("lengthened", "A longer way to write s", (part,))
    (rule,) = derivation.as_lemma().rules
    assert rule.indices == (k,)
    assert (rule.lhs, rule.rhs) == (s(k), s(k) * UNIT)


def test_a_result_that_starts_from_no_single_symbol_is_no_lemma():
    part = Part("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    with pytest.raises(TypeError, match="single symbol"):
        Derivation("length", "Length", (part,)).as_lemma()


def test_assumptions_are_computed_and_definitions_are_not_among_them():
    lemma = Derivation(
        "aligned", "Aligned", (Part("u", uA(k, l)).tends_to(u(k), "alignment", STRONG_ALIGNMENT),)
    )
    part = Part("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL, DEPTH_SCALING)
    derivation = Derivation("length", "Length", (part,), (lemma,))
    assert derivation.assumptions == (STRONG_ALIGNMENT, DEPTH_SCALING)


def test_a_result_with_one_limit_among_its_steps_is_a_limit():
    part = Part("u", uA(k, l)).tends_to(u(k), "alignment", STRONG_ALIGNMENT)
    assert Derivation("a", "A", (part,)).result.relation is Relation.LIMIT
    exact = Part("u", uA(k, l)).equals(u(k) + epsilon * 0, "wishful")
    assert Derivation("b", "B", (exact,)).result.relation is Relation.EQUAL


def test_a_derivation_holds_only_if_every_step_does_here_and_in_what_it_rests_on():
    good = Part("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    bad = good.equals(Integer(2), "wishful thinking")
    assert Derivation("good", "Good", (good,)).holds()
    assert not Derivation("bad", "Bad", (bad,)).holds()
    assert not Derivation("both", "Both", (good, bad)).holds()
    assert not Derivation("rests", "Rests", (good,), (Derivation("bad", "Bad", (bad,)),)).holds()


def test_a_derivation_says_no_more_than_its_weakest_step():
    part = Part("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    small = replace(part, steps=(replace(part.steps[0], checked_for="n ≤ 4"),))
    general, limited = Derivation("general", "G", (part,)), Derivation("limited", "L", (small,))
    assert general.scope == general.generality
    assert limited.scope == f"{general.generality}; checked for n ≤ 4"
    assert Derivation("rests", "R", (part,), (limited,)).checked_for == ("n ≤ 4",)
    assert small.steps[0].reason.endswith("(checked for n ≤ 4)")
