"""Section 2 of the ledger: the counterexample typed in by hand, and the bound that replaces the claim."""

import dataclasses

import numpy as np
import pytest
from flint import arb, fmpq

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.search import search

EPS = np.finfo(float).eps
AS_STATED, BOUND = LEDGER["alignment-as-stated"], LEDGER["alignment"]


def floats(chain):
    return [np.array(factor, dtype=float) for factor in chain]


def numpy_overlap(A, J, i=0, k=0):
    return abs(np.linalg.svd(A)[0][:, i] @ np.linalg.svd(J)[0][:, k])


# --- as stated ----------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 5, 100, 10**6])
def test_the_counterexample_typed_in_by_hand_has_no_overlap(k):
    M_1, M_2 = np.array([[0.0, 0.0], [0.0, 1.0]]), np.array([[k, 0.0], [0.0, 1.0]])
    assert numpy_overlap(M_2, M_2 @ M_1) == 0


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_counterexample_typed_in_by_hand_fails_the_claim_and_is_certified(k):
    chain = Chain([[[0, 0], [0, 1]], [[k, 0], [0, 1]]])
    for hypothesis in AS_STATED.hypotheses.values():
        assert judge(lambda statement=hypothesis: statement(chain=chain), cap=1536).truth is Truth.HOLDS
    judgement = judge(lambda: AS_STATED.conclusion(chain=chain), cap=1536)
    assert judgement.truth is Truth.FAILS
    assert judgement.worst.midpoint == -0.5  # overlap 0, where more than 1/2 was to be reached
    assert "$⟨u_1(A_2), u_1(J)⟩² → 0$, exactly" in AS_STATED.certify(chain=chain)


def test_a_chain_that_does_align_is_no_counterexample():
    chain = Chain([[[1, 1], [0, 1]], [[3, 0], [0, 1]]])
    assert judge(lambda: AS_STATED.conclusion(chain=chain), cap=1536).truth is Truth.HOLDS
    assert AS_STATED.certify(chain=chain) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_search_refutes_the_claim_with_small_integers(seed):
    report = verify(AS_STATED, seed=seed)
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


def test_the_bound_holds():
    name = "$κ(B)$ replaced by $1$"  # the other mutants have their turn below
    report = verify(
        dataclasses.replace(BOUND, mutants={name: BOUND.mutants[name]}), effort=Effort("few", 20, 60)
    )
    assert report.verdict is Verdict.PROVED
    assert report.as_expected
    caught = report.mutants.killed + report.mutants.unrefuted  # those of the derivation's steps too
    assert caught == report.mutants.total > 1
    assert report.evidence[-1].accepted == 20


@pytest.mark.parametrize("seed", range(12))
def test_the_margins_of_the_bound_are_numpy_s(seed):
    generator = np.random.default_rng(seed)
    gap = 0.0
    while gap < 0.1:  # vectors that NumPy can resolve
        B, A = (generator.integers(-3, 4, (2, 2)).astype(float) for _ in range(2))
        if 0 in (round(np.linalg.det(A)), round(np.linalg.det(B))):
            continue
        values, whole = (np.linalg.svd(matrix, compute_uv=False) for matrix in (A, A @ B))
        gap = min(1 - values[1] / values[0], 1 - whole[1] / whole[0])
    limit = np.linalg.cond(B) * values[1] / values[0]
    with balls(128):
        margins = dict(BOUND.conclusion(chain=Chain([B, A])))
    assert set(margins) == {"R_12", "R_21"}
    for name, (i, k) in {"R_12": (0, 1), "R_21": (1, 0)}.items():
        expected = limit - numpy_overlap(A, A @ B, i, k)
        assert abs(float(margins[name].margin.mid()) - expected) <= 64 * EPS * limit / gap


@pytest.mark.parametrize("name", BOUND.mutants)
def test_a_smaller_bound_is_refuted(name):
    found = search(BOUND.given, BOUND.hypotheses, BOUND.mutants[name], examples=200, seed=1)
    assert found.counterexample is not None


def test_with_kappa_replaced_by_one_the_bound_is_refuted_and_numpy_agrees():
    name = "$κ(B)$ replaced by $1$"
    wrong = dataclasses.replace(BOUND, label="alignment-without-kappa", conclusion=BOUND.mutants[name])
    report = verify(wrong)
    assert report.verdict is Verdict.REFUTED
    assert not report.as_expected
    B, A = floats(report.counterexample.values["chain"])
    values = np.linalg.svd(A, compute_uv=False)
    assert abs(np.linalg.det(B)) > 0.5
    excess = [
        numpy_overlap(A, A @ B, i, k) - min(values[i], values[k]) / max(values[i], values[k])
        for i in range(len(A))
        for k in range(len(A))
        if i != k
    ]
    assert max(excess) > 64 * EPS
    loosened = judge(lambda: BOUND.conclusion(chain=Chain([B, A])), cap=1536)
    assert loosened.truth is not Truth.FAILS


def test_a_singular_factor_is_excluded():
    chain = Chain([[[1, 1], [1, 1]], [[2, 0], [0, 1]]])
    (nonsingular,) = BOUND.hypotheses.values()
    assert judge(lambda: nonsingular(chain=chain), cap=200).truth is not Truth.HOLDS


@pytest.mark.parametrize("t", [2, 10, 100])
def test_the_bound_is_sharp(t):
    """A = diag(t, 1) and B = diag(1, t+1) exchange the modes: |R_12| = 1, against (t+1)/t."""
    chain = Chain([[[1, 0], [0, t + 1]], [[t, 0], [0, 1]]])
    with balls(128):
        for _, bound in BOUND.conclusion(chain=chain):
            error = bound.margin - arb(fmpq(1, t))
            assert error.contains(0)
            assert error.rad() < 2.0**-50  # overlaps are square roots: half of the bits are lost
