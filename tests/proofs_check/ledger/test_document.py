"""docs/ledger.md is what the claims say, whole, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from jacspec.documents import prose
from jacspec.documents.mathml import mathml
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.document import derived_ends, ledger_blocks, ledger_document

ENDS_IN_WORDS = ("lyapunov-gap-all-orders",)
DERIVED = [
    claim.label
    for claim in LEDGER.values()
    if claim.propositions and claim.derivation is not None and claim.label not in ENDS_IN_WORDS
]

FILE = Path(__file__).parents[3] / "docs" / "ledger.md"


def test_the_file_in_the_tree_is_up_to_date():
    assert FILE.read_text(encoding="utf-8") == ledger_document(), "run 'make ledger'"


def test_every_claim_is_there_and_every_link_leads_to_one():
    text = ledger_document()
    headings = re.findall(r"^### `(.+)`$", text, flags=re.MULTILINE)
    assert headings == list(LEDGER)
    assert re.findall(r"\]\(#(.+?)\)", text) == headings


def test_no_mark_is_left_over():
    """A dollar sign or a backtick without its partner would stand in the words."""
    for text in words_of(ledger_blocks()):
        for span in prose.spans(text):
            assert not isinstance(span, prose.Words) or not set("$`") & set(span.text), text


def words_of(blocks):
    """The prose in blocks, and in those of their items."""
    for block in blocks:
        yield getattr(block, "text", "")
        for item in getattr(block, "items", ()):
            yield from [item] if isinstance(item, str) else words_of(item)


def read(formula):
    """Text, LaTeX and MathML of a formula."""
    return formula.text, formula.latex, tuple(mathml(line, block=True) for line in formula.latex)


@pytest.mark.parametrize("label", LEDGER)
def test_every_claim_is_made_of_propositions_which_all_writers_set(label):
    """No statement is prose."""
    said = LEDGER[label].propositions
    assert said
    for text, lines, marked in (read(each.formula) for each in said):
        assert text
        assert all(line.isascii() for line in lines)
        assert all(part.startswith("<math") for part in marked)


@pytest.mark.parametrize("label", DERIVED)
def test_the_statement_printed_is_the_last_line_of_its_derivation_printed(label):
    """By normal form they are equal, or nothing would be proved; here they are compared as printed."""
    ends = derived_ends(label)
    assert len(ends) == len(LEDGER[label].propositions)
    for statement, end in ends:
        assert read(statement) == read(end)
        assert all(part.startswith("<math") for part in read(statement)[2])
