"""Limits as ε → 0 are searched at small ε > 0, under the premises at that ε."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import strategies as st
from sympy import Integer, Rational, sqrt

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.small_level import levels, powers, speaks_of_level
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.referee import verify
from jacspec.theory import Assumption, Condition, Proposition, Relation, Rule, declare
from jacspec.theory.notation.symbols import eA, epsilon, k, l, s, u
from jacspec.theory.results.assumptions import STRONG_ALIGNMENT

number = declare("vanishing", meaning="a number")
near = declare("nearby", meaning="a number near another")
CHAIN = Chain([[[3, 0], [0, 2]], [[1, 0], [0, 1]]])


def at(c):
    return ChainPoint(CHAIN, [factor * 0 for factor in CHAIN.exact], values={"vanishing": c, "nearby": 5})


def premise(left, relation, right):
    return Assumption("premise", "a premise", conditions=(Condition(left, relation, Integer(right)),))


def claim(left, right, *given, values=(1, 2, 3, 4), **stated):
    limit = Proposition(left, Relation.LIMIT, right, given, **stated)
    return Claim(label="limit", given={"c": st.sampled_from(values)}, **searched([limit], at))


def verdict(*sides_and_given, **more):
    report = verify(claim(*sides_and_given, **more), effort="quick")
    return report.verdict, report.evidence[0].summary


QUADRATIC = premise((number - 1) * (epsilon * number - 1), Relation.EQUAL, 0)
ONE = premise(epsilon * (number - 1), Relation.EQUAL, 0)
INVERSE = premise(epsilon * (epsilon * number - 1), Relation.EQUAL, 0)


def test_a_limit_that_fails_at_single_small_levels_is_open_and_where_is_said():
    found, summary = verdict(number, Integer(1), QUADRATIC)
    assert found is Verdict.UNDECIDED
    assert summary.startswith("an example fails, but not certainly (or not in the limit): ")
    assert "$vanishing → 1$ as $ε → 0⁺$" in summary
    assert summary.endswith("$ε = 1/2$")
    assert verdict(epsilon * number, Integer(0), INVERSE)[0] is Verdict.UNDECIDED
    small = Assumption("small", "small", conditions=(
        Condition(number, Relation.AT_MOST, epsilon), Condition(number, Relation.AT_LEAST, Integer(0)),
    ))  # fmt: skip
    quotient = number / (number + epsilon**2)
    found, summary = verdict(quotient, Integer(0), small, values=(fmpq(0), fmpq(1, 7)))
    assert (found, summary[-9:]) == (Verdict.UNDECIDED, "$ε = 1/7$")


def test_what_a_premise_says_only_at_zero_is_no_premise_of_a_limit():
    assert verdict(number, Integer(1), ONE)[0] is Verdict.SUPPORTED
    assert verdict(number, Integer(2), ONE)[0] is Verdict.REFUTED


def test_the_error_may_stand_in_the_claim_itself():
    assert verdict(number + epsilon, number)[0] is Verdict.SUPPORTED
    assert verdict(number / (1 + epsilon), number)[0] is Verdict.SUPPORTED
    assert verdict(number + epsilon, number + 1)[0] is Verdict.REFUTED
    assert verdict(number / (1 + epsilon), number + 1)[0] is Verdict.REFUTED


def test_a_limit_that_is_slow_is_not_refuted_without_a_bound_all_the_way():
    found, summary = verdict(number * epsilon ** Rational(1, 100), Integer(0))
    assert found is Verdict.SUPPORTED, summary
    found, _ = verdict(number / (1 + epsilon) ** Rational(1, 100) + epsilon ** Rational(1, 100), number)
    assert found is Verdict.UNDECIDED


def test_a_number_that_a_premise_defines_by_the_error_is_what_it_defines():
    defined = Assumption("near", "near", rules=(Rule(near, number + epsilon * number),))
    assert verdict(near * s(1), number * s(1), defined)[0] is Verdict.SUPPORTED
    assert verdict(near * s(1), 5 * s(1), defined)[0] is Verdict.REFUTED


@pytest.mark.parametrize("strict", [False, True])
def test_an_inequality_holds_at_small_levels_by_the_first_coefficient_that_counts(strict):
    bound = Condition(number, Relation.AT_MOST, 2 + epsilon - epsilon**2, strict=strict)
    assumed = Assumption("bounded", "bounded", conditions=(bound,))
    assert verdict(number, Integer(2), assumed, values=(fmpq(2),))[0] is Verdict.SUPPORTED
    assert verdict(number, Integer(2), assumed, values=(fmpq(3),))[0] is Verdict.VACUOUS


def test_what_is_no_sum_of_powers_is_tried_and_refutes_nothing():
    tried = premise(number / (1 + epsilon) - sqrt(1 + epsilon) * number, Relation.AT_MOST, 0)
    assert verdict(number, number, tried)[0] is Verdict.SUPPORTED
    assert verdict(number, number + 1, tried)[0] is Verdict.UNDECIDED


def test_powers_leave_out_misalignments_and_nothing_else():
    assert powers(u(k) + epsilon * eA(k, l)) == {0: u(k)}
    assert powers(eA(k, l) + epsilon * number) == {0: eA(k, l), 1: number}
    assert powers(number / (1 + epsilon)) is None
    assert not speaks_of_level(STRONG_ALIGNMENT)
    assert speaks_of_level(QUADRATIC)
    assert levels([[1.0, -4.0, 0.0], [1.0, 1.0], [5.0]]) == [Rational(1, 4)]
