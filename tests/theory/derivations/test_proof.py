"""An equation is used only if calculations show it: no word takes the place of a step."""

from dataclasses import replace

import pytest
from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log, sqrt

from jacspec.theory import Calculation, Derivation, Domain, Parameter, Proposition, Relation, Step, declare
from jacspec.theory.algebra.definitions import agree_on_chains
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Proof
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.lemma import square
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.notation.symbols import (
    ET,
    A,
    E,
    G,
    J,
    M,
    N,
    P,
    W,
    delta,
    epsilon,
    gamma,
    gate,
    i,
    j,
    k,
    l,
    n,
    p as alpha,
    s,
    sA,
    sB,
    sdot,
    sigma,
    speed,
    u,
    uT,
)  # fmt: skip
from jacspec.theory.notation.words import D
from jacspec.theory.results.alignment.facts import in_order
from jacspec.theory.results.assumptions import SIMPLE
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics.balanced import PRODUCTS

one = Integer(1)
GATED = Rule(gate(l) * ET(l), ET(l), (l,))


def shown(start, end, *uses):
    return Calculation("the calculation", start).equals(end, "somehow", *uses)


def test_an_equation_is_the_two_ends_of_a_calculation_or_their_transposes():
    inside, at_end = shown(A(l + 1) * M(l), A(l)), shown(s(k), delta(k))
    Proof((Rule(A(l + 1) * M(l), A(l), (l,)),), (inside,))
    Proof((Rule(s(k), delta(k), (k,)),), (at_end,))
    with pytest.raises(ValueError, match="is not what calculation 'the calculation' shows:"):
        Proof((Rule(A(l + 1) * M(l), 2 * A(l), (l,)),), (inside,))


def test_where_a_calculation_ends_the_rest_of_the_range_is_a_case_of_its_own():
    inside = Calculation("inside", gate(l) * ET(l)).equals(E(l + 1) * W(l + 1) * gate(l), "one layer on")
    inside = inside.equals(ET(l), "and back")
    with pytest.raises(ValueError, match="shows at l = N"):
        Proof((GATED,), (inside,))
    Proof((GATED,), (inside, Calculation("last", gate(N) * ET(N)).equals(ET(N), "no gate")))
    with pytest.raises(ValueError, match="shows at l = N"):
        Proof((GATED,), (inside, Calculation("first", gate(1) * ET(1)).equals(ET(1), "no gate")))


def test_a_root_is_taken_only_of_what_is_not_negative():
    Proof((Rule(s(k), sA(k, l) * sB(k, l), (k,)),), (shown(s(k) ** 2, sA(k, l) ** 2 * sB(k, l) ** 2),))
    with pytest.raises(ValueError, match="is not what"):
        Proof((Rule(delta(k), s(k), (k,)),), (shown(delta(k) ** 2, s(k) ** 2),))


def cancelled(total, *uses):
    root = s(k) ** (2 / N)
    part = shown(uT(k) * (P(1) - root) * total, Integer(0), *uses)
    return Proof((Rule(uT(k) * P(1), root * uT(k)),), (part,))


def test_only_what_is_injective_is_cancelled():
    weight = s(k) ** (2 - 2 * l / N)
    cancelled(Sum(weight * P(l - 1), (l, 1, N)), SIMPLE)
    for total, uses in (
        (Sum(weight * P(l - 1), (l, 1, N)), ()),  # where s_k = 0, every term but one is
        (Sum(weight * P(l), (l, 1, N)), (SIMPLE,)),  # a singular P, without the identity
        (Sum(-weight * P(l - 1), (l, 1, N)), (SIMPLE,)),
        (Sum(weight * P(l - 1), (l, 1, N - 2)), (SIMPLE,)),  # none at all where N = 2
        (Sum(delta(k) * P(l - 1), (l, 1, N)), (SIMPLE,)),
        (Sum(weight * A(l), (l, 1, N)), (SIMPLE,)),
        (J, (SIMPLE,)),
    ):
        with pytest.raises(ValueError, match="is not what"):
            cancelled(total, *uses)


