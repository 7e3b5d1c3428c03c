"""What a step must name: hypotheses of its lemmas, and what lets it differentiate."""

import re
from dataclasses import replace

import pytest
from sympy import Integer

from jacspec.theory import Derivation
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_INVERSE
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.alignment.full_rank import alignment
from jacspec.theory.results.assumptions import SIMPLE
from jacspec.theory.results.catalogue import catalogue
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
