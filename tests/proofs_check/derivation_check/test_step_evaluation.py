"""Between exact values equality decides; between balls it is seen to a resolution."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, Rational

from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.step_evaluation import ChainJudge
from jacspec.proofs_check.derivation_check.step_points import step_points
from jacspec.theory import Relation, Step
from jacspec.theory.notation.symbols import k, s, u
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import ORTHONORMAL

UNSEEN = Rational(1, 2**250)
"""Below the resolution."""


def truth(step: Step) -> Truth:
    return ChainJudge(step, step_points(step, 0)).truth(step.relation, step.after)


def test_a_difference_below_the_resolution_decides_between_exact_values() -> None:
    step = Step(inner(u(k), u(k)), Relation.EQUAL, Integer(1), "unit vectors", uses=(ORTHONORMAL,))
    assert truth(step) is Truth.HOLDS
    assert truth(replace(step, after=step.after + UNSEEN)) is Truth.FAILS


def test_between_balls_it_does_not() -> None:
    step = Step(
        s(k) ** Rational(1, 7), Relation.EQUAL, s(k) ** Rational(1, 7) + UNSEEN, "roots", uses=(ORTHONORMAL,)
    )
    assert truth(step) is Truth.HOLDS
