"""The rank-r bound: its verdict, special cases that must agree, sharpness."""

from __future__ import annotations

from flint import fmpq_mat
from sympy import Rational

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.alignment.leading_rank import leading_regularity
from jacspec.theory.results.alignment import rank_bounds

CLAIM = LEDGER["alignment-rank-r"]
B = fmpq_mat(2, 2, [1, 2, -1, 3])
A = fmpq_mat(2, 2, [4, 1, 0, 1])


def test_verdict() -> None:
    report = verify(CLAIM, effort="quick")
    assert report.verdict is Verdict.PROVED, report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 3


def test_full_rank_regularity_is_the_least_singular_value() -> None:
    with balls(128):
        assert leading_regularity(Chain([B, A]), 2).overlaps(singular_values(B)[1])


def test_the_sharper_factor_is_between_one_and_two() -> None:
    below, ledger = rank_bounds.rank_bound_below(), rank_bounds.rank_bound()
    q, s_i, s_k, s_next = below.parameters
    for tail, factor in ((0, 1), (Rational(1, 10), Rational(102, 100)), (1, 2)):
        at = {q: 2, s_i: 3, s_k: 1, s_next: tail}
        assert below.expression.subs(at) / ledger.expression.subs(at) * 2 == factor
