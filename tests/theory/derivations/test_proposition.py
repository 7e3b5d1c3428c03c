"""A derivation proves a proposition only if one of its results is the proposition; else, why not."""

import re
from dataclasses import replace

import pytest
from sympy import Integer, Sum, Symbol, exp, oo

from jacspec.theory import Calculation, Derivation, Relation, declare
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition, proof_of, stated
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.notation.numbers import deviation as sigma, start, time
from jacspec.theory.notation.symbols import M, N, delta, epsilon, gamma, k, l, n, s, sA, sB, u, v
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import (
    DEPTH_SCALING,
    DEPTH_SCALING_NON_EMPTY,
    ORTHONORMAL,
    SIMPLE,
    STRONG_ALIGNMENT,
)
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics.balanced import BALANCED
from jacspec.theory.results.propositions import alignment, dynamics, initialisation, separation

TWICE = declare("qz", meaning="a number")

EVERY = {
    label: propositions
    for chapter in (dynamics, alignment, initialisation, separation)
    for label, propositions in chapter.PROPOSITIONS.items()
}


def lacking(proposition, derivation):
    return proof_of(proposition, derivation).lacking


@pytest.mark.parametrize("label", sorted(EVERY))
def test_what_the_ledger_states_is_what_its_derivation_ends_in(label):
    for proposition in EVERY[label]:
        shown = proof_of(proposition, catalogue()[label])
        assert shown.lacking == ""
        assert shown.calculation.relation is proposition.relation
        assert set(shown.calculation.premises) <= set(proposition.given)


@pytest.mark.parametrize("label", sorted(EVERY))
def test_twice_the_right_hand_side_is_not_shown(label):
    for proposition in EVERY[label]:
        other = replace(proposition, right=2 * proposition.right + 1)
        assert "does not end in" in lacking(other, catalogue()[label])


@pytest.mark.parametrize(
    ("label", "other"),
    [
        ("alignment", "right-alignment"),
        ("imbalance-conserved", "imbalance-where-open"),
        ("separation-rate", "separation-dynamics"),
        ("general-dynamics", "gradient-flow-dynamics"),
        ("depth-scaling-boundary", "alignment-forces-zero-intercept"),
    ],
)
def test_no_derivation_shows_what_another_claim_states(label, other):
    relabelled = replace(catalogue()[other], label=label)
    assert all(lacking(each, relabelled) for each in EVERY[label])


def test_an_equation_is_shown_from_either_side_an_inequality_is_not():
    part = Calculation("length", inner(u(k), u(k))).equals(Integer(1), "unit vectors", ORTHONORMAL)
    derivation = Derivation("length", "Length", (part,))
    assert not lacking(Proposition(Integer(1), Relation.EQUAL, inner(u(k), u(k))), derivation)
    found = lacking(Proposition(Integer(1), Relation.AT_MOST, inner(u(k), u(k))), derivation)
    assert found == "it derives ⟨u_k, u_k⟩ = 1, which does not start from 1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"given": (SIMPLE, replace(BALANCED, title=SIMPLE.title))}, "two premises are called 'simple"),
        (
            {"left": s(1) * start * declare("t", meaning="a time"), "right": time},
            "t is declared, and a number",
        ),
        ({"named": (s(1) + 2, s(2))}, "s_2 has a meaning, and cannot name s_1 + 2"),
        ({"named": (s(1) + 2, Symbol("s_2"))}, "s_2 has a meaning, and cannot name s_1 + 2"),
        ({"named": (s(1) + 2, n)}, "n has a meaning, and cannot name s_1 + 2"),
        (
            {"domain": Domain((Parameter(start, 1),)), "towards": (start, 0)},
            "as s_0 → 0⁺ is reached for s_0 > 1",
        ),
        ({"domain": Domain((Parameter(start, 0, 1),)), "towards": (start, 1)}, "for 0 < s_0 < 1"),
        ({"domain": Domain((Parameter(Symbol("s_0", real=True), -5),))}, "two numbers are called s_0"),
        *(
            ({"right": Symbol(name, positive=True)}, f"a number is called '{name}': expected letters")
            for name in ("s_1", "s_k(A_l)", "A_1 A_2", "J", "ѕ", "x ", "_2")
        ),
        ({"left": Symbol("σ", real=True), "right": sigma}, "two numbers are called σ"),
        (
            {"left": TWICE, "right": Symbol("q", real=True) * Symbol("z", real=True)},
            "qz is read as the product of q, z",
        ),
        ({"domain": Domain((Parameter(N, 2, 5),)), "towards": (N, oo)}, "as N → ∞ is reached for 2 ≤ N ≤ 5"),
    ],
    ids=str,
)
def test_what_would_be_read_as_something_else_is_refused(changes, fault):
    with pytest.raises(ValueError, match=re.escape(fault)):
        Proposition(**{"left": s(1) * start, "relation": Relation.LIMIT, "right": s(1), **changes})