def test_what_is_divided_by_is_named_as_not_zero():
    scaled = Assumption("s", "no zero", positive=(sA(k, l),))
    part = Calculation("the ratio", s(k)).equals(s(k) * sA(k, l) / sA(k, l) ** 2, "divide")
    assert Derivation("bold", "Bold", (part,)).naming_errors == (
        "'the ratio': it divides by s_k(A_l), and names no assumption by which that is not 0",
    )
    named = replace(part, steps=(replace(part.steps[0], uses=(scaled,)),))
    assert Derivation("careful", "Careful", (named,)).naming_errors == ()


@pytest.mark.parametrize(
    ("positive", "divisor", "seen"),
    [
        (s(n), s(k), True),
        (s(3), s(2), True),
        (s(1), s(2), False),
        (s(k), s(i), False),
        (sB(n, l), sB(k, l), True),
        (sB(n, l), sB(k, l + 1), False),
    ],
    ids=str,
)
def test_what_a_premise_keeps_from_zero_is_what_it_names_and_what_is_no_smaller(positive, divisor, seen):
    premise = Assumption("p", "a premise", positive=(positive,))
    part = Calculation("a ratio", s(j) / divisor).equals(s(j) / divisor, "as it stands", premise)
    divided = [each for each in Derivation("a", "A", (part,)).naming_errors if "it divides by" in each]
    assert (not divided) is seen


def test_what_is_not_zero_of_one_direction_may_be_of_another():
    """A premise about k says nothing of the index of a sum, nor an equation outside of its range."""
    own = Assumption("k", "of k", positive=(s(k),))
    every = Assumption("n", "of n", positive=(s(n),))
    first = Assumption("first", "the first", rules=(Rule(s(k), exp(gamma(k)), (k,), ((k, one, one),)),))
    for divided, premise, seen in (
        (1 / s(k), own, True),
        (Sum(1 / s(k), (k, 1, n)), own, False),
        (Sum(1 / s(k), (k, 1, n)), every, True),
        (Sum(1 / s(i), (i, 1, 1)), first, True),
        (Sum(1 / s(i), (i, 1, n)), first, False),
        (1 / s(2), first, False),
    ):
        part = Calculation("a", divided).equals(divided, "as it stands", premise)
        said = [each for each in Derivation("a", "A", (part,)).naming_errors if "divides" in each]
        assert (not said) is seen, divided
    assert "it divides by s_k, and" in said[0] or "it divides by s_2, and" in said[0]


def test_powers_that_move_and_roots_that_are_differentiated_are_of_what_is_not_zero():
    """0^ε is 0 and not 1, and the root of 0 has no derivative."""
    moved = Calculation("power", s(k) ** epsilon).tends_to(one, "limit")
    rooted = Calculation("root", sqrt(s(k)) * D(sqrt(s(k)))).equals(sdot(k) / 2, "chain rule")
    for part, does in ((moved, "takes a power that moves of"), (rooted, "differentiates a root of")):
        assert part.steps[0].holds()
        assert part.without_value == (f"it {does} s_k, and names no assumption by which that is not 0",)
        assert replace(part, steps=(replace(part.steps[0], uses=(SIMPLE,)),)).without_value == ()
    whole = Calculation("square", D(s(k) ** 2)).equals(2 * s(k) * sdot(k), "chain rule")
    assert whole.without_value == ()


m = Symbol("m", integer=True, positive=True)
one_of = Sum(KroneckerDelta(m, l + 1), (m, 1, N))
"""1 for l < N, and 0 for l = N."""
copy = declare("copied", l, kind="matrix", meaning="A_l again", on_chains=A(l))
MEANT = Assumption("meant", "meant", rules=(Rule(A(l), copy(l), (l,)),), definition=True)


def counted(start):
    """A_l = Σ_m [m = l + 1] A_l, on the way of which stands the factor of layer l + 1."""
    return (
        Calculation("up to the last layer", start)
        .equals(A(l + 2) * M(l + 1) * M(l), "split", PRODUCTS)
        .equals(Sum(KroneckerDelta(m, l + 1) * A(l + 2) * M(l + 1) * M(l), (m, 1, N)), "count")
        .equals(one_of * A(l), "join", PRODUCTS)
        .equals(one_of * copy(l), "name", MEANT)
    )


