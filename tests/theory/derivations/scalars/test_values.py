"""What has a value on a domain, and which sign: by what is known of it, and at points of the domain."""

from __future__ import annotations

from random import Random

import pytest
from sympy import (
    Derivative,
    Expr,
    Integer,
    Integral,
    Rational,
    Subs,
    Sum,
    Symbol,
    binomial,
    exp,
    gamma,
    log,
    oo,
    polygamma,
    sqrt,
)

from jacspec.theory import Assumption, Derivation, Proposition, Relation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.derivations.scalars.values import SignedDomain
from jacspec.theory.results.catalogue import catalogue

n, k = (Symbol(name, integer=True, positive=True) for name in "nk")
m, j = (Symbol(name, integer=True, nonnegative=True) for name in "mj")
x, p = (Symbol(name, positive=True) for name in "xp")
y = Symbol("y", real=True)
DOMAIN = Domain(
    (
        Parameter(n, 3),
        Parameter(k, 1, n),
        Parameter(m, 0),
        Parameter(x, 0),
        Parameter(p, 0, 1),
        Parameter(y, -1, 2),
    )
)
WHERE = SignedDomain(DOMAIN)

SIGNS: list[tuple[Expr, int | None]] = [
    (n - 2, 1),
    (n - 3, None),
    (n - k, None),
    (n - k + 1, 1),
    (k - n - 1, -1),
    ((n - k + 1) / 2, 1),
    (1 - p, 1),
    (p - 1, -1),
    (y + 1, 1),
    (y - 2, -1),
    (y, None),
    (y**2, None),
    ((y - 2) ** 2, 1),
    (-x / (1 - p), -1),
    (x - 1, None),
    (1 / x - 1 / (x + 1), 1),
    (exp(y), 1),
    ((-x) ** m, None),
    ((-x) ** (2 * m + 1), -1),
    ((-x) ** (2 * m), 1),
    ((x + n - 2) ** 2 - 1 / (x + 1), 1),
    (x + m, 1),
    (m, None),
    (Sum(1 / (n + j), (j, 0, m)), 1),
    (Sum(1 / (n + j), (j, 1, m)), None),
    (Sum(binomial(n, j) * p**j * (1 - p) ** (n - j), (j, k, n)), 1),
    (Integral(x * exp(-x), (x, 0, oo)), 1),
    (Subs(x - 1, x, n), 1),
    (Subs(x - 1, x, k), None),
]


@pytest.mark.parametrize(("formula", "sign"), SIGNS, ids=str)
def test_the_sign_that_is_seen(formula: Expr, sign: int | None) -> None:
    assert WHERE.sign(formula) == sign


def _points() -> list[dict[Symbol, Expr]]:
    draw = Random(0)  # noqa: S311 -- points, not secrets
    found = []
    for _ in range(40):
        size = draw.randint(3, 9)
        inside = [Rational(draw.randint(1, 99), 100) for _ in range(3)]
        whole = {n: Integer(size), k: Integer(draw.randint(1, size)), m: Integer(draw.randint(0, 5))}
        found.append({**whole, x: 9 * inside[0], p: inside[1], y: 3 * inside[2] - 1})
    return found


@pytest.mark.parametrize("formula", [each for each, sign in SIGNS if sign], ids=str)
def test_a_sign_that_is_seen_is_that_at_points(formula: Expr) -> None:
    sign = WHERE.sign(formula)
    assert all(sign * formula.subs(point).doit().evalf() > 0 for point in _points())


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        (1 / (n - 2) + log(x) + sqrt(1 - p) + polygamma(0, n - k + 1) + gamma(x / 2), ()),
        (1 / (n - 3), (1 / (n - 3),)),
        (x / m, (1 / m,)),
        (log(y), (log(y),)),
        (log(y + 1), ()),
        (sqrt(y), (sqrt(y),)),
        (x**y, ()),
        (y ** (-n), (y ** (-n),)),
        (y**n, ()),
        (polygamma(1, m), (polygamma(1, m),)),
        (gamma(n - k), (gamma(n - k),)),
        (Sum(1 / j, (j, 1, m)), ()),
        (Sum(1 / (j - 1), (j, 1, m)), (1 / (j - 1),)),
        (Derivative(log(x), x), ()),
        (Subs(Derivative(log(x), x), x, y), (log(y),)),
        (Subs(Derivative(log(x), x), x, y + 1), ()),
    ],
    ids=str,
)
def test_what_may_have_no_value(formula: Expr, parts: tuple[Expr, ...]) -> None:
    assert tuple(WHERE.without_value(formula)) == parts


def test_near_a_limit_it_is_what_it_is_there() -> None:
    part = ScalarCalculation("y", x / (y + 2 - x), domain=DOMAIN)
    assert part.without_value == ("1/(y - x + 2) may have no value in the ranges of its parameters",)
    assert part.in_the_limit(Integer(0), "vanishes", of=x, at=Integer(0)).without_value == ()
    assert part.in_the_limit(Integer(0), "far out", of=x).without_value == part.without_value


def test_what_a_premise_says_is_positive_and_what_is_given_is_put_in() -> None:
    part = ScalarCalculation("y", 1 / (y - x), domain=DOMAIN)
    for premise in (
        Assumption("p", "p", positive=(y - x,)),
        Assumption("g", "g", rules=(Given(y, 2 * x),)),
    ):
        assert part.equals(1 / (y - x), "the same", premise).without_value == ()
    assert part.equals(1 / (y - x), "the same").without_value != ()


def test_every_line_of_the_ledger_has_a_value() -> None:
    parts = [part for each in catalogue().values() for part in each.calculations]
    assert [fault for part in parts for fault in part.without_value] == []
    assert sum(isinstance(part, ScalarCalculation) for part in parts) > 20


def test_a_line_without_a_value_shows_nothing() -> None:
    """(m² - 9)/(m - 3) = m + 3, but for m = 3."""
    left = (m**2 - 9) / (m - 3)
    for least, proved in ((4, True), (0, False)):
        domain = Domain((Parameter(m, least),))
        claimed = Proposition(left, Relation.EQUAL, m + 3, domain=domain)
        divided = ScalarCalculation("m", left, domain=domain).equals(m + 3, "divide")
        assert Derivation("m", "m", (divided,)).naming_errors is not proved
        plain = ScalarCalculation("m", m + 3, domain=domain).equals(3 + m, "the same")
        shown = proof_of(claimed, Derivation("m", "m", (plain,)))
        assert (shown.calculation is not None) is proved
        assert proved or shown.lacking.startswith("1/(m - 3) is not seen to have a value where")


def test_a_premise_about_an_index_keeps_nothing_else_from_zero() -> None:
    """That x > j for one j says nothing of the terms of a sum over j."""
    domain = Domain((Parameter(x, 0), Parameter(j, 0), Parameter(m, 0)))
    somewhere = SignedDomain(domain, frozenset({x - j, x - m}))
    assert not [*somewhere.without_value(1 / (x - j))]
    assert [*somewhere.without_value(Sum(1 / (x - j), (j, 0, m)))] == [1 / (x - j)]
    assert not [*somewhere.without_value(Sum(1 / (x - m), (j, 0, m)))]
