"""The search: false statements are refuted by small exact examples, theorems by none, over several seeds."""

import pytest
from flint import fmpq, fmpq_mat

from jacspec import (
    Chain,
    det,
    digamma,
    eig,
    exp,
    factors,
    hadamard,
    identity,
    index,
    kronecker,
    left_vector,
    log,
    matrix,
    maximum,
    norm,
    number,
    overlap,
    polygamma,
    product,
    right_vector,
    s,
    scalar,
    size,
    total,
    tr,
    whole,
)
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.interpretation.statements.judging import judge_statement
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.statement_search import search_statement
from jacspec.theory.statements.statement import statement

A, B, D, Q = map(matrix, "ABDQ")
ID, x, y, w = identity(), scalar("x"), scalar("y"), whole("w")
M, layer = factors("M"), index("l")
i, j, k, n = index("i"), index("j"), index("k"), size("n")
QUICK = SEARCH_EFFORTS["quick"]
GATE = [hadamard(D, ID) == D, D @ D == D]

FALSE = [
    statement(s(1, A @ B) <= s(1, A) * s(2, B)),
    statement(s(1, A @ B - B @ A) <= s(1, A) * s(1, B)),
    statement(x**2 + y**2 > 2 * x * y),
    statement(A @ A <= B @ B, given=[A >= 0, B >= A]),
    statement(s(i, A @ D @ B) <= s(i, A @ B), given=[*GATE, det(A) != 0, det(B) != 0]),
    statement(polygamma(1, x) * exp(digamma(x)) <= 0.99, given=[x > 0, x <= 8]),
    statement(det(A) ** 2 <= 0.95 * product(total(A[i, j] ** 2, j, 1, n), i, 1, n), given=[A[1, 2] != 0]),
    statement(s(k, A) == s(k, B), given=[det(A) == det(B), det(A) != 0]),
    statement(w**2 <= 100 * w),
    statement(eig(1, A + B) <= maximum(eig(1, A), eig(1, B)), given=[A.T == A, B.T == B]),
    statement(n <= 3, given=[det(A) != 0]),
    statement((kronecker(A, ID) + kronecker(ID, B)).rank >= A.rank, ranges={"n": (2, 2)}),
    statement(s(k, M.J) <= s(k, M.A(layer)) * s(k, M.B(layer))),
    statement(
        overlap(1, M.A(2), k, M.J) <= s(k, M.A(2)) / s(1, M.A(2)), given=[k >= 2], ranges={"N": (2, 2)}
    ),
]
TRUE = [
    statement(s(i + j - 1, A @ B) <= s(i, A) * s(j, B)),
    statement(product(s(i, A @ B), i, 1, k) <= product(s(i, A) * s(i, B), i, 1, k)),
    statement(det(A) == det(A.T)),
    statement(s(i, Q @ A) == s(i, A), given=[Q.T @ Q == ID]),
    statement(log(x) - 1 / x <= digamma(x), given=[x > 0]),
    statement(det(A + B) >= det(A) + det(B), given=[A >= 0, B >= 0]),
    statement(s(k, M.J) <= s(k, M.A(layer)) * s(1, M.B(layer))),
    statement(left_vector(k, M.J).T @ M.J @ right_vector(k, M.J) >= 0, ranges={"N": (1, 2), "n": (1, 2)}),
]


def numbers_of(value):
    if isinstance(value, Chain):
        return [entry for factor in value.exact for entry in factor.entries()]
    return value.entries() if isinstance(value, fmpq_mat) else [value]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("said", FALSE, ids=str)
def test_what_is_false_is_refuted_by_a_small_exact_example(said, seed):
    hit = search_statement(said, seed=seed, effort=QUICK).hit
    assert hit is not None
    again = judge_statement(said, hit.example)
    assert again.truth is Truth.FAILS
    entries = [entry for value in hit.example.values() for entry in numbers_of(value)]
    assert len(entries) <= 32
    assert max(max(abs(e.p), e.q) if isinstance(e, fmpq) else e for e in entries) <= 10**4


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("said", TRUE, ids=str)
def test_a_theorem_is_not_refuted_and_is_decided_in_balls_at_many_examples(said, seed):
    found = search_statement(said, seed=seed, effort=QUICK)
    assert found.hit is None
    assert found.tally.decided - found.tally.undecided >= 30
    assert found.tally.proposed > 1000


def test_counterexamples_are_shrunk():
    assert search_statement(FALSE[2], seed=3, effort=QUICK).hit.example == {"x": 0, "y": 0}
    hit = search_statement(statement(tr(A) <= 100), seed=0, effort=QUICK).hit
    assert hit.sizes == {"n": 1}
    assert hit.example["A"][0, 0] <= 128


def test_a_violation_at_an_extreme_scale_is_found():
    said = statement(tr(A @ A.T) <= 10**8 * s(1, A), ranges={"n": (2, 2)})
    assert search_statement(said, seed=0, effort=QUICK).hit is not None
    small = statement(10**8 * tr(A @ A.T) >= s(1, A), given=[s(1, A) > 0], ranges={"n": (2, 2)})
    assert search_statement(small, seed=0, effort=QUICK).hit is not None


@pytest.mark.parametrize("effort", ["quick", "standard"])
@pytest.mark.parametrize(
    ("relation", "given"),
    [
        (norm(A) * norm(A.inv) <= number("1e15"), A > 0),
        (s(1, A) <= number("1e12") * s(n, A), A > 0),
        (tr(A.inv) * tr(A) <= number("1e18"), A > 0),
        (number("1e14") * B >= A, [A > 0, B > 0, tr(A) == tr(B)]),
    ],
    ids=str,
)
def test_a_violation_where_float64_sees_no_inverse_is_found(relation, given, effort):
    assert search_statement(statement(relation, given), seed=0, effort=SEARCH_EFFORTS[effort]).hit is not None


def test_numbers_are_shrunk_too():
    hit = search_statement(statement(x * y * w <= 10, given=[x + y < 0]), seed=0, effort=QUICK).hit
    assert all(abs(value) <= 32 for value in hit.example.values())


def test_the_same_seed_gives_the_same_search():
    one, two = (search_statement(FALSE[3], seed=7, effort=QUICK) for _ in range(2))
    assert one.hit.example == two.hit.example
    assert one.tally == two.tally


def test_what_stays_undecided_is_named():
    found = search_statement(statement(exp(log(s(1, A))) <= s(1, A)), seed=0, effort=QUICK)
    assert found.hit is None
    assert found.tally.undecided
    two = statement([exp(log(s(1, A))) <= s(1, A), tr(A) == tr(A.T)])
    assert set(search_statement(two, seed=0, effort=QUICK).tally.limiting) == {"exp(log(s_1(A))) ≤ s_1(A)"}


def test_premises_that_no_example_meets_are_seen():
    found = search_statement(statement(tr(A) <= 1, given=[tr(A) > 2, tr(A) < 1]), seed=0, effort=QUICK)
    assert found.hit is None
    assert found.tally.decided == 0


def test_a_tiny_violation_is_found_by_climbing_and_certified():
    """tr(A)² ≤ n ‖A‖_F² is sharp at multiples of the identity only."""
    said = statement(
        tr(A) ** 2 <= number("0.999") * n * tr(A.T @ A), given=[A[1, 2] ** 2 >= tr(A.T @ A) / 10**5]
    )
    hit = search_statement(said, seed=0, effort=SEARCH_EFFORTS["standard"]).hit
    assert hit is not None
