"""Numbers that premises give, that limits hold fixed, and that enter only on the way to an end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, Derivative, Expr, I, Integer, Rational, Subs, Sum, Symbol, nan, oo, sympify

from jacspec.theory import Assumption, Calculation, Derivation, Proposition, Relation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.lemma import square
from jacspec.theory.derivations.proposition import proof_of
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.symbols import epsilon, i, k, l, n, s

j, m, p = (Symbol(name, integer=True, nonnegative=True) for name in "jmp")
q = Symbol("q", integer=True, positive=True)
x, y = Symbol("x", positive=True), Symbol("y", positive=True)


def given(*pairs: Expr) -> Assumption:
    rules = tuple(map(Given, pairs[::2], pairs[1::2]))
    return Assumption("given", f"given ${pairs[0]}$", rules=rules)


def within(*ranges: tuple[Expr, ...]) -> Domain:
    return Domain(tuple(Parameter(*each) for each in ranges))


def lacking(claimed: Proposition, *parts: Calculation) -> str:
    return proof_of(claimed, Derivation("d", "D", parts)).lacking


@pytest.mark.parametrize(
    ("of", "at", "ranges", "held"),
    [
        (x, 0, ((x, 0), (y, 0)), True),
        (x, 0, ((x, 0), (y, 0, x)), False),  # y/(x + y) < 1/2 there
        (m, oo, ((m, 1), (p, 1, m)), True),
        (m, oo, ((m, 1), (p, 1, 9 - m)), False),
        (m, oo, ((m, 1), (p, m)), False),
    ],
)
def test_a_limit_holds_fixed_what_its_variable_does_not_confine(
    of: Symbol, at: Expr, ranges: tuple[tuple[Expr, ...], ...], held: bool
) -> None:
    domain, other = within(*ranges), ranges[1][0]
    start, end = (y / (x + y), Integer(1)) if of == x else (p + 1 / m, p)
    part = ScalarCalculation("limit", start, domain=domain).in_the_limit(end, "limit", of=of, at=sympify(at))
    assert part.steps[0].holds() is held
    if not held:
        with pytest.raises(ValueError, match=f"{other} is not held fixed as {of} → "):
            Proposition(start, Relation.LIMIT, end, (), domain, (of, at))


def test_what_only_enters_on_the_way_has_a_value() -> None:
    """m ≤ j ≤ q shows m ≤ q where there is such a j."""
    for domain, shown in (
        (within((m, 0), (q, m + 1), (j, m, q)), True),
        (within((m, 0), (q, 1), (j, m, q)), False),
    ):
        part = (
            ScalarCalculation("m", m, domain=domain)
            .bounded(Relation.AT_MOST, j, "m ≤ j")
            .bounded(Relation.AT_MOST, j + Sum(Integer(1), (i, 1, q - j)), "more")
            .equals(q, "counted")
        )
        assert all(step.holds() for step in part.steps)
        claimed = Proposition(m, Relation.AT_MOST, q, domain=Domain(domain.parameters[:2]))
        assert (lacking(claimed, part) == "") is shown


def test_what_is_filled_is_so_whatever_is_chosen_before() -> None:
    domain = within((x, 0), (m, 0), (y, x, 1), (p, 0, m), (j, m / 2, m), (q, 1))
    assert [each.symbol for each in domain.filled()] == [x, m, p, q]
    assert [each.symbol for each in within((y, 0, x), (x, 0)).filled()] == [y, x]


def test_an_inequality_keeps_no_limit_of_what_is_given_by_its_variable() -> None:
    part = ScalarCalculation("y", y, domain=within((m, 1))).equals(10 / m, "given", given(y, 10 / m))
    part = part.bounded(Relation.AT_MOST, 1 + 9 / m, "m ≥ 1")
    with pytest.raises(ValueError, match="mixes"):
        part.in_the_limit(Integer(1), "far out", of=m)  # y ≤ 1, for y = 10/m


def test_a_limit_holds_fixed_nothing_that_a_premise_moves() -> None:
    domain = within((x, 0), (q, 1), (y, 0))
    part = ScalarCalculation("y", y / (x + y), domain=domain)
    limit = part.in_the_limit(Integer(1), "small", of=x, at=Integer(0))
    for premises, fault in (
        ((), ""),
        ((given(y, q * x),), "the step 'small' holds y fixed, which moves with x"),
        ((given(x, 1 / q),), "the step 'small' moves x, which is given"),
    ):
        towards = (x, Integer(0))
        claimed = Proposition(
            part.start, Relation.LIMIT, Integer(1), premises, within((x, 0), (q, 1)), towards
        )
        assert lacking(claimed, limit) == fault


def test_what_holds_in_a_limit_is_put_into_no_formula() -> None:
    real = Symbol("x", real=True)
    gone = ScalarCalculation("x", real, domain=within((real, 0))).in_the_limit(
        Integer(0), "small", of=real, at=Integer(0)
    )
    lemma = gone.as_lemma("gone", "x vanishes", Given(real, Integer(0)))
    both = ScalarCalculation("both", real + y, domain=within((real, 0), (y, 0)))
    with pytest.raises(ValueError, match="puts in 'x vanishes', which was only shown in the limit"):
        both.in_the_limit(Integer(0), "x + y → 0 as y → 0", lemma, of=y, at=Integer(0))


def test_the_sign_by_which_a_given_number_is_declared_is_said() -> None:
    domain = within((m, 0), (q, 1))
    part = ScalarCalculation("m", m, domain=domain).bounded(Relation.AT_MOST, m + q, "q ≥ 0")
    for value, said in ((14 - m, "q ≥ 1, m ≥ 0"), (m + 1, "m ≥ 0")):
        premise = given(q, value)
        claimed = Proposition(m, Relation.AT_MOST, m + value, (premise,), within((m, 0)))
        assert lacking(claimed, part.equals(m + value, "given", premise)) == ""
        assert str(claimed).endswith(f", for ${said}$")
        assert (q in {symbol for gap in claimed.gaps for symbol in gap.free_symbols}) is (value == 14 - m)


def test_an_index_that_is_declared_positive_is_claimed_for_no_other() -> None:
    part = Calculation("i", Integer(1)).at_most(1 + i * s(k) ** 2, "a square", lemmas=((i, square(s(k))),))
    for least, fault in ((1, ""), (-5, "it holds for 1 ≤ i ≤ n only: the proposition claims more")):
        claimed = Proposition(part.start, Relation.AT_MOST, part.end, domain=within((i, least, n)))
        assert lacking(claimed, part) == fault
    numbers = ScalarCalculation("m", m, domain=within((m, -1))).bounded(Relation.AT_MOST, m + 1, "more")
    claimed = Proposition(m, Relation.AT_MOST, m + 1, domain=within((m, -1)))
    assert lacking(claimed, numbers) == "m is declared to be ≥ 0: the proposition claims m ≥ -1"
    numbers = ScalarCalculation("q", q, domain=within((q, 0))).bounded(Relation.AT_MOST, q + 1, "more")
    claimed = Proposition(q, Relation.AT_MOST, q + 1, domain=within((q, 0)))
    assert lacking(claimed, numbers) == "q is declared to be ≥ 1: the proposition claims q ≥ 0"


def test_a_layer_that_stands_in_exponents_alone_is_none_before_the_first() -> None:
    """1/s_k is not at most 1/s_1, though that is s_k^{2 l - 1} ≤ s_1^{2 l - 1} at l = 0."""
    root = s(k) ** (2 * l - 1)
    part = Calculation("l", Integer(0)).at_most(root**2, "a square", lemmas=((Integer(1), square(root)),))
    for first, fault in ((1, ""), (0, "it holds for l ≥ 1 only: the proposition claims more")):
        claimed = Proposition(part.start, Relation.AT_MOST, part.end, domain=within((k, 1, n), (l, first)))
        assert lacking(claimed, part) == fault


def test_a_calculation_holds_where_its_steps_do() -> None:
    part = ScalarCalculation("q", Integer(2), domain=within((q, 2))).bounded(Relation.AT_MOST, q, "q ≥ 2")
    with pytest.raises(ValueError, match="holds in other ranges"):
        replace(part, domain=within((q, 1)))
    with pytest.raises(ValueError, match="holds in other ranges"):
        Calculation("2 ≤ q for all q", part.start, part.steps)
    assert Calculation("i", i).equals(i, "same").steps


def test_no_range_ends_in_what_is_no_number() -> None:
    for ends in ((oo,), (0, -oo), (0, I), (nan,)):
        with pytest.raises(ValueError, match="is no end of a range of x"):
            Parameter(x, *map(sympify, ends))
    assert Parameter(x, -oo, oo)


def test_what_is_given_and_only_enters_on_the_way_lies_in_its_range_by_no_choice() -> None:
    """y ranges beyond 1/10; that x = y - 11 lies beyond -10.9 is not so for every x > -11."""
    real = Symbol("x", real=True)
    for premise in (given(y, real + 11), given(real, y - 11)):
        domain = within((real, -11, 12), (y, Rational(1, 10)))
        part = ScalarCalculation("way", real, domain=domain).equals(y - 11, "given", premise)
        part = part.bounded(Relation.AT_LEAST, Rational(-109, 10), "range")
        claimed = Proposition(real, Relation.AT_LEAST, part.end, (premise,), within((real, -11, 12)))
        assert part.steps[1].holds()
        assert lacking(claimed, part) == "it holds for y > 1/10 only: the proposition claims more"
        assert lacking(replace(claimed, domain=domain), part) == ""


def test_the_sign_that_a_number_has_by_declaration_alone_is_said() -> None:
    for number, sign in ((y, "y > 0"), (q, "q ≥ 1"), (m, "m ≥ 0")):
        claimed = Proposition(Integer(100), Relation.AT_MOST, 100 + number)
        assert str(claimed) == f"$100 ≤ {number} + 100$, for ${sign}$"
    ranged = Proposition(Integer(100), Relation.AT_MOST, 100 + y, domain=within((y, 2)))
    assert str(ranged) == "$100 ≤ y + 100$, for $y > 2$"
    premise = Assumption("p", "positive", positive=(y,))
    assert (
        str(Proposition(Integer(100), Relation.AT_MOST, 100 + y, (premise,))) == "positive: $100 ≤ y + 100$"
    )
    assert "> 0" not in str(Proposition(1 / (1 + y), Relation.LIMIT, Integer(1), towards=(y, Integer(0))))


def test_a_derivative_holds_fixed_nothing_that_a_premise_moves() -> None:
    """d/dx y² = 0 is said of no y = q x; of one that is given by another number it is."""
    domain = within((x, 0), (q, 1))
    by = {each: Derivative(y**2, each, evaluate=False) for each in (x, q)}
    for start, premise, fault in (
        (by[x], given(y, q * x), "the step 'fixed' holds y fixed, which moves with x"),
        (by[x], given(y, q), ""),
        (Subs(by[x], x, 2), given(y, q * x), "the step 'fixed' holds y fixed, which moves with x"),
        (by[x], given(x, 1 / q), ""),
        (by[x], given(x, 1 / q, y, 2 * q), "the step 'fixed' holds y fixed, which moves with x"),
    ):
        part = ScalarCalculation("y", start, domain=domain).equals(Integer(0), "fixed")
        assert part.steps[0].holds()
        assert lacking(Proposition(start, Relation.EQUAL, Integer(0), (premise,), domain), part) == fault


def test_a_sum_holds_fixed_nothing_that_a_premise_moves() -> None:
    domain = within((m, 1), (j, 1))
    total = Sum(q, (j, 1, m))
    part = ScalarCalculation("sum", total, domain=domain).equals(m * q, "counted")
    for value, fault in ((2 * j, "the step 'counted' holds q fixed, which moves with j"), (2 * m, "")):
        assert lacking(Proposition(total, Relation.EQUAL, m * q, (given(q, value),), domain), part) == fault


@pytest.mark.parametrize("declared", ["nonzero", "even", "rational", "negative"])
def test_a_number_is_not_declared_to_be_what_is_not_shown(declared: str) -> None:
    """1/|z| of a z ≠ 0 was shown for -5 < z < 7."""
    z = Symbol("z", real=True, **{declared: True})
    with pytest.raises(ValueError, match="z is declared to be more than real, whole, ≥ 0 or > 0"):
        Proposition((Abs(z) + 1) / Abs(z), Relation.EQUAL, 1 + 1 / Abs(z), domain=within((z, -5, 7)))


def test_a_limit_does_not_move() -> None:
    for end, variable, point in ((s(1) + epsilon, epsilon, Integer(0)), (p / m, m, oo)):
        with pytest.raises(ValueError, match="is no limit as"):
            Proposition(s(1), Relation.LIMIT, end, towards=(variable, point))


@pytest.mark.parametrize("name", ["e", "d", "sin", "Γ", "x__2", "ε"])
def test_no_number_is_written_as_something_else(name: str) -> None:
    """x__2 is x² in LaTeX."""
    number = Symbol(name, real=True)
    with pytest.raises(ValueError, match=f"a number is called '{name}'"):
        Proposition(number, Relation.AT_MOST, number + 1, domain=within((number, 0)))


@pytest.mark.parametrize(("one", "other"), [("x1", "x_1"), ("alpha", "ALPHA")])
def test_no_two_numbers_are_written_alike_in_latex(one: str, other: str) -> None:
    """d/dx_1 (x_1 x_1) = x_1 was shown, of another x_1."""
    first, second = Symbol(one, real=True), Symbol(other, real=True)
    with pytest.raises(ValueError, match="two numbers are called"):
        Proposition(
            Derivative(first * second, first),
            Relation.EQUAL,
            second,
            domain=within((first, 0), (second, 0)),
        )


def test_a_derivation_without_a_claim_says_so_too() -> None:
    """Its results are shown as well: d/dx y² = y - q x was, by y = q x."""
    start = Derivative(y**2, x)
    part = ScalarCalculation("y", start, domain=within((x, 0), (q, 1)))
    part = part.equals(y - q * x, "given", given(y, q * x))
    fault = "'y': the step 'given' holds y fixed, which moves with x"
    assert fault in Derivation("d", "D", (part,)).naming_errors
    z, x1, x_1 = Symbol("z", real=True, nonzero=True), Symbol("x1", real=True), Symbol("x_1", real=True)
    for number, right, said in (
        (z, z * z, "z is declared to be more"),
        (x1, x_1, "two numbers are called x1"),
        (Symbol("xy", real=True), x * y, "xy is read as the product of x, y"),
    ):
        domain = within(*((each, -5, 7) for each in {number, *right.free_symbols}))
        one = ScalarCalculation("one", number, domain=domain).equals(right, "equal")
        assert any(said in each for each in Derivation("d", "D", (one,)).naming_errors)
