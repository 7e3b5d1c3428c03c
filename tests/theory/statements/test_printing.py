"""Trees as text and LaTeX: every operation in both, and no two readings."""

from fractions import Fraction

import pytest

from jacspec import det, index, largest_entry, log, matrix, number, product, s, scalar, size, sqrt, total, tr
from jacspec.documents.mathml import mathml
from jacspec.theory.statements.printing import LATEX, TEXT, latex, text
from jacspec.theory.statements.tree import COMPARISONS, Op
from jacspec.theory.statements.vocabulary import binomial
from tests.theory.statements.examples import EXAMPLES

A, B, x, y, z = matrix("A"), matrix("B"), scalar("x"), scalar("y"), scalar("z")
i, n = index("i"), size("n")


def test_every_operation_has_a_template_in_every_style():
    assert set(TEXT.templates) == set(LATEX.templates) == set(Op)
    assert set(TEXT.loewner) == set(LATEX.loewner) == COMPARISONS - {Op.EQ, Op.NE}
    assert set(TEXT.norms) == set(LATEX.norms)
    assert set(TEXT.polygamma) == set(LATEX.polygamma)


@pytest.mark.parametrize("node", EXAMPLES.values(), ids=lambda node: node.op.name)
def test_what_is_printed_is_whole(node):
    for printed in (text(node), latex(node)):
        assert printed
        assert printed.count("{") == printed.count("}")
        assert printed.count("(") == printed.count(")")
        assert "None" not in printed
    assert "<math" in mathml(latex(node))


@pytest.mark.parametrize(
    ("node", "shown", "in_latex"),
    [
        (s(2, A @ B) <= s(1, A) * s(1, B), "s_2(A B) ≤ s_1(A) s_1(B)", r"s_{2}(A B) \le s_{1}(A)\, s_{1}(B)"),
        (s(i + 1, A - B), "s_{i + 1}(A - B)", "s_{i + 1}(A - B)"),
        (A >= 0, "A ⪰ 0", r"A \succeq 0"),
        ((A + B).T @ A, "(A + B)ᵀ A", r"\left(A + B\right)^{\top} A"),
        (x - (y - z), "x - (y - z)", r"x - \left(y - z\right)"),
        (x - y - z, "x - y - z", "x - y - z"),
        (x / (y * z), "x/(y z)", r"\frac{x}{y\, z}"),
        (x / y * z, "(x/y) z", r"\frac{x}{y}\, z"),
        ((x + y) ** 2, "(x + y)^2", r"\left(x + y\right)^{2}"),
        (x ** (1 - 1 / n), "x^{1 - 1/n}", r"x^{1 - \frac{1}{n}}"),
        (x**2**1 * 3, "x^2 · 3", r"x^{2}\cdot 3"),
        (-(x + y), "-(x + y)", r"-\left(x + y\right)"),
        (x + (-y), "x + (-y)", r"x + \left(-y\right)"),
        (x * number(-2), "x (-2)", r"x\, \left(-2\right)"),
        ((-x) ** 2, "(-x)^2", r"\left(-x\right)^{2}"),
        (number("1/3") * x, "(1/3) x", r"\tfrac{1}{3}\, x"),
        (0.95 * tr(A), "0.95 tr(A)", r"0.95\, \operatorname{tr}(A)"),
        (sqrt(det(A)), "√(det(A))", r"\sqrt{\det(A)}"),
        (
            total(s(i, A), i, 1, n) + x,
            "(Σ_{i=1}^{n} s_i(A)) + x",
            r"\left(\sum_{i=1}^{n} s_{i}(A)\right) + x",
        ),
        (
            x * product(s(i, A), i, 2, n),
            "x (∏_{i=2}^{n} s_i(A))",
            r"x\, \left(\prod_{i=2}^{n} s_{i}(A)\right)",
        ),
        ((x / y) ** 2, "(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        (x * (y / z) * x, "(x y/z) x", r"x\, \frac{y}{z}\, x"),
        (
            largest_entry(A) ** -1,
            "(max_{ij} |(A)_{ij}|)^{-1}",
            r"\left(\max_{ij} \lvert (A)_{ij}\rvert\right)^{-1}",
        ),
        (scalar("λ") * scalar("width"), "λ width", r"\lambda\, \mathit{width}"),
        (total(index("k_10"), index("k_10"), 1, n), "Σ_{k_10=1}^{n} k_10", r"\sum_{k_{10}=1}^{n} k_{10}"),
        (number(Fraction(10**400, 7)), f"{10**400}/7", rf"\tfrac{{{10**400}}}{{7}}"),
        (binomial(n, 2) ** 2, "C(n, 2)^2", r"{\binom{n}{2}}^{2}"),
        (A @ (2 * B), "A (2 B)", r"A \left(2\, B\right)"),
        (log(x) ** 2, "log(x)^2", r"\log(x)^{2}"),
        ((A @ B)[1, 2], "(A B)_{1,2}", r"\left(A B\right)_{1,2}"),
    ],
)
def test_text_and_latex(node, shown, in_latex):
    assert text(node) == shown
    assert latex(node) == in_latex


def test_different_trees_of_arithmetic_are_written_differently():
    """Of the trees of three numbers and two operations, only those that are equal are written alike."""
    signs = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
        "^": lambda a, b: a**b,
    }  # fmt: skip
    values = {"x": 1.3, "y": 1.7, "z": 1.9}
    seen: dict[str, float] = {}
    for f in signs.values():
        for g in signs.values():
            for make in (lambda a, b, c, f=f, g=g: f(g(a, b), c), lambda a, b, c, f=f, g=g: f(a, g(b, c))):
                shown = text(make(x, y, z))
                value = make(*values.values())
                assert seen.setdefault(shown, value) == pytest.approx(value, rel=1e-12)
