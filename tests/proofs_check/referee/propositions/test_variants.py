"""Every single-site variant of a proposition is refuted, or counted as what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Integer, Symbol

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.propositions.variants import (
    _widened,
    variants_of,
    variants_tried,
)
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.strategies import chains
from jacspec.theory import Relation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import N, k, n, s, sA
from jacspec.theory.results.propositions.separation import PROPOSITIONS

MODES = Domain((Parameter(N, Integer(2)), Parameter(n, Integer(1)), Parameter(k, Integer(1), n)))
EQUAL = Proposition(s(k), Relation.EQUAL, sA(k, 1), (), MODES)


def at_rest(chain: Chain) -> ChainPoint:
    return ChainPoint(chain, [factor * 0 for factor in chain.exact], 1)


EXAMPLES = [{"chain": Chain([[[3, 0], [1, 2]], [[1, 1], [0, 5]]])}, {"chain": Chain([[[2, 0], [0, 7]]] * 3)}]


def tried(stated: Proposition, examples: Sequence[dict[str, Chain]]) -> Mutants:
    claim = Claim(label="claim", given={"chain": chains(2, 2)}, **searched([stated], at_rest))
    found = SearchResult(0, kept=tuple(examples))
    return variants_tried(claim, found, searches=0, seed=0)


def test_those_of_an_equality_are_refuted_or_the_same() -> None:
    found = tried(EQUAL, EXAMPLES)
    assert found.killed == found.total >= 10
    assert found.survivors == ()


def test_a_weaker_bound_is_counted_apart() -> None:
    found = tried(replace(EQUAL, relation=Relation.AT_MOST), EXAMPLES)
    assert found.weaker >= 1  # twice the larger side
    assert found.killed >= 5
    assert found.survivors == ()


def test_a_limit_that_is_approached_faster_is_not_weaker() -> None:
    small = Symbol("x", positive=True)
    stated = Proposition(small * s(k), Relation.LIMIT, Integer(0), (), MODES, (small, Integer(0)))
    found = tried(stated, EXAMPLES)
    assert found.weaker == 0
    assert found.unrefuted >= 1  # twice the distance: a true one, though nothing shows it
    assert found.killed >= 1
    assert found.survivors == ()


def test_what_the_examples_cannot_tell_apart_is_the_same_or_survives() -> None:
    zero = {"chain": Chain([[[0, 0], [0, 0]]] * 2)}
    found = tried(EQUAL, [zero])
    assert found.equivalent > found.killed
    found = tried(EQUAL, [])
    assert found.survivors == ("none of its variants is refuted",)


def test_what_the_first_examples_leave_open_is_tried_at_all_others() -> None:
    """Of s ≤ 1 + s², the variant s ≤ s² holds at s = 2 and fails at s = 1/2, which comes later."""
    stated = Proposition(s(k), Relation.AT_MOST, 1 + s(k) ** 2, (), MODES)
    claim = Claim(label="claim", given={"chain": chains(2, 2)}, **searched([stated], at_rest))
    two, half = ({"chain": Chain([[[1]], [[value]]])} for value in (2, Fraction(1, 2)))
    found = SearchResult(0, kept=(*[two] * 30, half))
    untried, tried = (variants_tried(claim, found, searches=most, seed=0) for most in (0, None))
    assert untried.killed < tried.killed


@pytest.mark.parametrize(
    ("stated", "changed", "fate"),
    [
        (Domain((*MODES.parameters[:2], Parameter(k, Integer(2), n))), "1 ≤ k ≤ n", Fate.REFUTED),
        (Domain((*MODES.parameters[:2], Parameter(k, Integer(1), n))), "1 ≤ k ≤ n + 1", Fate.EQUIVALENT),
        (Domain((*MODES.parameters[:2], Parameter(k, Integer(2), n))), "2 ≤ k ≤ n + 1", Fate.EQUIVALENT),
        (Domain((*MODES.parameters[:2], Parameter(k, Integer(1), n - 1))), "1 ≤ k ≤ n", Fate.UNREFUTED),
    ],
    ids=str,
)
def test_a_range_that_is_one_wider_is_tried_beyond_the_claims_own(
    stated: Domain, changed: str, fate: Fate
) -> None:
    """s_k ≤ s_2 holds for k ≥ 2 alone, s_k ≤ s_1 for all k; and there is no s_{n+1}."""
    wide = stated.parameters[-1].least == 1
    said = Proposition(s(k), Relation.AT_MOST, s(1) if wide else s(2), (), stated)
    conclusion = searched([said], at_rest)["conclusion"]
    with balls(256):
        found = dict(_widened(conclusion, [at_rest(**each) for each in EXAMPLES]))
    (name,) = (name for name in found if name.startswith(f"'{changed}' in "))
    assert found[name] is fate


@pytest.mark.parametrize("label", PROPOSITIONS)
def test_what_a_proposition_names_is_changed_everywhere_at_once(label: str) -> None:
    stated = PROPOSITIONS[label]
    variants = variants_of(stated)
    assert len({each.propositions for each in variants}) == len(variants)
    changed = [sum(a != b for a, b in zip(each.propositions, stated, strict=True)) for each in variants]
    assert min(changed) == 1
    assert max(changed) == (3 if label == "separation-closed-form" else 1)
