"""Calculations that an earlier proof of the document shows, but for what they assume: cited, not repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from jacspec.documents.blocks import Block, Formula, Heading, Paragraph, Section
from jacspec.documents.prose import code

_LINK = re.compile(r"\[[^]]*\]\(#[^)]*\)")
_FEW = 3
"""Up to so many lines, a calculation is shown again: to cite it takes as many."""


@dataclass(frozen=True)
class _Place:
    """Where a calculation is shown, and what its steps name, as links."""

    label: str
    number: int
    named: tuple[str, ...]


@dataclass(frozen=True)
class Repeated:
    """What proofs of a document have shown so far."""

    _shown: dict[tuple[object, ...], _Place] = field(default_factory=dict)

    def cited(self, label: str, blocks: Iterable[Block]) -> Iterator[Block]:
        """A derivation with the calculations of its proof that an earlier one has shown cited."""
        for block in blocks:
            if isinstance(block, Section) and block.kind == "proof":
                yield replace(block, blocks=tuple(self._proof(label, block.blocks)))
            else:
                yield block

    def _proof(self, label: str, blocks: Sequence[Block]) -> Iterator[Block]:
        starts = [place for place, block in enumerate(blocks) if isinstance(block, Heading)]
        yield from blocks[: starts[0] if starts else None]
        run: list[tuple[int, Sequence[Block], _Place, _Place]] = []
        for number, start in enumerate(starts, 1):
            part = blocks[start : starts[number] if number < len(starts) else None]
            here = _Place(label, number, _named(part))
            there = self._shown.setdefault(_formulas(part), here)
            if run and not (there.label == run[-1][3].label and there.number == run[-1][3].number + 1):
                yield from _run(run)
                run = []
            if there.label == label or len(there.named) != len(here.named):
                yield from part
            else:
                run.append((number, part, here, there))
        yield from _run(run)


def _run(run: Sequence[tuple[int, Sequence[Block], _Place, _Place]]) -> Iterator[Block]:
    """Calculations that follow on one another, here and there."""
    if sum(len(part) for _, part, _, _ in run) <= _FEW:
        for _, part, _, _ in run:
            yield from part
        return
    other = {
        f"{mine} for {theirs}": None
        for _, _, here, there in run
        for mine, theirs in zip(here.named, there.named, strict=True)
        if mine != theirs
    }
    first, last = run[0], run[-1]
    here = _numbers(first[0], last[0])
    there = _numbers(first[3].number, last[3].number)
    label = first[3].label
    instead = f", with {' and '.join(other)}" if other else ""
    yield Paragraph(f"{here} As {there} of [{code(label)}](#{label}){instead}.")


def _numbers(first: int, last: int) -> str:
    return f"{first}." if first == last else f"{first}.–{last}."


def _formulas(part: Sequence[Block]) -> tuple[object, ...]:
    """A calculation without its number, and without what its steps name."""
    return tuple(
        replace(block, reason=_LINK.sub("", block.reason))
        if isinstance(block, Formula)
        else re.sub(r"^\d+\. ", "", block.text)
        if isinstance(block, Heading)
        else block
        for block in part
    )


def _named(part: Sequence[Block]) -> tuple[str, ...]:
    return tuple(each for block in part if isinstance(block, Formula) for each in _LINK.findall(block.reason))
