"""Propositions against samples: what is averaged, what is wrong, and which variants are the same limit."""

import numpy as np
import pytest
from sympy import Integer, Rational, exp, log, oo, sqrt

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.effort import EFFORTS
from jacspec.proofs_check.claims.evidence import Status
from jacspec.proofs_check.referee.propositions.sampled import (
    Batch,
    Quantity,
    SampledPropositions,
    on_samples,
    variants,
)
from jacspec.proofs_check.referee.statistics import Prediction
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.chance import Convergence, Law, Mean, Probability, Variance
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, s

SIZE = {N: Integer(100)}
LOGS = {s(1): np.random.default_rng(0).normal(3.0, 2.0, 4000)}


def grows(left, right):
    return Proposition(left, Relation.LIMIT, right, towards=(N, oo))


MEAN = grows(Mean(log(s(1))) / N, Rational(1, 2))
VARIANCE = grows(Variance(log(s(1))) / N, Integer(2))
LAW = grows((log(s(1)) - N / 2) / sqrt(N), Law("normal", 2))


def draw(count, generator):
    """log s_1 is normal, of mean N/2 and variance 2N."""
    return {"J": Batch({s(1): generator.normal(50.0, sqrt(200), count).astype(float)})}


def found(proposition, wave=None, **others):
    quantity = Quantity("x", proposition, {}, ((1, "J", SIZE),), Prediction(0.0), wave=wave)
    engine = SampledPropositions(lambda: (quantity,), draw, "nothing", least=20_000, **others)
    return engine.gather(effort=EFFORTS["quick"], seed=0)


def test_what_is_averaged():
    values = LOGS[s(1)]
    assert np.array_equal(on_samples(Mean(log(s(1))) * 2 + 1, LOGS), 2 * values + 1)
    assert np.allclose(on_samples(log(2 * s(1)), LOGS), np.log(2) + values)
    assert np.allclose(on_samples(s(1) ** 2, LOGS), np.exp(2 * values))
    assert on_samples(Variance(log(s(1))), LOGS).mean() == pytest.approx(4, rel=0.1)
    dead = {s(1): np.array([-np.inf, 0.0, 1.0])}
    assert np.array_equal(on_samples(Probability(s(1), 0), dead), [1, 0, 0])
    assert np.array_equal(on_samples(Probability(s(1), 1), dead), [0, 1, 0])
    with pytest.raises(TypeError, match="expected means, variances"):
        on_samples(Convergence(s(1), N), LOGS)


@pytest.mark.parametrize("proposition", [MEAN, VARIANCE, LAW], ids=str)
def test_what_is_true_is_supported_and_its_variants_are_rejected(proposition):
    wave = (1.0, np.cos) if proposition is LAW else None
    finding = found(proposition, wave)
    assert finding.evidence.status is Status.FOR
    assert finding.mutants.killed >= 6
    assert not finding.mutants.survivors


@pytest.mark.parametrize(
    ("proposition", "wave"),
    [
        (grows(MEAN.left, Rational(51, 100)), None),
        (grows(VARIANCE.left, Rational(17, 8)), None),
        (grows(LAW.left, Law("Laplace", 2)), (1.0, np.cos)),
        (grows(LAW.left, Law("normal", 3)), (1.0, np.cos)),
        (grows(LAW.left + 1, Law("normal", 2)), (1.0, np.sin)),
    ],
    ids=str,
)
def test_what_is_false_is_rejected(proposition, wave):
    assert found(proposition, wave).evidence.status is Status.AGAINST


def test_a_variant_with_the_same_limit_is_no_wrong_one():
    """log 2s is log s + log 2, which vanishes beside N; a variance and a symmetric law know no sign."""
    said = dict(variants(LAW))
    assert "argument: $log(s_1)$ becomes $log(2 s_1)$ on the left" in said
    assert "sign changed on the left" in said
    assert found(LAW, (1.0, np.cos)).mutants.equivalent == 2
    assert found(VARIANCE).mutants.equivalent == 2


def test_the_variants_of_a_law_are_its_variance_and_the_other_laws():
    rights = {text(varied.right) for _, varied in variants(LAW)}
    assert {"𝒩(0, 4)", "U(0, 2)", "Laplace(0, 2)", "±(0, 2)"} <= rights


def test_a_wrong_right_side_that_is_named_counts():
    wrong = {"e": (MEAN, exp(Integer(1)))}
    assert found(MEAN, others=wrong).mutants.total == found(MEAN).mutants.total + 1


def test_what_an_equality_cannot_be_told_from_survives():
    equality = Proposition(MEAN.left, Relation.EQUAL, MEAN.right)
    near = {"nearly": (equality, Rational(500001, 10**6))}
    assert found(equality, others=near).mutants.survivors == ("'nearly' is within the errors of the sample",)


@pytest.mark.parametrize(
    "left",
    [
        Mean(log(s(1))) ** 2,
        Mean(log(s(1))) * Variance(log(s(1))),
        Variance(Mean(log(s(1)))),
        sqrt(Variance(log(s(1)))),
        log(s(1)) + Mean(log(s(1))) * log(s(1)),
    ],
    ids=str,
)
def test_what_no_mean_of_samples_estimates_is_refused(left):
    with pytest.raises(InputError, match="is not what samples estimate"):
        found(grows(left, Integer(1)))


def test_a_random_side_by_itself_is_compared_in_a_limit_only():
    with pytest.raises(InputError, match="is not what samples estimate"):
        found(Proposition(log(s(1)), Relation.EQUAL, Integer(50)))
