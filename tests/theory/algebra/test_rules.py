"""Rules: what they match, and that they stay within the range on which they are claimed."""

import pytest
from sympy import Integer, Rational, Sum, Symbol, exp

from jacspec.theory.algebra.normal_form import agree, normal_form
from jacspec.theory.algebra.rules import Rule, match, rewrite, surely_within
from jacspec.theory.notation.symbols import A, B, M, N, delta, gamma, i, j, k, l, n, s, sA, u, v
from jacspec.theory.results.assumptions import DEPTH_SCALING, DEPTH_SCALING_NON_EMPTY

PRODUCT = Rule(A(l + 1) * M(l), A(l), (l,))


def test_a_pattern_matches_shifted_indices():
    assert match((A(l + 1), M(l)), (A(7), M(6)), (l,)) == {l: 6}
    assert match((A(l + 1), M(l)), (A(N + 1), M(N)), (l,)) == {l: N}
    assert match((A(l + 1), M(l)), (A(l + 3), M(l + 2)), (l,)) == {l: l + 2}


@pytest.mark.parametrize("atoms", [(A(7), M(7)), (A(7), M(5)), (B(7), M(6)), (A(N), M(N))])
def test_a_pattern_does_not_match_what_is_not_an_instance(atoms):
    assert match((A(l + 1), M(l)), atoms, (l,)) is None


def test_an_index_that_the_rule_does_not_own_is_matched_literally():
    literal = Rule(A(N + 1), Integer(1))
    assert rewrite((A(N + 1),), (literal,), {}) == (literal, {})
    assert rewrite((A(N),), (literal,), {}) is None
    assert rewrite((A(l),), (literal,), {}) is None


def test_the_first_rule_that_matches_is_used():
    rules = (Rule(u(1), v(1)), Rule(u(k), v(k + 1), (k,)))
    assert rewrite((u(1),), rules, {}) == (rules[0], {})
    assert rewrite((u(j),), rules, {j: (Integer(1), n - 1)}) == (rules[1], {k: j})


def test_two_neighbours_are_rewritten_only_in_order():
    assert rewrite((A(3), M(2)), (PRODUCT,), {}) == (PRODUCT, {l: 2})
    assert rewrite((M(2), A(3)), (PRODUCT,), {}) is None


@pytest.mark.parametrize("lhs", [A(3) * M(2) * M(1), Symbol("x"), s(k) + s(l), Integer(1)])
def test_a_left_hand_side_is_one_head_or_a_product_of_two(lhs):
    with pytest.raises(TypeError, match="one head or a product of two"):
        Rule(lhs, Integer(1))


def test_a_rule_as_an_equation():
    assert PRODUCT.equation.lhs == A(l + 1) * M(l)
    assert PRODUCT.equation.rhs == A(l)


# --- ranges: claimed for 1 ≤ l ≤ N only ---------------------------------------------------------

EVERY = {k: (Integer(1), n), i: (Integer(1), n), j: (Integer(1), n)}

WITHIN = DEPTH_SCALING_NON_EMPTY.rules[0]  # s_k(A_l) for 1 ≤ l ≤ N


@pytest.mark.parametrize("layer", [1, 2, N - 1, N])
def test_a_rule_covers_every_layer_of_its_range(layer):
    assert WITHIN.outside({k: k, l: Integer(0) + layer}, EVERY) is None


@pytest.mark.parametrize("layer", [-1, 0, N + 1, N + 2, 3, N - 2, l])
def test_a_rule_does_not_cover_a_layer_that_may_lie_outside(layer):
    # 3 and N - 2 are outside for N = 2, the least depth; l runs over who knows what.
    assert WITHIN.outside({k: k, l: Integer(0) + layer}, EVERY) is not None


