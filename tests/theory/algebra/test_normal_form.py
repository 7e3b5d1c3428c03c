"""Normal forms: what they identify, what they must keep apart, and what they refuse."""

import pytest
from hypothesis import given, strategies as st
from sympy import Function, Integer, KroneckerDelta, Rational, Sum, exp, log

from jacspec.theory.algebra.normal_form import agree, normal_form
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    A,
    B,
    Bdot,
    G,
    J,
    Jdot,
    M,
    Mdot,
    N,
    delta,
    eA,
    epsilon,
    gamma,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sB,
    sdot,
    u,
    udot,
    v,
    vdot,
    vT,
)
from jacspec.theory.notation.words import D, Inner, inner
from jacspec.theory.results.assumptions import DEPTH_SCALING, ORTHONORMAL, PARTIAL_PRODUCTS

GT = HEADS["GT"]()


def layers(summand, first=1, last=N):
    return Sum(summand, (l, first, last))


# --- sums ---------------------------------------------------------------------------------------


def test_a_sum_of_differences_telescopes():
    difference = layers(A(l + 1) * Bdot(l + 1) - A(l) * Bdot(l))
    assert agree(difference, A(N + 1) * Bdot(N + 1) - A(1) * Bdot(1))
    assert not agree(difference, A(N + 1) * Bdot(N + 1) + A(1) * Bdot(1))
    assert not agree(difference, A(N) * Bdot(N) - A(1) * Bdot(1))
    assert not agree(layers(A(l + 1) * Bdot(l + 1) + A(l) * Bdot(l)), A(N + 1) * Bdot(N + 1))


def test_a_sum_of_differences_over_two_layers_leaves_four_terms():
    left = layers(sA(k, l + 2) - sA(k, l))
    assert agree(left, sA(k, N + 2) + sA(k, N + 1) - sA(k, 2) - sA(k, 1))
    assert not agree(left, sA(k, N + 2) - sA(k, 1))


@given(shift=st.integers(-3, 3), first=st.integers(1, 4), cut=st.integers(0, 3), slip=st.integers(-2, 2))
def test_a_sum_may_be_reindexed_by_an_integer(shift, first, cut, slip):
    given_sum = layers(sA(k, l) * sB(k, l + 1), first, N - cut)
    moved = layers(sA(k, l - shift) * sB(k, l + 1 - shift), first + shift, N - cut + shift + slip)
    assert agree(given_sum, moved) is (slip == 0)


@given(first=st.integers(1, 4), last=st.integers(0, 3), extra=st.integers(0, 3))
def test_boundary_terms_may_be_split_off(first, last, extra):
    whole = layers(sA(k, l), first, N - last)
    inside = layers(sA(k, l), first + extra, N - last - extra)
    ends = sum((sA(k, first + step) + sA(k, N - last - step) for step in range(extra)), start=Integer(0))
    assert agree(whole, inside + ends)
    assert agree(whole, inside) is (extra == 0)


def test_a_constant_summand_counts_the_layers():
    assert agree(layers(sA(k, 1)), N * sA(k, 1))
    assert agree(layers(sA(k, 1), 2, N - 1), (N - 2) * sA(k, 1))
    assert not agree(layers(sA(k, 1), 2, N - 1), (N - 1) * sA(k, 1))


def test_summation_indices_are_dummies():
    double = Sum(sA(i, l) * sB(j, l) * u(i) * vT(j), (i, 1, n), (j, 1, n))
    swapped = Sum(sA(j, l) * sB(i, l) * u(j) * vT(i), (j, 1, n), (i, 1, n))
    wrong = Sum(sA(j, l) * sB(i, l) * u(i) * vT(j), (j, 1, n), (i, 1, n))
    assert agree(double, swapped)
    assert not agree(double, wrong)


def test_the_square_of_a_sum_is_a_double_sum():
    squared = Sum(sA(k, l), (l, 1, N)) ** 2
    assert agree(squared, Sum(sA(k, i) * sA(k, j), (i, 1, N), (j, 1, N)))
    assert not agree(squared, Sum(sA(k, l) ** 2, (l, 1, N)))


def test_a_range_that_is_not_1_to_the_end_up_to_finitely_many_terms_is_refused():
    with pytest.raises(TypeError, match="up to finitely many terms"):
        normal_form(layers(sA(k, l), 1, 2 * N))


# --- Kronecker deltas ---------------------------------------------------------------------------


