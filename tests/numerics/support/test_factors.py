"""A factor keeps the exact value of every entry, whatever type it came in, or is refused with a remedy."""

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, strategies as st

from jacspec.numerics import InputError
from jacspec.numerics.support.factors import as_exact, as_factor

THIRD = Fraction(1, 3)


def fractions(factor):
    return [[Fraction(entry) for entry in row] for row in factor.tolist()]


# --- exactness ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (np.array([[0.1]], dtype=np.float16), Fraction(float(np.float16(0.1)))),
        (np.array([[0.1]], dtype=np.float32), Fraction(float(np.float32(0.1)))),
        (np.array([[0.1]]), Fraction(0.1)),
        (np.array([[5e-324]]), Fraction(1, 2**1074)),
        (np.array([[True]]), Fraction(1)),
        (np.array([[-128]], dtype=np.int8), Fraction(-128)),
        (np.array([[2**63 + 1]], dtype=np.uint64), Fraction(2**63 + 1)),
        (np.array([["3/4"]]), Fraction(3, 4)),
        (np.array([[" -2 "]]), Fraction(-2)),
        ([["0.1"]], Fraction(1, 10)),
        ([[2**200 + 1]], Fraction(2**200 + 1)),
        ([[THIRD]], THIRD),
        ([[sympy.Rational(1, 3)]], THIRD),
        ([[sympy.Float("0.5")]], Fraction(1, 2)),
        (sympy.Matrix([[sympy.Rational(1, 3)]]), THIRD),
        (flint.fmpz_mat([[7]]), Fraction(7)),
        (flint.fmpq_mat(1, 1, [flint.fmpq(1, 3)]), THIRD),
        (flint.fmpq_mat(1, 1, [-(2**53)]), Fraction(-(2**53))),
        (flint.fmpq_mat(1, 1, [flint.fmpq(2**53 + 1)]), Fraction(2**53 + 1)),
        (flint.fmpq_mat(1, 1, [flint.fmpq(2**200 + 1)]), Fraction(2**200 + 1)),
        ([[flint.fmpq(1, 3)]], THIRD),
        ([[flint.fmpz(2) ** 100]], Fraction(2**100)),
        ([[mpmath.mpf("0.1")]], Fraction(0.1)),
        (mpmath.matrix([[0.1]]), Fraction(0.1)),
    ],
    ids=str,
)
def test_the_value_of_every_kind_of_entry_is_kept(given_value, expected):
    assert fractions(as_factor(given_value)) == [[expected]]


def test_longdouble_is_not_rounded_to_float64():
    value = np.longdouble(1) / 3
    numerator, denominator = value.as_integer_ratio()
    assert fractions(as_factor(np.array([[value]]))) == [[Fraction(numerator, denominator)]]


def test_an_integer_beside_a_float_is_not_rounded():
    """NumPy would make both float64, and 2⁶⁰ + 1 is no float64."""
    assert fractions(as_factor([[2**60 + 1, 0.5]])) == [[2**60 + 1, Fraction(1, 2)]]


def test_a_float_beside_text_is_not_taken_from_its_decimals():
    assert fractions(as_factor([[0.1, "1/10"]])) == [[Fraction(0.1), Fraction(1, 10)]]


def test_text_of_any_length():
    digits = "7" * 6000
    assert as_exact(as_factor([[digits + "/3"]]))[0, 0] == flint.fmpq(flint.fmpz(digits), 3)


@given(st.lists(st.lists(st.fractions(), min_size=2, max_size=2), min_size=1, max_size=3))
def test_rationals_survive_storage_and_the_way_to_flint(rows):
    stored = as_factor(rows)
    assert fractions(stored) == rows
    assert [[Fraction(int(x.p), int(x.q)) for x in row] for row in as_exact(stored).tolist()] == rows


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4))
def test_floats_survive_storage_and_the_way_to_flint(row):
    exact = as_exact(as_factor([row]))
    assert [Fraction(int(x.p), int(x.q)) for x in exact.entries()] == [Fraction(x) for x in row]


# --- stored form -------------------------------------------------------------------------------


def test_what_float64_holds_exactly_is_stored_as_float64():
    for value in ([[1, 2]], [[Fraction(1, 2), 3]], [["3/4", "2"]], np.ones((2, 2), dtype=np.float32)):
        assert as_factor(value).dtype == np.float64


def test_one_entry_beyond_float64_makes_the_factor_rational():
    assert as_factor([[1, THIRD]]).dtype == object
    assert as_factor([[1, 2**53 + 1]]).dtype == object
    assert as_factor([[Fraction(10) ** 400]]).dtype == object


def test_stored_factors_are_read_only_copies():
    given_value = np.ones((2, 2))
    stored = as_factor(given_value)
    given_value[0, 0] = 7
    assert stored[0, 0] == 1
    assert stored.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        stored[0, 0] = 7


# --- refusals: the value, what was expected, a remedy ------------------------------------------


@pytest.mark.parametrize(
    ("value", "named", "remedy"),
    [
        (np.array([[1, float("nan")]]), r"M_2\[1,2\] is nan", "remove"),
        (np.array([[1.0], [-np.inf]]), r"M_2\[2,1\] is -inf", "remove"),
        ([[float("nan")]], r"M_2\[1,1\] is nan", "mend"),
        (np.array([[1j]]), "complex128", "convert"),
        ([[1, 1j]], r"M_2\[1,2\] is 1j", "convert"),
        ([["one"]], r"M_2\[1,1\] is 'one'", "'3/4'"),
        ([["1/0"]], r"M_2\[1,1\] is '1/0'", "'3/4'"),
        ([["1e999999999"]], r"M_2\[1,1\] is '1e999999999'", "'3/4'"),
        ([[None]], r"M_2\[1,1\] is None", "convert"),
        ([[sympy.sqrt(2)]], r"M_2\[1,1\] is sqrt\(2\)", "convert"),
        ([[mpmath.mpf("inf")]], r"M_2\[1,1\] is mpf\('\+inf'\)", "convert"),
        (np.array([["2026-01-01"]], dtype="datetime64"), "datetime64", "convert"),
        ([1, 2], r"shape \(2,\)", "reshape"),
        (np.ones((1, 2, 3)), r"shape \(1, 2, 3\)", "reshape"),
        (3.0, r"shape \(\)", "reshape"),
        (np.ones((3, 0)), "3×0", "leave empty factors out"),
        ([[1, 2], [3]], "ragged", "check the number of entries"),
    ],
    ids=str,
)
def test_a_bad_factor_is_named_with_a_remedy(value, named, remedy):
    with pytest.raises(InputError, match=named) as caught:
        as_factor(value, "M_2")
    message = str(caught.value)
    assert message.startswith("M_2")
    assert "expected" in message
    assert remedy in message
    assert "\n" not in message


def test_a_long_entry_is_not_quoted_in_full():
    with pytest.raises(InputError) as caught:
        as_factor([["x" * 5000]], "M_1")
    assert len(str(caught.value)) < 250
