"""The whole theory as one document: LaTeX that a stock installation compiles, text, or Markdown.

The LaTeX document says once what every symbol stands for, and states every definition and every
assumption once, by number; each derivation then names the numbers that its steps use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.glossary import GLOSSARY
from jacspec.theory.notation.line_breaking import broken_latex
from jacspec.theory.rendering.latex import (
    PREAMBLE,
    equations_latex,
    heading,
    inequality_lines,
    label_latex,
    proof_lines,
    prose_latex,
    result_lines,
)
from jacspec.theory.rendering.text import as_markdown, as_text
from jacspec.theory.results.catalogue import SECTIONS, catalogue
from jacspec.theory.results.formulas import FORMULAS

__all__ = ["WHOLE"]

_TITLE = "The theory of deep Jacobian spectra, derived"

_OPENING = (
    r"""\setcounter{tocdepth}{2}
\title{"""
    + _TITLE
    + r"""}
\author{jacspec}
\date{}
\begin{document}
\maketitle
\noindent Every line below is a step between two expressions, decided by their normal form modulo the
equations of the assumptions that it names in square brackets. It is then evaluated again, rigorously, at
exact points where these assumptions hold; and its wrong variants are told from it. What a derivation
assumes and what it rests on is read off its steps. Nothing here was typed twice: the formulas are those
that the program evaluates.
\tableofcontents
"""
)

_NOTATION = """Factors are applied right to left. Indices: $l$ is a layer, $i, j, k$ are directions, $N$ is
the depth and $n$ the width; $[i = k]$ is 1 if $i = k$ and else 0, and a dot is the time derivative. Without
an argument, $s_k$, $u_k$ and $v_k$ belong to $J$."""


@dataclass(frozen=True)
class _Numbered:
    """Assumptions or definitions in the order in which they are met, each with its number."""

    letter: str
    members: tuple[Assumption, ...]

    def number(self, assumption: Assumption) -> str:
        """Such as A3; equations that differ by a layer or by a transpose share a number."""
        titles = [(each.title, each.statement) for each in self.members]
        return f"{self.letter}{titles.index((assumption.title, assumption.statement)) + 1}"

    def linked(self, assumption: Assumption) -> str:
        """The number as a link, with the title."""
        number = self.number(assumption)
        return rf"{prose_latex(assumption.title)}~(\hyperlink{{{number}}}{{{number}}})"

    def listed(self) -> Iterator[str]:
        """All of them, with their equations."""
        yield r"\begin{description}"
        for each in self.members:
            number = self.number(each)
            title = prose_latex(each.title)
            yield rf"\item[\hypertarget{{{number}}}{{{number}}}\quad {title}] {prose_latex(each.statement)}."
            yield from equations_latex(each.rules)
        yield r"\end{description}"


def _numbered(letter: str, of: Callable[[Derivation], tuple[Assumption, ...]]) -> _Numbered:
    """What the derivations assume or define, merged where title and statement are the same."""
    merged: dict[tuple[str, str], Assumption] = {}
    for derivation in catalogue().values():
        for each in of(derivation):
            known = merged.setdefault((each.title, each.statement), each)
            if len(each.rules) > len(known.rules):
                merged[each.title, each.statement] = each
    return _Numbered(letter, tuple(merged.values()))


def _latex(checks: Mapping[str, str]) -> str:
    assumptions = _numbered("A", lambda derivation: derivation.assumptions)
    definitions = _numbered("D", lambda derivation: derivation.definitions)
    lines = [PREAMBLE + _OPENING, r"\section{Notation and definitions}", _NOTATION, r"\begin{itemize}"]
    lines += [rf"\item {prose_latex(words)}" for _, words in GLOSSARY]
    lines += [r"\end{itemize}", r"\subsection*{Definitions}", *definitions.listed()]
    lines += [r"\section{Assumptions}", *assumptions.listed()]
    for title, section in SECTIONS.items():
        lines.append(rf"\section{{{title}}}")
        for derive in section:
            derivation = derive()
            lines += _subsection(derivation, checks.get(derivation.label, ""), assumptions, definitions)
    return "\n".join([*lines, *_formulas(), r"\end{document}", ""])


def _formulas() -> Iterator[str]:
    """The formulas as they are compiled, each with its domain."""
    yield r"\section{Formulas}"
    yield "As they are compiled for float64, any precision and balls; outside their domain they refuse."
    yield r"\begin{description}"
    for name, make in FORMULAS.items():
        formula = make()
        label = label_latex(name.replace("_", r"\_"))
        first, *others = broken_latex(formula.expression)
        yield rf"\item[{label}] {label_latex(formula.label)}, for {prose_latex(_mathematics(formula.domain))}"
        yield r"\begin{align*}"
        yield "\\\\\n".join([rf"& {first}", *(rf"&\quad {piece}" for piece in others)])
        yield r"\end{align*}"
    yield r"\end{description}"


def _mathematics(domain: str) -> str:
    """A domain, one line of Unicode, with dollar signs around whatever is no word."""
    words = re.split(r"(\b[a-z]{2,}\b)", domain)
    return "".join(_signed(piece) if position % 2 == 0 else piece for position, piece in enumerate(words))


def _signed(piece: str) -> str:
    inside = piece.strip(" ,;")
    if not inside:
        return piece
    start = piece.index(inside)
    return f"{piece[:start]}${inside}${piece[start + len(inside) :]}"


def _subsection(
    derivation: Derivation, checks: str, assumptions: _Numbered, definitions: _Numbered
) -> Iterator[str]:
    plain = prose_latex(derivation.title)
    simple = re.sub(r"[$\\_^{}]", "", plain)
    title = plain if "$" not in plain else rf"\texorpdfstring{{{plain}}}{{{simple}}}"
    yield rf"\subsection{{{title}}}\label{{{derivation.label}}}"
    yield from heading(derivation, lambda label: rf"{label_latex(label)} (\ref{{{label}}})")
    yield from result_lines(derivation)
    assumed = ", ".join(map(assumptions.linked, derivation.assumptions))
    yield rf"\noindent\textbf{{Assumed:}} {assumed or 'nothing'}."
    if derivation.definitions:
        yield rf"\textbf{{By definition:}} {', '.join(map(definitions.linked, derivation.definitions))}."
    yield from inequality_lines(derivation)
    for name, why in derivation.explained:
        yield rf"Named, not needed: {prose_latex(name)}, {prose_latex(why)}."
    yield from proof_lines(derivation, checks)


def _text(checks: Mapping[str, str]) -> str:
    return "\n\n\n".join(
        as_text(derivation, checks.get(label, "")) for label, derivation in catalogue().items()
    )


def _markdown(checks: Mapping[str, str]) -> str:
    lines = [f"# {_TITLE}"]
    for title, section in SECTIONS.items():
        lines.append(f"# {title}")
        for derive in section:
            derivation = derive()
            lines.append(as_markdown(derivation, checks.get(derivation.label, "")))
    return "\n\n".join(lines)


WHOLE: dict[str, Callable[[Mapping[str, str]], str]] = {
    "text": _text,
    "latex": _latex,
    "markdown": _markdown,
}
"""The formats that ``jacspec derive --all`` offers: functions of what the checks found, by label."""