def test_a_kronecker_delta_contracts_a_sum_over_directions():
    summed = Sum(s(i) * KroneckerDelta(i, k) * v(i), (i, 1, n))
    assert agree(summed, s(k) * v(k))
    assert not agree(summed, s(j) * v(j))
    double = Sum(KroneckerDelta(i, k) * KroneckerDelta(j, k) * sA(i, l) * sB(j, l), (i, 1, n), (j, 1, n))
    assert agree(double, sA(k, l) * sB(k, l))


@pytest.mark.parametrize(
    ("first", "last", "other"),
    [(2, n, k), (1, n - 1, k), (1, n, 2), (1, n, l), (1, n, k + 1), (1, n, N), (0, n - 1, n)],
)
def test_a_kronecker_delta_is_not_contracted_with_an_index_that_may_lie_outside_the_sum(first, last, other):
    summed = Sum(s(i) * KroneckerDelta(i, other), (i, first, last))
    assert not agree(summed, s(other))
    assert agree(summed, summed)


@pytest.mark.parametrize(
    ("first", "last", "other"), [(1, n, k), (1, n, 1), (1, n, n), (1, n + 1, k + 1), (0, n, k - 1)]
)
def test_a_kronecker_delta_contracts_where_the_index_surely_lies_in_the_sum(first, last, other):
    assert agree(Sum(s(i) * KroneckerDelta(i, other), (i, first, last)), s(other))


def test_two_sums_joined_by_a_delta_run_over_what_they_share():
    joined = Sum(s(i) * delta(j) * KroneckerDelta(i, j), (i, 1, n), (j, 1, n - 1))
    assert agree(joined, Sum(s(i) * delta(i), (i, 1, n - 1)))
    assert not agree(joined, Sum(s(i) * delta(i), (i, 1, n)))


def test_a_delta_inside_another_function_is_no_factor():
    assert not agree(Sum(exp(gamma(i) * KroneckerDelta(i, k)), (i, 1, n)), exp(gamma(k)))


def test_orthonormality_contracts_an_expansion():
    expanded = Sum(s(i) * inner(u(k), u(i)) * inner(v(i), v(k)), (i, 1, n))
    assert agree(expanded, s(k), ORTHONORMAL.rules)
    assert not agree(expanded, s(k))
    assert not agree(expanded, s(k) ** 2, ORTHONORMAL.rules)


# --- d/dt ---------------------------------------------------------------------------------------


def test_leibniz_on_an_inner_product():
    product = D(inner(u(k), J * v(k)))
    spelled = inner(udot(k), J * v(k)) + inner(u(k), Jdot * v(k)) + inner(u(k), J * vdot(k))
    assert agree(product, spelled)
    assert not agree(product, spelled - inner(u(k), J * vdot(k)))
    assert not agree(product, 2 * spelled)


def test_leibniz_on_a_scalar_times_a_word_and_on_a_sum():
    assert agree(D(s(k) * u(k)), sdot(k) * u(k) + s(k) * udot(k))
    assert agree(D(Sum(s(i) * u(i), (i, 1, n))), Sum(sdot(i) * u(i) + s(i) * udot(i), (i, 1, n)))
    assert not agree(D(s(k) * u(k)), s(k) * udot(k))


def test_a_squared_length_changes_at_twice_the_rate():
    assert agree(D(inner(u(k), u(k))), 2 * inner(u(k), udot(k)))
    assert not agree(D(inner(u(k), u(k))), inner(u(k), udot(k)))


def test_an_equation_may_be_differentiated():
    assert agree(D(inner(u(k), u(k))), Integer(0), ORTHONORMAL.rules)
    assert not agree(D(inner(u(k), u(k))), Integer(0))


def test_constants_do_not_move():
    assert agree(D(Rational(3, 7) * inner(u(k), v(k))), Rational(3, 7) * D(inner(u(k), v(k))))
    assert agree(D(Integer(5)), Integer(0))


def test_what_has_no_declared_velocity_is_not_differentiated():
    with pytest.raises(TypeError, match="time derivative"):
        normal_form(D(sA(k, l)))


# --- inner products -----------------------------------------------------------------------------


def test_an_inner_product_is_the_same_read_backwards():
    assert agree(inner(u(k), G * v(k)), Inner(vT(k) * GT * u(k)))
    assert not agree(inner(u(k), G * v(k)), inner(v(k), G * u(k)))
    moved = inner(u(k), AT(l + 1) * G * BT(l) * v(k))
    assert agree(moved, inner(A(l + 1) * u(k), G * BT(l) * v(k)))
    assert not agree(moved, inner(A(l + 1) * u(k), G * B(l) * v(k)))