@pytest.mark.parametrize(
    ("index", "first", "last", "covered"),
    [
        (l, Integer(1), N, True),
        (l, Integer(2), N - 1, True),
        (l + 1, Integer(1), N - 1, True),
        (l + 1, Integer(1), N, False),
        (l - 1, Integer(2), N, True),
        (l - 1, Integer(1), N, False),
        (N + 1 - l, Integer(1), N, True),
        (N - l, Integer(1), N, False),
        (N + 2 - l, Integer(1), N, False),
    ],
)
def test_a_rule_covers_a_summation_index_only_if_all_its_values_lie_inside(index, first, last, covered):
    assert (WITHIN.outside({k: k, l: index}, {**EVERY, l: (first, last)}) is None) is covered


def test_depth_scaling_is_not_applied_outside_its_range():
    assert normal_form(sA(k, 0), DEPTH_SCALING.rules) == sA(k, 0)
    assert normal_form(sA(k, N + 1), DEPTH_SCALING_NON_EMPTY.rules) == sA(k, N + 1)
    assert normal_form(sA(k, N + 1), DEPTH_SCALING.rules) == exp(delta(k))


def test_depth_scaling_is_not_applied_to_a_descending_index_that_leaves_the_range():
    # The index N - l falls from N - 1 to 0, where there is no A_0 to speak of.
    descending = Sum(sA(k, N - l), (l, 1, N))
    continued = Sum(exp((l + 1) * gamma(k) + delta(k)), (l, 1, N))
    assert not agree(descending, continued, DEPTH_SCALING.rules)


# --- indices: solved for uniquely, put in at once, never captured -------------------------------


@pytest.mark.parametrize(
    "argument", [2 * l, -l, N - l, l + k, l + N, l**2, l + Rational(1, 2)], ids=lambda argument: str(argument)
)
def test_an_index_stands_alone_or_with_a_whole_number_added(argument):
    with pytest.raises(
        TypeError, match=r"cannot be matched: expected one of l, alone or with a whole number"
    ):
        Rule(A(argument), Integer(1), (l,))


def test_an_index_of_a_rule_is_on_its_left_hand_side():
    with pytest.raises(TypeError, match="the index k of a rule is not on its left-hand side"):
        Rule(A(l), s(k) * A(l), (l, k))
    with pytest.raises(TypeError, match="the index k of a rule"):
        Rule(A(l), A(l), (l,), ((k, Integer(1), N),))


def used(rule, direction):
    found, values = rewrite((s(direction),), (rule,), EVERY)
    return found.right(values)


def test_what_an_index_matches_is_not_captured_by_a_sum():
    expansion = Rule(s(k), Sum(sA(i, l) * sA(k, l), (i, 1, n)), (k,))
    made = used(expansion, i)
    assert made.free_symbols == {i, l, n}
    assert agree(made, Sum(sA(j, l) * sA(i, l), (j, 1, n)))
    assert not agree(s(i), Sum(sA(i, l) ** 2, (i, 1, n)), (expansion,))
    nested = Rule(s(k), s(1) * Sum(Sum(sA(i, l) * sA(j, l) * sA(k, l), (i, 1, n)), (j, 1, n)), (k,))
    assert used(nested, i).free_symbols == {i, l, n}
    assert used(nested, j).free_symbols == {j, l, n}


def test_values_are_compared_all_at_once():
    # i is j here, and j is 3: that does not make i 3.
    assert match((sA(i, j), sA(i, j)), (sA(j, 3), sA(j, 3)), (i, j)) == {i: j, j: 3}
    assert match((sA(i, j), sA(i, j)), (sA(j, 3), sA(3, 3)), (i, j)) is None


@pytest.mark.parametrize(
    ("value", "limits", "within"),
    [
        (l, {l: (k, N), k: (Integer(1), N)}, True),
        (l, {k: (Integer(1), N), l: (k, N)}, True),
        (l, {l: (N - k, N), k: (Integer(1), N)}, False),
        (l, {k: (Integer(1), N), l: (N - k, N)}, False),
        (l * l, {l: (Integer(1), N)}, False),
    ],
)
def test_ends_that_hold_other_indices(value, limits, within):
    assert surely_within(value, (Integer(1), N), limits) is within
