"""What an earlier proof of a document shows is cited there, with what is assumed instead."""

from __future__ import annotations

from jacspec.documents.blocks import Block, Formula, Heading, Paragraph, Section
from jacspec.theory.rendering.document import theory_blocks
from jacspec.theory.rendering.repeated import Repeated


def _calculation(number: int, *lines: str, assumed: str) -> tuple[Block, ...]:
    heading = Heading(f"{number}. Calculation {lines[0]}", 4)
    return (heading, *(Formula(line, (line,), f"by [{assumed}](#{assumed})") for line in lines))


def _proof(*blocks: Block) -> tuple[Block, ...]:
    return Paragraph("what is shown"), Section(blocks, kind="proof")


LONG = ("x", "y", "z")


def test_calculations_that_follow_on_one_another_are_cited_in_one_sentence() -> None:
    repeated = Repeated()
    first = _proof(
        *_calculation(1, *LONG, assumed="A1"),
        *_calculation(2, "a", assumed="A2"),
        *_calculation(3, "b", assumed="A2"),
    )
    assert tuple(repeated.cited("one", first)) == first
    last = _calculation(4, "c", "d", assumed="A3")
    second = _proof(
        Paragraph("lead"),
        *_calculation(1, "n", assumed="A1"),
        *_calculation(2, *LONG, assumed="A7"),
        *_calculation(3, "a", assumed="A2"),
        *last,
    )
    said, proof = repeated.cited("two", second)
    assert said == second[0]
    assert isinstance(proof, Section)
    cited = Paragraph("2.–3. As 1.–2. of [`one`](#one), with [A7](#A7) for [A1](#A1).")
    assert proof.blocks == (Paragraph("lead"), *_calculation(1, "n", assumed="A1"), cited, *last)


def test_what_is_short_or_other_or_of_the_same_proof_is_shown() -> None:
    repeated = Repeated()
    list(
        repeated.cited(
            "one", _proof(*_calculation(1, *LONG, assumed="A1"), *_calculation(2, "a", assumed="A1"))
        )
    )
    for blocks in (
        _calculation(1, "a", assumed="A1"),
        _calculation(1, "x", "y", "w", assumed="A1"),
        (*_calculation(1, "p", "q", "r", assumed="A1"), *_calculation(2, "p", "q", "r", assumed="A1")),
    ):
        shown = _proof(*blocks)
        assert tuple(repeated.cited("two", shown)) == shown


def test_the_theory_cites_what_it_has_shown_of_balanced_factors() -> None:
    proofs = [each for each in theory_blocks({}) if isinstance(each, Section) and each.kind == "proof"]
    cited = [each.text for proof in proofs for each in proof.blocks if isinstance(each, Paragraph)]
    (said,) = [text for text in cited if "[`balanced-roots`](#balanced-roots), with" in text]
    assert said.startswith("1.–6. As 1.–6. of ")