def test_inner_products_are_bilinear():
    mixed = inner(u(k) + epsilon * eA(k, l), 2 * u(k) - v(k))
    spelled = (
        2 * inner(u(k), u(k))
        - inner(u(k), v(k))
        + 2 * epsilon * inner(eA(k, l), u(k))
        - epsilon * inner(v(k), eA(k, l))
    )
    assert agree(mixed, spelled)
    assert not agree(mixed, spelled + inner(u(k), v(k)))


def test_a_scalar_inside_a_word_is_taken_out():
    assert agree(u(k) * Inner(vT(k) * v(k)), Inner(vT(k) * v(k)) * u(k))
    word = u(k) * vT(k) * G * v(k) * vT(k)
    assert agree(word, inner(v(k), G * v(k)) * u(k) * vT(k))


def test_matrices_do_not_commute():
    assert not agree(A(2) * M(1), M(1) * A(2))
    assert agree(A(2) * M(1), A(1), PARTIAL_PRODUCTS.rules)
    assert not agree(M(1) * A(2), A(1), PARTIAL_PRODUCTS.rules)


def test_an_inner_product_that_is_no_scalar_is_refused():
    with pytest.raises(TypeError, match="not a scalar"):
        normal_form(Inner(u(k)))


# --- exponentials, coefficients, limits -----------------------------------------------------------


def test_exponentials_merge():
    assert agree(exp(gamma(k)) * exp(delta(k)), exp(gamma(k) + delta(k)))
    assert agree(exp((N - l) * gamma(k)) * exp((l - 1) * gamma(k)), exp((N - 1) * gamma(k)))
    assert not agree(exp((N - l) * gamma(k)) * exp(l * gamma(k)), exp((N - 1) * gamma(k)))
    assert agree(layers(exp((N - l) * gamma(k)) * exp((l - 1) * gamma(k))), N * exp((N - 1) * gamma(k)))


def test_a_power_of_an_exponential_with_depth_in_the_exponent():
    power = s(k) ** (1 - 1 / N)
    assert agree(power, exp((N - 1) * gamma(k) + (1 - 1 / N) * delta(k)), DEPTH_SCALING.rules)
    assert not agree(power, exp((N - 1) * gamma(k) + delta(k)), DEPTH_SCALING.rules)


def test_coefficients_are_rational_functions_of_depth_and_width():
    assert agree((N**2 - 1) / (N + 1) * s(k), (N - 1) * s(k))
    assert agree(s(k) / N + s(k) * (1 - 1 / N), s(k))
    assert not agree(s(k) / N + s(k) * (1 - 2 / N), s(k))


def test_logarithms_are_taken_of_normal_forms():
    assert agree(log(sB(k, 1)), delta(k), DEPTH_SCALING.rules)
    assert not agree(log(sB(k, 2)), delta(k), DEPTH_SCALING.rules)


def test_only_a_limit_may_neglect_the_misalignment():
    aligned = u(k) + epsilon * eA(k, l)
    assert agree(aligned, u(k), vanishing=epsilon)
    assert not agree(aligned, u(k))
    assert not agree(aligned, 2 * u(k), vanishing=epsilon)
    assert agree(s(k) / (1 + epsilon), s(k), vanishing=epsilon)


@pytest.mark.parametrize(
    "singular",
    [
        s(k) / epsilon,
        log(epsilon) * s(k),
        epsilon ** gamma(k),
        exp(-1 / epsilon),
        s(k) / epsilon - s(k) / epsilon**2,
    ],
    ids=str,
)
def test_what_is_not_defined_at_zero_has_no_limit_to_read_off(singular):
    with pytest.raises(ValueError, match="is not continuous at ε = 0"):
        agree(singular, s(k), vanishing=epsilon)


def test_the_normal_form_is_idempotent():
    expression = layers(A(l + 1) * Mdot(l) * B(l), 2, N) + 3 * A(2) * Mdot(1)
    form = normal_form(expression)
    assert normal_form(form) == form


# --- rules that do not come to rest -------------------------------------------------------------


def test_circular_rules_are_noticed():
    circle = (Rule(u(k), v(k), (k,)), Rule(v(k), u(k), (k,)))
    with pytest.raises(RuntimeError, match="circle"):
        normal_form(u(1), circle)


def test_a_symbol_outside_the_notation_is_refused_in_a_word():
    stranger = Function("X", commutative=False)(1)
    with pytest.raises(TypeError, match="no matrix or vector of the notation"):
        normal_form(u(k) * stranger)
