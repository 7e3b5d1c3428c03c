"""The bank as functions, standard effort: the false statements are refuted, certified, and no true one is.

The search of functions takes a quarter of an hour for all of them: every fourth here, all of them under the
profile ``deep`` and by ``python -m benchmarks.bank``. As lines of mathematics all are searched here, too.
"""

import os

import pytest

from benchmarks.bank import BANK
from jacspec.proofs_check import Verdict, verify

TRUE = [entry for entry in BANK if entry.true]
FALSE = [entry for entry in BANK if not entry.true]
EVERY = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 4


def by_label(entry):
    return entry.label


def test_the_bank_is_large_and_its_labels_are_its_own():
    assert len(TRUE) >= 25
    assert len(FALSE) >= 25
    assert len({entry.label for entry in BANK}) == len(BANK)
    assert all(entry.source and entry.mutants for entry in TRUE)


@pytest.mark.parametrize("entry", TRUE[::EVERY], ids=by_label)
def test_no_true_statement_is_refuted_and_its_mutants_are(entry):
    report = verify(entry.claim(), effort="standard")
    assert report.error == ""
    assert report.verdict is Verdict.SUPPORTED
    assert report.counterexample is None
    assert report.mutants.killed == report.mutants.total >= 1


@pytest.mark.parametrize("entry", FALSE[::EVERY], ids=by_label)
def test_every_false_statement_is_refuted_with_a_certificate(entry):
    report = verify(entry.claim(), effort="standard")
    assert report.verdict is Verdict.REFUTED
    # Evaluated again at four times the precision that decided, which is 96 bits at least.
    assert report.counterexample.precision_bits >= 4 * 96