def test_a_limit_is_no_equality():
    (limit,) = EVERY["general-dynamics"]
    found = lacking(replace(limit, relation=Relation.EQUAL), catalogue()["general-dynamics"])
    assert found.endswith("expected '='")
    assert " → " in found


def test_a_limit_is_of_the_variable_that_is_stated():
    (limit,) = EVERY["general-dynamics"]
    other = replace(limit, towards=(epsilon, Integer(1)))
    assert lacking(other, catalogue()["general-dynamics"]).endswith("moves: expected ε")


def test_depth_scaling_at_every_layer_is_more_than_was_given():
    """One step assumes DS where the proposition grants DS′."""
    part = (
        Calculation("Depth scaling", sA(k, 2) * sB(k, 1 + 1))
        .equals(exp((N - 1) * gamma(k) + delta(k)) * sB(k, 2), "at A", DEPTH_SCALING)
        .equals(exp(N * gamma(k) + 2 * delta(k)), "at B", DEPTH_SCALING_NON_EMPTY)
    )
    claimed = Proposition(part.start, Relation.EQUAL, part.end, (DEPTH_SCALING_NON_EMPTY,))
    derivation = Derivation("scaling", "Scaling", (part,))
    assert lacking(claimed, derivation) == (
        "it assumes 'depth scaling (DS)', which is not among the premises"
    )
    assert not lacking(replace(claimed, given=(DEPTH_SCALING_NON_EMPTY, DEPTH_SCALING)), derivation)


def test_premises_of_lemmas_count():
    lemma = Derivation(
        "aligned", "A", (Calculation("v", inner(v(k), v(k))).equals(Integer(1), "unit", ORTHONORMAL),)
    )
    scaled = Derivation(
        "s", "S", (Calculation("s", s(k)).equals(exp(N * gamma(k) + delta(k)), "DS", DEPTH_SCALING),)
    )
    part = Calculation("again", s(k)).equals(
        exp(N * gamma(k) + delta(k)), "shown elsewhere", scaled.as_lemma()
    )
    claimed = Proposition(s(k), Relation.EQUAL, part.end)
    assert "assumes 'depth scaling (DS)'" in lacking(claimed, Derivation("r", "R", (part,)))
    assert "which does not start from" in lacking(claimed, lemma)


@pytest.mark.parametrize(
    ("label", "parameter", "why"),
    [
        ("imbalance-conserved", Parameter(l, Integer(1), N), "it holds for 1 ≤ l ≤ N - 1 only"),
        ("imbalance-conserved", Parameter(l, Integer(0), N - 1), "it holds for 1 ≤ l ≤ N - 1 only"),
        ("alignment-rank-r", Parameter(k, Integer(1), n), "it holds for 1 ≤ k ≤ r only"),
        ("velocity-identity", Parameter(N, Integer(1)), "it holds for N ≥ 2 only"),
    ],
)
def test_a_claimed_domain_that_is_raised_is_refused(label, parameter, why):
    proposition = EVERY[label][0]
    assert parameter.symbol in {each.symbol for each in proposition.domain.parameters}
    raised = Domain(
        tuple(
            parameter if each.symbol == parameter.symbol else each for each in proposition.domain.parameters
        )
    )
    found = lacking(replace(proposition, domain=raised), catalogue()[label])
    assert found == f"{why}: the proposition claims more"


@pytest.mark.parametrize("label", sorted(EVERY))
def test_no_range_that_is_one_wider_is_shown(label):
    """Either end of every size and index of which a side speaks."""
    for claimed in EVERY[label]:
        shown = proof_of(claimed, catalogue()[label]).calculation
        parameters = claimed.domain.parameters
        for place, own in enumerate(parameters):
            if own.symbol.is_integer and own.symbol in claimed.left.free_symbols | claimed.right.free_symbols:
                lower = replace(own, least=own.least - 1)
                ends = [lower] if own.most is None else [lower, replace(own, most=own.most + 1)]
                for wide in ends:
                    domain = Domain((*parameters[:place], wide, *parameters[place + 1 :]))
                    beyond = replace(claimed, domain=domain).everywhere.beyond(shown.holds_for)
                    assert own.symbol in {each.symbol for each in beyond}


