"""Mutants: which slips are tried, without repetition, and never the expression itself."""

import pytest
from sympy import Integer, KroneckerDelta, Sum, exp

from jacspec.theory import mutants
from jacspec.theory.algebra.normal_form import agree
from jacspec.theory.notation.symbols import N, delta, gamma, i, k, l, s, sA, sB
from jacspec.theory.results.dynamics import general


def by_change(expression):
    return {mutant.change: mutant.expression for mutant in mutants(expression)}


def test_signs_and_factors():
    found = by_change(s(k))
    assert found["sign changed"] == -s(k)
    assert found["factor $2$"] == 2 * s(k)
    assert found["factor $N$"] == N * s(k)
    assert found["factor $N - 1$"] == (N - 1) * s(k)


def test_exponents_change_by_one_and_by_one_over_depth():
    found = [mutant.expression for mutant in mutants(s(k) ** (1 - 1 / N))]
    assert {s(k) ** power for power in (2 - 1 / N, -1 / N, Integer(1), 1 - 2 / N)} <= set(found)


def test_rates_in_exponentials_change():
    found = [mutant.expression for mutant in mutants(exp(N * gamma(k) + delta(k)))]
    assert exp(N * gamma(k) + gamma(k) + delta(k)) in found
    assert exp(N * gamma(k)) in found
    assert exp(N * gamma(k) + delta(k) - delta(k) / N) in found


def test_terms_are_dropped_doubled_and_turned():
    found = [mutant.expression for mutant in mutants(s(k) + delta(k))]
    assert {s(k), delta(k), s(k) - delta(k), delta(k) - s(k), s(k) + 2 * delta(k)} <= set(found)


def test_indices_are_shifted_and_swapped():
    found = [mutant.expression for mutant in mutants(sA(k, l + 1))]
    assert {sA(k, l), sA(k, l + 2), sA(i, l + 1)} <= set(found)


def test_ends_of_sums_over_layers_move_and_summands_mutate():
    found = [mutant.expression for mutant in mutants(Sum(sA(k, l) * sB(k, l), (l, 1, N)))]
    assert Sum(sA(k, l) * sB(k, l), (l, 2, N)) in found
    assert Sum(sA(k, l) * sB(k, l), (l, 1, N - 1)) in found
    assert Sum(sA(k, l + 1) * sB(k, l), (l, 1, N)) in found


def test_zero_becomes_one():
    assert [mutant.expression for mutant in mutants(Integer(0))] == [Integer(1)]


STEPS = [
    step
    for make in (general.velocity_identity, general.general, general.gradient_flow)
    for step in make().steps
]


@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_mutants_are_distinct_and_differ_from_the_expression(step):
    found = [mutant.expression for mutant in mutants(step.after)]
    assert found
    assert len(set(found)) == len(found)
    assert not any(agree(expression, step.after) for expression in found)


def test_mutants_come_in_a_fixed_order():
    expression = general.general().result.after
    assert mutants(expression) == mutants(expression)
    assert mutants(expression)[0].change == "sign changed"


def test_an_index_that_a_delta_makes_the_same_is_no_slip():
    found = by_change(s(k) * KroneckerDelta(i, k) / (sA(i, l) * sB(k, l)))
    assert not [change for change in found if change.startswith("index $k$")]
    assert "index $l$ of $s_k(B_l)$ changed by $1$" in found
    assert "index $k$ of $s_k$ swapped" in by_change(s(k) / (sA(i, l) * sB(k, l)))
