"""Induction over layers believes nothing that base and step do not show."""

from __future__ import annotations

import pytest
from sympy import Integer

from theory import Part
from theory.balanced import BALANCED, PRODUCTS
from theory.induction import Induction
from theory.notation import A, C, N, P, l
from theory.rules import Rule


@pytest.fixture
def carried() -> Induction:
    statement = Rule(A(l) * C(l), P(1) * A(l), (l,))
    return Induction("carried", statement, N + 1, l + 1, l, (BALANCED, PRODUCTS))


def test_the_hypothesis_is_the_statement_at_the_known_layer_only(carried: Induction) -> None:
    (rule,) = carried.hypothesis.rules
    assert (rule.lhs, rule.rhs) == (A(l + 1) * C(l + 1), P(1) * A(l + 1))
    assert rule.indices == ()


def test_a_base_at_another_layer_is_refused(carried: Induction) -> None:
    base = Part("base", A(N) * C(N)).equals(P(1) * A(N), "anything")
    step = Part("step", A(l) * C(l)).equals(P(1) * A(l), "anything")
    with pytest.raises(ValueError, match="does not show carried at layer"):
        carried.concluded(base, step)


def test_a_step_that_ends_elsewhere_is_refused(carried: Induction) -> None:
    base = Part("base", A(N + 1) * C(N + 1)).equals(P(1) * A(N + 1), "anything")
    step = Part("step", A(l) * C(l)).equals(Integer(2) * P(1) * A(l), "anything")
    with pytest.raises(ValueError, match="'step'"):
        carried.concluded(base, step)


def test_the_conclusion_is_for_every_layer(carried: Induction) -> None:
    base = Part("base", A(N + 1) * C(N + 1)).equals(P(1) * A(N + 1), "anything")
    step = Part("step", A(l) * C(l)).equals(P(1) * A(l), "anything")
    assert carried.concluded(base, step).rules == (carried.statement,)
