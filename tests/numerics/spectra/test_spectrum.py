"""A spectrum as it is printed: decimals, JSON, the table."""

import json
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, spectrum


@pytest.mark.parametrize(("depth", "product"), [(1, "M_1"), (2, "M_2 M_1"), (3, "M_3 ⋯ M_1")])
def test_what_is_printed_names_the_product(depth, product):
    assert str(spectrum(Chain([[[2]]] * depth))).startswith(f"J = {product}: 1×1, rank 1")


@given(st.floats(1e-200, 1e200), st.integers(1, 60))
def test_decimals_are_fixed_point_and_right(entry, digits):
    """One factor [x]: every printed digit against log x at 100 digits."""
    (text,) = spectrum(Chain([[[entry]]]), digits=digits).decimal_strings()
    whole, decimals = text.split(".")
    assert whole.lstrip("-").isdigit()
    assert decimals.isdigit()
    assert digits <= len(decimals) <= digits + 12
    with mpmath.workdps(150):
        truth = mpmath.log(mpmath.mpf(entry))
        assert abs(mpmath.mpf(text) - truth) <= 0.51 * mpmath.mpf(10) ** -len(decimals)


@pytest.mark.parametrize(("power", "decimals"), [(1, 21), (3, 23), (11, 31), (12, 32), (20, 32), (40, 20)])
def test_logs_near_zero_keep_their_significant_digits(power, decimals):
    """log(1 + 10^-p) at 20 digits; at most the 12 guard digits are added, as no others are computed."""
    (text,) = spectrum(Chain([[[1 + Fraction(1, 10**power)]]]), digits=20).decimal_strings()
    assert len(text.split(".")[1]) == decimals
    with mpmath.workdps(100):
        truth = mpmath.log1p(mpmath.mpf(10) ** -power)
        assert abs(mpmath.mpf(text) - truth) < mpmath.mpf(10) ** -decimals


def test_json_is_what_the_command_line_promises():
    found = spectrum(Chain([np.diag([2.0, 0.0])]), digits=20)
    data = json.loads(json.dumps(found.to_json()))
    assert list(data) == [
        "depth", "shape", "engine", "rank", "log_singular_values", "log_radii", "precision_bits", "seconds",
    ]  # fmt: skip
    assert data["log_singular_values"] == ["0.69314718055994530942", "-inf"]
    assert (data["depth"], data["shape"], data["rank"]) == (1, [2, 2], 1)


def test_the_table_fits_a_terminal_and_is_aligned():
    text = str(spectrum(Chain.gaussian(depth=30, width=12, seed=0), digits=60))
    lines = text.splitlines()
    assert len(lines) == 14
    assert max(map(len, lines)) <= 100
    assert len({line.index(".") for line in lines[2:]}) == 1


def test_a_long_table_leaves_out_its_middle(monkeypatch):
    monkeypatch.setattr("jacspec.numerics.spectra.spectrum._MOST_ROWS", 10)
    lines = str(spectrum(Chain([np.diag(np.arange(1.0, 17))]), digits=5)).splitlines()
    assert len(lines) == 2 + 10 + 1
    assert "(6 more)" in lines[2 + 5]


def test_digits_are_printed_whole():
    result = spectrum(Chain([[[3]]]), digits=200)
    assert result.decimal_strings()[0] in str(result)
    assert "…" not in str(result)
