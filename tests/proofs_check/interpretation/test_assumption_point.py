"""Points of assumptions: contradictions are errors, and every layer and direction gets its turn."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from flint import arb, fmpq
from sympy import Integer, KroneckerDelta

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.derivation_check.check import reject
from jacspec.proofs_check.derivation_check.step_points import step_points
from jacspec.proofs_check.interpretation import AssumptionPoint, evaluate, evaluate_scalar
from jacspec.theory import Assumption, Relation, Step
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.symbols import A, N, delta, gamma, i, j, k, l, rho, s, sB, tau, u, uA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import (
    DECOMPOSITION_OF_PARTIAL_PRODUCTS,
    DEPTH_SCALING,
    DEPTH_SCALING_NON_EMPTY,
    EMPTY_SPECTRUM,
    ORTHONORMAL,
    STRONG_ALIGNMENT,
)

BITS = 200


def modelled(*rules: Rule) -> Assumption:
    title = " and ".join(str(rule.lhs) for rule in rules)
    return Assumption("test", f"a model of {title}", model=rules)


def point(*used: Assumption) -> AssumptionPoint:
    return AssumptionPoint(used, depth=3, width=3, indices={k: 1, i: 2, j: 3, l: 2}, seed=0, level=fmpq(1, 7))


# --- contradictions -----------------------------------------------------------------------------


def test_two_models_that_differ_are_an_error_that_names_both() -> None:
    one, other = modelled(Rule(s(k), gamma(k), (k,))), modelled(Rule(s(k), 2 * gamma(k), (k,)))
    expected = (
        r"contradict each other on s_1 at N=3, n=3.*'a model of s\(k\)' and 'a model of s\(k\)' give it"
    )
    for used in ((one, other), (other, one)):
        with balls(BITS), pytest.raises(InputError, match=expected):
            evaluate(s(k), point(*used))


def test_two_models_that_agree_are_none() -> None:
    unit = inner(u(k), u(k))
    one, other = modelled(Rule(s(k), gamma(k), (k,))), modelled(Rule(s(k), gamma(k) * unit, (k,)))
    with balls(BITS):
        at = point(one, other, ORTHONORMAL)
        assert evaluate_scalar(s(k) - gamma(k), at).contains(0)
        with pytest.raises(InputError, match="give it different values"):
            evaluate(s(k), point(one, other))  # here u is no unit vector


def test_depth_scaling_at_the_empty_products_contradicts_their_spectrum() -> None:
    with balls(BITS):
        assert evaluate_scalar(sB(k, 1), point(DEPTH_SCALING_NON_EMPTY, EMPTY_SPECTRUM)) == arb(1)
        with pytest.raises(InputError, match=r"depth scaling.*'empty products' give it different values"):
            evaluate(sB(k, 1), point(DEPTH_SCALING, EMPTY_SPECTRUM))


def test_a_model_that_leaves_an_orthonormal_family_is_an_error() -> None:
    with balls(BITS):
        evaluate(uA(k, l), point(STRONG_ALIGNMENT))
        with pytest.raises(InputError, match=r"strong alignment .* not of the orthonormal family"):
            evaluate(uA(k, l), point(STRONG_ALIGNMENT, DECOMPOSITION_OF_PARTIAL_PRODUCTS))


def test_a_circle_of_models_is_an_error() -> None:
    circle = modelled(Rule(s(k), 2 * gamma(k), (k,)), Rule(gamma(k), s(k) / 2, (k,)))
    with balls(BITS), pytest.raises(InputError, match="defined by itself, in a circle"):
        evaluate(s(k), point(circle))


# --- indices ------------------------------------------------------------------------------------


def drawn(step: Step, seeds: int) -> list[AssumptionPoint]:
    points = [each for seed in range(seeds) for each in step_points(step, seed)]
    assert all(isinstance(each, AssumptionPoint) for each in points)
    return points  # type: ignore[return-value]


def test_what_is_true_of_one_direction_only_is_refuted() -> None:
    for direction in (1, 2):
        step = Step(KroneckerDelta(k, direction), Relation.EQUAL, Integer(direction % 2), "for one direction")
        assert all(reject(step, seed=seed) == (True, True) for seed in range(5))
    pair = KroneckerDelta(i, j) * KroneckerDelta(i, 2)
    assert reject(Step(pair, Relation.EQUAL, KroneckerDelta(i, 2), "j is 2")) == (True, True)


def test_what_is_true_of_the_middle_layer_only_is_refuted() -> None:
    middle = Step(s(k) * (2 * l - N) * (2 * l - N - 1), Relation.EQUAL, Integer(0), "half-way")
    assert any(reject(middle, seed=seed) == (True, True) for seed in range(5))


def test_every_position_is_drawn() -> None:
    step = Step(rho(i) * tau(j) * s(k), Relation.EQUAL, Integer(0), "three directions")
    points = drawn(step, 12)
    assert {point.width for point in points} == {3}
    positions = {(point.indices[k], point.indices[i], point.indices[j]) for point in points}
    apart = {places for places in product((1, 2, 3), repeat=3) if len(set(places)) == 3}
    assert apart <= positions
    assert {len(set(places)) for places in positions} == {2, 3}
    layers = {(point.depth, point.indices[l]) for point in points}
    assert layers == {(2, 1), (3, 1), (3, 2), (5, 2), (5, 3)}


def test_each_draw_holds_different_directions_and_equal_ones() -> None:
    step = Step(delta(i) * gamma(j), Relation.EQUAL, Integer(0), "two directions")
    for seed in range(6):
        pairs = [(point.indices[i], point.indices[j]) for point in drawn(replace(step), 1 + seed)]
        assert any(first == second for first, second in pairs)
        assert any(first != second for first, second in pairs)


def test_directions_that_are_assumed_to_differ_do() -> None:
    apart = Assumption("apart", "two directions", distinct=(i, j))
    product_of_three = rho(i) * tau(j) * s(k)
    step = Step(product_of_three, Relation.EQUAL, Integer(0), "three directions", (apart,))
    points = drawn(step, 6)
    assert all(point.indices[i] != point.indices[j] for point in points)
    assert any(point.indices[i] == point.indices[k] for point in points)
    assert any(point.indices[j] == point.indices[k] for point in points)
    orthogonal = Step(inner(u(i), u(j)), Relation.EQUAL, Integer(0), "orthogonal", (ORTHONORMAL, apart))
    assert orthogonal.holds()
    assert reject(orthogonal) == (False, False)
    assert reject(replace(orthogonal, uses=(ORTHONORMAL,))) == (True, True)
    assert reject(replace(orthogonal, before=inner(u(i), u(k)))) == (True, True)


def test_chains_leave_out_equal_directions_that_are_assumed_to_differ() -> None:
    on_chains = Assumption("apart", "two directions", distinct=(i, k), on_chains=True)
    step = Step(s(i) * s(k), Relation.EQUAL, s(k) * s(i), "commutes", (on_chains,))
    assert {(point.indices[i], point.indices[k]) for point in step_points(step, 0)} == {
        (1, 2),
        (2, 1),
        (1, 3),
    }
    with pytest.raises(InputError, match="'commutes' has no point"):
        step_points(replace(step, uses=(replace(on_chains, distinct=(i, j, k)),)), 0)


def test_points_are_determined_by_the_seed() -> None:
    step = Step(A(l), Relation.EQUAL, A(l), "trivial")
    first, again = (drawn(step, 1), drawn(step, 1))
    assert [point.description for point in first] == [point.description for point in again]
    assert "k=" in first[0].description
