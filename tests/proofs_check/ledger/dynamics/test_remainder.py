"""The remainder: its verdict, and its two bounds in order."""

from __future__ import annotations

from flint import arb, fmpq_mat
from sympy import Poly

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.dynamics.remainder import error_and_bound
from jacspec.theory.results.dynamics import remainder

CLAIM = LEDGER["remainder-bound"]
B = fmpq_mat(2, 2, [1, 2, -1, 3])
A = fmpq_mat(2, 2, [4, 1, 0, 1])


def test_verdict() -> None:
    report = verify(CLAIM, effort="quick")
    assert report.verdict is Verdict.PROVED, report.error
    tally = report.mutants
    assert tally.killed + tally.unrefuted == tally.total
    assert tally.killed >= 3


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
