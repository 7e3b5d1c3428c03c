r"""A derivation in LaTeX: a section that stands in any document with amsmath, or a document of its own.

The section says what is shown before how: result, notation, assumptions, inequalities, then the steps,
each with its rule, and last what the checks found, where somebody has run them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from sympy import Expr

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalar_steps import ScalarStep
from jacspec.theory.derivations.step import Step
from jacspec.theory.notation.line_breaking import broken_latex, width
from jacspec.theory.notation.printing import latex

__all__ = [
    "PREAMBLE",
    "as_latex_body",
    "as_latex_document",
    "equations_latex",
    "heading",
    "inequality_lines",
    "label_latex",
    "proof_lines",
    "prose_latex",
    "ranges_latex",
    "relation_latex",
    "result_lines",
]

PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage[a4paper, margin=22mm]{geometry}
\usepackage{amsmath, amssymb}
\usepackage[hidelinks]{hyperref}
\setlength{\mathindent}{1.5em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\emergencystretch=3em
\allowdisplaybreaks
"""
r"""Stock packages only, and the standard fonts, which every installation has as outlines."""

_RELATIONS = {
    Relation.EQUAL: "=",
    Relation.LIMIT: r"\xrightarrow[\varepsilon \to 0]{}",
    Relation.AT_MOST: r"\le",
    Relation.AT_LEAST: r"\ge",
}

_SHORT = 60.0
"""Letters up to which both sides of an inequality stand on one line."""

_SIGNS = {
    "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\varepsilon ", "κ": r"\kappa ", "⟨": r"\langle ",
    "⟩": r"\rangle ", "≤": r"\le ", "≥": r"\ge ", "ᵀ": r"^{\top}", "→": r"\to ", "∂": r"\partial ",
    "Ṁ": r"\dot M", "ṡ": r"\dot s", "⋯": r"\cdots ", "²": "^2", "≠": r"\ne ", "∞": r"\infty ",
    "σ": r"\sigma ", "ψ": r"\psi ", "Σ": r"\sum ", "ω": r"\omega ", "ρ": r"\rho ", "τ": r"\tau ",
    "χ": r"\chi ", "Γ": r"\Gamma ", "…": r"\dots ", "½": r"\tfrac12 ", "μ": r"\mu ", "‖": r"\Vert ",
    "⊤": r"\top ", "π": r"\pi ", "∫": r"\int ", "ξ": r"\xi ", "η": r"\eta ", "ζ": r"\zeta ", "⊥": r"\perp ",
    "θ": r"\theta ", "∈": r"\in ", "w̃": r"\tilde w", "x̃": r"\tilde x",
}  # fmt: skip
"""What Unicode mathematics between dollar signs becomes in LaTeX."""

_NAMES = re.compile(r"(?<![\\A-Za-z])(log|sinh|tanh|det|min|max|exp)(?![A-Za-z])")


def prose_latex(sentence: str) -> str:
    """Turn the Unicode mathematics between dollar signs into LaTeX; the rest is words."""
    words, *pairs = sentence.split("$")
    for position, piece in enumerate(pairs):
        if position % 2 == 0:
            for sign, command in _SIGNS.items():
                piece = piece.replace(sign, command)
            piece = _NAMES.sub(r"\\\1 ", piece)
            piece = f"${piece}$"
        words += piece
    return words.replace("′", "$'$")


def relation_latex(step: Step) -> str:
    """The sign of a step in LaTeX; that of a limit says of what."""
    if isinstance(step, ScalarStep) and step.limit is not None:
        variable, point = step.limit
        return rf"\xrightarrow[{latex(variable)} \to {latex(point)}]{{}}"
    return _RELATIONS[step.relation]


def ranges_latex(rule: Rule) -> str:
    """For which indices an equation is claimed, where that is not all of them."""
    return r",\ ".join(
        rf"{latex(first)} \le {latex(index)} \le {latex(last)}" for index, first, last in rule.ranges
    )


# --- a derivation -------------------------------------------------------------------------------


def as_latex_body(derivation: Derivation, checks: str = "") -> str:
    """Render as a LaTeX fragment: a paragraph and an ``align*`` for every part.

    ``checks`` says in a sentence what became of the derivation's steps and of their mutants.
    """
    return "\n".join(_body(derivation, checks))


def _body(derivation: Derivation, checks: str) -> Iterator[str]:
    yield rf"\section*{{{prose_latex(derivation.title)}}}"
    yield from heading(derivation, label_latex)
    yield from result_lines(derivation)
    if derivation.symbols:
        yield r"\paragraph{Notation.} " + "; ".join(map(prose_latex, derivation.symbols)) + "."
    if derivation.definitions:
        named = (f"{each.title}: {each.statement}" for each in derivation.definitions)
        yield r"\paragraph{Definitions.} " + "; ".join(map(prose_latex, named)) + "."
    if derivation.assumptions:
        yield r"\paragraph{Assumed.}"
        yield r"\begin{description}"
        for assumption in derivation.assumptions:
            yield rf"\item[{prose_latex(assumption.title)}] {prose_latex(assumption.statement)}."
            yield from equations_latex(assumption.rules)
        yield r"\end{description}"
    yield from inequality_lines(derivation)
    yield from proof_lines(derivation, checks)


