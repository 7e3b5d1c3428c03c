"""The rank-r bound and the remainder: verdicts, special cases that must agree, sharpness."""

from __future__ import annotations

import pytest
from flint import arb, fmpq_mat
from sympy import Poly, Rational

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.alignment.leading_rank import leading_regularity
from jacspec.proofs_check.ledger.dynamics.remainder import error_and_bound
from jacspec.theory.results.alignment import rank_bounds
from jacspec.theory.results.dynamics import remainder

B = fmpq_mat(2, 2, [1, 2, -1, 3])
A = fmpq_mat(2, 2, [4, 1, 0, 1])


@pytest.mark.parametrize("label", ["alignment-rank-r", "remainder-bound"])
def test_verdict(label: str) -> None:
    report = verify(LEDGER[label], effort="quick")
    derived = LEDGER[label].derivation is not None
    assert report.verdict is (Verdict.PROVED if derived else Verdict.SUPPORTED), report.trouble
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


def test_the_simple_constant_is_the_weaker_one() -> None:
    layer, constant = remainder.layer_remainder(), remainder.simple_constant()
    epsilon = layer.parameters[0]
    slack = (epsilon * constant.expression - layer.expression).expand()
    at_most_one = slack.xreplace({epsilon**2: epsilon}).expand()
    # ε² ≤ ε, and every symbol is non-negative: coefficients decide.
    assert all(coefficient > 0 for coefficient in Poly(at_most_one, *layer.parameters).coeffs())


def test_the_bounds_are_in_order_on_a_chain() -> None:
    motion = (fmpq_mat(2, 2, [0, 0, 0, 0]), fmpq_mat(2, 2, [1, 0, 0, 0]))
    with balls(192):
        error, bound, simple = error_and_bound((Chain([B, A]), motion), 1)
        assert arb(0) < error < bound < simple
