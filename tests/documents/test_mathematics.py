"""Unicode to LaTeX: the notation of the ledger, and whatever else a reader may write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from jacspec.documents.mathematics import latex_of, matrix_latex
from jacspec.documents.mathml import mathml
from jacspec.documents.prose import Mathematics, spans
from jacspec.documents.signs import SIGNS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("unicode", "latex"),
    [
        ("s_{k+1}", "s_{k+1}"),
        ("A_{l+1}ᵀ", r"A_{l+1}^{\top}"),
        ("M_1 A_l", r"M_{1} \, A_{l}"),
        ("|R_ik| ≠ 1", r"|R_{ik}| \ne 1"),
        ("ṡ_k = -N s_k^{2-2/N}", r"\dot{s}_{k} = -N \, s_{k}^{2-2/N}"),
        ("⟨u_k, J̇ v_k⟩", r"\langle u_{k}, \dot{J} \, v_{k}\rangle"),
        ("x̃_k, ẑ", r"\tilde{x}_{k}, \hat{z}"),
        ("V_{A_l}ᵀ B_l⁻¹", r"V_{A_{l}}^{\top} \, B_{l}^{-1}"),
        ("(t/ω)² + ½", r"(t/\omega)^{2} + \tfrac{1}{2}"),
        ("x₁₂", "x_{12}"),
        ("Σ_{l=1}^N s_k(A_l)", r"\sum_{l = 1}^{N}s_{k}(A_{l})"),
        ("log |det J|", r"\log|\det J|"),
        ("log s_k", r"\log s_{k}"),
        ("Var(log s_k) = ¼ψ′(n)", r"\operatorname{Var}(\log s_{k}) = \tfrac{1}{4}\psi'(n)"),
        ("(DS′)", r"(\text{DS}')"),
        ("d/dt ⟨a, b⟩", r"\tfrac{\mathrm{d}}{\mathrm{d}t} \langle a, b\rangle"),
        ("√(N v_k), √κ(B)", r"\sqrt{N \, v_{k}}, \sqrt{\kappa(B)}"),
        ("N^(-2.3±0.4)", r"N^{-2.3\pm 0.4}"),
        ("ψ^(4)(x)", r"\psi^{(4)}(x)"),
        ("x^2^3", "x^{2}{}^{3}"),
        ("f^2'", "f^{2}{}'"),
        ("t < t*", "t < t^{*}"),
        ("A^>_l", "A^{>}_{l}"),
        ("2.5e-3", r"2.5 \cdot 10^{-3}"),
        ("1e-30", "10^{-30}"),
        ("N = 1 or N ≥ 3", r"N = 1\text{ or }N \ge 3"),
        ("n - 1 < n", "n - 1 < n"),
        ("X ≽ 0", r"X \succeq 0"),
        ("漢", r"\text{[U+6F22]}"),
        ("50 %", r"50 \, \%"),
        ("", ""),
    ],
)
def test_latex_of(unicode: str, latex: str) -> None:
    assert latex_of(unicode) == latex


def test_a_sign_that_is_unknown_can_be_kept() -> None:
    assert latex_of("漢 x", unknown=str) == r"\text{漢} \, x"


def _formulas() -> list[str]:
    """Whatever stands between dollar signs in the strings of the theory."""
    found: dict[str, None] = {}
    for file in sorted((ROOT / "theory").rglob("*.py")):
        for text in _strings(ast.parse(file.read_text(encoding="utf-8"))):
            found |= {each.text: None for each in spans(text) if isinstance(each, Mathematics)}
    return list(found)


def _strings(node: ast.AST) -> Iterator[str]:
    """The strings below a node; what is filled in is a number here."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(each.value if isinstance(each, ast.Constant) else "1" for each in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


@pytest.mark.parametrize("formula", _formulas())
def test_every_formula_in_the_words_of_the_theory_is_read(formula: str) -> None:
    latex = latex_of(formula)
    assert latex.isascii()
    assert "U+" not in latex
    assert latex.count("{") == latex.count("}")
    assert mathml(latex).startswith("<math")
    words = set(re.findall(r"[A-Za-z]{3,}", formula)) - {
        "log",
        "det",
        "sin",
        "cos",
        "sinh",
        "cosh",
        "tanh",
        "diag",
    }
    assert words == set()  # words stand outside


@given(st.text(alphabet=st.sampled_from([*SIGNS, *"abN12 _^(){}[]'√̇d/t\\#%&$\""]), max_size=14))
def test_whatever_is_written_comes_out_as_ascii_with_its_braces_closed(line: str) -> None:
    latex = latex_of(line)
    assert latex.isascii()
    bare = latex.replace(r"\{", "(").replace(r"\}", ")")
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_|(?<![\\{])[#%&$]", bare)


def test_a_matrix() -> None:
    written = matrix_latex("M_1", [["1", "-1/2"], ["0", "3"]], "tfrac")
    assert written == r"M_{1} = \begin{bmatrix} 1 & -\tfrac{1}{2} \\ 0 & 3 \end{bmatrix}"
    assert matrix_latex("", [["1"]]) == r"\begin{bmatrix} 1 \end{bmatrix}"


@pytest.mark.parametrize(
    "part",
    [
        '<mo form="prefix" stretchy="false">⟨</mo>',
        "<munder><mrow><mi>⟶</mi></mrow><mrow><mi>ε</mi><mo>→</mo><mn>0</mn></mrow></munder>",
        '<mo>≥</mo><mo form="prefix">−</mo>',
        "<mi>log</mi><mspace",
    ],
)
def test_mathml_is_mended(part: str) -> None:
    written = mathml(r"\xrightarrow[\varepsilon \to 0]{} \langle x, y \rangle \ge -\log s_{k} + \biggl( 1")
    assert part in written


def test_what_is_no_latex_is_shown_as_it_is_written() -> None:
    assert mathml("x_1_2 < 3") == "<code>x_1_2 &lt; 3</code>"
