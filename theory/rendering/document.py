"""The whole theory as one document.

It says once what every symbol stands for, and states every definition and every assumption once, by number;
each derivation then names the numbers that its steps use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jacspec.documents.blocks import Block, Bullets, Formula, Heading, Paragraph, Section
from jacspec.documents.prose import code
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.derivation_blocks import assumption_blocks, opening_blocks, proof_blocks
from jacspec.theory.notation.glossary import GLOSSARY
from jacspec.theory.notation.line_breaking import broken_latex
from jacspec.theory.notation.printing import text
from jacspec.theory.results.catalogue import SECTIONS, catalogue
from jacspec.theory.results.evaluated_formulas import FORMULAS

_OPENING = """Every line below is a step between two expressions, decided by their normal form modulo the
equations of the assumptions that it names in square brackets. It is then evaluated again, rigorously, at
exact points where these assumptions hold; and its wrong variants are told from it. What a derivation
assumes and what it rests on is read off its steps. Nothing here was typed twice: the formulas are those
that the program evaluates."""

_NOTATION = """Factors are applied right to left. Indices: $l$ is a layer, $i, j, k$ are directions, $N$ is
the depth and $n$ the width; $[i = k]$ is 1 if $i = k$ and else 0, and a dot is the time derivative. Without
an argument, $s_k$, $u_k$ and $v_k$ belong to $J$."""

_LEVEL = 3
"""Of the headings of derivations."""


def theory_blocks(checks: Mapping[str, str]) -> list[Block]:
    """Notation, assumptions, every derivation by section, and the formulas; ``checks`` by label."""
    return list(_blocks(checks))


def _blocks(checks: Mapping[str, str]) -> Iterator[Block]:
    assumptions = _numbered("A", lambda derivation: derivation.assumptions)
    definitions = _numbered("D", lambda derivation: derivation.definitions)
    yield Heading("The theory of deep Jacobian spectra, derived", 1)
    yield Paragraph(_OPENING)
    yield Heading("Notation and definitions", 2)
    yield Paragraph(_NOTATION)
    yield Bullets(tuple(each.words for each in GLOSSARY))
    yield Heading("Definitions", 3)
    yield definitions.listed()
    yield Heading("Assumptions", 2)
    yield assumptions.listed()
    anchors = {label: label for label in catalogue()}
    for title, section in SECTIONS.items():
        yield Heading(title, 2)
        for derive in section.values():
            derivation = derive()
            yield from opening_blocks(derivation, level=_LEVEL, anchors=anchors, anchor=derivation.label)
            yield from _assumed(derivation, assumptions, definitions)
            found = checks.get(derivation.label, "")
            yield from proof_blocks(derivation, found, level=_LEVEL, anchors=anchors)
    yield from _formulas()


@dataclass(frozen=True)
class _Numbered:
    """Assumptions or definitions in the order in which they are met, each with its number."""

    letter: str
    members: Mapping[tuple[object, ...], Assumption]
    """By what is shown of them."""

    def number(self, assumption: Assumption) -> str:
        """Such as A3; what says the same shares a number."""
        return f"{self.letter}{list(self.members).index(_shown(assumption)) + 1}"

    def linked(self, assumption: Assumption) -> str:
        """The title, and the number as a link."""
        number = self.number(assumption)
        return f"{assumption.title} ([{number}](#{number}))"

    def listed(self) -> Bullets:
        """All of them, with their equations."""
        return Bullets(tuple((self._stated(each, self.number(each)),) for each in self.members.values()))

    def _stated(self, assumption: Assumption, number: str) -> Section:
        return Section(assumption_blocks(f"**{number} {assumption.title}**", assumption), anchor=number)


def _shown(assumption: Assumption) -> tuple[object, ...]:
    """Its name and all that is shown below it, in whatever order its equations stand."""
    beside = (assumption.restricts, assumption.laws, assumption.distinct, assumption.differentiable)
    return (assumption.name, frozenset(assumption.says), *beside, assumption.where)


def _numbered(letter: str, of: Callable[[Derivation], tuple[Assumption, ...]]) -> _Numbered:
    """What the derivations assume or define, each once."""
    members: dict[tuple[object, ...], Assumption] = {}
    for derivation in catalogue().values():
        for each in of(derivation):
            members.setdefault(_shown(each), each)
    return _Numbered(letter, members)


def _assumed(derivation: Derivation, assumptions: _Numbered, definitions: _Numbered) -> Iterator[Paragraph]:
    """What a derivation assumes and what it takes by definition, by number."""
    assumed = ", ".join(map(assumptions.linked, derivation.assumptions))
    defined = ", ".join(map(definitions.linked, derivation.definitions))
    by_definition = f" **By definition:** {defined}." if defined else ""
    yield Paragraph(f"**Assumed:** {assumed or 'nothing'}.{by_definition}")


def _formulas() -> Iterator[Block]:
    """The formulas as they are compiled, each with its domain."""
    yield Heading("Formulas", 2)
    yield Paragraph(
        "As they are compiled for float64, any precision and balls; outside their domain they refuse."
    )
    items: list[tuple[Block, ...]] = []
    for name, make in FORMULAS.items():
        formula = make()
        said = f"{code(name)}: {code(formula.label)}, for {formula.domain}"
        shown = Formula(text(formula.expression), tuple(broken_latex(formula.expression)))
        items.append((Paragraph(said), shown))
    yield Bullets(tuple(items))
