"""Steps between scalar formulas: equalities, inductions, inequalities and limits, right and wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Integer, Rational, Sum, Symbol, oo, polygamma, sqrt

from jacspec.theory import Assumption, Relation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalars import deciding
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
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


def test_what_keeps_a_digamma_shows_no_sign_and_is_not_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    difference = (polygamma(0, x + 1) - polygamma(0, x)) / (x + 1)
    assert deciding.is_never_negative(difference, POSITIVE)

    def refused(*_: object) -> None:
        message = "cancelled"
        raise AssertionError(message)

    monkeypatch.setattr(deciding, "scalar_form", refused)
    assert not deciding.is_never_negative(difference + polygamma(0, x) / x, POSITIVE)


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
    Given(n, m + j)
    with pytest.raises(ValueError, match="n is a whole number, and m/2, by which it is given, may be none"):
        Given(n, m / 2)


def limited(start, end, of, at, *ranges):
    domain = Domain(tuple(Parameter(*each) for each in ranges))
    part = ScalarCalculation("limit", start, domain=domain)
    return part.in_the_limit(end, "limit", of=of, at=at).steps[0].holds()


def test_a_limit_holds_for_all_values_of_what_is_fixed() -> None:
    low, any_real = Symbol("a", integer=True, nonnegative=True), Symbol("y", real=True)
    assert limited(1 / (low + m), Integer(0), m, oo, (m, 0), (low, 1))
    assert not limited(1 / (1 + low * m), Integer(0), m, oo, (m, 0), (low, 0))  # 1 for a = 0
    assert limited(x / (x + y**2), Integer(0), x, Integer(0), (y, 0), (x, 0))
    assert not limited(x / (x + (any_real - 100) ** 2), Integer(0), x, Integer(0), (any_real, 0), (x, 0))


@pytest.mark.parametrize(
    ("of", "at", "within", "reached"),
    [
        (x, Integer(0), (0,), True),
        (x, Integer(0), (1,), False),
        (x, Integer(0), (0, y), True),
        (x, Integer(2), (0, 2), False),
        (x, Integer(2), (0, 2 + y), True),
        (m, oo, (0,), True),
        (m, oo, (0, n), False),
        (m, Integer(3), (0,), False),
    ],
)
def test_a_limit_is_reached_in_the_range_of_its_variable(of, at, within, reached) -> None:
    end = Integer(0) if at == oo else 1 / (at + 1)
    assert limited(1 / (of + 1), end, of, at, (y, 0), (n, 1), (of, *within)) is reached
    assert Domain((Parameter(of, *within),)).reaches(y, Integer(0)) is False


def test_an_inequality_keeps_no_limit_of_what_its_ends_hold() -> None:
    part = ScalarCalculation("x", 1 / (n + 1), domain=WIDE).bounded(Relation.AT_MOST, 1 / n + 1 / m, "more")
    limit = part.in_the_limit(1 / n, "far out", of=m)
    assert limit.relation is Relation.AT_MOST
    with pytest.raises(ValueError, match="mixes"):
        limit.bounded(Relation.AT_MOST, 1 / n + m, "more")
    with pytest.raises(ValueError, match="mixes"):
        ScalarCalculation("m", 1 / (n + m), domain=WIDE).bounded(
            Relation.AT_MOST, 1 / n + 1 / m, "more"
        ).in_the_limit(1 / n, "far out", of=m)


def test_a_sum_that_ends_before_it_begins_is_not_counted() -> None:
    part = ScalarCalculation("count", Sum(Integer(1), (j, 1, m - 3)), domain=Domain((Parameter(m, 3),)))
    step = part.equals(m - 3, "count").steps[0]
    assert step.holds()
    assert not replace(step, domain=Domain((Parameter(m, 0),))).holds()
    below = ScalarCalculation("base", Sum(m + j, (j, 1, m - 3)), domain=Domain((Parameter(m, 0),)))
    step = below.by_induction((m - 3) * (3 * m - 2) / 2, "induction", on=m).steps[0]
    assert not step.holds()
    with pytest.raises(ValueError, match="by induction on m from 0, and m begins at -2"):
        replace(step, domain=Domain((Parameter(m, -2),)))


def test_what_is_declared_positive_does_not_range_below_zero() -> None:
    part = ScalarCalculation("root", sqrt(4 * x**2), domain=POSITIVE).equals(2 * x, "root")
    assert part.steps[0].holds()
    for least in (-1, -oo):
        wider = Domain((Parameter(x, least),))
        assert "declared positive" in replace(part.steps[0], domain=wider).fault_of_trace
        assert not replace(part.steps[0], domain=wider).holds()
