"""A derivation as text for the terminal and as Markdown; for LaTeX see theory/rendering/latex.py.

Each line of a derivation shows what was reached, the rule that led there and the assumptions it
used.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

from sympy import Expr

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.scalar_steps import ScalarStep
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.line_breaking import broken_latex
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.rendering.latex import as_latex_document, prose_latex, ranges_latex, relation_latex

__all__ = [
    "FORMATS",
    "as_markdown",
    "as_text",
    "definitions",
    "ranges",
]

_COLUMNS = 100


def _relation_text(step: Step) -> str:
    """The sign of a step; a limit other than ε → 0 says of what."""
    if isinstance(step, ScalarStep) and step.limit is not None:
        variable, point = step.limit
        return f"{step.relation.value} ({text(variable)} → {text(point)})"
    return step.relation.value


_OUTSIDE_BRACKETS = r"(?![^{⟨(]*[}⟩)])"


def as_text(derivation: Derivation, checks: str = "") -> str:
    """Render for the terminal, at most 100 columns wide; ``checks`` says what became of the steps."""
    return "\n".join(_text_lines(derivation, checks))


def _text_lines(derivation: Derivation, checks: str) -> Iterator[str]:
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
            yield f"      {text(rule.lhs)} = {text(rule.rhs)}{ranges(rule)}"
    if derivation.inequalities:
        yield ""
        yield "Inequalities"
    for used in derivation.inequalities:
        yield from _wrapped_expression(_inequality(used, text, "", " ≤ "), "  ")
    for number, part in enumerate(derivation.calculations, 1):
        yield ""
        yield f"{number}. {_plain(part.title)}"
        yield from _wrapped_expression(text(part.start), "     ")
        for step in part.steps:
            yield from _wrapped_expression(f"{_relation_text(step)} {text(step.after)}", "   ")
            yield from _wrapped(f"by: {step.reason}", "         ")
    if derivation.argument:
        yield ""
        yield from _wrapped(f"In words. {derivation.argument}", "")
    if derivation.remark:
        yield ""
        yield from _wrapped(f"Remark. {derivation.remark}", "")
    if checks:
        yield ""
        yield from _wrapped(f"Checks. {checks}", "")


def definitions(derivation: Derivation) -> list[str]:
    """What the symbols stand for, then the definitions that steps use by name."""
    named = [f"{each.title}: {each.statement}" for each in derivation.definitions]
    return [*derivation.symbols, *named]


def ranges(rule: Rule) -> str:
    """For which indices an equation is claimed, where that is not all of them."""
    return "".join(f"  ({text(first)} ≤ {text(index)} ≤ {text(last)})" for index, first, last in rule.ranges)


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


def as_markdown(derivation: Derivation, checks: str = "") -> str:
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
        for rule in assumption.rules:
            where = ranges_latex(rule)
            claimed = rf" \qquad ({where})" if where else ""
            lines.append(f"  $$ {latex(rule.lhs)} = {latex(rule.rhs)}{claimed} $$")
    if derivation.inequalities:
        lines += ["", "Inequalities used:", ""]
    lines += ["* " + _inequality(lemma, latex, "$", r" \le ") for lemma in derivation.inequalities]
    for part in derivation.calculations:
        lines += ["", f"**{prose_latex(part.title)}.**", "", _displayed(broken_latex(part.start))]
        for step in part.steps:
            first, *others = broken_latex(step.after)
            shown = _displayed([f"{relation_latex(step)} {first}", *others])
            lines += [shown, "", f"by {prose_latex(step.reason)}", ""]
    if derivation.argument:
        lines += ["", f"*In words.* {prose_latex(derivation.argument)}"]
    if derivation.remark:
        lines += ["", f"*Remark.* {prose_latex(derivation.remark)}"]
    if checks:
        lines += ["", f"*Checks.* {prose_latex(checks)}"]
    return "\n".join(lines)


def _displayed(lines: Sequence[str]) -> str:
    """A formula on a line of its own, or on several."""
    if len(lines) == 1:
        return f"$$ {lines[0]} $$"
    first, *others = lines
    broken = r" \\ ".join([rf"& {first}", *(rf"& \qquad {piece}" for piece in others)])
    return rf"$$ \begin{{aligned}} {broken} \end{{aligned}} $$"


def _inequality(lemma: Lemma, printed: Callable[[Expr], str], quote: str, sign: str) -> str:
    """A lemma in one line: what it says, and what shows it."""
    source = (
        f"derived: {lemma.derivation().label}"
        if isinstance(lemma, DerivedLemma)
        else f"searched: lemma-{lemma.label}"
    )
    title = prose_latex(lemma.title) if quote else _plain(lemma.title)
    return f"{title}: {quote}{printed(lemma.small)}{sign}{printed(lemma.large)}{quote} ({source})"


FORMATS: dict[str, Callable[..., str]] = {
    "text": as_text,
    "latex": as_latex_document,
    "markdown": as_markdown,
}
"""The formats that ``jacspec derive`` offers."""
