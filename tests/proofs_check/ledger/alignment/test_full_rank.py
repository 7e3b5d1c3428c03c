"""Section 2 of the ledger: the counterexample typed in by hand, and the bound that replaces the claim."""

import numpy as np
import pytest
from flint import arb, fmpq

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER

EPS = np.finfo(float).eps
AS_STATED, BOUND = LEDGER["alignment-as-stated"], LEDGER["alignment"]


def floats(chain):
    return [np.array(factor, dtype=float) for factor in chain]


def numpy_overlap(A, J, i=0, k=0):
    return abs(np.linalg.svd(A)[0][:, i] @ np.linalg.svd(J)[0][:, k])


def judged(claim, **example):
    return judge(lambda: claim.conclusion(**example), cap=1536)


# --- as stated ----------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 5, 100, 10**6])
def test_the_counterexample_typed_in_by_hand_has_no_overlap(k):
    M_1, M_2 = np.array([[0.0, 0.0], [0.0, 1.0]]), np.array([[k, 0.0], [0.0, 1.0]])
    assert numpy_overlap(M_2, M_2 @ M_1) == 0


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_counterexample_typed_in_by_hand_fails_the_claim_and_is_certified(k):
    chain = Chain([[[0, 0], [0, 1]], [[k, 0], [0, 1]]])
    judgement = judged(AS_STATED, chain=chain, rank=1)
    assert judgement.truth is Truth.FAILS
    assert judgement.worst.midpoint == -0.5  # the overlap stays 0, and comes no nearer to 1
    assert "$R_{11} = 0$ at every $N$, exactly" in AS_STATED.certify(chain=chain, rank=1)


@pytest.mark.parametrize("first", [[[1, 1], [0, 1]], [[1, 0], [0, 1]], [[1, 1], [1, 1]]])
def test_a_chain_that_does_align_is_no_counterexample(first):
    chain = Chain([first, [[3, 0], [0, 1]]])
    assert judged(AS_STATED, chain=chain, rank=1).truth is Truth.HOLDS
    assert AS_STATED.certify(chain=chain, rank=1) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_search_refutes_the_claim_with_small_integers(seed):
    report = verify(AS_STATED, seed=seed, effort="quick")
    assert report.verdict is Verdict.REFUTED
    assert report.as_expected
    (M_1, M_2) = chain = report.counterexample.values["chain"]
    assert all(isinstance(x, int) and abs(x) <= 2 for factor in chain for row in factor for x in row)
    A, B = floats([M_2, M_1])
    values = np.linalg.svd(A, compute_uv=False)
    assert values[1] < values[0]  # A separates as it is repeated
    for depth in (1, 2, 5, 20, 60):
        repeated = np.linalg.matrix_power(A, depth)
        assert numpy_overlap(repeated, repeated @ B) < 0.5


# --- the bound with κ(B) ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_and_the_overlaps_are_numpy_s(seed):
    generator = np.random.default_rng(seed)
    gap = 0.0
    while gap < 0.1:  # vectors that NumPy can resolve
        B, A = (generator.integers(-3, 4, (2, 2)).astype(float) for _ in range(2))
        if 0 in (round(np.linalg.det(A)), round(np.linalg.det(B))):
            continue
        values, whole = (np.linalg.svd(matrix, compute_uv=False) for matrix in (A, A @ B))
        gap = min(1 - values[1] / values[0], 1 - whole[1] / whole[0])
    ratio = values[1] / values[0]
    with balls(128):
        bounds = list(BOUND.conclusion(chain=Chain([B, A])))
    assert len(bounds) == 8  # two bounds for two times two directions
    for name, bound in bounds:
        i, k = (int(name.split(f"${index} = ")[1][0]) for index in "ik")
        overlap = numpy_overlap(A, A @ B, i - 1, k - 1)
        assert float(bound.small.mid()) == pytest.approx(overlap**2, abs=64 * EPS / gap)
    limits = {float(bound.large.mid()) for name, bound in bounds}
    expected = [np.linalg.cond(B) ** 2 * ratio**power for power in (-2, 0, 2)]
    for limit in limits:
        assert any(limit == pytest.approx(each, rel=1e-9) for each in expected)


def test_a_singular_factor_is_excluded():
    chain = Chain([[[1, 1], [1, 1]], [[2, 0], [0, 1]]])
    (nonsingular,) = BOUND.hypotheses.values()
    assert judge(lambda: nonsingular(chain=chain), cap=200).truth is not Truth.HOLDS


@pytest.mark.parametrize("t", [2, 10, 100])
def test_the_bound_is_sharp_where_it_says_nothing(t):
    """A = diag(t, 1) and B = diag(1, t+1) exchange the modes: |R_12| = 1, against (t+1)/t."""
    chain = Chain([[[1, 0], [0, t + 1]], [[t, 0], [0, 1]]])
    with balls(128):
        bounds = dict(BOUND.conclusion(chain=chain))
    near = [bound for bound in bounds.values() if (bound.margin - (arb(fmpq(t + 1, t)) ** 2 - 1)).contains(0)]
    assert [bound.telling for bound in near] == [False] * 2  # R_12 by one bound, R_21 by the other
    assert near[0].ratio == pytest.approx(t / (t + 1))  # of the roots
