"""Premises that are equations: examples solve them exactly, in float64 too, and not the simplest alone."""

import numpy as np
import pytest
from flint import fmpq_mat

from jacspec import hadamard, identity, index, inner, matrix, norm, s, scalar, size, total, tr, vector
from jacspec.proofs_check.interpretation.statements.evaluation import NoValueError
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.proofs_check.referee.statements.examples.domains import domain_of
from jacspec.proofs_check.referee.statements.examples.families import draw
from jacspec.proofs_check.referee.statements.examples.parameters import exact_values, float_values
from jacspec.proofs_check.referee.statements.examples.rounding import as_exact
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import search_statement
from jacspec.theory.statements.statement import statement

A, B, P, X = map(matrix, "ABPX")
u, v, x, y, z = vector("u"), vector("v"), scalar("x"), scalar("y"), scalar("z")
i, j, n, one = index("i"), index("j"), size("n"), identity()
SIZE = {"n": 3}
PROJECTION = [P @ P == P, P.T == P]

PREMISES = {
    "antisymmetric": [A.T == -A],
    "symmetric of trace 0": [A.T == A, tr(A) == 0],
    "commuting": [A @ B == B @ A],
    "sums of rows and columns": [total(A[i, j], j, 1, n) == 1, total(A[i, j], i, 1, n) == 1],
    "Lyapunov": [-one == A @ X + X @ A.T, X.T == X],
    "a vector that is mapped to itself": [A @ u == u, A.T == A],
    "trace 1": [A >= 0, tr(A) == 1],
    "diagonal of trace 2": [hadamard(A, one) == A, tr(A) == 2],
    "orthogonal vectors": [inner(u, v) == 0],
    "a sum": [x + 2 * y + z == 1],
    "projection": PROJECTION,
    "idempotent": [A @ A == A],
    "involution": [one == A @ A],
    "symmetric involution": [one == A @ A, A == A.T],
    "square zero": [A @ A == 0],
    "normal": [A @ A.T == A.T @ A],
    "unit vector": [inner(u, u) == 1],
    "unit vector by its norm": [norm(u, "frobenius") == 1],
}


def of(given):
    names = {name for premise in given for side in premise.args for name in map(str, side.walk())}
    speaks = sum((tr(each) for each in (A, B, P, X) if str(each) in names), tr(A) * 0)
    return statement(speaks <= 1, given, {"n": (3, 3)})


@pytest.mark.parametrize("given", PREMISES.values(), ids=PREMISES)
def test_examples_solve_their_equations_exactly_and_in_float64(given):
    said = of(given)
    domain = domain_of(said)
    batch = draw(np.random.default_rng(0), domain, SIZE, 60)
    floats = float_values(domain, batch, SIZE)
    different, agreeing = set(), 0
    for row in range(60):
        try:
            exact = exact_values(domain, {name: as_exact(Y[row]) for name, Y in batch.items()}, SIZE)
        except (NoValueError, ZeroDivisionError):
            continue
        example = {name: exact[name] for name in said.variables}
        different.add(str(example))
        assert judge_statement(said, example) is not None
        for name, value in example.items():
            entries = value.entries() if isinstance(value, fmpq_mat) else [value]
            plain = np.array([int(e.p) / int(e.q) for e in entries]).reshape(floats[name][row].shape)
            agreeing += bool(
                np.allclose(floats[name][row], plain, rtol=1e-5, atol=1e-5 * (1 + np.abs(plain).max()))
            )
    assert len(different) >= 15
    assert agreeing >= 0.8 * len(different) * len(said.variables)


def test_equations_without_a_solution_have_no_example():
    said = statement(tr(A) <= 1, [tr(A) == 1, tr(A @ one) == 2])
    found = search_statement(said, seed=0, effort=SEARCH_EFFORTS["quick"])
    assert found.hit is None
    assert found.tally.decided == 0


FALSE = {
    "rank of antisymmetric matrices": statement(
        2 * s(1, A) <= 3 * s(3, A), [A.T == -A, A[1, 3] != 0, A[2, 4] != 0, s(4, A) > 0], {"n": (4, 4)}
    ),
    "Laplacians": statement(
        10 * s(1, A) <= 9 * norm(A, "frobenius"),
        [total(A[i, j], j, 1, n) == 0, A[1, 2] < 0, A[2, 1] < A[1, 2], A[2, 3] < 0, A[3, 1] != 0],
        {"n": (3, 3)},
    ),
    "purity": statement(tr(A @ A) >= 0.35, [A >= 0, tr(A) == 1], {"n": (3, 3)}),
    "eigenvectors in common": statement(
        A @ B == B @ A, [A @ u == u, B @ u == u, u[1] > 0, u[2] > 0, A.T == A, B.T == B], {"n": (3, 3)}
    ),
    "involutions": statement(
        s(1, A) <= 3, [one == A @ A, tr(A) == 0, A[1, 2] > 0, A[2, 1] > 0], {"n": (2, 2)}
    ),
    "normal matrices": statement(
        s(1, A) == s(2, A), [A @ A.T == A.T @ A, A[1, 2] != A[2, 1], A[1, 1] != A[2, 2], s(3, A) > 0],
        {"n": (3, 3)},
    ),
    "unit vectors": statement(
        inner(u, v) <= 0.5,
        [inner(u, u) == 1, inner(v, v) == 1, u[1] > 0, u[2] > 0, u[3] > 0, v[1] < 0],
        {"n": (3, 3)},
    ),
    "a correlation": statement(A[1, 3] >= A[1, 2] * A[2, 3] - 0.9, [A >= 0, A[i, i] == 1], {"n": (3, 3)}),
}  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("said", FALSE.values(), ids=FALSE)
def test_what_fails_at_other_than_the_simplest_solutions_is_refuted(said, seed):
    assert search_statement(said, seed=seed, effort=SEARCH_EFFORTS["quick"], shrink=False).hit is not None
