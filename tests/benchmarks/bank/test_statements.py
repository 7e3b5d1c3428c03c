"""The bank in the vocabulary: the same statements, in one line each, and the same truth."""

import pytest

from benchmarks.bank import BANK
from benchmarks.bank.statements import STATEMENTS
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import search_statement
from jacspec.theory.statements.printing import latex, text

TRUE = {entry.label: entry.true for entry in BANK}


def test_at_least_130_of_them_fit():
    assert len(STATEMENTS) >= 130
    assert STATEMENTS.keys() <= TRUE.keys()


@pytest.mark.parametrize("label", STATEMENTS)
def test_true_ones_are_not_refuted_and_false_ones_are(label):
    said = STATEMENTS[label]
    found = search_statement(said, seed=0, effort=SEARCH_EFFORTS["quick"])
    if TRUE[label]:
        assert found.hit is None
        assert found.tally.decided - found.tally.undecided >= 20
    else:
        assert found.hit is not None
        assert judge_statement(said, found.hit.example).truth is Truth.FAILS


@pytest.mark.parametrize("label", STATEMENTS)
def test_each_is_printed(label):
    for comparison in (*STATEMENTS[label].relations, *STATEMENTS[label].given):
        assert text(comparison)
        assert latex(comparison).isascii()
