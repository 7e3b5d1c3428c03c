"""The arithmetic that proposes gives what the exact one gives, example by example, for every operation."""

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat

from jacspec import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, MissingTermError
from jacspec.proofs_check.interpretation.statements.float_functions import exponential, inverse, polygamma
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.tree import BINDERS, LEAVES, RELATIONS, Op
from tests.theory.statements.examples import EXAMPLES

COUNT = 5


def test_every_operation_is_there():
    assert set(Batches().operations) == set(Op) - LEAVES - BINDERS - RELATIONS - {Op.AT}


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize(
    "node",
    [e for op, e in EXAMPLES.items() if op not in RELATIONS | {Op.CHAIN, Op.SYMBOL}],
    ids=lambda e: e.op.name,
)
def test_every_operation_agrees_with_the_exact_arithmetic(node, size):
    rng = np.random.default_rng(size)
    # Diagonally dominant, hence invertible.
    whole = {name: rng.integers(-4, 5, (COUNT, size, size)) + 17 * np.eye(size, dtype=int) for name in "AB"}
    floats = {
        **{name: X * 1.0 for name, X in whole.items()},
        "x": np.arange(1.0, COUNT + 1),
        "w": np.full(COUNT, 2.0),
    }
    floats["F"] = np.stack([floats["A"], floats["B"]], axis=1)
    sizes = {"n": size, "N": 2}
    batch = Evaluator(Batches(), floats, sizes).value(node, {"i": 1})
    for example in range(COUNT):
        values = {name: fmpq_mat(X[example].tolist()) for name, X in whole.items()}
        values |= {"x": fmpq(example + 1), "w": fmpq(2), "F": Chain([values["A"], values["B"]])}
        with balls(150):
            exact = Evaluator(Balls(), values, sizes).value(node, {"i": 1})
        mine = np.broadcast_to(batch, (COUNT, *np.shape(batch)[1:]) if np.ndim(batch) else (COUNT,))[example]
        entries = exact.entries() if node.is_matrix else [exact]
        truth = np.array([float(arb(entry).mid()) for entry in entries]).reshape(mine.shape)
        np.testing.assert_allclose(mine, truth, rtol=1e-9, atol=1e-9 * (1 + np.abs(truth).max()))


def test_terms_that_do_not_exist_are_missing_here_too():
    A = v.matrix("A")
    at = Evaluator(Batches(), {"A": np.zeros((2, 3, 3))}, {"n": 3})
    for node in (
        v.s(4, A),
        A[1, 4],
        v.block(A, (1, 4), (1, 1)),
        v.norm(A, "ky fan", 4),
        v.overlap(4, A, 1, A),
    ):
        with pytest.raises(MissingTermError):
            at.value(node, {})


def test_what_has_no_value_is_nan():
    singular = np.array([[[1.0, 1.0], [1.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]])
    found = inverse(singular)
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1], [[0.5, 0], [0, 1]])
    assert np.isnan(polygamma(np.array([0.0, -1.5]), 0)).all()
    assert np.isnan(exponential(np.full((1, 2, 2), 1e3))).all()
