"""Mutants: which slips are tried, without repetition, and never the expression itself."""

import pytest
from sympy import Integer, KroneckerDelta, Sum, Symbol, exp, oo, polygamma, symbols

from jacspec.theory import mutants
from jacspec.theory.algebra.normal_form import agree
from jacspec.theory.notation.symbols import N, delta, gamma, i, k, l, s, sA, sB
from jacspec.theory.results.dynamics import general
from jacspec.theory.statements.mutation.expression_variants import Kind


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


def test_every_kind_of_place_in_a_scalar_formula_is_reached():
    x, j, m = Symbol("x", positive=True), *symbols("j m", integer=True, positive=True)
    found = mutants(Sum(polygamma(0, x + j) / (x + j), (j, 0, m)))
    assert {each.kind for each in found} == {
        Kind.SIGN, Kind.FACTOR, Kind.TERM, Kind.EXPONENT, Kind.RANGE, Kind.ARGUMENT
    }  # fmt: skip
    assert Sum(polygamma(1, x + j) / (x + j), (j, 0, m)) in [each.expression for each in found]
    assert oo not in {each.expression for each in mutants(x)}


def test_each_kind_of_change_is_found_in_the_place_where_it_is_made():
    found = by_change(s(k) / (sA(i, l) * sB(k, l)))
    assert found["index: $k$ of $s_k$ becomes $i$"] == s(i) / (sA(i, l) * sB(k, l))
    assert found["index: $l$ of $s_k(B_l)$ becomes $l + 1$"] == s(k) / (sA(i, l) * sB(k, l + 1))


def test_an_index_that_a_delta_makes_the_same_is_no_slip():
    found = by_change(s(k) * KroneckerDelta(i, k) / (sA(i, l) * sB(k, l)))
    assert not [change for change in found if change.startswith("index: $k$")]
    assert "index: $l$ of $s_k(B_l)$ becomes $l + 1$" in found
