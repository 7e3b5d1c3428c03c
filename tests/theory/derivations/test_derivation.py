"""Derivations as data: steps, parts, lemmas, computed assumptions."""

from dataclasses import replace

import pytest
from sympy import Integer, Sum

from jacspec.theory import Calculation, Derivation, Relation, Step, declare
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.calculation import Proof
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.notation.symbols import (
    J,
    delta,
    epsilon,
    gamma,
    i,
    k,
    l,
    n,
    s,
    sA,
    sB,
    sdot,
    u,
    uA,
    udot,
    uT,
    v,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE
from jacspec.theory.results.assumptions import (
    DEPTH_SCALING,
    ORTHONORMAL,
    SIMPLE,
    SINGULAR_PAIR_OF_J,
    STRONG_ALIGNMENT,
)
from jacspec.theory.results.catalogue import catalogue

UNIT = inner(u(k), u(k))
ALIGNED = Derivation(
    "aligned", "Aligned", (Calculation("u", uA(k, l)).tends_to(u(k), "alignment", STRONG_ALIGNMENT),)
)


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
        Calculation("The singular value", inner(u(k), J * v(k)))
        .equals(s(k) * UNIT, "apply J", SINGULAR_PAIR_OF_J, ORTHONORMAL)
        .equals(s(k), "unit vectors", ORTHONORMAL)
    )
    assert [step.before for step in part.steps] == [part.start, s(k) * UNIT]
    assert part.end == s(k)
    assert all(step.holds() for step in part.steps)
    assert Calculation("Nothing yet", UNIT).end == UNIT


