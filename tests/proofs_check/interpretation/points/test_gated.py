"""A gated network read as a chain: absorption and entrywise descent, against hand calculation."""

from __future__ import annotations

from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.interpretation import evaluate
from jacspec.proofs_check.interpretation.points.gated import GatedPoint
from jacspec.theory.notation.symbols import M, Wdot, gate

W1 = fmpq_mat(2, 2, [1, 2, 3, 4])
W2 = fmpq_mat(2, 2, [5, 6, 7, 8])
G = fmpq_mat(2, 2, [1, 0, 0, -1])


def test_absorbed_factors_carry_the_gates() -> None:
    point = GatedPoint(Chain([W1, W2]), [(1, 0)], G)
    assert evaluate(M(1), point) == arb_mat([[1, 2], [0, 0]])
    assert evaluate(M(2), point) == arb_mat([[5, 0], [7, 0]])


def test_entrywise_descent_is_the_formula() -> None:
    point = GatedPoint(Chain([W1, W2]), [(1, 0)], G)
    D = fmpq_mat(2, 2, [1, 0, 0, 0])
    assert evaluate(Wdot(1), point) == arb_mat(-(D * W2.transpose() * G))
    assert evaluate(Wdot(2), point) == arb_mat(-(G * (D * W1).transpose()))


def test_the_outer_gates_are_open() -> None:
    point = GatedPoint(Chain([W1, W2]), [(0, 0)], G)
    identity = arb_mat([[1, 0], [0, 1]])
    assert evaluate(gate(0), point) == evaluate(gate(2), point) == identity
    assert evaluate(M(1), point) == identity * arb(0)
