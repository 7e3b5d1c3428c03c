"""Steps between scalar formulas, shown by stated laws alone: what is accepted, and that nothing wrong is."""

from collections import Counter
from dataclasses import replace

import pytest
from sympy import (
    Integer,
    Integral,
    Rational,
    Subs,
    Sum,
    Symbol,
    binomial,
    exp,
    gamma,
    log,
    oo,
    polygamma,
    sqrt,
)

from jacspec.theory import Relation, mutants
from jacspec.theory.derivations.domain import Domain
from jacspec.theory.derivations.scalars.steps import Given, ScalarStep
from jacspec.theory.notation.symbols import A, B, l
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.traces.scalars import ScalarClaim, fault_between

a, b, t = (Symbol(name, positive=True) for name in "abt")
j, m, n = (Symbol(name, integer=True, positive=True) for name in "jmn")
real, of_any_sign = Symbol("a", real=True), Symbol("n", real=True)
SIZES = ((n, Integer(1), None), (m, Integer(1), n))


def scalar_steps():
    steps = (step for derivation in catalogue().values() for step in derivation.steps)
    return [step for step in dict.fromkeys(steps) if isinstance(step, ScalarStep)]


def test_every_scalar_step_is_shown():
    steps = scalar_steps()
    assert {step.rule: step.fault_of_trace for step in steps if step.fault_of_trace} == {}
    assert Counter(step.relation for step in steps).keys() == {*Relation}
    assert len(steps) >= 60