def test_what_is_shown_of_some_layers_is_not_shown_of_all():
    """An equation for the layer l itself, not for each: nothing of it says where its proof holds."""
    part = counted(A(l))
    lemma = part.as_lemma("counted", "counted", Rule(A(l), one_of * copy(l)))
    whole = Calculation("whole", A(l) * G).equals(one_of * copy(l) * G, "by the lemma", lemma)
    assert str(whole.holds_for) == "N ≥ 2, n ≥ 1, 1 ≤ l ≤ N - 1"
    every = Domain((Parameter(l, 1, N),))
    wide = Proposition(whole.start, Relation.EQUAL, whole.end, domain=every)
    assert proof_of(wide, Derivation("whole", "whole", (part, whole))).lacking == (
        "it holds for 1 ≤ l ≤ N - 1 only: the proposition claims more"
    )


def test_what_shows_an_inequality_says_where_it_holds():
    """Of one direction it confines that, in a sum it has to reach all of them."""
    part = Calculation("low", Integer(0)).at_most(s(k + 1) ** 2, "square", lemmas=[(one, square(s(k + 1)))])
    part = part.at_most(s(k) ** 2, "order", lemmas=[(one, in_order(one, s(k + 1) ** 2, s(k) ** 2))])
    lemma = DerivedLemma(
        "low", "low", Integer(0), s(k) ** 2, shown_by=lambda: Derivation("low", "low", (part,))
    )
    used = Calculation("used", Integer(0)).at_most(s(k) ** 2, "low", lemmas=[(one, lemma)])
    assert str(used.holds_for) == "N ≥ 1, n ≥ 1, 1 ≤ k ≤ n - 1"
    for last, faults in ((n - 1, ()), (n, ("'low' is shown for $1 ≤ k ≤ n - 1$ only",))):
        summed = Sum(s(k) ** 2, (k, 1, last))
        step = Step(Integer(0), Relation.AT_MOST, summed, "low", (), ((Sum(one, (k, 1, last)), lemma),))
        assert tuple(step.faults) == faults


def test_an_index_that_stands_alone_is_claimed_for_directions_only():
    """Σ_{i=1}^n [i = k] is 1 for a direction k, and 0 beyond them."""
    whole = Sum(KroneckerDelta(i, k), (i, one, n)) * s(1)
    part = Calculation("delta", whole).equals(s(1), "one of them")
    for most, lacking in ((n, ""), (None, "it holds for 1 ≤ k ≤ n only: the proposition claims more")):
        claimed = Proposition(whole, Relation.EQUAL, s(1), domain=Domain((Parameter(k, one, most),)))
        assert proof_of(claimed, Derivation("delta", "delta", (part,))).lacking == lacking
    assert Step(whole, Relation.EQUAL, s(1), "").holds_on(Domain((Parameter(k, one, n),)))
    assert not Step(whole, Relation.EQUAL, s(1), "").holds_on(Domain((Parameter(k, one),)))


def test_what_shows_an_inequality_is_derived_once():
    """What is checked of it is what is used of it, whatever its function returns the next time."""
    part = Calculation("low", Integer(0)).at_most(s(k) ** 2, "square", lemmas=[(one, square(s(k)))])
    made = iter([Derivation("low", "low", (part,)), Derivation("other", "other", (part,))])
    lemma = DerivedLemma("low", "low", Integer(0), s(k) ** 2, shown_by=lambda: next(made))
    assert [each.derivation().label for each in (lemma, lemma, replace(lemma))] == ["low"] * 3


def test_derivations_that_rest_on_an_argument_in_words_say_so_and_prove_nothing():
    in_words = {label: each for label, each in catalogue().items() if each.argument}
    assert [*in_words] == ["lyapunov-gap-all-orders"]
    for derivation in in_words.values():
        assert not derivation.general
        assert "in words" in derivation.scope


def test_a_power_acts_on_singular_vectors_by_induction():
    titles = [part.title for part in catalogue()["balanced-roots"].calculations]
    assert "Powers of $P$ on singular vectors: from $l$ to $l+1$" in titles
    assert catalogue()["deep-linear-dynamics"].results[-1].start.func.__name__ == "sdot"
    assert u(k) != uT(k)


