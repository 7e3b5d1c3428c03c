"""Powers in lowest terms: worth the same at exact points, and alike wherever they are equal."""

from fractions import Fraction
from itertools import product

import pytest
from sympy import Integer, Symbol

from jacspec.theory.traces import quotients
from jacspec.theory.traces.indices import number
from jacspec.theory.traces.polynomials import raised
from jacspec.theory.traces.quotients import settled, without_denominators
from jacspec.theory.traces.scalar_reading import ScalarReader

a, b = (Symbol(name, positive=True) for name in "ab")
x = Symbol("x", real=True)
j, N = (Symbol(name, integer=True, positive=True) for name in "jN")
READER = ScalarReader(ranges={"j": (number(1), None), "N": (number(3), None)})

FORMULAS = {
    "one factor more": (x - b) ** (j + 1),
    "of a product": (-2 * x) ** (j + 2),
    "of a number": 6 ** (2 * j - 1),
    "of minus one": (-1) ** (2 * j + 1) * (-1) ** j,
    "a sum with a common factor": (2 * a - 2 * a * b + 4 * a**2) ** -2,
    "an exponent in lowest terms": b ** (1 / (1 - 2 / N)),
    "exponents that add up": b ** (2 / (1 - 2 / N)) * b ** (-4 / (N - 2)),
    "a base in lowest terms": (a * (1 - b) / (1 - b / N) - a) ** (j + 1),
    "a power of a power": ((a + a * b) ** (1 / (1 - 2 / N))) ** (1 - 2 / N),
}
"""Each with whole exponents where N is 3 or 4."""


def value(polynomial, point):
    """What a polynomial is worth, exactly, where its exponents are whole."""
    return sum((of_term(term, point) * factor for term, factor in polynomial.terms), Fraction(0))


def of_term(term, point):
    total = Fraction(1)
    for (kind, content, *_), exponent in term.powers:
        power = value(exponent, point)
        base = value(content, point) if kind == "closed" else point[content]
        if power.denominator != 1:
            assert base == 1, (term, point)
            continue
        total *= base ** int(power)
    return total


@pytest.mark.parametrize("what", FORMULAS)
def test_what_is_settled_is_worth_the_same_at_exact_points(what):
    read = READER.read(FORMULAS[what])
    reached = settled(read)
    assert settled(reached) == reached
    seen = 0
    for depth, layer, (first, second) in product((3, 4), (1, 2), ((3, 2), (Fraction(2, 3), 5))):
        point = {"N": depth, "j": layer, "a": first, "b": second, "x": Fraction(-7, 2)}
        point = {name: Fraction(each) for name, each in point.items()}
        if what == "a power of a power":
            point["a"] = 1 / (1 + point["b"])  # roots are taken of 1 alone
        assert value(read, point) == value(reached, point)
        seen += 1
    assert seen == 8


EQUAL = {
    "exponents": (b ** (N / (N - 2)), b * b ** (2 / (N - 2))),
    "exponents over N too": (b ** (4 / (N * (N - 2))), b ** (2 / (N - 2) - 2 / N)),
    "an exponent of a power": (((a + b) ** 2) ** j, ((a + b) ** j) ** 2),
    "signs": ((-a) ** j * (-1) ** j, a**j),
    "numbers": (6 ** (j + 1), 6 * 6**j),
    "a base": ((a * (1 - b) + a * b) ** (1 / (1 - 2 / N)), a ** (1 + 2 / (N - 2))),
    "denominators": (1 / (1 - 2 / N), N / (N - 2)),
}


@pytest.mark.parametrize("what", EQUAL)
def test_what_is_equal_is_settled_alike(what):
    left, right = (settled(READER.read(side)) for side in EQUAL[what])
    assert left.renamed == right.renamed
    assert left != settled(READER.read(EQUAL[what][1] * 2))


@pytest.mark.parametrize(
    "pair",
    [((x**2) ** (a / 2), x**a), ((-a) ** b, a**b), ((-1) ** j, Integer(1)), ((-1) ** (2 * a), Integer(1))],
)
def test_what_is_equal_under_more_than_is_known_is_not(pair):
    left, right = (settled(READER.read(side)) for side in pair)
    assert left != right


def test_a_denominator_is_raised_once_to_each_power(monkeypatch):
    above = [a**power * b for power in range(20)]
    polynomial = READER.read(sum(above[10:]) + sum(above[:10]) / (a + b + 1) ** 2)
    asked = []
    monkeypatch.setattr(quotients, "raised", lambda *each: asked.append(each[1].number) or raised(*each))
    reached = without_denominators(polynomial)
    assert sorted(asked) == [0, 2]
    assert reached == READER.read(sum(above[10:]) * (a + b + 1) ** 2 + sum(above[:10]))
    assert reached.renamed is reached
