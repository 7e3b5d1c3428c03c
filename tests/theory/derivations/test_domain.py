"""Domains: computed from what stands in an expression, compared, and written."""

import pytest
from sympy import Integer, Sum, Symbol, oo

from jacspec.theory.derivations.domain import Domain, Parameter, domain_of, undefined_heads
from jacspec.theory.notation.symbols import A, M, N, P, i, k, l, n, s, sA, y
from jacspec.theory.results.catalogue import catalogue

LAYERS = Parameter(l, Integer(1), N)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (A(l + 2) * M(l), "N ≥ 2, n ≥ 1, 1 ≤ l ≤ N - 1"),
        (A(l), "N ≥ 2, n ≥ 1, 1 ≤ l ≤ N + 1"),
        (M(l - 1), "N ≥ 2, n ≥ 1, 2 ≤ l ≤ N + 1"),
        (P(N - l), "N ≥ 1, n ≥ 1, 1 ≤ l ≤ N"),
        (s(k + 1), "N ≥ 1, n ≥ 1, 1 ≤ k ≤ n - 1"),
        (Sum(A(l + 1) * M(l), (l, 1, N)), "N ≥ 2, n ≥ 1"),
        (y(i, l), "N ≥ 2, n ≥ 1, 1 ≤ r ≤ n, 1 ≤ i ≤ r, 1 ≤ l ≤ N + 1"),
    ],
)
def test_indices_stay_where_every_head_stands_for_something(expression, written):
    assert str(domain_of([expression])) == written


def test_nothing_lies_between_a_number_and_itself():
    assert str(Parameter(Symbol("x", real=True), 3, 3)) == "3 < x < 3"
    assert str(Parameter(k, 3, 3)) == "k = 3"


def test_an_assumption_may_restrict_further():
    assert str(domain_of([s(k)], [Parameter(k, Integer(2), n - 1)])) == "N ≥ 1, n ≥ 1, 2 ≤ k ≤ n - 1"


def test_what_leaves_its_range_is_named():
    domain = Domain((Parameter(N, Integer(2)), Parameter(n, Integer(1)), LAYERS))
    assert list(undefined_heads(A(l + 1) * M(l), domain)) == []
    assert list(undefined_heads(M(l + 1), domain)) == [
        "M_{l+1} is defined for 1 … N only, and l + 1 may lie outside"
    ]
    assert list(undefined_heads(Sum(sA(i, l), (i, 1, n + 1)), domain)) == [
        "s_i(A_l) is defined for 1 … n only, and i may lie outside"
    ]


def test_every_calculation_of_the_catalogue_stays_in_range():
    for derivation in catalogue().values():
        for part in derivation.calculations:
            for expression in (part.start, *(step.after for step in part.steps)):
                assert list(undefined_heads(expression, part.holds_for)) == []


def test_domains_are_compared_parameter_by_parameter():
    m = Symbol("m", positive=True)
    wide = Domain((Parameter(N, Integer(2)), Parameter(l, Integer(1), N + 1), Parameter(m, Integer(0))))
    narrow = Domain((Parameter(N, Integer(3)), Parameter(l, Integer(2), N), Parameter(m, Integer(1))))
    assert list(narrow.beyond(wide)) == []
    assert [each.symbol for each in wide.beyond(narrow)] == [N, l, m]
    assert [each.symbol for each in Domain().beyond(wide)] == [N, l]
    assert str(wide) == "N ≥ 2, 1 ≤ l ≤ N + 1, m > 0"


def test_an_infinite_end_does_not_hide_the_other():
    x = Symbol("x", real=True)
    anything, negative = Parameter(x, -oo, oo), Parameter(x, -oo, 0)
    assert [each.symbol for each in Domain((anything,)).beyond(Domain((negative,)))] == [x]
    assert list(Domain((negative,)).beyond(Domain((anything,)))) == []
    assert list(Domain((anything,)).beyond(Domain((anything,)))) == []
    assert [str(each) for each in (anything, negative, Parameter(x, 0, oo))] == ["x ∈ ℝ", "x < 0", "x > 0"]
    assert [negative.allows({x: value}) for value in (Integer(-1), Integer(0))] == [True, False]
    assert anything.allows({x: Integer(0)})