def test_what_may_be_zero_is_no_divisor_whatever_it_is():
    factor = declare("dq", meaning="a factor")
    for divisor, words in (
        (factor, "dq"), (N - 11, "N - 11"), (speed(l), "‖Ṁ_l‖"), (sigma(k), "s_k(M)"),
    ):  # fmt: skip
        part = Calculation("a ratio", s(k)).equals(s(k) / divisor, "divide")
        (fault,) = Derivation("by-it", "By it", (part,)).naming_errors
        assert fault == f"'a ratio': it divides by {words}, and names no assumption by which that is not 0"


def test_what_a_symbol_is_on_chains_has_the_signs_that_it_is_declared_to_have():
    decreasing = (10 - N) / 100
    direct = declare("pa", meaning="a number", positive=True, on_chains=decreasing)
    through = declare("pb", meaning="another", positive=True, on_chains=direct)
    root = declare("pr", meaning="a root", on_chains=sqrt(decreasing))
    for symbol, meant in ((direct, decreasing), (through, decreasing), (root**2, decreasing)):
        assert not agree_on_chains(symbol, meant)
    plain = declare("pp", meaning="a number", on_chains=decreasing)
    assert agree_on_chains(plain, decreasing)


def test_an_induction_reaches_no_number_below_zero():
    m, j = (Symbol(name, integer=True) for name in "mj")
    total = Sum(j, (j, 1, m))
    below, above = (ScalarCalculation("a sum", total, domain=Domain((Parameter(m, low),))) for low in (-2, 0))
    with pytest.raises(ValueError, match="begins at -2; expected a range that begins at 0 or later"):
        below.by_induction(m * (m + 1) / 2, "induction", on=m)
    assert above.by_induction(m * (m + 1) / 2, "induction", on=m).steps[0].holds()


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        (log(s(1)) - log(s(2)), "s_2"),
        ((delta(k) ** 2) ** Rational(1, 3), None),
        (delta(k) ** Rational(1, 3), "δ_k"),
        (log(delta(k)), "δ_k"),
    ],
    ids=str,
)
def test_logarithms_and_roots_are_of_what_a_premise_says_to_be_positive(line, needed):
    premise = Assumption("p", "s", positive=(s(1),))
    derivation = Derivation("a", "A", (Calculation("a", line).equals(line, "as it stands", premise),))
    faults = [each for each in derivation.naming_errors if " takes " in each]
    assert [needed in each for each in faults] == [True] * (needed is not None)
    lacking = proof_of(Proposition(line, Relation.EQUAL, line, given=(premise,)), derivation).lacking
    assert lacking.partition(" is not seen to be ")[0] == (needed or "")


def test_a_power_divides_where_its_exponent_may_be_negative():
    """0^{(2-N)/N} has no value for N ≥ 3, and 0^{1-2/N} none for N = 1."""
    for exponent, restricts, fine in (
        ((2 - N) / N, (), False),
        ((2 - N) / N, (Parameter(N, Integer(1), Integer(2)),), True),
        (1 - 2 / N, (), False),
        (1 - 2 / N, (Parameter(N, Integer(2)),), True),
        (n - k, (), True),
        (k - n, (), False),
        (alpha, (), False),
    ):
        line = s(k) ** exponent + 1
        premise = Assumption("p", "some depths", restricts=restricts)
        part = Calculation("a", line).equals(line, "as it stands", premise)
        faults = [each for each in Derivation("a", "A", (part,)).naming_errors if " divides by s_k" in each]
        assert (not faults) is fine, exponent
        claimed = Proposition(line, Relation.EQUAL, line, (premise,))
        assert (proof_of(claimed, Derivation("a", "A", (part,))).calculation is not None) is fine


def test_a_proposition_divides_by_what_its_premises_keep_from_zero():
    """The rational functions agree: (s_1² - s_2²)/(s_1 - s_2) has no value where s_1 = s_2."""
    quotient = (s(1) ** 2 - s(2) ** 2) / (s(1) - s(2))
    part = Calculation("the sum", s(1) + s(2)).equals(s(2) + s(1), "the same")
    claimed = Proposition(quotient, Relation.EQUAL, s(1) + s(2))
    assert "s_1 - s_2 is not seen to be not 0" in proof_of(claimed, Derivation("a", "A", (part,))).lacking
    apart = Assumption("apart", "two that differ", positive=(s(1) - s(2),))
    given = replace(claimed, given=(apart,))
    assert "not seen" not in proof_of(given, Derivation("a", "A", (part,))).lacking
