"""Independent columns are not enough for alignment in the limit; independent rows are."""

import pytest

from jacspec.numerics import Chain
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER
from tests.proofs_check.ledger.reports import report_of

COLUMNS = LEDGER["alignment-columns"]
SCALING = [[4, 0, 0], [0, 2, 0], [0, 0, 1]]


def test_columns_are_refuted_by_an_example_of_the_searchs_own() -> None:
    report = report_of(COLUMNS.label)
    assert report.verdict is Verdict.REFUTED
    assert "R_{11} R_{22} - R_{12} R_{21} = 0" in report.counterexample.certificate


@pytest.mark.parametrize(
    ("first", "truth"),
    [
        ([[0, 1, 0], [1, 0, 0], [0, 0, 1]], Truth.HOLDS),
        ([[1, 2, 1], [1, 0, 1], [0, 3, 0]], Truth.HOLDS),
        ([[1, 0, 0], [0, 0, 0], [0, 1, 0]], Truth.FAILS),
    ],
)
def test_without_independent_rows_it_fails_and_is_certified(first: list[list[int]], truth: Truth) -> None:
    example = {"chain": Chain([first, SCALING]), "rank": 2}
    assert len(COLUMNS.hypotheses) == 2
    assert all(holds(**example) > 0 for holds in COLUMNS.hypotheses.values())
    assert judge(lambda: COLUMNS.conclusion(**example), cap=800).truth is truth
    assert (COLUMNS.certify(**example) is None) is (truth is Truth.HOLDS)
