"""The arithmetic that decides: against closed forms, exact arithmetic and NumPy; exact where it can be."""

from fractions import Fraction
from math import gamma, isqrt, sqrt

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat
from scipy import linalg, special

from jacspec import Chain, factors, left_vector, right_vector
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation.statements.ball_operations import OPERATIONS, power
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
)
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.tree import BINDERS, LEAVES, RELATIONS, Op
from tests.theory.statements.examples import EXAMPLES

A, B, x = v.matrix("A"), v.matrix("B"), v.scalar("x")
i, k, n = v.index("i"), v.index("k"), v.size("n")
VALUES = {
    "A": fmpq_mat([[1, 2, 0], [-1, 3, 1], [2, 0, 1]]),
    "B": fmpq_mat([[2, 0, 1], [1, 1, 0], [0, -1, 4]]),
    "S": fmpq_mat([[2, 1, 0], [1, 3, -1], [0, -1, 1]]),
    "x": fmpq(5, 2),
}
FLOATS = {name: np.array([[float(Fraction(int(e.p), int(e.q))) for e in row] for row in X.tolist()])
          for name, X in VALUES.items() if name != "x"}  # fmt: skip
PA, PB, PS = FLOATS["A"], FLOATS["B"], FLOATS["S"]
S = v.matrix("S")


def value(node, **indices):
    with balls(200):
        return Evaluator(Balls(), VALUES, {"n": 3}).value(node, indices)


def singular(X):
    return np.linalg.svd(X, compute_uv=False)


def test_every_operation_is_there():
    assert set(Balls().operations) == set(Op) - LEAVES - BINDERS - RELATIONS - {Op.AT}


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (v.s(2, A @ B), singular(PA @ PB)[1]),
        (v.eig(3, S), np.linalg.eigvalsh(PS)[0]),
        (v.eigenmodulus(1, A), abs(np.linalg.eigvals(PA)).max()),
        (v.eigenmodulus(3, A), abs(np.linalg.eigvals(PA)).min()),
        (v.norm(A), singular(PA)[0]),
        (v.norm(A, "frobenius"), np.linalg.norm(PA)),
        (v.norm(A, "nuclear"), singular(PA).sum()),
        (v.norm(A, "ky fan", 2), singular(PA)[:2].sum()),
        (v.norm(A, "schatten", 3), (singular(PA) ** 3).sum() ** (1 / 3)),
        (v.overlap(1, A, 2, B), abs(np.linalg.svd(PA)[0][:, 0] @ np.linalg.svd(PB)[0][:, 1])),
        (v.s(1, v.expm(A)), singular(linalg.expm(PA))[0]),
        (v.s(1, v.hadamard(A, B)), singular(PA * PB)[0]),
        (v.s(4, v.kronecker(A, B)), singular(np.kron(PA, PB))[3]),
        (v.s(2, v.direct_sum(A, B)), sorted([*singular(PA), *singular(PB)])[-2]),
        (v.s(1, v.triu(A)), singular(np.triu(PA))[0]),
        (v.tr(v.modulus(A)), singular(PA).sum()),
        (v.s(1, A.inv), 1 / singular(PA)[2]),
        (v.norm(v.tr(A) * left_vector(2, A)), np.trace(PA)),
        ((left_vector(1, A).T @ A @ right_vector(1, A))[1, 1], singular(PA)[0]),
        (v.log(x), np.log(2.5)),
        (v.exp(x), np.exp(2.5)),
        (x**x, 2.5**2.5),
        (x ** (1 / n), 2.5 ** (1 / 3)),
        (v.digamma(x), special.digamma(2.5)),
        (v.polygamma(1, x), special.polygamma(1, 2.5)),
        (v.polygamma(2, x), special.polygamma(2, 2.5)),
        (v.total(v.s(i, A), i, 2, n), singular(PA)[1:].sum()),
        (v.product(v.s(i, A) * v.s(i, B), i, 1, 2), (singular(PA) * singular(PB))[:2].prod()),
    ],
    ids=str,
)  # fmt: skip
def test_values_agree_with_numpy_and_are_narrow(node, expected):
    found = arb(value(node))
    assert float(found.mid()) == pytest.approx(expected, rel=1e-12)
    assert float(found.rad()) < 1e-40


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (v.det(A @ B), fmpq(9 * 7)),
        (v.tr(A), fmpq(5)),
        (A.rank, fmpq(3)),
        (A[2, 1], fmpq(-1)),
        (v.largest_entry(A), fmpq(3)),
        (v.norm(v.block(A, (1, 1), (1, 2)), "frobenius") ** 2, fmpq(5)),
        (v.product(v.s(i, A), i, 1, n), fmpq(9)),
        (v.total(v.s(i, A) ** 2, i, 1, n), fmpq(21)),
        (v.total(v.eig(i, S), i, 1, n), fmpq(6)),
        (v.product(v.eig(i, S), i, 1, n), fmpq(3)),
        (v.s(1, v.identity() * 3), fmpq(3)),
        (v.sqrt(x - v.number("1/4")), fmpq(3, 2)),
        (v.number("8/27") ** v.number("-2/3"), fmpq(9, 4)),
        (v.minimum(x, 2), fmpq(2)),
        (v.delta(1, 2), fmpq(0)),
        (abs(-x) - x, fmpq(0)),
        (0 * v.log(x), fmpq(0)),
        (v.exp(x - x), fmpq(1)),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_rational_stays_exact(node, expected):
    found = value(node)
    assert isinstance(found, fmpq)
    assert found == expected


