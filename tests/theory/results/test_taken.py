"""What is taken without proof: what the theory takes itself, what is seen, and what is anyone's word."""

import pytest
from sympy import Integer

from jacspec.theory import Calculation, Derivation, Relation
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.lemma import Lemma, square, without_proof
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.derivations.transposition import transposed_lemma
from jacspec.theory.notation.symbols import J, N, i, k, l, s, sA, sB, u, v
from jacspec.theory.results.alignment.facts import PAIRS_OF_J, in_order
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.taken import taken_beyond_the_theory

ONE = Integer(1)


def by(lemma, label="own"):
    used = lemma.hypotheses
    step = Calculation("bound", lemma.small).at_most(lemma.large, "by it", *used, lemmas=[(ONE, lemma)])
    return Derivation(label, "Own", (step,))


@pytest.mark.parametrize("label", catalogue())
def test_the_theory_takes_nothing_beyond_itself(label):
    assert taken_beyond_the_theory(catalogue()[label]) == ()


@pytest.mark.parametrize("label", ["own", "lemma-cauchy-schwarz"])
def test_anyones_word_is_named_whatever_the_derivation_is_called(label):
    word = without_proof(Lemma("word", "my word", s(k), 2 * s(k)))
    assert taken_beyond_the_theory(by(word, label)) == ("my word",)


def test_an_assumption_that_is_said_to_hold_by_definition_is_anyones_word_too():
    bound = Condition(s(k), Relation.AT_MOST, ONE, (k,))
    word = by_definition(Assumption("bounded", "bounded modes", conditions=(bound,)))
    assert word.defines
    used = by(Lemma.assumed("bounded", word, bound, {k: k}))
    assert taken_beyond_the_theory(used) == ("bounded modes",)
    assert taken_beyond_the_theory(by(square(s(k))), [word]) == ("bounded modes",)


def turned_if_it_can_be(lemma):
    try:
        return transposed_lemma(lemma)
    except (TypeError, ValueError):
        return None


def test_what_is_seen_and_what_the_theory_takes_do_not_count():
    assert taken_beyond_the_theory(by(square(s(k)))) == ()
    used = Calculation("pair", J * v(k)).equals(s(k) * u(k), "singular pair", PAIRS_OF_J)
    assert taken_beyond_the_theory(Derivation("own", "Own", (used,))) == ()
    assert taken_beyond_the_theory(by(in_order(ONE, sA(i, 1) ** 2, sA(1, 1) ** 2))) == ()


def test_on_the_transposed_chain_it_is_the_same():
    every = {lemma for each in catalogue().values() for lemma in each.unproved_lemmas}
    turned = [turn for turn in map(turned_if_it_can_be, every) if turn not in {None, *every}]
    assert turned
    assert [taken_beyond_the_theory(by(each)) for each in turned] == [()] * len(turned)
    assert taken_beyond_the_theory(by(transposed_lemma(square(sB(k, l))))) == ()
    word = without_proof(Lemma("word", "my word", sA(k, l), 2 * sA(k, l)))
    assert taken_beyond_the_theory(by(transposed_lemma(word))) == ("my word",)


def test_what_the_theory_says_of_plain_numbers_is_known_where_it_says_it():
    """That g_12 = λ_1 (h² μ ζ_21² - g_11), where an eigenvector is spoken of, was proved of any numbers."""
    first = catalogue()["overlap-first-order"].calculations[0].steps[1]
    part = ScalarCalculation("entry", first.rules[0].lhs).equals(first.rules[0].rhs, "given", *first.uses)
    assert all(each.defines for each in first.uses)
    assert taken_beyond_the_theory(Derivation("own", "Own", (part,))) == ("eigenvalue equation",)


def test_an_order_of_powers_is_claimed_for_the_layers_at_which_their_sign_is_seen():
    """At l = 0, s_k^{2 l - 1} ≤ s_1^{2 l - 1} is turned round: it was proved; other powers may be so at 0."""
    shown = by(in_order(ONE, s(k) ** (2 * l - 1), s(1) ** (2 * l - 1)))
    assert shown.naming_errors == ()
    assert shown.generality == "$N ≥ 1$, $n ≥ 1$, $1 ≤ k ≤ n$, $1 ≤ l ≤ N + 1$"
    for power in (2 * k - 1, N - 2):
        with pytest.raises(ValueError, match="does not follow"):
            in_order(ONE, s(k) ** power, s(1) ** power)
