"""Long formulas are broken over lines; nothing is lost on the way, and no line is too wide."""

from __future__ import annotations

import pytest
from sympy import Add, Sum, Symbol

from jacspec.theory.notation.line_breaking import broken_latex, width
from jacspec.theory.notation.printing import latex
from jacspec.theory.notation.symbols import N, i, k, l, s, sA, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.dynamics import general, remainder_derivation

X = [Symbol(f"x_{number}") for number in range(30)]


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("x", "x y"),
        (r"\frac{x}{y}", "x y"),
        ("s_{k}^{2}", "s_{k} 2"),
        (r"\left( x \right)", r"( x ) y"),
        (r"\frac{x y}{z}", r"\frac{x y z}{z}"),
        (r"\sum_{l=1}^{N} x", r"\sum_{l=1}^{N} x x x"),
    ],
)
def test_what_is_wider(narrow: str, wide: str) -> None:
    assert 0 < width(narrow) < width(wide)


def test_what_fits_stays_on_one_line() -> None:
    assert broken_latex(s(k) + s(i)) == [latex(s(k) + s(i))]


def test_a_long_sum_is_broken_before_its_terms_and_keeps_them_all() -> None:
    lines = broken_latex(Add(*X))
    assert len(lines) > 1
    assert all(line.startswith("+ ") for line in lines[1:])
    assert "".join(lines).replace(" ", "") == latex(Add(*X)).replace(" ", "")


@pytest.mark.parametrize(
    "expression",
    [N * s(k) * Add(*X), Sum(sA(k, l) * Add(*X), (l, 1, N)), Add(*X) ** 2, -Add(*X) / s(k)],
)
def test_brackets_that_are_broken_are_closed(expression: object) -> None:
    lines = broken_latex(expression)
    written = "".join(lines)
    assert len(lines) > 1
    assert written.count(r"\biggl(") == written.count(r"\biggr)") == 1
    assert all(latex(each) in written for each in X)


@pytest.mark.parametrize("derive", [remainder_derivation.remainder, general.gradient_flow])
def test_no_line_of_a_derivation_is_wider_than_a_page(derive: object) -> None:
    steps = derive().steps  # type: ignore[operator]
    assert max(width(line) for step in steps for line in broken_latex(step.after)) < 80


def test_an_inner_product_breaks_between_its_sides() -> None:
    side = Add(*(s(m) * vA(m, l) for m in range(1, 7)))
    first, *others, last = broken_latex(inner(side, side))
    assert first.startswith(r"\langle ")
    assert last.endswith(r" \rangle")
    assert all(width(line) <= 73 for line in (first, *others, last))
