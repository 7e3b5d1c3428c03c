"""The parts of a report as blocks: what each says, worded once for terminal, notebook, page and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from jacspec.documents.blocks import (
    Block,
    Bullets,
    Columns,
    Folded,
    Heading,
    Matrix,
    Paragraph,
    Preformatted,
    Section,
    Table,
)
from jacspec.documents.prose import literal, plain
from jacspec.proofs_check.claims.evidence import (
    Counterexample,
    Evidence,
    Hypothesis,
    Model,
    Sharpness,
    Status,
)
from jacspec.proofs_check.claims.exact_values import names_matrices
from jacspec.proofs_check.claims.mutants import Mutants

_MOST_CHARACTERS = 2000
"""Longer examples are shown as text, not as matrices."""
_PARTICULARS = {
    "drawn": "examples drawn",
    "accepted": "accepted",
    "undecided": "undecided",
    "worst_margin": "least margin",
    "precision_bits": "precision (bits)",
    "steps": "steps",
    "generality": "for",
    "taken": "taken without proof:",
    "seed": "seed",
}
"""What is said of the particulars of evidence, by the names of their fields."""


def as_prose(text: str) -> str:
    """A claim's own words as prose: where no formula stands between dollar signs, letter for letter."""
    return text if text.count("$") > 1 else literal(text)


def plain_words(text: str) -> str:
    """A claim's own words as a terminal and JSON show them."""
    return plain(as_prose(text))


def fine(text: str) -> Section:
    """Prose in small print."""
    return Section((Paragraph(text),), kind="fine")


# --- evidence -----------------------------------------------------------------------------------


def evidence_blocks(
    evidence: Sequence[Evidence], counterexample: Counterexample | None, level: int
) -> Iterator[Block]:
    """Each piece of evidence: kind, whether it is for the claim, what it found, and its particulars."""
    if evidence:
        # What the certificate says stands with the counterexample.
        said = counterexample.certificate if counterexample is not None else None
        yield Heading("Evidence", level)
        yield Bullets(
            tuple(
                _evidence(each, "see the counterexample" if each.summary == said else each.summary)
                for each in evidence
            )
        )


def _evidence(each: Evidence, summary: str) -> tuple[Block, ...]:
    found = Paragraph(f"**{each.kind}**, {each.status.value} the claim: {as_prose(summary)}")
    particulars = ", ".join(_particulars(each))
    return (found, fine(particulars)) if particulars else (found,)


def _particulars(each: Evidence) -> Iterator[str]:
    known = {name: getattr(each, name) for name in (field.name for field in fields(each))}
    for name, words in _PARTICULARS.items():
        value = known.get(name)
        # Of a claim that fails, the least margin at which it held elsewhere says nothing.
        if value not in (None, "") and not (name == "worst_margin" and each.status is Status.AGAINST):
            yield f"{words} {f'{value:.4g}' if isinstance(value, float) else as_prose(str(value))}"


def mutants_tally(tally: Mutants) -> str:
    """How many wrong variants were caught, of how many."""
    return f"{tally.killed} of {tally.total}" if tally.total else "not tried"


def mutants_blocks(tally: Mutants, level: int) -> Iterator[Block]:
    """What became of the wrong variants, and the names of those that survived."""
    if tally.total:
        text = f"{mutants_tally(tally)} wrong variants were caught."
        if tally.unrefuted:
            text += f" Nothing refutes {tally.unrefuted} others, which may be true."
        if tally.survivors:
            text += " Not caught, so perhaps true as well:"
        yield Heading("Mutants", level)
        yield Paragraph(text)
        if tally.survivors:
            yield Bullets(tuple(map(as_prose, tally.survivors)))


# --- what carries weight ------------------------------------------------------------------------


def weighed_rows(
    hypotheses: Sequence[Hypothesis], sharpness: Sharpness | None
) -> Iterator[tuple[str, str, str]]:
    """Each hypothesis, whether it is needed and why; and the bound, how sharp it is and where."""
    for each in hypotheses:
        yield as_prose(each.name), each.state, as_prose(each.why)
    if sharpness is not None:
        at = literal("; ".join(sharpness.example.splitlines()))
        yield "the bound", sharpness.reading, f"{sharpness.ratio:.4f} of it is reached, at {at}"


def weighing_blocks(
    hypotheses: Sequence[Hypothesis], sharpness: Sharpness | None, level: int
) -> Iterator[Block]:
    """A table of what was weighed, and the examples that show a hypothesis to be needed."""
    rows = tuple(weighed_rows(hypotheses, sharpness))
    if rows:
        yield Heading("Hypotheses and bounds" if sharpness else "Hypotheses", level)
        yield Table(("what was weighed", "found", "why"), rows)
    for each in hypotheses:
        if each.example:
            yield Folded(f"A counterexample without: {as_prose(each.name)}", (Preformatted(each.example),))


def models_blocks(models: Sequence[Model], level: int) -> Iterator[Block]:
    """A table of points at which the premises of each part hold together, with what its proof defines."""
    rows = tuple(
        (as_prose(each.says), "; ".join(map(as_prose, each.of)), _where_held(each))
        for each in models
        if each.of
    )
    if rows:
        yield Heading("Premises hold together", level)
        yield Table(("what is said", "premises and definitions", "hold at once at"), rows)


def _where_held(model: Model) -> str:
    trivial = f"; wherever they were found to, ${', '.join(model.trivial)}$" if model.trivial else ""
    return f"{literal(model.point)}{trivial}" if model.point else as_prose(model.lacking)


# --- counterexamples ----------------------------------------------------------------------------


_BY_ITS_AUTHOR = "why the claim fails with it, in the words of the claim's author"
"""A certificate is an argument, which is not checked: what is checked is that the example fails."""


def counterexample_blocks(found: Counterexample, level: int) -> Iterator[Block]:
    """The example, why it stays one, and how it was verified."""
    yield Heading("Counterexample", level)
    yield example_block(found)
    verified = f"margin {found.margin}, re-verified at {found.precision_bits} bits"
    why = f"{_BY_ITS_AUTHOR}: {found.certificate}" if found.certificate else ""
    yield Bullets(tuple(as_prose(note) for note in (why, found.witness, verified) if note))


def example_block(found: Counterexample) -> Block:
    """The values of an example, its matrices as matrices; a long one as text."""
    if len(found.text) > _MOST_CHARACTERS or found.types.keys() != found.values.keys():
        return Preformatted(found.text)
    values = found.values.items()
    return Columns(tuple(block for name, data in values for block in _value(name, data, found.types[name])))


def _value(name: str, data: Any, kind: Any) -> Iterator[Block]:
    """One value of an example; parts of a tuple one by one, those of a dictionary by their names."""
    if kind == "Chain":
        for layer, factor in enumerate(data, 1):
            yield _matrix(f"M_{layer}", factor)
    elif kind == "fmpq_mat":
        yield _matrix(name, data)
    elif names_matrices(kind):
        for part, each in kind.items():
            yield from _value(part, data[part], each)
    elif isinstance(kind, list) and any(part in ("Chain", "fmpq_mat") for part in kind[1:]):
        for position, (part, each) in enumerate(zip(data, kind[1:], strict=True), 1):
            yield from _value(f"{name}_{position}", part, each)
    else:
        yield Paragraph(literal(f"{name} = {data}".replace("'", "")))


def _matrix(name: str, rows: Sequence[Sequence[object]]) -> Matrix:
    return Matrix(name, tuple(tuple(map(str, row)) for row in rows))
