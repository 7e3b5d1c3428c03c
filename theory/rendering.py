"""A derivation as text for the terminal, as Markdown, and as a LaTeX document that compiles.

Each line of a derivation shows what was reached, the rule that led there and the assumptions it
used.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator

from sympy import Add, Expr, Mul

from theory.derivation import Derivation, Part, Relation, Step
from theory.printing import latex, text
from theory.rules import Rule
from theory.scalar import ScalarStep

__all__ = [
    "FORMATS",
    "as_latex_body",
    "as_latex_document",
    "as_markdown",
    "as_text",
    "broken_latex",
    "definitions",
    "prose_latex",
    "ranges",
    "relation_latex",
]

_COLUMNS = 100
_RELATION_LATEX = {
    Relation.EQUAL: "=",
    Relation.LIMIT: r"\xrightarrow[\varepsilon \to 0]{}",
    Relation.AT_MOST: r"\le",
    Relation.AT_LEAST: r"\ge",
}


def _relation_text(step: Step) -> str:
    """The sign of a step; a limit other than ε → 0 says of what."""
    if isinstance(step, ScalarStep) and step.limit is not None:
        variable, point = step.limit
        return f"{step.relation.value} ({text(variable)} → {text(point)})"
    return step.relation.value


def relation_latex(step: Step) -> str:
    """The sign of a step in LaTeX; that of a limit says of what."""
    if isinstance(step, ScalarStep) and step.limit is not None:
        variable, point = step.limit
        return rf"\xrightarrow[{latex(variable)} \to {latex(point)}]{{}}"
    return _RELATION_LATEX[step.relation]


_AT_MOST = r"\le"
_OUTSIDE_BRACKETS = r"(?![^{⟨(]*[}⟩)])"
_LINE_BREAK_AFTER = 90
"""Characters of printed text beyond which a sum of terms is broken over lines in LaTeX."""


def as_text(derivation: Derivation) -> str:
    """Render for the terminal, at most 100 columns wide."""
    return "\n".join(_text_lines(derivation))


def _text_lines(derivation: Derivation) -> Iterator[str]:
    yield f"{derivation.label}: {_plain(derivation.title)}"
    yield _plain(f"for {derivation.scope}")
    for lemma in derivation.rests_on:
        yield f"rests on {lemma.label}: {_plain(lemma.title)}"
    meanings = definitions(derivation)
    if meanings:
        yield ""
        yield "Definitions"
    for meaning in meanings:
        yield from _wrapped(meaning, "  ")
    if derivation.assumptions:
        yield ""
        yield "Assumed"
    for assumption in derivation.assumptions:
        yield from _wrapped(f"{assumption.title}: {assumption.statement}", "  ")
        for rule in assumption.rules:
            yield f"      {text(rule.lhs)} = {text(rule.rhs)}{ranges(rule, text)}"
    for number, part in enumerate(derivation.parts, 1):
        yield ""
        yield f"{number}. {_plain(part.title)}"
        yield from _wrapped_expression(text(part.start), "     ")
        for step in part.steps:
            yield from _wrapped_expression(f"{_relation_text(step)} {text(step.after)}", "   ")
            yield from _wrapped(f"by: {step.reason}", "         ")
    if derivation.remark:
        yield ""
        yield from _wrapped(f"Remark. {derivation.remark}", "")


def definitions(derivation: Derivation) -> list[str]:
    """What the symbols stand for, then the definitions that steps use by name."""
    named = [f"{each.title}: {each.statement}" for each in derivation.definitions]
    return [*derivation.symbols, *named]


def ranges(rule: Rule, printed: Callable[[Expr], str], sign: str = "≤") -> str:
    """For which indices an equation is claimed, where that is not all of them."""
    return "".join(
        f"  ({printed(first)} {sign} {printed(index)} {sign} {printed(last)})"
        for index, first, last in rule.ranges
    )


def _plain(sentence: str) -> str:
    return sentence.replace("$", "")


def _wrapped(sentence: str, indent: str) -> list[str]:
    return textwrap.wrap(
        _plain(sentence),
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
    )


def _wrapped_expression(printed: str, indent: str) -> Iterator[str]:
    """Break a long expression before a + or - between two terms, or else between two factors."""
    pieces = re.split(rf"(?<=\S)(?= [+-] {_OUTSIDE_BRACKETS})", printed)
    if max(map(len, pieces)) + len(indent) + 3 > _COLUMNS:
        pieces = re.split(rf"(?<=\S)(?= {_OUTSIDE_BRACKETS})", printed)
    line = indent
    for piece in pieces:
        if len(line) + len(piece) > _COLUMNS and line.strip():
            yield line
            line = indent + "   " + piece
        else:
            line += piece
    yield line


def as_markdown(derivation: Derivation) -> str:
    """Render as Markdown with LaTeX mathematics between dollar signs."""
    lines = [
        f"## {prose_latex(derivation.title)}",
        "",
        f"`{derivation.label}`, for {prose_latex(derivation.scope)}.",
        "",
    ]
    lines += [f"Rests on `{lemma.label}`." for lemma in derivation.rests_on]
    meanings = definitions(derivation)
    lines += ["", "Definitions:", ""] if meanings else []
    lines += [f"* {prose_latex(meaning)}" for meaning in meanings]
    lines += ["", "Assumed:", ""] if derivation.assumptions else [""]
    for assumption in derivation.assumptions:
        lines.append(f"* *{assumption.title}*: {prose_latex(assumption.statement)}")
        lines += [
            f"  $$ {latex(rule.lhs)} = {latex(rule.rhs)} {ranges(rule, latex, _AT_MOST)} $$"
            for rule in assumption.rules
        ]
    for part in derivation.parts:
        lines += ["", f"**{prose_latex(part.title)}.**", "", f"$$ {latex(part.start)} $$"]
        for step in part.steps:
            relation = relation_latex(step)
            lines += [f"$$ {relation} {latex(step.after)} $$", "", f"by {prose_latex(step.reason)}", ""]
    if derivation.remark:
        lines += ["", f"*Remark.* {prose_latex(derivation.remark)}"]
    return "\n".join(lines)


def as_latex_body(derivation: Derivation) -> str:
    """Render as a LaTeX fragment: a paragraph and an ``align*`` for every part."""
    return "\n".join(_latex_lines(derivation))


def _latex_lines(derivation: Derivation) -> Iterator[str]:
    yield rf"\section*{{{prose_latex(derivation.title)}}}"
    yield rf"\noindent\texttt{{{derivation.label}}}, for {prose_latex(derivation.scope)}."
    for lemma in derivation.rests_on:
        yield rf"Rests on \texttt{{{lemma.label}}}."
    meanings = definitions(derivation)
    if meanings:
        yield r"\paragraph{Definitions.} " + "; ".join(map(prose_latex, meanings)) + "."
    if derivation.assumptions:
        yield from _latex_assumptions(derivation)
    for part in derivation.parts:
        yield rf"\paragraph{{{prose_latex(part.title)}.}}"
        yield from _latex_part(part)
    if derivation.remark:
        yield rf"\paragraph{{Remark.}} {prose_latex(derivation.remark)}"


def _latex_assumptions(derivation: Derivation) -> Iterator[str]:
    yield r"\begin{description}"
    for assumption in derivation.assumptions:
        yield rf"\item[{prose_latex(assumption.title)}] {prose_latex(assumption.statement)}."
        if assumption.rules:
            yield r"\begin{align*}"
            yield r" \\ ".join(
                rf"{latex(rule.lhs)} &= {latex(rule.rhs)} && {ranges(rule, latex, _AT_MOST)}"
                for rule in assumption.rules
            )
            yield r"\end{align*}"
    yield r"\end{description}"


def _latex_part(part: Part) -> Iterator[str]:
    yield r"\begin{align*}"
    yield rf"& {latex(part.start)}"
    for step in part.steps:
        first, *others = broken_latex(step.after)
        yield rf"\\ &\quad {relation_latex(step)} {first}"
        yield from (rf"\\ &\qquad\quad {piece}" for piece in others)
        yield rf"\\ &\qquad\qquad \text{{\footnotesize {prose_latex(step.reason)}}}"
    yield r"\end{align*}"


def broken_latex(expression: Expr) -> list[str]:
    """A long sum, or a product that ends in one, is set one term to a line."""
    if len(text(expression)) <= _LINE_BREAK_AFTER:
        return [latex(expression)]
    if isinstance(expression, Add):
        return _terms(expression)
    brackets = [factor for factor in Mul.make_args(expression) if isinstance(factor, Add)]
    if len(brackets) != 1:
        return [latex(expression)]
    first, *others = _terms(brackets[0])
    lines = [rf"{latex(expression / brackets[0])} \, \biggl( {first}", *others]
    lines[-1] += r" \biggr)"
    return lines


def _terms(total: Add) -> list[str]:
    first, *others = (latex(term) for term in total.as_ordered_terms())
    return [first, *(piece if piece.startswith("-") else f"+ {piece}" for piece in others)]


def as_latex_document(derivation: Derivation) -> str:
    """Render as a LaTeX document of its own."""
    return "\n".join(
        [
            r"\documentclass[fleqn]{article}",
            r"\usepackage[a4paper, margin=20mm]{geometry}",
            r"\usepackage[T1]{fontenc}",
            r"\usepackage{amsmath}",
            r"\setlength{\mathindent}{1.5em}",
            r"\allowdisplaybreaks",
            r"\begin{document}",
            as_latex_body(derivation),
            r"\end{document}",
            "",
        ]
    )


_SIGNS = {
    "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\varepsilon ", "κ": r"\kappa ", "⟨": r"\langle ",
    "⟩": r"\rangle ", "≤": r"\le ", "≥": r"\ge ", "ᵀ": r"^{\top}", "→": r"\to ", "∂": r"\partial ",
    "Ṁ": r"\dot M", "ṡ": r"\dot s", "⋯": r"\cdots ", "²": "^2", "≠": r"\ne ", "∞": r"\infty ",
    "σ": r"\sigma ", "ψ": r"\psi ", "Σ": r"\sum ", "ω": r"\omega ", "ρ": r"\rho ", "τ": r"\tau ",
    "χ": r"\chi ", "Γ": r"\Gamma ", "…": r"\dots ", "½": r"\tfrac12 ", "μ": r"\mu ", "‖": r"\Vert ",
}  # fmt: skip
"""What Unicode mathematics between dollar signs becomes in LaTeX."""


def prose_latex(sentence: str) -> str:
    """Turn the Unicode mathematics between dollar signs into LaTeX; the rest is words."""
    words, *pairs = sentence.split("$")
    for position, piece in enumerate(pairs):
        if position % 2 == 0:
            for sign, command in _SIGNS.items():
                piece = piece.replace(sign, command)
            piece = f"${piece}$"
        words += piece
    return words.replace("′", "$'$")


FORMATS: dict[str, Callable[[Derivation], str]] = {
    "text": as_text,
    "latex": as_latex_document,
    "markdown": as_markdown,
}
"""The formats that ``jacspec derive`` offers."""
