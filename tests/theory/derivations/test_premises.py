"""What a step must name: hypotheses of its lemmas, and what lets it differentiate."""

import re
from dataclasses import replace

import pytest
from sympy import Integer

from jacspec.documents.blocks import Paragraph
from jacspec.theory import Assumption, Derivation, Parameter, Relation, Rule
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.derivation_blocks import assumption_blocks
from jacspec.theory.notation.symbols import MT, C, M, N, i, j, k, l, s, u
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_INVERSE
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.alignment.full_rank import alignment
from jacspec.theory.results.assumptions import DEPTH_SCALING, SIMPLE
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics.balanced import BALANCED
from jacspec.theory.results.dynamics.general import velocity_identity


def test_a_lemma_cannot_be_used_without_its_hypotheses():
    step = next(each for each in alignment().steps if each.lemmas)
    assert step.uses == (NONSINGULAR,)
    with pytest.raises(ValueError, match=r"uses 'Cauchy–Schwarz', which needs '.B_l. nonsingular': name it"):
        replace(step, uses=())


def test_no_step_of_the_theory_uses_a_lemma_without_each_of_its_hypotheses():
    used = {
        (step, lemma, needed)
        for derivation in catalogue().values()
        for step in derivation.steps
        for _, lemma in step.lemmas
        for needed in lemma.hypotheses
    }
    assert len(used) > 20
    for step, lemma, needed in used:
        with pytest.raises(ValueError, match=re.escape(f"'{lemma.title}', which needs '{needed.title}'")):
            replace(step, uses=tuple(each for each in step.uses if each != needed))


def test_a_lemma_says_all_that_its_derivation_assumes():
    silent = replace(NORM_OF_INVERSE, hypotheses=())
    with pytest.raises(ValueError, match=r"assumes '.B_l. nonsingular', which is no hypothesis of"):
        silent.derivation()
    for derivation in catalogue().values():
        for lemma in derivation.inequalities:
            if isinstance(lemma, DerivedLemma):
                assert set(lemma.derivation().assumptions) <= set(lemma.hypotheses)


def test_singular_vectors_are_differentiated_only_where_an_assumption_lets_them_be():
    derivation = velocity_identity()
    product, velocity = derivation.calculations
    first, *others = velocity.steps
    assert SIMPLE in first.uses
    assert derivation.naming_errors == ()
    dropped = replace(first, uses=tuple(each for each in first.uses if each is not SIMPLE))
    bare = Derivation("bare", "Bare", (product, replace(velocity, steps=(dropped, *others))))
    assert bare.assumptions == ()
    assert bare.naming_errors == (
        f"'{first.rule}': it differentiates $u_k$, and names no assumption that lets it",
        f"'{first.rule}': it differentiates $v_k$, and names no assumption that lets it",
    )
    assert bare.holds()
    assert first.after != Integer(0)


@pytest.mark.parametrize(
    ("premise", "words", "fault"),
    [
        (NONSINGULAR, {"title": "any $B_l$"}, "says 'any', which its equations do not"),
        (NONSINGULAR, {"title": "$B_l$ orthogonal"}, "says 'orthogonal', which its equations do not"),
        (NONSINGULAR, {"title": "$B_l$"}, "does not say 'nonsingular', which its equations do"),
        (
            SIMPLE,
            {"title": "singular value"},
            "does not say 'simple', which its equations do",
        ),
        (
            DEPTH_SCALING,
            {"where": "for orthonormal factors"},
            "says 'orthonormal', which its equations do not",
        ),
    ],
)
def test_a_premise_that_is_reworded_says_what_its_equations_do_not(premise, words, fault):
    assert premise.faults == ()
    reworded = replace(premise, **words)
    assert f"the premise '{reworded.title}' {fault}" in reworded.faults
    label = "alignment" if premise is NONSINGULAR else "general-dynamics"
    derivation = catalogue()[label]
    used = replace(derivation, argument="for the test", argument_uses=(reworded,))
    assert set(reworded.faults) <= set(used.naming_errors)


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ({"where": "$M_l M_lᵀ = 0$ for every $l$"}, "$M_l M_lᵀ = 0$"),
        ({"title": "$s_k > 1$"}, "$s_k > 1$"),
        ({"where": "no factor has a norm of at least 2"}, "'at least'"),
    ],
)
def test_the_words_of_a_premise_claim_nothing(words, claim):
    reworded = replace(BALANCED, **words)
    fault = (
        f"the words of the premise '{reworded.title}' claim {claim}: state it as an equation or a condition"
    )
    assert reworded.faults == (fault,)
    used = replace(velocity_identity(), argument="for the test", argument_uses=(reworded,))
    assert fault in used.naming_errors


