"""Steps between scalar formulas: equalities, inductions, inequalities and limits, right and wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Integer, Rational, Sum, Symbol, polygamma

from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalar_steps import Given, ScalarCalculation
from jacspec.theory.notation.symbols import s

n = Symbol("n", integer=True, positive=True)
j, m = (Symbol(name, integer=True, nonnegative=True) for name in "jm")
x, y = Symbol("x", positive=True), Symbol("y", positive=True)
WIDE = Domain((Parameter(n, Integer(4)), Parameter(m, Integer(1))))
POSITIVE = Domain((Parameter(x, Integer(0)),))


def test_an_equality_and_its_slip() -> None:
    part = ScalarCalculation("ψ", polygamma(0, x + 1), domain=POSITIVE).equals(
        polygamma(0, x) + 1 / x, "recurrence"
    )
    (step,) = part.steps
    assert step.holds()
    assert step.domain is POSITIVE
    assert not replace(step, after=polygamma(0, x) - 1 / x).holds()


def test_a_sign_needs_the_domain() -> None:
    part = ScalarCalculation("sign", 1 / n, domain=WIDE).bounded(
        Relation.AT_MOST, Rational(1, 4) + 0 * n, "n ≥ 4"
    )
    assert part.steps[0].holds()
    assert not replace(part.steps[0], relation=Relation.AT_LEAST).holds()
    wider = Domain((Parameter(n, Integer(3)),))
    assert not replace(part.steps[0], domain=wider).holds()


def test_sums_are_compared_term_by_term() -> None:
    start = Sum(1 / (n + j) ** 2, (j, 0, m - 1))
    part = ScalarCalculation("sum", start, domain=WIDE)
    assert part.bounded(Relation.AT_MOST, Sum(1 / (n + j), (j, 0, m - 1)), "smaller").steps[0].holds()
    assert not part.bounded(Relation.AT_LEAST, Sum(1 / (n + j), (j, 0, m - 1)), "no").steps[0].holds()


def test_an_inequality_names_its_lemma() -> None:
    step = (
        ScalarCalculation("sign", 1 / n, domain=WIDE).bounded(Relation.AT_MOST, Integer(1), "n ≥ 1").steps[0]
    )
    assert "no negative coefficient" in step.reason
    assert not replace(step, lemmas=()).holds()


def test_a_limit() -> None:
    part = ScalarCalculation("limit", 1 / (n + m), domain=WIDE)
    assert part.in_the_limit(Integer(0), "far out", of=m).steps[0].holds()
    assert not part.in_the_limit(1 / n, "no", of=m).steps[0].holds()
    assert part.steps == ()


def test_given_equations_are_used() -> None:
    given = Assumption("given", "given", rules=(Given(x, 2 * y),))
    part = ScalarCalculation("x", x, domain=Domain((Parameter(y, Integer(0)),)))
    step = part.equals(y + y, "insert", given).steps[0]
    assert step.holds()
    assert not replace(step, uses=()).holds()


def test_given_defines_symbols_only() -> None:
    with pytest.raises(TypeError, match="must be a symbol"):
        Given(s(1), Integer(1))
    with pytest.raises(ValueError, match="x is given by itself"):
        Given(x, 1 + x)