def test_a_part_becomes_a_lemma_as_what_it_shows_and_nothing_else():
    shown = Calculation("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    lemma = shown.as_lemma("s", "s", Rule(s(k), s(k) * UNIT))
    assert lemma.defines
    assert [rule.lhs for rule in lemma.rules] == [s(k)]
    part = Calculation("The length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    with pytest.raises(ValueError, match="is not what calculation"):
        part.as_lemma("length", "length", Rule(s(k), Integer(1)))


def test_a_result_becomes_a_lemma_in_which_its_index_is_free():
    part = Calculation("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    derivation = Derivation("lengthened", "A longer way to write s", (part,))
    (rule,) = derivation.as_lemma().rules
    assert rule.indices == (k,)
    assert (rule.lhs, rule.rhs) == (s(k), s(k) * UNIT)


def test_a_result_that_starts_from_no_single_symbol_is_no_lemma():
    part = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    with pytest.raises(TypeError, match="single symbol"):
        Derivation("length", "Length", (part,)).as_lemma()


def test_assumptions_are_computed_and_definitions_are_not_among_them():
    part = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL, DEPTH_SCALING)
    derivation = Derivation("length", "Length", (part, ALIGNED.calculations[0]))
    assert derivation.assumptions == (DEPTH_SCALING, STRONG_ALIGNMENT)


def test_what_a_derivation_rests_on_is_read_off_its_steps_with_what_that_assumes():
    part = Calculation("again", uA(k, l)).tends_to(u(k), "shown elsewhere", ALIGNED.as_lemma())
    derivation = Derivation("again", "Again", (part,))
    assert derivation.rests_on == (ALIGNED,)
    assert derivation.assumptions == (STRONG_ALIGNMENT,)
    assert Derivation("again", "Again", (part,), (ALIGNED,)) == derivation


def test_a_derivation_cannot_be_said_to_rest_on_what_no_step_uses():
    part = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    with pytest.raises(ValueError, match="no step makes use: leave it out"):
        Derivation("length", "Length", (part,), (ALIGNED,))


# --- lemmas carry their proofs -------------------------------------------------------------------


def test_a_lemma_carries_its_proof_and_its_relation():
    lent = ALIGNED.as_lemma()
    assert (lent.relation, lent.lender, lent.proof.calculations) == (
        Relation.LIMIT,
        ALIGNED,
        ALIGNED.calculations,
    )
    part = Calculation("s", s(k)).equals(2 * s(k), "wishful")
    own = part.as_lemma("s", "s", Rule(s(k), 2 * s(k)))
    assert (own.relation, own.proof.label, own.proof.calculations) == (Relation.EQUAL, "s", (part,))


def test_an_exact_step_cannot_use_what_holds_in_the_limit_only():
    lemma = ALIGNED.as_lemma()
    assert Calculation("again", uA(k, l)).tends_to(u(k), "shown elsewhere", lemma).steps[0].holds()
    with pytest.raises(ValueError, match="was only shown in the limit"):
        Calculation("again", uA(k, l)).equals(u(k), "shown elsewhere", lemma)
    with pytest.raises(ValueError, match="was only shown in the limit"):
        Step(s(k), Relation.AT_MOST, s(k), "shown elsewhere", (lemma,))


def test_a_part_lends_its_lemma_only_to_its_own_derivation_and_to_what_follows():
    shown = Calculation("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    lemma = shown.as_lemma("s", "s", Rule(s(k), s(k) * UNIT))
    user = Calculation("twice", 2 * s(k)).equals(2 * s(k) * UNIT, "shown above", lemma)
    assert Derivation("both", "Both", (shown, user)).rests_on == ()
    for parts in ((user,), (user, shown)):
        with pytest.raises(ValueError, match="which is not above it"):
            Derivation("alone", "Alone", parts)
    lender = Derivation("lender", "Lender", (shown,))
    lent = Calculation("twice", 2 * s(k)).equals(2 * s(k) * UNIT, "shown elsewhere", lender.lends(lemma))
    assert Derivation("alone", "Alone", (lent,)).rests_on == (lender,)
    with pytest.raises(ValueError, match="aligned cannot lend 's'"):
        ALIGNED.lends(lemma)


def test_a_lemma_cannot_be_given_other_equations():
    shown = Calculation("s", s(k)).equals(s(k) * UNIT, "unit vectors", ORTHONORMAL)
    lemma = shown.as_lemma("s", "s", Rule(s(k), s(k) * UNIT))
    with pytest.raises(ValueError, match="is not among what s shows"):
        replace(lemma, rules=(Rule(s(k), Integer(0)),))


@pytest.mark.parametrize(
    ("after", "vectors"),
    [
        (inner(udot(k), u(k)), []),
        (inner(udot(i), u(i)), ["u_i"]),
        (D(inner(u(i), J * v(k))), ["u_i"]),
        (Sum(inner(udot(k), u(k)), (k, 1, n)), ["u_k"]),
    ],
    ids=str,
)
def test_vectors_are_differentiated_where_their_own_singular_value_is_simple(after, vectors):
    """That s_k is simple says nothing of s_i, nor of what a sum over k runs over."""
    step = Step(Integer(0), Relation.EQUAL, after, "unit vectors", (ORTHONORMAL, SIMPLE))
    said = [f"it differentiates ${each}$, and names no assumption that lets it" for each in vectors]
    assert [*step.faults] == said


def test_what_holds_at_one_time_is_not_differentiated():
    """That s_1 is 1 now does not keep it there; what a definition says holds at all times."""
    largest = declare("largest", moves=True, meaning="the largest", on_chains=s(1))
    unit = Assumption("unit", "unit", rules=(Rule(largest, Integer(1)),))
    meant = Assumption("meant", "meant", rules=(Rule(largest, s(1)),), definition=True)
    shown = Calculation("shown", largest).equals(Integer(1), "unit", unit)
    lemma = shown.as_lemma("lemma", "lemma", Rule(largest, Integer(1)))
    for used, after, faults in (
        (unit, sdot(k), ["it differentiates 'unit', which may hold at one time only"]),
        (lemma, sdot(k), ["it differentiates 'lemma', which may hold at one time only"]),
        (meant, sdot(1) * s(k) + s(1) * sdot(k), []),
    ):
        part = Calculation("moving", D(largest * s(k))).equals(after, "product rule", used)
        assert part.steps[0].holds()
        assert [*part.steps[0].faults] == faults
    nearly = Assumption("nearly", "nearly", rules=(Rule(largest, s(1) + epsilon),), definition=True)
    limit = Calculation("limit", largest).tends_to(s(1), "small", nearly)
    limit = limit.as_lemma("limit", "limit", Rule(largest, s(1)))
    assert (meant.timeless, limit.timeless) == (True, False)
    still = Calculation("still", largest * sdot(k)).equals(sdot(k), "unit", unit)
    assert [*still.steps[0].faults] == []


def test_what_is_shown_where_a_premise_is_about_one_index_is_shown_of_no_other():
    for premise in (
        SIMPLE,
        Assumption("p", "a premise", conditions=(Condition(s(k), Relation.AT_MOST, s(1)),)),
        Assumption("p", "a premise", positive=(s(k),)),
    ):
        assert premise.particulars == {k}
        part = Calculation("s", s(k)).equals(s(k), "as it stands", premise)
        with pytest.raises(ValueError, match="assumes something of k that is not assumed of every index"):
            Proof((Rule(s(k), s(k), (k,)),), (part,))
    assert catalogue()["velocity-identity"].as_lemma().rules[0].indices == ()


def test_what_is_assumed_of_one_index_is_not_claimed_of_all():
    here = Assumption("here", "one layer", rules=(Rule(sA(k, l), gamma(k), (k,)),))
    apart = Assumption("apart", "two directions", distinct=(i, k))
    assert (here.particulars, apart.particulars) == ({l}, {i, k})
    assert STRONG_ALIGNMENT.particulars == ORTHONORMAL.particulars == frozenset()
    at_layer = Calculation("at l", sA(k, l)).equals(gamma(k), "one layer", here)
    lemma = at_layer.as_lemma("here", "here", Rule(sA(k, l), gamma(k), (k,)))
    crossed = Calculation("crossed", delta(i) * inner(u(i), u(k))).equals(
        Integer(0), "apart", ORTHONORMAL, apart
    )
    assert crossed.steps[0].holds()
    further = Calculation("further", sA(k, l)).equals(gamma(k), "shown above", lemma)
    for part, indices in ((at_layer, (k, l)), (further, (l,))):
        with pytest.raises(ValueError, match="assumes something of l that is not assumed of every index"):
            part.as_lemma("all", "all", Rule(sA(k, l), gamma(k), indices))
    with pytest.raises(ValueError, match="assumes something of i"):
        Proof((Rule(uT(i) * u(k), Integer(0), (i,)),), (crossed,))


def test_an_inequality_is_no_equation_to_rewrite_by():
    bound = sA(k, l) ** 2 * sB(1, l) ** 2
    part = Calculation("bound", s(k) ** 2).at_most(bound, "bound", lemmas=((Integer(1), SUBMULTIPLICATIVE),))
    assert part.relation is Relation.AT_MOST
    with pytest.raises(ValueError, match="shows an inequality"):
        part.as_lemma("bound", "bound", Rule(s(k) * s(k), bound))


def test_two_inequalities_one_of_each_direction_are_an_equation():
    ends = s(k) ** 2, sA(k, l) ** 2
    there, back = (
        Calculation(f"from {small}", small).at_most(large, "bound", lemmas=((Integer(1), bound),))
        for small, large in (ends, reversed(ends))
        for bound in [Lemma("bound", "bound", small, large)]
    )
    rule = (Rule(s(k), sA(k, l), (k,)),)
    assert Proof(rule, (there, back)).relation is Relation.EQUAL
    for parts in ((there,), (there, there)):
        with pytest.raises(ValueError, match="shows an inequality"):
            Proof(rule, parts)


def test_parts_are_chains_of_steps_that_relate_their_ends():
    step = Step(s(k), Relation.EQUAL, s(k) * UNIT, "unit vectors", (ORTHONORMAL,))
    with pytest.raises(ValueError, match="does not start where the last one ended"):
        Calculation("gap", UNIT, (step,))
    below = Step(s(k), Relation.AT_MOST, s(k), "below")
    for other in (Relation.AT_LEAST, Relation.LIMIT):
        with pytest.raises(ValueError, match="mixes"):
            Calculation("mixed", s(k), (below, replace(below, relation=other)))


def test_a_result_with_one_limit_among_its_steps_is_a_limit():
    part = Calculation("u", uA(k, l)).tends_to(u(k), "alignment", STRONG_ALIGNMENT)
    assert Derivation("a", "A", (part,)).result.relation is Relation.LIMIT
    exact = Calculation("u", uA(k, l)).equals(u(k) + epsilon * 0, "wishful")
    assert Derivation("b", "B", (exact,)).result.relation is Relation.EQUAL


def test_a_derivation_holds_only_if_every_step_does_here_and_in_what_it_rests_on():
    good = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    bad = good.equals(Integer(2), "wishful thinking")
    assert Derivation("good", "Good", (good,)).holds()
    assert not Derivation("bad", "Bad", (bad,)).holds()
    assert not Derivation("both", "Both", (good, bad)).holds()
    lemma = Derivation(
        "bad", "Bad", (Calculation("s", s(k)).equals(gamma(k), "wishful thinking"),)
    ).as_lemma()
    resting = Calculation("rate", s(k)).equals(gamma(k), "shown elsewhere", lemma)
    assert all(step.holds() for step in resting.steps)
    assert not Derivation("rests", "Rests", (resting,)).holds()


def test_a_derivation_says_no_more_than_its_weakest_step():
    part = Calculation("length", UNIT).equals(Integer(1), "unit vectors", ORTHONORMAL)
    small = replace(part, steps=(replace(part.steps[0], checked_for="n ≤ 4"),))
    general, limited = Derivation("general", "G", (part,)), Derivation("limited", "L", (small,))
    assert general.scope == general.generality
    assert limited.scope == f"{general.generality}; checked for n ≤ 4"
    rate = Calculation("rate", s(k)).equals(gamma(k), "wishful thinking")
    rate = replace(rate, steps=(replace(rate.steps[0], checked_for="n ≤ 4"),))
    lemma = Derivation("rate", "R", (rate,)).as_lemma()
    resting = Derivation(
        "rests", "R", (Calculation("again", s(k)).equals(gamma(k), "shown elsewhere", lemma),)
    )
    assert resting.checked_for == ("n ≤ 4",)
    assert small.steps[0].reason.endswith("(checked for n ≤ 4)")