def wrong_variants(step):
    found = mutants(step.after)
    for mutant in found[:: len(found) // 6 + 1]:
        yield mutant.change, replace(step, after=mutant.expression)
    if step.relation.is_inequality:
        other = Relation.AT_LEAST if step.relation is Relation.AT_MOST else Relation.AT_MOST
        yield "reversed", replace(step, relation=other)
        yield "equality", replace(step, relation=Relation.EQUAL)


def test_no_wrong_variant_of_a_scalar_step_is_shown():
    rejected, kinds = 0, Counter()
    for step in scalar_steps():
        for change, wrong in wrong_variants(step):
            if wrong.fault_of_trace:
                rejected += 1
                kinds[change.partition(" ")[0].rstrip(":")] += 1
            else:
                assert wrong.holds(), (step.rule, change)  # a weaker bound, say
    assert rejected >= 200
    assert {"sign", "factor", "term", "exponent", "argument", "range", "reversed", "equality"} <= set(kinds)


def test_a_step_is_shown_on_its_domain_only():
    rejected = 0
    for step in scalar_steps():
        if not step.relation.is_inequality or not step.after.free_symbols:
            continue
        whole = step.domain.whole.parameters
        wider = [replace(each, least=each.least - 8) for each in step.domain.parameters]
        rejected += bool(replace(step, domain=Domain(tuple(wider))).fault_of_trace) and bool(whole)
    assert rejected >= 6


SHOWN = {
    "ψ": (polygamma(0, a + 2), polygamma(0, a) + 1 / a + 1 / (a + 1)),
    "ψ′": (polygamma(1, a + 1), polygamma(1, a) - a**-2),
    "Γ": (gamma(a + 2), a * (a + 1) * gamma(a)),
    "logarithm": (log(6 * a**2 / b), log(2) + log(3) + 2 * log(a) - log(b)),
    "integral": (Integral(t**3 * exp(-a * t**2), (t, 0, oo)), gamma(2) / (2 * a**2)),
    "derivative": (log(gamma(a * t)).diff(t), a * polygamma(0, a * t)),
    "quotient": (1 / (1 / a + 1 / b), a * b / (a + b)),
    "root": (sqrt(a + b) ** 2 / (a + b), Integer(1)),
    "end of a sum": (Sum(1 / (a + j), (j, 1, n)), Sum(1 / (a + j), (j, 1, n - 1)) + 1 / (a + n)),
    "backwards": (Sum(polygamma(0, a + n - j), (j, 1, n)), Sum(polygamma(0, a + j - 1), (j, 1, n))),
    "constant": (Sum(a, (j, 1, n)), n * a),
}


@pytest.mark.parametrize("law", SHOWN)
def test_each_law_shows_what_it_says_and_no_slip_of_it(law):
    left, right = SHOWN[law]
    assert fault_between(ScalarClaim(left, right, free=SIZES)) == ""
    for mutant in mutants(right):
        assert fault_between(ScalarClaim(left, mutant.expression, free=SIZES)), mutant.change


NOT_SHOWN = {
    "a constant e^{-ax}": (Integral(exp(-real * t), (t, 0, oo)), 1 / real),
    "a start of any sign": (Integral(t ** (real - 1) * exp(-t), (t, 0, oo)), gamma(real)),
    "a power of any sign": (Integral(exp(-(t**real)), (t, 0, oo)), gamma(1 / real) / real),
    "a sum that is integrated": (Integral(Sum(exp(-t), (j, 1, n)), (t, 0, oo)), Integer(1)),
    "Γ of any sign": (log(gamma(real) ** 2), 2 * log(gamma(real))),
    "Γ of a difference": (log(gamma(a - b) ** 2), 2 * log(gamma(a - b))),
    "Γ from below 0 on": (
        Sum(log(gamma(j - Rational(1, 2)) ** 2), (j, 0, n)),
        2 * Sum(log(gamma(j - Rational(1, 2))), (j, 0, n)),
    ),
    "Γ at a point of any sign": (log(Subs(gamma(t) ** 2, t, real)), 2 * log(Subs(gamma(t), t, real))),
    "a real number called n": (log(of_any_sign**2), 2 * log(of_any_sign)),
}


@pytest.mark.parametrize("law", NOT_SHOWN)
def test_no_law_is_used_where_what_it_asks_is_not_seen(law):
    assert fault_between(ScalarClaim(*NOT_SHOWN[law], free=SIZES))


def test_a_whole_number_is_positive_by_its_range():
    squared, logarithm = log(gamma(j) ** 2), 2 * log(gamma(j))
    for least, shown in ((1, True), (0, False), (-1, False)):
        claim = ScalarClaim(squared, logarithm, free=((j, Integer(least), None),))
        assert (fault_between(claim) == "") is shown


def test_given_values_are_put_in_everywhere_and_in_order():
    given = (Given(a, b + 1), Given(t, a**2))
    assert fault_between(ScalarClaim(t - 1, b * (b + 2), given)) == ""
    assert fault_between(ScalarClaim(t - 1, b * (b + 1), given))


def test_an_induction_is_its_base_and_every_difference():
    start, end = Sum(j, (j, 0, m - 1)), m * (m - 1) / 2
    assert fault_between(ScalarClaim(start, end, induction=m)) == ""
    assert fault_between(ScalarClaim(start, end + 1, induction=m))
    assert fault_between(ScalarClaim(start, m * (m + 1) * Rational(1, 2), induction=m))


def test_the_index_of_a_sum_does_not_leave_it():
    start = Sum(j**2, (j, -m, m)) / (2 * m + 1)  # the summand reads the same backwards, and is not constant
    assert fault_between(ScalarClaim(start, Integer(0), induction=m))
    assert fault_between(ScalarClaim(Sum(a, (j, -m, m)) / (2 * m + 1), a, induction=m)) == ""


def test_a_sum_that_ends_before_it_begins_is_refused():
    start = Sum(1 / (a + j), (j, 1, m - 1))
    assert "may end before it begins" in fault_between(ScalarClaim(start, start, induction=m)) or start == 0
    assert fault_between(ScalarClaim(Sum(a, (j, 1, m - 1)), (m - 1) * a, induction=m))


def test_matrices_are_no_numbers_whose_order_does_not_matter():
    assert "holds matrices or vectors" in fault_between(ScalarClaim(A(l) * B(l), B(l) * A(l)))


def test_no_symbol_is_taken_for_a_size_or_for_a_remainder_by_its_name():
    size = Symbol("n", integer=True)
    below, above = (
        ScalarClaim(log(size**2), 2 * log(size), free=((size, Integer(first), None),)) for first in (-5, 1)
    )
    assert "n is a size, a whole number from 1 on, and begins at -5" in fault_between(below)
    assert fault_between(above) == ""
    named = Symbol("q beyond its least value", real=True)
    claim = ScalarClaim(Integer(0), named, free=((named, -oo, oo),), at_most=True)
    assert "is the name of a remainder" in fault_between(claim)


def test_a_binomial_coefficient_is_fixed_where_its_number_is():
    size, index = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, positive=True)
    claim = ScalarClaim(
        binomial(size, 2) / size, Integer(0), limit=(size, oo), free=((size, Integer(1), None),)
    )
    assert fault_between(claim) == "a binomial coefficient is of what moves"
    summed = Sum(binomial(index, 2), (index, 1, size))
    assert fault_between(ScalarClaim(summed, size)) == "a binomial coefficient is of what moves"