def heading(derivation: Derivation, named: Callable[[str], str]) -> Iterator[str]:
    """Label and generality, and what the derivation rests on; ``named`` sets a label."""
    yield rf"\noindent{label_latex(derivation.label)}, for {prose_latex(derivation.scope)}."
    if derivation.rests_on:
        yield f"Rests on {', '.join(named(each.label) for each in derivation.rests_on)}."


def result_lines(derivation: Derivation) -> Iterator[str]:
    """What is shown: the two ends of every part that is not only a step on the way."""
    yield r"\begin{align*}"
    yield "\\\\\n".join(map(_ends, derivation.results))
    yield r"\end{align*}"


def _ends(part: Calculation) -> str:
    sign = relation_latex(part.steps[-1]) if part.relation is Relation.LIMIT else _RELATIONS[part.relation]
    return _related(part.start, sign, part.end)


def _related(left: Expr, sign: str, right: Expr) -> str:
    """Two sides on one line if they fit, else the second below the first."""
    whole = f"{latex(left)} {sign} {latex(right)}"
    if width(whole) < _SHORT:
        return f"& {whole}"
    above, below = broken_latex(left), broken_latex(right)
    lines = [rf"& {above[0]}", *(rf"&\qquad {piece}" for piece in above[1:])]
    lines += [rf"&\quad {sign} {below[0]}", *(rf"&\qquad\quad {piece}" for piece in below[1:])]
    # No page ends between the two sides.
    return "\\\\*\n".join(lines)


def inequality_lines(derivation: Derivation) -> Iterator[str]:
    """The inequalities that steps use, and what shows each."""
    if not derivation.inequalities:
        return
    yield r"\paragraph{Inequalities used.}"
    yield r"\begin{description}"
    for lemma in derivation.inequalities:
        shown = lemma.derivation().label if isinstance(lemma, DerivedLemma) else f"lemma-{lemma.label}"
        source = label_latex(shown) + ("" if isinstance(lemma, DerivedLemma) else ", supported by search")
        yield rf"\item[{prose_latex(lemma.title)}] ({source})"
        yield r"\begin{align*}"
        yield _related(lemma.small, r"\le", lemma.large)
        yield r"\end{align*}"
    yield r"\end{description}"


def label_latex(label: str) -> str:
    """A label as it is typed, which may be broken behind a hyphen."""
    return rf"\texttt{{{label.replace('-', '-' + chr(92) + 'allowbreak{}')}}}"


def equations_latex(rules: Iterable[Rule]) -> Iterator[str]:
    """The equations of an assumption, and for which indices each is claimed."""
    lines = []
    for rule in rules:
        first, *others = broken_latex(rule.rhs)
        where = ranges_latex(rule)
        lines.append(rf"{latex(rule.lhs)} &= {first}" + (rf" \qquad ({where})" if where else ""))
        lines += [rf"&\quad {piece}" for piece in others]
    if lines:
        yield r"\begin{align*}"
        yield "\\\\\n".join(lines)
        yield r"\end{align*}"


def proof_lines(derivation: Derivation, checks: str) -> Iterator[str]:
    """The parts, step by step, the remark, and what the checks found."""
    for number, part in enumerate(derivation.calculations, 1):
        yield rf"\paragraph{{{number}. {prose_latex(part.title)}.}}"
        yield from _part(part)
    if derivation.argument:
        yield rf"\paragraph{{In words.}} {prose_latex(derivation.argument)}"
    if derivation.remark:
        yield rf"\paragraph{{Remark.}} {prose_latex(derivation.remark)}"
    if checks:
        yield rf"\paragraph{{Checks.}} {prose_latex(checks)}"


def _part(part: Calculation) -> Iterator[str]:
    yield r"\begin{align*}"
    first, *others = broken_latex(part.start)
    yield rf"& {first}"
    yield from (rf"\\ &\quad {piece}" for piece in others)
    for step in part.steps:
        first, *others = broken_latex(step.after)
        yield rf"\\ &\quad {relation_latex(step)} {first}"
        yield from (rf"\\ &\qquad\quad {piece}" for piece in others)
        yield rf"\\*[-2pt] &\qquad\qquad {_reason(step)}"
    yield r"\end{align*}"


def _reason(step: Step) -> str:
    """Words in a box of their own, which may be several lines high."""
    return (
        r"\parbox[t]{0.85\linewidth}{\footnotesize\raggedright\itshape "
        rf"{prose_latex(step.reason)}\strut}}"
    )


def as_latex_document(derivation: Derivation, checks: str = "") -> str:
    """Render as a LaTeX document of its own."""
    body = as_latex_body(derivation, checks)
    return "\n".join([PREAMBLE + r"\begin{document}", body, r"\end{document}", ""])
