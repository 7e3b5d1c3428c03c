"""What the theory states once, by number: assumptions, definitions, and what is taken without proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jacspec.documents.blocks import Bullets, Paragraph, Section
from jacspec.documents.prose import code
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.derivations.derivation import LentEquations
from jacspec.theory.derivations.derivation_blocks import assumption_blocks, inequality_block
from jacspec.theory.derivations.lemma import Lemma

Used = Assumption | Lemma
"""What a step may name."""


@dataclass(frozen=True)
class Numbered:
    """One kind of them, in the order in which they are met."""

    letter: str
    members: Mapping[tuple[object, ...], Sequence[Used]]
    """Those that share a number."""

    @classmethod
    def of(cls, letter: str, used: Iterable[Used]) -> Numbered:
        """Each once."""
        members: dict[tuple[object, ...], dict[Used, None]] = {}
        for each in used:
            members.setdefault(_shared(each), {})[each] = None
        return cls(letter, {shared: tuple(each) for shared, each in members.items()})

    def number(self, used: Used) -> str:
        """Such as [A3](#A3), a link; empty if it has none."""
        shared = _shared(used)
        number = f"{self.letter}{[*self.members].index(shared) + 1}" if shared in self.members else ""
        return number and f"[{number}](#{number})"

    def linked(self, used: Used) -> str:
        """The title, and the number as a link."""
        return f"{used.title} ({self.number(used)})"

    def listed(self) -> Bullets:
        """All of them, with what they say."""
        numbered = enumerate(self.members.values(), 1)
        return Bullets(tuple((_stated(f"{self.letter}{place}", each),) for place, each in numbered))


def cited(used: Used, numbers: Sequence[Numbered], anchors: Mapping[str, str]) -> str:
    """How a step names what it uses: by its number, as the derivation that lends it, or else by its title."""
    if isinstance(used, LentEquations):
        label = used.lender.label
        return f"[{code(label)}](#{anchors[label]})"
    if isinstance(used, Assumption) and (isinstance(used, ShownEquations) or used.supposed_for):
        return used.title
    return next(filter(None, (each.number(used) for each in numbers)), used.title)


def _shared(used: Used) -> tuple[object, ...]:
    """What those that share a number have in common: their title, if they hold side by side.

    For assumptions, and where symbols are explained, all that is shown, in any order of its equations.
    """
    if isinstance(used, Lemma):
        return (Lemma, used.title)
    if used.defines and not used.where:
        return (Assumption, used.title)
    return (used.name, frozenset(used.says), used.restricts, used.laws, used.distinct, used.differentiable,
            used.where)  # fmt: skip


def _stated(number: str, members: Sequence[Used]) -> Section:
    named = f"**{number} {members[0].title}**"
    stated = [
        (Paragraph(named), inequality_block(each))
        if isinstance(each, Lemma)
        else assumption_blocks(named, each)
        for each in members
    ]
    return Section(tuple(dict.fromkeys(block for blocks in stated for block in blocks)), anchor=number)