def test_what_is_the_same_without_a_size_is_not_shown_for_it():
    """S_N(0) is s_0 by normal form, and has no value at N = 2: no line about S_2(0) shows it there."""
    _, begun, *_ = EVERY["separation-closed-form"]
    wider = Domain((Parameter(N, Integer(2)), *begun.domain.parameters[1:]))
    derivation = catalogue()["separation-closed-form"]
    (only,) = (part for part in derivation.calculations if part.title == "$N = 2$: the start")
    for claimed in (begun, replace(begun, domain=wider)):
        found = lacking(claimed, replace(derivation, calculations=(only,)))
        assert found.endswith("which says nothing of N")
    assert lacking(begun, derivation) == ""
    assert "it holds for N ≥ 3 only" in lacking(replace(begun, domain=wider), derivation)


def test_what_is_shown_only_on_the_way_to_the_end_is_shown_too():
    part = Calculation("u", inner(u(k), u(k))).equals(Integer(1), "unit", ORTHONORMAL)
    longer = part.equals(inner(v(k), v(k)), "unit", ORTHONORMAL)
    claimed = Proposition(part.start, Relation.EQUAL, Integer(1))
    assert proof_of(claimed, Derivation("u", "U", (longer,))).calculation == part


def test_what_a_line_is_taken_for_is_equal_to_it_on_the_whole_domain():
    """Σ_{j=1}^{m-3} 1 has the normal form m - 3, and is 0 at m = 0."""
    m, j = (Symbol(name, integer=True, nonnegative=True) for name in "mj")
    count = Sum(Integer(1), (j, 1, m - 3))
    for least, shown in ((3, True), (0, False)):
        domain = Domain((Parameter(m, Integer(least)),))
        part = ScalarCalculation("m", m - 3, domain=domain).bounded(Relation.AT_MOST, m - 2, "less")
        claimed = Proposition(count, Relation.AT_MOST, m - 2, domain=domain)
        assert (lacking(claimed, Derivation("m", "m", (part,))) == "") is shown


def test_propositions_that_share_premises_and_domain_name_them_once():
    first, second = EVERY["alignment"]
    said = stated([first, second])
    assert said == f"$B_l$ nonsingular: {first.conclusion} and {second.conclusion}, for ${first.domain}$"
    (limit,) = EVERY["general-dynamics"]
    assert str(limit).startswith("simple singular value, strong alignment (SA), depth scaling (DS): $ṡ_k → ")
    assert " as $ε → 0⁺$, for $N ≥ 2" in str(limit)
    assert STRONG_ALIGNMENT in limit.given


def test_the_depths_that_are_shown_are_those_of_all():
    shallow = Proposition(inner(u(k), M(l) * u(k)), Relation.EQUAL, inner(u(k), M(l) * u(k)))
    deep = Proposition(inner(u(k), M(N - 2) * u(k)), Relation.EQUAL, inner(u(k), M(N - 2) * u(k)))
    assert str(shallow).endswith(", for $N ≥ 2$")
    assert stated([shallow, deep]).endswith(", for $N ≥ 3$")


def test_a_name_is_not_of_what_a_sum_runs_over():
    """Σ_k x with x = s_k would be n x."""
    total, name = Sum(s(k), (k, 1, n)), Symbol("x", positive=True)
    with pytest.raises(ValueError, match="x cannot name s_k, of which a sum runs over an index"):
        Proposition(total, Relation.EQUAL, total, named=(s(k), name))
    assert "where $x = s_1$" in str(Proposition(total, Relation.EQUAL, total + s(1), named=(s(1), name)))


def test_an_index_of_a_sum_is_called_like_nothing_else():
    """Σ_k s_k s_k would be read as a sum of squares."""
    other = Symbol("k", integer=True)
    total = Sum(s(other) * s(k), (other, 1, n))
    with pytest.raises(ValueError, match="two numbers are called k: write one symbol for both"):
        Proposition(total, Relation.EQUAL, total)
    (step,) = Calculation("total", total).equals(total, "as it stands").steps
    assert "two numbers are called k: write one symbol for both" in [*step.faults]
