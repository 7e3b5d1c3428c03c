"""docs/ledger.md is what the claims say, whole, and its links lead somewhere."""

import re
from pathlib import Path
from unicodedata import combining, normalize

import pytest
from sympy.core.function import AppliedUndef

from jacspec.documents import prose
from jacspec.documents.mathml import mathml
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.document import (
    derived_ends,
    ledger_blocks,
    ledger_document,
    ledger_expressions,
)
from jacspec.theory.notation.glossary import GLOSSARY, letter
from jacspec.theory.notation.heads import UserSymbol, head_of
from jacspec.theory.notation.symbols import N, i, j, k, l, n

IN_PART = (
    "lyapunov-gap-all-orders",
    "lyapunov-gaussian",
    "lyapunov-masked",
    "lyapunov-fluctuations",
    "depth-intercept",
)
"""What follows from the last line is said in words, or is a limit of which the value is derived."""
DERIVED = [
    claim.label
    for claim in LEDGER.values()
    if claim.propositions and claim.derivation is not None and claim.label not in IN_PART
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


def letters_of(text):
    """The letters of its formulas that stand for something, without accents and indices."""
    formulas = "\n".join(
        span.text for span in spans_of(prose.spans(text)) if isinstance(span, prose.Mathematics)
    )
    plain = "".join(sign for sign in normalize("NFD", formulas) if not combining(sign))
    return set(re.findall(r"(?<![A-Za-z])[A-Za-zΑ-ΡΤ-ω](?![A-Za-z])", re.sub(r"d/dt", "", plain)))


def spans_of(spans):
    for span in spans:
        yield from spans_of(span.inside) if isinstance(span, prose.Strong | prose.Link) else [span]


def test_no_symbol_of_the_ledger_has_two_meanings():
    """All are of the notation, where each letter has one meaning, or declared with a letter of their own."""
    known = frozenset().union(*(each.heads for each in GLOSSARY))
    numbers = frozenset().union(*(each.numbers for each in GLOSSARY))
    declared = set()
    for expression in ledger_expressions():
        heads = {head_of(atom).upright.at_rest for atom in expression.atoms(AppliedUndef)}
        declared |= {head.quantity for head in heads - known}
        assert {letter(each) for each in expression.free_symbols - {N, n, i, j, k, l}} <= numbers, expression
    assert all(isinstance(each, UserSymbol) for each in declared)
    names = [each.name for each in declared]
    assert len(names) == len({*names})
    assert not {*names} & letters_of(" ".join(each.words for each in GLOSSARY))


def test_every_letter_in_the_words_of_the_ledger_is_explained_there():
    blocks = tuple(ledger_blocks())
    conventions, notation = blocks[3], blocks[4]
    explained = letters_of(conventions.text).union(*map(letters_of, notation.items))
    explained |= {"e", "d", "T"}  # d of integrals and derivatives; T_k by the remark that names it
    for text in words_of(blocks):
        assert letters_of(text) <= explained, text


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


@pytest.mark.parametrize("label", IN_PART)
def test_what_is_derived_in_part_is_said_to_be(label):
    claim = LEDGER[label]
    assert not derived_ends(label)
    row = f"| [`{label}`](#{label}) | {claim.author} | {claim.expected.value} | in part |"
    assert row in ledger_document()


@pytest.mark.parametrize("label", DERIVED)
def test_the_statement_printed_is_the_last_line_of_its_derivation_printed(label):
    """By normal form they are equal, or nothing would be proved; here they are compared as printed."""
    ends = derived_ends(label)
    assert len(ends) == len(LEDGER[label].propositions)
    for statement, end in ends:
        assert read(statement) == read(end)
        assert all(part.startswith("<math") for part in read(statement)[2])
