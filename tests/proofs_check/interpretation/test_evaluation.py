"""The notation in balls: expressions at random exact points at which the assumptions hold."""

from functools import cache

import pytest
from flint import arb, arb_mat, fmpq
from sympy import Integer, KroneckerDelta, Max, Min, Rational, Sum, Symbol, exp, log, sqrt

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import (
    AssumptionPoint,
    evaluate,
    evaluate_formula,
    evaluate_scalar,
    transposed,
)
from jacspec.theory import Formula
from jacspec.theory.derivations.scalars.steps import ScalarStep
from jacspec.theory.notation.symbols import (
    AT,
    A,
    B,
    Bdot,
    G,
    J,
    M,
    N,
    delta,
    epsilon,
    i,
    j,
    k,
    l,
    n,
    q,
    s,
    sA,
    u,
    udot,
    v,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results import assumptions
from jacspec.theory.results.alignment import bounds
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics import general

BITS = 256
DEPTH, WIDTH = 3, 3
COARSE = fmpq(1, 7)


def point(*used, depth=DEPTH, width=WIDTH, seed=0, level=COARSE):
    return AssumptionPoint(
        used, depth=depth, width=width, indices={k: 1, i: 2, j: 3, l: 2}, seed=seed, level=level
    )


def size(value):
    entries = value.entries() if isinstance(value, arb_mat) else [value]
    return sum((abs(entry) for entry in entries), arb(0))


def assert_same(left, right):
    """Equal up to the rounding of the ball precision in force: 2^-(bits - 40) of their size."""
    if isinstance(left, arb) is not isinstance(right, arb):
        square = left if isinstance(left, arb_mat) else right
        identity = arb_mat([[int(r == c) for c in range(square.ncols())] for r in range(square.nrows())])
        left, right = (identity * x if isinstance(x, arb) else x for x in (left, right))
    difference = left - right
    entries = difference.entries() if isinstance(difference, arb_mat) else [difference]
    assert all(entry.contains(0) for entry in entries)
    assert size(difference) < (1 + size(left)) * arb(2) ** (40 - BITS)


# --- evaluation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (Integer(7), 7),
        (Rational(2, 5), fmpq(2, 5)),
        (N * n + k, 10),
        (Min(N, k) - Max(i, j), -2),
        (KroneckerDelta(i, 2) + KroneckerDelta(i, j), 1),
        (Sum(l**2, (l, 1, N)), 14),
        (Sum(l * i, (i, 1, l), (l, 1, N)), 1 + 2 * 3 + 3 * 6),
        (Sum(l, (l, 2, N - 2)), 0),
        (epsilon, fmpq(1, 7)),
    ],
)
def test_numbers_indices_and_sums(expression, value):
    with balls(BITS):
        assert_same(evaluate_scalar(expression, point()), arb(value))


def test_functions_of_heads():
    with balls(BITS):
        at = point()
        value = evaluate_scalar(s(k), at)
        assert value > 0  # a singular value that the notation calls positive
        assert_same(evaluate_scalar(s(k) ** (1 - 1 / N), at), (value.log() * 2 / 3).exp())
        assert_same(
            evaluate_scalar(exp(delta(k)) * log(s(k)), at), evaluate_scalar(delta(k), at).exp() * value.log()
        )
        assert_same(evaluate_scalar(sqrt(s(k)), at), value.sqrt())


def test_words_are_matrix_products():
    with balls(BITS):
        at = point()
        product = evaluate(A(2) * M(1), at)
        assert_same(product, evaluate(A(2), at) * evaluate(M(1), at))
        assert_same(transposed(evaluate(A(2), at)), evaluate(AT(2), at))
        number = evaluate_scalar(inner(u(k), G * v(k)), at)
        spelled = evaluate(u(k), at).transpose() * evaluate(G, at) * evaluate(v(k), at)
        assert_same(number, spelled[0, 0])
        # A number added to a matrix is a multiple of the identity.
        assert_same(evaluate(A(2) + 1, at) - evaluate(A(2), at), arb(1))


def test_derivatives_by_dual_numbers():
    with balls(BITS):
        at = point()
        left = evaluate(D(s(k) * inner(u(k), v(k))), at)
        right = evaluate_scalar(
            general.sdot(k) * inner(u(k), v(k))
            + s(k) * inner(udot(k), v(k))
            + s(k) * inner(u(k), general.vdot(k)),
            at,
        )
        assert_same(left, right)