def test_a_number_that_is_defined_alike_is_one_object():
    with balls(100):
        at = Evaluator(Balls(), VALUES, {"n": 3})
        assert at.value(v.s(1, A), {}) is at.value(v.s(k, A.T), {"k": 1})


@pytest.mark.parametrize(
    ("node", "error"),
    [
        (v.s(4, A), MissingTermError),
        (v.s(n - 3, A), MissingTermError),
        (v.norm(A, "ky fan", 4), MissingTermError),
        (A[1, 4], MissingTermError),
        (v.block(A, (2, 4), (1, 1)), MissingTermError),
        (v.overlap(4, A, 1, B), MissingTermError),
        (1 / (x - x), NoValueError),
        ((A - A).inv, NoValueError),
        (v.log(x - x), NoValueError),
        (v.log(-x), NoValueError),
        (v.digamma(-x), NoValueError),
        (v.sqrt(-x), NoValueError),
        ((x - x) ** -1, NoValueError),
        ((-x) ** x, NoValueError),
        (v.eig(1, A), NoValueError),
        (v.total(v.eig(i, A), i, 1, n), NoValueError),
        (x ** (1 / (n - 3)), NoValueError),
        (v.norm(A, "schatten", v.number("1/2")), NoValueError),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_exist_is_said_to(node, error):
    with pytest.raises(error):
        value(node)


def test_singular_values_of_an_enclosure_contain_the_truth_and_are_narrow():
    """s_1 of exp(A) for a nilpotent A: exp(A) = I + A + A²/2, which is rational."""
    nilpotent = fmpq_mat([[0, 1, 2], [0, 0, 3], [0, 0, 0]])
    exact = fmpq_mat([[1, 1, fmpq(7, 2)], [0, 1, 3], [0, 0, 1]])
    with balls(200):
        enclosed = Evaluator(Balls(), {"A": nilpotent}, {"n": 3}).value(v.s(1, v.expm(A)), {})
        truth = arb(Evaluator(Balls(), {"A": exact}, {"n": 3}).value(v.s(1, A), {}))
    assert enclosed.overlaps(truth)
    assert float(enclosed.rad()) < 1e-50


def test_rational_roots_are_found_and_no_others():
    assert power(fmpq(16, 81), Fraction(1, 4)) == fmpq(2, 3)
    assert isinstance(power(fmpq(2), Fraction(1, 2)), arb)
    big = fmpq(3**41 * 7**41)
    assert power(big, Fraction(1, 41)) == 21
    assert isqrt(10**40) == power(fmpq(10**40), Fraction(1, 2))


def test_polygamma_at_one_half():
    with balls(100):
        found = OPERATIONS[Op.POLYGAMMA](fmpq(1, 2), 1)
    assert found.contains(arb.pi() ** 2 / 2) or abs(float(found) - np.pi**2 / 2) < 1e-14
    assert gamma(0.5) == pytest.approx(sqrt(np.pi))


@pytest.mark.parametrize(
    "node", [e for op, e in EXAMPLES.items() if op not in RELATIONS], ids=lambda e: e.op.name
)
def test_every_operation_has_a_value_but_a_symbol_of_the_ledger(node):
    values = {**VALUES, "w": fmpq(2), "F": Chain([VALUES["A"], VALUES["B"], VALUES["S"]])}
    at = Evaluator(Balls(), values, {"n": 3, "N": 3})
    if node.op is Op.SYMBOL:
        with pytest.raises(NoValueError, match="symbol sA"):
            at.value(node, {"i": 1})
    else:
        assert at.value(node, {"i": 1}) is not None


def test_the_products_of_a_chain():
    M, layer, depth = factors("M"), v.index("l"), v.size("N")
    chain = Chain([VALUES["A"], VALUES["B"], VALUES["S"]])
    at = Evaluator(Balls(), {"M": chain}, {"n": 3, "N": 3})
    one, two, three = chain.exact
    assert at.value(M[2], {}) == two
    assert at.value(M.J, {}) == three * two * one
    assert at.value(M.A(2), {}) == three * two
    assert at.value(M.B(layer), {"l": 3}) == two * one
    assert at.value(M.A(depth + 1), {}) == at.value(M.B(1), {}) == Balls().identity(3)
    assert at.value(M.A(layer) @ M.B(layer) - M.J, {"l": 2}) == Balls().zero(3, 3)
    for node in (M[depth - 3], M[4], M.A(5), M.B(depth - 3)):
        with pytest.raises(MissingTermError):
            at.value(node, {})


def test_vectors_that_are_not_determined_have_no_value():
    at = Evaluator(Balls(), {"A": fmpq_mat([[1, 0], [0, 1]])}, {"n": 2})
    with pytest.raises(NoValueError, match="repeated"):
        at.value(left_vector(1, A), {})
    with pytest.raises(MissingTermError):
        at.value(right_vector(3, A), {})