def test_a_premise_without_an_end_is_refused():
    """Tried at two values it would pass for one that holds: 3 - i ≥ 0 for every i."""
    few = Condition(Integer(0), Relation.AT_MOST, 3 - i, (i,))
    (fault,) = Assumption("few", "few", conditions=(few,)).faults
    assert fault == "the premise 'few' is for every $i ≥ 1$, which no point shows: confine it by ranges"
    confined = replace(few, ranges=((i, Integer(1), Integer(3)),))
    assert Assumption("few", "few", conditions=(confined,)).faults == ()


def test_the_words_of_a_definition_claim_nothing():
    derivation = velocity_identity()
    product, velocity = derivation.calculations
    step = next(each for each in velocity.steps if any(map(is_definition, each.uses)))
    definition = next(filter(is_definition, step.uses))
    reworded = replace(definition, where="where $s_k ≤ 1$")
    uses = tuple(reworded if each is definition else each for each in step.uses)
    steps = tuple(replace(each, uses=uses) if each is step else each for each in velocity.steps)
    claiming = replace(derivation, calculations=(product, replace(velocity, steps=steps)))
    fault = f"the words of the definition '{definition.title}' claim $s_k ≤ 1$: state it as"
    assert any(each.startswith(fault) for each in claiming.naming_errors)


def is_definition(used):
    return used.definition and not isinstance(used, ShownEquations)


def test_what_is_shown_of_a_premise_is_read_off_its_equations():
    """There is no sentence that could be reworded: another equation is shown as another one."""
    words = plain(assumption_blocks("balanced", BALANCED))
    assert words == ["balanced", "M_l M_lᵀ = C_{l+1}", "1 ≤ l ≤ N"]
    changed = replace(BALANCED, rules=(Rule(M(l) * MT(l), 2 * C(l + 1), (l,)),))
    assert plain(assumption_blocks("balanced", changed))[1] == "M_l M_lᵀ = 2 C_{l+1}"
    everything = Assumption(
        "all",
        "all kinds",
        conditions=(Condition(s(k), Relation.AT_MOST, s(j), (j,)),),
        distinct=(i, j),
        restricts=(Parameter(N, Integer(3)),),
        positive=(s(k),),
        differentiable=(u,),
        where="$u_k$ is a vector",
    )
    assert " / ".join(plain(assumption_blocks("all", everything))) == (
        "all: $u_k$ is a vector / s_k ≤ s_j / 1 ≤ j ≤ n / s_k > 0 / N ≥ 3 / i ≠ j / u_k differentiable"
    )


def plain(blocks):
    """The words and formulas of blocks, with the ranges of these."""
    shown = (
        (block.text,) if isinstance(block, Paragraph) else (block.text, block.where[1]) for block in blocks
    )
    return [words for pair in shown for words in pair if words]


def test_no_premise_of_the_theory_is_words_alone():
    used = {each for derivation in catalogue().values() for each in derivation.assumptions}
    assert len(used) > 30
    for each in used:
        assert each.says or each.restricts or each.distinct, each.title
        assert each.faults == ()


def test_a_remark_explains_and_does_not_claim():
    derivation = velocity_identity()
    for false in ("There $δ_k = 3$.", "Always $s_1 ≤ s_2$, as $N → ∞$.", "$s_1$ is at most 3."):
        (fault,) = replace(derivation, remark=false).naming_errors
        assert fault.startswith(("the remark claims $", "the remark claims 'is at most 3'"))
        assert fault.endswith(": state it in a proposition, or leave it out")
    assert replace(derivation, remark="For $n = 2$ see $A_l$; as $ε → 0$.").naming_errors == ()


@pytest.mark.parametrize("title", ["", " ", "$ $"])
def test_a_premise_has_a_title(title):
    (fault,) = Assumption("p", title, conditions=(Condition(s(1), Relation.EQUAL, 1),)).faults
    assert fault == "a premise has no title: p"
