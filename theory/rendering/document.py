"""The whole theory as one document.

It says once what every symbol stands for, and states every definition, every assumption and every inequality
that is taken without proof once, by number; each step then names the numbers that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from jacspec.documents.blocks import Block, Bullets, Formula, Heading, Paragraph
from jacspec.documents.prose import code
from jacspec.theory.algebra.formula import Formula as Evaluated
from jacspec.theory.derivations.derivation_blocks import is_cited, opening_blocks, proof_blocks
from jacspec.theory.notation.glossary import GLOSSARY
from jacspec.theory.notation.line_breaking import broken_latex
from jacspec.theory.notation.printing import text
from jacspec.theory.rendering.numbered import Numbered, cited
from jacspec.theory.rendering.repeated import Repeated
from jacspec.theory.results.catalogue import SECTIONS, catalogue
from jacspec.theory.results.evaluated_formulas import FORMULAS

_OPENING = """Every line below is a step between two expressions, decided by their normal form modulo the
equations of the assumptions that it names in square brackets. It is then evaluated again, rigorously, at
exact points where these assumptions hold; and its wrong variants are told from it. What a derivation
assumes and what it rests on is read off its steps. Nothing here was typed twice: the formulas are those
that the program evaluates."""

_NOTATION = """Factors are applied right to left. Indices: $l$ is a layer, $i, j, k$ are directions, $N$ is
the depth and $n$ the width; $[i = k]$ is 1 if $i = k$ and else 0, and a dot is the time derivative. Without
an argument, $s_k$, $u_k$ and $v_k$ belong to $J$. On the transposed chain, $J^⊤ = B_l^⊤ A_l^⊤$, left and
right singular vectors change places. Where nothing else is said, $N ≥ 2$, $n ≥ 1$ and $1 ≤ i, j, k ≤ n$."""
_USUAL = {"$N ≥ 2$", "$n ≥ 1$", "$1 ≤ i ≤ n$", "$1 ≤ j ≤ n$", "$1 ≤ k ≤ n$"}

_LEVEL = 3
"""Of the headings of what may stand in a file of its own: derivations, and what they cite by number."""


def theory_blocks(checks: Mapping[str, str]) -> list[Block]:
    """Notation, assumptions, every derivation by section, and the formulas; ``checks`` by label."""
    return list(_blocks(checks))


def _blocks(checks: Mapping[str, str]) -> Iterator[Block]:
    anchors = {label: label for label in catalogue()}
    derivations = catalogue().values()
    # Of those whose proof is that of another, no step is shown.
    shown = [each for each in derivations if not is_cited(each, anchors)]
    assumptions = Numbered.of("A", (each for derivation in derivations for each in derivation.assumptions))
    definitions = Numbered.of("D", (each for derivation in shown for each in derivation.definitions))
    taken = Numbered.of("T", (each for derivation in shown for each in derivation.unproved_lemmas))
    repeated = Repeated()
    named = partial(cited, numbers=(assumptions, definitions, taken), anchors=anchors)
    yield Heading("The theory of deep Jacobian spectra, derived", 1)
    yield Paragraph(_OPENING)
    yield Heading("Notation, definitions, assumptions", 2)
    yield Heading("Notation", _LEVEL, "theory-notation")
    yield Paragraph(_NOTATION)
    yield Bullets(tuple(each.words for each in GLOSSARY))
    yield Heading("Definitions", _LEVEL, "theory-definitions")
    yield definitions.listed()
    yield Heading("Assumptions", _LEVEL, "theory-assumptions")
    yield assumptions.listed()
    yield Heading("Taken without proof", _LEVEL, "theory-taken")
    yield taken.listed()
    for title, section in SECTIONS.items():
        yield Heading(title, 2)
        for derive in section.values():
            derivation = derive()
            assumed = ", ".join(map(assumptions.linked, derivation.assumptions)) or "nothing"
            yield from opening_blocks(
                derivation,
                level=_LEVEL,
                anchors=anchors,
                anchor=derivation.label,
                scope=_beyond_usual(derivation.scope),
                assumed=f" **Assumed:** {assumed}.",
            )
            found = checks.get(derivation.label, "")
            proof = proof_blocks(derivation, found, level=_LEVEL, anchors=anchors, named=named)
            yield from repeated.cited(derivation.label, proof)
    yield from _formulas()


def _beyond_usual(scope: str) -> str:
    """What is said of sizes and indices at the beginning is not said again."""
    parts = ((each for each in part.split(", ") if each not in _USUAL) for part in scope.split("; "))
    return "; ".join(filter(None, map(", ".join, parts)))


def _formulas() -> Iterator[Block]:
    """The formulas as they are compiled, each with its domain."""
    yield Heading("Formulas", 2)
    yield Paragraph(
        "As they are compiled for float64, any precision and balls; outside their domain they refuse."
    )
    items: list[tuple[Block, ...]] = []
    for name, make in FORMULAS.items():
        formula = make()
        linked = code(formula.label)
        if formula.label in catalogue():
            linked = f"[{linked}](#{formula.label})"
        said = Paragraph(f"{code(name)}: {linked}, for {formula.domain}")
        shown = Formula(text(formula.expression), tuple(broken_latex(formula.expression)))
        items.append((said, *[shown] * (not _is_result(formula))))
    yield Bullets(tuple(items))


def _is_result(formula: Evaluated) -> bool:
    """Whether it is the right-hand side of what its derivation shows."""
    if formula.label not in catalogue():
        return False
    return formula.expression in (part.end for part in catalogue()[formula.label].results)
