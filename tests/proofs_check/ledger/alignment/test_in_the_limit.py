"""Independent columns are not enough for alignment in the limit; independent rows are."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check import Claim, Expectation, Verdict, verify
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.replay import replay
from jacspec.theory.notation.symbols import cX
from jacspec.theory.results.propositions.alignment import AS_STATED
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


@pytest.mark.parametrize(
    ("first", "truth"),
    [
        ([[1, 0, 0], [0, 0, 0], [0, 1, 0]], Truth.HOLDS),
        ([[1, 1, 0], [1, 1, 1], [2, 2, 0]], Truth.FAILS),
        ([[1, 1, 0], [0, Fraction(1, 10**6), 0], [0, 0, 1]], Truth.HOLDS),
    ],
)
def test_columns_are_independent_where_their_least_singular_value_is_positive(first, truth) -> None:
    said = [name for name in COLUMNS.hypotheses if "columns" in name]
    assert said == ["leading columns"]
    example = {"chain": Chain([first, SCALING]), "rank": 2}
    assert judge(lambda: COLUMNS.hypotheses[said[0]](**example), cap=800).truth is truth


def test_the_least_singular_value_of_the_columns_is_that_of_V_B() -> None:
    """Of V_Aᵀ B, computed with V_A, and not of B."""
    turned = [[2, 1, 0], [0, 1, 1], [1, 0, 3]]
    B = [[1, 2, 0], [3, 1, 1], [0, 1, 2]]
    point = LeadingPoint(Chain([B, turned]), rank=2)
    V = np.linalg.svd(np.array(turned, dtype=float))[2]
    columns = (V @ np.array(B, dtype=float))[:, :2]
    said = float(point.head(cX, (2,)).mid())
    assert said == pytest.approx(np.linalg.svd(columns)[1][-1], rel=1e-12)


@pytest.mark.parametrize(("first", "refuted"), [([[1, 1], [0, 10**12]], False), ([[0, 0], [1, 2]], True)])
def test_a_certificate_refutes_no_limit_that_comes_nearer(first: list[list[int]], *, refuted: bool) -> None:
    """What the claim's author says in a certificate is checked against the two sides of the claim."""
    example = {"chain": Chain([first, [[2, 0], [0, 1]]]), "rank": 1}
    claim = Claim(
        label="aligns",
        given={name: st.just(value) for name, value in example.items()},
        certify=lambda **_: "it stays where it is",
        expected=Expectation.REFUTED,
        **searched([AS_STATED], LEDGER["alignment-as-stated"].conclusion.points.make),
    )
    assert verify(claim, effort="quick").verdict is (Verdict.REFUTED if refuted else Verdict.UNDECIDED)
    again = replay(claim, example)
    assert again.conclusion.truth is Truth.FAILS
    assert again.refutes is refuted
