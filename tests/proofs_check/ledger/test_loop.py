"""Section 5: verdicts, ratios against an independent computation, and how much alignment is needed."""

import dataclasses

import numpy as np
import pytest

from jacspec.numerics import Chain, gradient_flow, velocities
from jacspec.numerics.measures.top_mode import top_mode_quotients
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Trend
from jacspec.proofs_check.interpretation import evaluate
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble
from jacspec.proofs_check.ledger.loop import _gaussian, _ratios
from jacspec.proofs_check.referee.limits import resolved
from jacspec.theory.notation.symbols import k
from jacspec.theory.results.propositions.loop import PROPOSITIONS
from tests.proofs_check.ledger.reports import report_of


def test_the_top_mode_closes():
    report = report_of("loop-closes-top-mode")
    assert report.verdict is Verdict.SUPPORTED, (report.error, report.evidence)
    assert report.mutants.killed == report.mutants.total >= 3
    (series,) = report.evidence[0].series
    assert series.median_magnitude[-1] == pytest.approx(1, abs=0.1)


def test_the_rates_of_the_top_mode_are_two_and_one():
    report = report_of("top-mode-rates")
    assert report.verdict is Verdict.SUPPORTED, (report.error, report.evidence)
    assert report.mutants.killed == report.mutants.total == 4
    for series, power in zip(report.evidence[0].series, (-2, -1), strict=True):
        assert abs(series.power - power) <= 3 * series.power_error < 0.75


def test_what_is_sampled_is_what_the_statements_say():
    """The quotients in float64 against the propositions, on a chain of balls."""
    generator = np.random.default_rng(3)
    moving = _gaussian(6, generator)
    quotients = top_mode_quotients([M[None] for M in moving.chain.factors], _floats(moving.gradient)[None])
    with balls(256):
        for proposition, sampled in zip(
            PROPOSITIONS["top-mode-rates"], (quotients.decoupled - 1, quotients.closed_form), strict=True
        ):
            said = float(evaluate(proposition.left, moving.point, {k: 1}))
            assert said == pytest.approx(np.log(np.abs(sampled[0])) / np.log(6), rel=1e-9)


def _floats(matrix):
    return np.array([[float(entry.p) / float(entry.q) for entry in row] for row in matrix.tolist()])


def test_the_other_modes_do_not():
    """They fall like s_k/s_1: at the rate γ_k - γ_1, as the alignment budget has it."""
    report = report_of("loop-closes-all-modes")
    assert report.verdict is Verdict.REFUTED
    top, *others = report.evidence[0].series
    assert top.reading is not Trend.STAYS_AWAY
    ensemble = Ensemble(3, 3**-0.5)
    for mode, series in enumerate(others, 2):
        assert series.reading is Trend.STAYS_AWAY
        expected = ensemble.exponent(mode) - ensemble.exponent(1)
        assert series.rate == pytest.approx(expected, abs=3 * series.rate_error)
    assert report.evidence[0].series[2].median_magnitude[-1] < 1e-20


@pytest.mark.parametrize("depth", [3, 8])
def test_ratios_are_those_of_the_velocities_by_mpmath(depth):
    moving = _gaussian(depth, np.random.default_rng(depth))
    found, bits = resolved(lambda: _ratios((1, 2, 3))(moving))
    expected = velocities(moving.chain, gradient_flow(moving.chain, moving.gradient)).ratios
    with balls(bits):
        values = [float(ball) for ball in found.values()]
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_a_diagonal_chain_is_decoupled():
    moving = dataclasses.replace(
        _gaussian(2, np.random.default_rng(0)),
        chain=Chain([[[3, 0, 0], [0, 2, 0], [0, 0, 1]], [[5, 0, 0], [0, 3, 0], [0, 0, 1]]]),
    )
    with balls(256):
        for ratio in _ratios((1, 2, 3))(moving).values():
            assert ratio.contains(1)
            assert ratio.rad() < 1e-60


def test_the_budget_is_met_on_chains_and_its_variants_are_not():
    """The derivation is checked with the others, in test_derivation_table.py."""
    claim = LEDGER["alignment-budget"]
    report = verify(dataclasses.replace(claim, derivation=None), effort=Effort("few", 30, 20))
    assert report.verdict is Verdict.SUPPORTED, report.error
    assert report.mutants.killed == report.mutants.total > 20
