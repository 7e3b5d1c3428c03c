"""Nothing is taken without proof but what defines, and what the ledger says that the notation means."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from sympy import I, Integer, Sum, Symbol

from jacspec.proofs_check.claims.claim import Claim
from jacspec.theory import (
    Assumption,
    Calculation,
    Condition,
    Derivation,
    Parameter,
    Proposition,
    Relation,
    Rule,
    declare,
)
from jacspec.theory.algebra.definitions import agree_on_chains
from jacspec.theory.derivations.calculation import Proof, ShownEquations
from jacspec.theory.derivations.derivation import DerivedLemma, LentEquations
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.derivations.lemma import Lemma, square, unstated
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.derivations.scalars.steps import Given
from jacspec.theory.notation.symbols import (
    AT,
    A,
    J,
    M,
    Mdot,
    N,
    delta,
    epsilon,
    gamma,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    u,
    uT,
    v,
)
from jacspec.theory.results.alignment.facts import PAIRS_OF_J, SPLIT, in_order
from jacspec.theory.results.dynamics.balanced import PRODUCTS
from jacspec.theory.results.dynamics.remainder_inequalities import LEVEL

_one, _count = Integer(1), N**2 - 5 * N + 7
number = declare("number", meaning="a number")
other = declare("otherone", meaning="another number")
strength = declare("strength", meaning="a positive number", positive=True)
of_mode = declare("ofmode", k, meaning="a number for each mode")
column = declare("column", kind="column", meaning="a column")
branch = declare("branch", l, kind="matrix", moves=True, meaning="a branch", on_chains=M(l) - 1)
apart = declare("apart", meaning="how far", positive=True, on_chains=s(1) - 5)
pushed = declare("pushed", meaning="twice the first", on_chains=2 * number)


def meant(*rules, **more):
    return Assumption("meant", "meant", rules=rules, definition=True, **more)


def lacking(left, right, *uses, given=(), relation=Relation.EQUAL):
    part = Calculation("part", left).equals(right, "as meant", *uses)
    proposition = Proposition(left, relation, right, given=given)
    return proof_of(proposition, Derivation("part", "part", (part,))).lacking


@pytest.mark.parametrize(
    "definition",
    [
        meant(Rule(number, s(1))),
        meant(Rule(of_mode(k), s(k) ** 2, (k,))),
        meant(Rule(strength, _one)),
        meant(Rule(strength, 1 + s(1))),
        meant(Rule(Mdot(l), branch.derivative(l), (l,))),
        meant(conditions=(Condition(M(l), Relation.EQUAL, 1 + branch(l), (l,)),)),
    ],
    ids=str,
)
def test_what_says_what_a_declared_symbol_is_defines_it(definition):
    assert definition.defines


@pytest.mark.parametrize(
    "definition",
    [
        meant(Rule(uT(k) * u(k), _count, (k,))),
        meant(Rule(branch(l), M(l), (l,))),
        meant(Rule(apart, s(1) - 5)),
        meant(Rule(number, s(k))),
        meant(Rule(column, Integer(3))),
        meant(Rule(of_mode(1), _one)),
        meant(Rule(of_mode(k), s(k), (k,)), Rule(of_mode(i), s(i) ** 2, (i,))),
        meant(Rule(number, number + 1)),
        meant(Rule(number, other), Rule(other, number + 1)),
        meant(Rule(number, pushed)),
        meant(Rule(number, epsilon)),
        meant(Rule(number, J)),
        meant(Rule(strength, -s(1))),
        meant(Rule(strength, s(1))),  # which may be 0
        meant(Rule(number, s(1)), conditions=(Condition(s(1), Relation.AT_MOST, _one),)),
        meant(Rule(number, s(1)), positive=(s(1),)),
        meant(Rule(number, s(1)), restricts=(Parameter(N, 2, 2),)),
        meant(Rule(number, s(1)), distinct=(i, k)),
        meant(Rule(number, s(1)), differentiable=(u,)),
        meant(Given(Symbol("t"), _one)),
    ],
    ids=str,
)
def test_what_does_more_than_define_has_to_be_assumed(definition):
    assert not definition.defines
    assert definition.premises == (definition,)


def test_a_definition_that_says_more_proves_nothing_that_does_not_assume_it():
    lengths = meant(Rule(uT(k) * u(k), _count, (k,)))
    why = "it assumes 'meant', which is not among the premises and defines nothing that is free without it"
    assert lacking(uT(k) * u(k), _count, lengths) == why
    assert lacking(uT(k) * u(k), _count, lengths, given=(lengths,)) == ""


def test_what_a_statement_speaks_of_is_defined_among_its_premises():
    two = meant(Rule(number, Integer(2)))
    why = "it assumes 'meant', which is not among the premises: it says what number is"
    assert lacking(number * s(1), 2 * s(1), two) == why
    assert lacking(pushed * s(1), 2 * number * s(1), meant(Rule(pushed, 2 * number)), two).startswith(why)
    assert lacking(number * s(1), 2 * s(1), two, given=(two,)) == ""
    between = (
        Calculation("part", 2 * s(1)).equals(number * s(1), "name it", two).equals(s(1) * 2, "back", two)
    )
    whole = Derivation("part", "part", (between,))
    assert proof_of(Proposition(2 * s(1), Relation.EQUAL, 2 * s(1)), whole).lacking == ""
    small = Assumption("small", "small", conditions=(Condition(number, Relation.AT_MOST, _one),))
    spoken_of = Proposition(2 * s(1), Relation.EQUAL, 2 * s(1), given=(small,))
    assert proof_of(spoken_of, whole).lacking == why


def test_a_changed_copy_of_what_the_ledger_says_is_none_of_it():
    assert PAIRS_OF_J.defines
    assert replace(PAIRS_OF_J, rules=PAIRS_OF_J.rules[1:]).defines
    copy = replace(PAIRS_OF_J, rules=(Rule(uT(k) * u(k), _count, (k,)),))
    assert not copy.defines
    assert "'singular pairs of J', which is not among the premises" in lacking(uT(k) * u(k), _count, copy)
    assert not replace(SPLIT, conditions=(Condition(s(1), Relation.AT_MOST, _one),)).defines


def test_a_lemma_is_taken_without_proof_only_as_the_ledger_states_it():
    order = in_order(_one, sA(2, l), sA(1, l))
    assert order.by_definition
    for lemma in (replace(order, large=sA(3, l)), Lemma("mine", "mine", N**2 * s(1), (5 * N - 6) * s(1))):
        assert not lemma.by_definition
        part = Calculation("part", lemma.small).at_most(lemma.large, "lemma", lemmas=((_one, lemma),))
        derivation = Derivation("part", "part", (part,))
        assert derivation.searched == (lemma,)
        assert not derivation.general


def test_a_square_is_that_of_a_real_number():
    assert square(s(1) - 2).by_definition
    with pytest.raises(TypeError, match="its square may be negative"):
        square(I * s(1))


def test_what_an_assumption_states_is_taken_as_it_states_it():
    low, *_ = LEVEL.conditions
    at_least = replace(low, relation=Relation.AT_LEAST)
    turned = Lemma.assumed("level", replace(LEVEL, conditions=(at_least,)), at_least, {l: l + 1})
    assert (turned.small, turned.large) == (epsilon, low.left.subs(l, l + 1))
    for of, condition, at in (
        (LEVEL, at_least, {}),
        (LEVEL, low, {k: k + 1}),
        (replace(LEVEL, conditions=(replace(low, relation=Relation.LIMIT),)), low, {}),
    ):
        with pytest.raises(ValueError, match="does not state the inequality 'level'"):
            Lemma.assumed("level", of, condition, at)


def test_no_index_of_a_sum_captures_what_is_put_in():
    total = Condition(Sum(s(j), (j, 1, k)), Relation.AT_MOST, s(1), (k,))
    stated = Lemma.assumed("m", Assumption("m", "m", conditions=(total,)), total, {k: j})
    (index, *ends), *_ = stated.small.limits
    assert index != j
    assert ends == [1, j]
    scaled = declare("scaled", k, meaning="s_k times all", on_chains=Sum(s(j) * s(k), (j, 1, n)))
    assert agree_on_chains(scaled(j), s(j) * Sum(s(i), (i, 1, n)))
    assert not agree_on_chains(scaled(j), Sum(s(i) ** 2, (i, 1, n)))


def test_the_hypothesis_of_an_induction_is_no_way_around_it():
    statement = Rule(uT(k) * u(k), _count, (k,))
    part = Calculation("part", s(k)).equals(s(k), "the same")
    with pytest.raises(ValueError, match="expected neighbours of l"):
        Induction("mine", statement, _one, l, l, ())
    mine = Induction("mine", Rule(A(l), J, (l,)), _one, l, l + 1, ())
    false = replace(mine.hypothesis, rules=(statement,))
    assert mine.hypothesis.defines
    assert not false.defines
    with pytest.raises(ValueError, match="does not show mine at layer"):
        Proof((statement,), (part, part), discharges=mine.hypothesis.supposed_for)
    base = Calculation("base", A(1)).equals(J, "the whole", PRODUCTS)
    step = Calculation("step", A(l + 1)).equals(J, "anything")
    with pytest.raises(ValueError, match="is not what calculation"):
        Proof((statement,), (base, step), discharges=mine.hypothesis.supposed_for)


def test_base_and_step_of_an_induction_reach_every_layer():
    def concluded(first, step):
        base = Calculation("base", A(first)).equals(J, "anything")
        return Induction("mine", Rule(A(l), J, (l,)), first, l, l + 1, ()).concluded(base, step)

    step = Calculation("step", A(l + 1)).equals(J, "anything")
    assert concluded(_one, step).rules == (Rule(A(l), J, (l,)),)
    with pytest.raises(ValueError, match="the steps of mine do not lead from layer 2 to all others"):
        concluded(Integer(2), step)
    early = Calculation("step", A(l + 1)).equals(A(l + 2) * M(l + 1), "one more").equals(J, "anything")
    with pytest.raises(ValueError, match="'step' holds for 1 ≤ l ≤ N - 1 only: mine claims more"):
        concluded(_one, early)


def test_equations_that_are_shown_hold_nothing_else():
    part = Calculation("part", AT(l) * u(k)).equals(AT(l) * u(k), "the same")
    shown = part.as_lemma("shown", "shown", Rule(AT(l) * u(k), AT(l) * u(k), (k,)))
    for more in ({"positive": (s(1),)}, {"distinct": (i, k)}, {"differentiable": (v,)}):
        with pytest.raises(ValueError, match="is not among what part shows"):
            replace(shown, **more)
    empty = Derivation("lender", "lender", (Calculation("else", s(k)).equals(s(k), "the same"),))
    with pytest.raises(ValueError, match="lender cannot lend 'shown': no part of it shows that"):
        LentEquations("shown", "shown", shown.rules, proof=shown.proof, lender=empty)
    assert ShownEquations("shown", "shown", shown.rules, proof=shown.proof).defines


def test_a_derived_lemma_names_the_definition_of_what_it_speaks_of():
    small = Lemma("small", "small", Integer(0), s(1))
    one = meant(Rule(number, s(1)))
    part = Calculation("part", number).equals(s(1), "as meant", one)
    part = part.at_most(2 * s(1), "once more", lemmas=((_one, small),))
    lemma = DerivedLemma("mine", "mine", number, 2 * s(1), shown_by=lambda: Derivation("d", "d", (part,)))
    with pytest.raises(ValueError, match="d assumes 'meant', which is no hypothesis of mine"):
        lemma.derivation()
    assert replace(lemma, hypotheses=(one,)).derivation().definitions == (one,)


@pytest.mark.parametrize("name", ["residual_chain", "weight_decay"])
def test_the_derivations_of_the_examples_end_in_their_claims(name, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "examples")
    held = vars(import_module(name)).values()
    claims = [each for one in held for each in (one if isinstance(one, list) else [one])]
    derived = [each for each in claims if isinstance(each, Claim) and each.derivation is not None]
    assert derived
    for claim in derived:
        derivation = claim.derivation()
        assert derivation.naming_errors == ()
        assert [proof_of(each, derivation).lacking for each in claim.propositions] == [""] * len(
            claim.propositions
        )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Rule(number, other + s(1) - 1), Rule(other, number)),  # in a circle
        (Rule(number, s(1)), Rule(number, _one)),  # one symbol, twice
    ],
    ids=str,
)
def test_definitions_that_say_something_together_are_assumed(first, second):
    """Each defines a symbol of which the statement does not speak; together they say that s_1 is 1."""
    uses = [
        replace(meant(rule), name=rule.lhs.func.__name__, title=str(rule.lhs)) for rule in (first, second)
    ]
    assert all(each.defines for each in uses)
    assert len(unstated(uses, (s(1), _one), ())) == 2
    chain = [replace(meant(Rule(number, other)), title="a"), replace(meant(Rule(other, s(1))), title="b")]
    assert unstated(chain, (s(1), _one), ()) == []
    assert unstated(chain, (number, _one), ()) == chain


def test_a_circle_of_definitions_proves_nothing():
    circle = meant(Rule(number, other + s(1) - 1)), meant(Rule(other, number))
    part = Calculation("circle", s(1)).equals(number - other + 1, "one", circle[0])
    part = part.equals(_one, "the other", circle[1])
    claimed = Proposition(s(1), Relation.EQUAL, _one)
    said = proof_of(claimed, Derivation("circle", "circle", (part,))).lacking
    assert said == "it assumes 'meant', which is not among the premises: it says what number is"


def test_what_a_symbol_means_has_a_value_too():
    """1/s_1, by definition or declaration, cancels s_1 where that is 0, and no line shows a quotient."""
    inverse = declare("inverse", meaning="an inverse", on_chains=1 / s(1))
    for symbol in (other, inverse):
        definition = meant(Rule(symbol, 1 / s(1)))
        first, second = (
            Assumption(name, name, rules=(Rule(number, s(1) * side),))
            for name, side in (("one", delta(1)), ("two", gamma(1)))
        )
        part = Calculation("cancel", delta(1)).equals(symbol * s(1) * delta(1), "inverse", definition)
        part = part.equals(symbol * number, "one", first).equals(symbol * s(1) * gamma(1), "two", second)
        part = part.equals(gamma(1), "inverse", definition)
        assert all(step.holds() for step in part.steps)
        assert part.without_value == ("it divides by s_1, and names no assumption by which that is not 0",)
        said = lacking(symbol * s(1), _one, definition, given=(definition,))
        assert said == "s_1 is not seen to be not 0 where the proposition claims it"


def test_what_a_lemma_defines_counts_where_the_lemma_is_used():
    """The lender says that number is s_1, the borrower that it is 1: together they show s_1 ≤ 1."""
    first, second = (replace(meant(Rule(number, side)), title=str(side)) for side in (s(1), _one))
    lender = Derivation("lender", "lender", (Calculation("lent", number).equals(s(1), "meant", first),))
    part = Calculation("low", s(1)).equals(number, "lent", lender.as_lemma()).equals(_one, "meant", second)
    part = part.at_most(1 + s(n) ** 2, "square", lemmas=[(_one, square(s(n)))])
    lemma = DerivedLemma("low", "low", s(1), part.end, shown_by=lambda: Derivation("low", "low", (part,)))
    with pytest.raises(ValueError, match="which is no hypothesis of low"):
        lemma.derivation()
