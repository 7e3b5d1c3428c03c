"""Concrete values for the notation of ``theory``: expressions evaluated in balls at an exact point.

An interpretation assigns a ball, a vector or a matrix of balls to every head of the notation. Two
kinds are used: random exact points of the domain of the assumptions that a step uses
(:class:`AssumptionPoint`), and the quantities of an actual chain
(``proofs_check/interpretation/points/chain.py``).
Precision is the caller's: everything runs at the ball precision in force.
"""

from jacspec.proofs_check.interpretation.assumption_point import AssumptionPoint
from jacspec.proofs_check.interpretation.base import Interpretation, evaluate, evaluate_scalar, known
from jacspec.proofs_check.interpretation.formula_evaluation import evaluate_formula
from jacspec.proofs_check.interpretation.values import Known, Value, difference, in_balls, norm, transposed

__all__ = [
    "AssumptionPoint",
    "Interpretation",
    "Known",
    "Value",
    "difference",
    "evaluate",
    "evaluate_formula",
    "evaluate_scalar",
    "in_balls",
    "known",
    "norm",
    "transposed",
]