def test_a_matrix_is_no_scalar():
    with pytest.raises(TypeError, match="is a matrix; expected a scalar"):
        evaluate_scalar(A(1), point())


def test_an_unknown_symbol_has_no_value():
    with pytest.raises(KeyError, match="no value for the symbol"):
        evaluate(Symbol("x"), point())


def test_formulas_are_evaluated_from_their_expression():
    with balls(BITS):
        value = evaluate_formula(bounds.overlap_bound(), (arb(7), arb(2), arb(6)))
        assert_same(value, arb(7) / 3)
    x = Symbol("x")
    with balls(BITS), pytest.raises(KeyError):
        evaluate_formula(Formula("f", (x,), x * s(1), ""), (arb(1),))


# --- points -------------------------------------------------------------------------------------


def test_a_point_is_determined_by_its_seed():
    with balls(BITS):
        first, again, other = (evaluate(A(2), point(seed=seed)) for seed in (4, 4, 5))
        assert first.entries()[0].mid() == again.entries()[0].mid()
        assert any(not (x - y).contains(0) for x, y in zip(first.entries(), other.entries(), strict=True))


def test_frames_are_orthonormal_and_move_within_their_kind():
    with balls(BITS):
        at = point(assumptions.ORTHONORMAL)
        for a in range(1, WIDTH + 1):
            for b in range(1, WIDTH + 1):
                assert_same(evaluate_scalar(inner(u(a), u(b)), at), arb(int(a == b)))
                assert evaluate_scalar(inner(udot(a), u(b)) + inner(u(a), udot(b)), at).contains(0)
        assert not evaluate_scalar(inner(udot(1), u(2)), at).contains(0)


@cache
def uses_of_steps():
    """Every combination of assumptions that a step uses, but for those of chains and of scalar formulas."""
    steps = [
        step
        for derivation in catalogue().values()
        for step in derivation.steps
        if not isinstance(step, ScalarStep)
    ]
    at_points = [step.uses for step in steps if step.uses and not any(used.on_chains for used in step.uses)]
    return list(dict.fromkeys(at_points))


def instances(rule):
    """A rule at every direction and at every layer for which it is claimed (or defined at all)."""
    layers = {index: (1, DEPTH) for index in rule.indices if index == l}
    directions = [index for index in rule.indices if index != l]
    depth = {N: Integer(DEPTH), n: Integer(WIDTH)}
    for index, first, last in rule.ranges:
        layers[index] = (int(first.xreplace(depth)), int(last.xreplace(depth)))
    combinations = [{}]
    for index in directions:
        combinations = [{**c, index: value} for c in combinations for value in range(1, WIDTH + 1)]
    for index, (first, last) in layers.items():
        combinations = [{**c, index: value} for c in combinations for value in range(first, last + 1)]
    return combinations


@pytest.mark.parametrize("uses", uses_of_steps(), ids=lambda uses: "+".join(used.name for used in uses))
def test_the_points_of_a_step_lie_where_all_its_assumptions_hold(uses):
    """Each equation that the normal form may use is true at the points of the ball evaluation.

    Singular pairs of J presuppose orthonormal vectors, whatever the step says.
    """
    with balls(BITS):
        at = point(*uses, seed=3)
        checked = 0
        moving = not any(q in used.frames for used in uses)  # the notation has no velocity of q
        for rule in (rule for used in uses for rule in used.rules):
            if rule.lhs.func == Bdot(1).func and not moving:
                continue
            for values in instances(rule):
                left, right = (evaluate(side, at, values) for side in (rule.lhs, rule.rhs))
                assert_same(left, right)
                checked += 1
        assert checked or all(not used.rules for used in uses)


def test_partial_products_are_what_they_should_be():
    with balls(BITS):
        at = point(assumptions.PARTIAL_PRODUCTS)
        whole = evaluate(J, at)
        for layer in range(1, DEPTH + 2):
            assert_same(evaluate(A(layer) * B(layer), at), whole)
        assert_same(whole, evaluate(M(3) * M(2) * M(1), at))


def test_the_level_of_misalignment_is_the_point_s():
    with balls(BITS):
        fine = point(assumptions.STRONG_ALIGNMENT, level=fmpq(1, 2**100))
        coarse = point(assumptions.STRONG_ALIGNMENT)
        uA = general.uA
        assert size(evaluate(uA(k, l) - u(k), fine, {l: 2})) < arb(2) ** -90
        assert size(evaluate(uA(k, l) - u(k), coarse, {l: 2})) > arb(2) ** -20
        assert evaluate_scalar(sA(k, 1), coarse) > 0
