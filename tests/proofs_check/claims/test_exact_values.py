"""Exact values as text that can be typed in again, and as JSON data."""

import json
from fractions import Fraction

import pytest
from flint import fmpq, fmpq_mat, fmpz

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.exact_values import to_data, to_text, unshared

MATRIX = fmpq_mat(2, 2, [1, fmpq(-2, 3), 0, 4])


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (3, 3),
        (True, True),
        (None, None),
        ("text", "text"),
        (fmpz(10**30), 10**30),
        (fmpq(4, 2), 2),
        (fmpq(-1, 3), "-1/3"),
        (Fraction(7, 2), "7/2"),
        (Fraction(6, 2), 3),
        (MATRIX, [[1, "-2/3"], [0, 4]]),
        ((MATRIX, 1), [[[1, "-2/3"], [0, 4]], 1]),
        (Chain([[[1, 2]], [[3]]]), [[[1, 2]], [[3]]]),
    ],
)
def test_as_data(value, data):
    assert to_data(value) == data
    assert json.loads(json.dumps(to_data(value))) == data


def test_a_chain_survives_the_way_through_json():
    chain = Chain([MATRIX, MATRIX * MATRIX])
    again = json.loads(json.dumps(to_data(chain)))
    assert Chain([[[Fraction(x) for x in row] for row in factor] for factor in again]) == chain


def test_as_text():
    assert to_text("x", Fraction(1, 2)) == ["x = 1/2"]
    assert to_text("A", MATRIX) == ["A = [[1, -2/3], [0, 4]]"]
    assert to_text("chain", Chain([[[0, 0], [0, 1]], [[2, 0], [0, 1]]])) == [
        "M_1 = [[0, 0], [0, 1]]",
        "M_2 = [[2, 0], [0, 1]]",
    ]
    assert to_text("dM", (MATRIX, MATRIX)) == [
        "dM_1 = [[1, -2/3], [0, 4]]",
        "dM_2 = [[1, -2/3], [0, 4]]",
    ]
    assert to_text("network", {"W": (MATRIX,)}) == ["W_1 = [[1, -2/3], [0, 4]]"]
    assert to_text("x", {"\x1b": (MATRIX,)})[0].startswith("x = ")  # no name
    assert to_text("x", {"a": 1}) == ["x = {'a': 1}"]


def test_no_value_says_what_a_terminal_obeys():
    class Hostile:
        def __repr__(self):
            return "\x1b[2J\u202e"

    assert to_data(Hostile()) == r"'\x1b[2J\u202e'"
    assert to_text("x", "\x1b[2J") == [r"x = '\x1b[2J'"]
    assert to_text("x", "two\nlines") == ["x = two\nlines"]


def test_a_copy_of_what_holds_itself_holds_the_copy():
    ring = [fmpq_mat([[1]])]
    ring.append({"ring": (ring, {2})})
    copied = unshared({"x": ring, "y": ring})
    x, (again, numbers) = copied["x"], copied["x"][1]["ring"]
    assert x is again is copied["y"]
    assert x is not ring
    x[0][0, 0] = 5
    numbers.add(3)
    assert ring[0] == fmpq_mat([[1]])
    assert ring[1]["ring"][1] == {2}
