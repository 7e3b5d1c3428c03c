"""The rank-r bounds: what is proved of them, and what is seen of a sharper factor."""

from __future__ import annotations

from flint import fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.ledger import LEDGER
from jacspec.theory.notation.symbols import cY
from tests.proofs_check.ledger.reports import report_of

B = fmpq_mat(2, 2, [1, 2, -1, 3])
A = fmpq_mat(2, 2, [4, 1, 0, 1])


def test_verdict() -> None:
    report = report_of("alignment-rank-r")
    assert report.verdict is Verdict.PROVED, report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 3


def test_full_rank_regularity_is_the_least_singular_value() -> None:
    with balls(128):
        assert LeadingPoint(Chain([B, A]), rank=2).head(cY, (2,)).overlaps(singular_values(B)[1])


def test_the_sharper_factor_is_searched_and_singular_chains_are_among_its_examples() -> None:
    claim = LEDGER["alignment-rank-r-sharper"]
    report = report_of(claim.label)
    assert report.verdict is Verdict.SUPPORTED, report.error
    singular = Chain([[[1, 2, 0], [1, 0, 1], [0, 2, -1]], [[5, 0, 0], [0, 2, 0], [0, 0, 1]]])
    with balls(200):
        bounds = dict(claim.conclusion(chain=singular, rank=2))
    assert len(bounds) == 8  # two bounds for two times two directions
    assert all(bound.margin > 0 for bound in bounds.values())
