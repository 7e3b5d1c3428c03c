"""Degrees: an entry for every operation, and what they say is true of values."""

from fractions import Fraction

import numpy as np
import pytest

from jacspec import det, exp, matrix, norm, overlap, s, scalar, tr
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.degrees import Degree, Degrees, degrees, uneven
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator
from jacspec.theory.statements.statement import statement
from jacspec.theory.statements.tree import BINDERS, LEAVES, RELATIONS, Op
from tests.theory.statements.examples import EXAMPLES

A, B, x = matrix("A"), matrix("B"), scalar("x")
NODES = [e for op, e in EXAMPLES.items() if op not in RELATIONS | {Op.CHAIN, Op.SYMBOL}]


def test_every_operation_is_there():
    assert set(Degrees().operations) == set(Op) - LEAVES - BINDERS - RELATIONS - {Op.AT}


@pytest.mark.parametrize("name", ["A", "B", "x", "F"])
@pytest.mark.parametrize("node", NODES, ids=lambda node: node.op.name)
def test_a_degree_is_how_the_value_scales(node, name):
    sizes = {"n": 3, "N": 2}
    rng = np.random.default_rng(0)
    shapes = {"A": (3, 3), "B": (3, 3), "x": (), "w": (), "F": (2, 3, 3)}
    values = {other: rng.standard_normal((4, *shape)) for other, shape in shapes.items()}
    values |= {"x": np.linspace(0.3, 4, 4), "w": np.full(4, 2.0)}
    of = {other: Degree(Fraction(int(other == name)), shape) for other, shape in shapes.items()}
    degree = Evaluator(Degrees(), of, sizes).value(node, {"i": 1})
    before = Evaluator(Batches(), values, sizes).value(node, {"i": 1})
    after = Evaluator(Batches(), {**values, name: values[name] * 3}, sizes).value(node, {"i": 1})
    if degree.power is None:
        assert not np.allclose(after, before)
    else:
        np.testing.assert_allclose(after, before * 3.0 ** float(degree.power), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (s(1, A @ B) <= s(1, A) * s(1, B), ""),
        (det(A) ** 2 <= norm(A, "frobenius") ** 3, "A"),
        (s(1, A) <= x, "A x"),
        (exp(tr(A)) >= 1 + tr(A), "A"),
        (overlap(1, A, 1, B) <= s(2, A) / s(1, A), ""),
        (tr(A) >= 0, ""),
    ],
    ids=str,
)
def test_variables_whose_scale_matters(relation, expected):
    assert uneven(statement(relation), {"n": 2}) == set(expected.split())


def test_both_sides_of_every_instance_have_degrees():
    found = degrees(statement(det(A @ B) == det(A) * det(B)), "A", {"n": 3})
    assert [(left.power, right.power) for left, right in found] == [(3, 3)]
