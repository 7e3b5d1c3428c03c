"""Section 1 of the ledger: verdicts, and wrong results refuted on actual chains."""

import dataclasses

import pytest
from flint import fmpq_mat
from sympy import Sum, exp

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.dynamics.general import _on_chain, _under_gradient_flow
from jacspec.proofs_check.referee.search import search
from jacspec.theory.notation.symbols import G, N, delta, k, s, u, v
from jacspec.theory.notation.words import inner
from jacspec.theory.results.dynamics import general

LABELS = ("velocity-identity", "general-dynamics", "depth-scaling-boundary", "gradient-flow-dynamics")
FEW = Effort("few", 8, 20)


def test_a_claim_is_proved_by_its_derivation_and_the_search():
    claim = LEDGER["velocity-identity"]
    report = verify(claim, effort=FEW)
    assert report.verdict is Verdict.PROVED, report.error
    assert report.as_expected
    assert report.mutants.killed == report.mutants.total > len(claim.mutants)
    assert [(each.kind, each.status.value) for each in report.evidence] == [
        ("derivation", "for"),
        ("property", "for"),
    ]


@pytest.mark.parametrize("label", LABELS)
def test_the_search_alone_supports_the_claim_and_refutes_its_mutants(label):
    """With two of its mutants, for time's sake; `jacspec verify` tries them all.

    The derivations, with the mutants of their steps, are checked in test_derivation_table.py.
    """
    claim = LEDGER[label]
    assert claim.derivation().label == label
    two = dict(list(claim.mutants.items())[:2])
    report = verify(dataclasses.replace(claim, derivation=None, mutants=two), effort=FEW)
    assert report.verdict is Verdict.SUPPORTED, report.error
    assert report.mutants.killed == report.mutants.total == 2


# --- wrong results, refuted on chains -----------------------------------------------------------

(K,) = general.general().result.after.atoms(Sum)
_e = exp(delta(k))
GRADIENT = inner(u(k), G * v(k))

WRONG_GENERAL = {
    "s_k^{1+1/N}": _e ** (1 + 1 / N) * s(k) ** (1 + 1 / N) * K,
    "s_k": _e ** (1 + 1 / N) * s(k) * K,
    "factor 2": 2 * _e ** (1 + 1 / N) * s(k) ** (1 - 1 / N) * K,
    "minus": -(_e ** (1 + 1 / N)) * s(k) ** (1 - 1 / N) * K,
}
WRONG_FLOW = {
    "s_k^{2+2/N}": -N * s(k) ** (2 + 2 / N) * GRADIENT,
    "s_k^{1-1/N}": -N * s(k) ** (1 - 1 / N) * GRADIENT,
    "factor N missing": -(s(k) ** (2 - 2 / N)) * GRADIENT,
    "plus": N * s(k) ** (2 - 2 / N) * GRADIENT,
}


@pytest.mark.parametrize("name", WRONG_GENERAL)
def test_wrong_general_dynamics_is_refuted_on_aligned_chains(name):
    claim = LEDGER["general-dynamics"]
    wrong = _on_chain(general.sdot(k), WRONG_GENERAL[name])
    found = search(claim.given, claim.hypotheses, wrong, examples=60, seed=0)
    assert found.counterexample is not None
    assert judge(lambda: claim.conclusion(**found.counterexample), cap=1536).truth is Truth.HOLDS


@pytest.mark.parametrize("name", WRONG_FLOW)
def test_wrong_gradient_flow_dynamics_is_refuted_on_aligned_chains(name):
    claim = LEDGER["gradient-flow-dynamics"]
    wrong = _under_gradient_flow(general.sdot(k), WRONG_FLOW[name])
    found = search(claim.given, claim.hypotheses, wrong, examples=60, seed=0)
    assert found.counterexample is not None
    assert judge(lambda: claim.conclusion(**found.counterexample), cap=1536).truth is Truth.HOLDS


def test_the_paper_s_formula_is_right_without_an_intercept():
    claim = LEDGER["gradient-flow-dynamics"]
    paper = _under_gradient_flow(general.sdot(k), -N * s(k) ** (2 - 2 / N) * GRADIENT)
    found = search(claim.given, claim.hypotheses, paper, examples=20, seed=0)
    assert found.counterexample is None
    assert found.accepted > found.undecided


# --- the hypotheses decide ----------------------------------------------------------------------

MOTION = (fmpq_mat(2, 2, [1, 2, 0, -1]), fmpq_mat(2, 2, [0, 1, 3, 1]))
ALIGNED = Chain([[[3, 0], [0, 1]]] * 2)
MISALIGNED = Chain([[[3, 0], [0, 1]], [[1, 1], [0, 1]]])
REPEATED = Chain([[[1, 0], [0, 1]]] * 2)
SINGULAR = Chain([[[3, 0], [0, 0]]] * 2)


def decided(label, name, **example):
    hypothesis = LEDGER[label].hypotheses[name]
    return judge(lambda: hypothesis(**example), cap=1536).truth


@pytest.mark.parametrize(
    ("chain", "mode", "truth"),
    [
        (ALIGNED, 1, Truth.HOLDS),
        (ALIGNED, 2, Truth.HOLDS),
        (REPEATED, 1, Truth.FAILS),
        (SINGULAR, 1, Truth.HOLDS),
        (SINGULAR, 2, Truth.FAILS),
    ],
)
def test_simplicity_is_decided_exactly(chain, mode, truth):
    assert (
        decided("velocity-identity", "$s_k$ simple and not zero", moving=(chain, MOTION), mode=mode) is truth
    )


@pytest.mark.parametrize(("chain", "truth"), [(ALIGNED, Truth.HOLDS), (MISALIGNED, Truth.FAILS)])
def test_alignment_is_decided_exactly(chain, truth):
    name = "strong alignment, $ε = 0$"
    assert decided("general-dynamics", name, moving=(chain, MOTION), mode=1) is truth


def test_depth_scaling_is_decided():
    bent = Chain([[[3, 0], [0, 1]], [[5, 0], [0, 1]], [[3, 0], [0, 1]]])
    motion = (*MOTION, MOTION[0])
    straight = Chain([[[3, 0], [0, 1]]] * 3)
    for chain, truth in ((straight, Truth.HOLDS), (bent, Truth.FAILS)):
        assert decided("general-dynamics", "depth scaling", moving=(chain, motion), mode=1) is truth


def test_the_result_fails_where_its_hypotheses_do():
    with balls(128):
        margin = LEDGER["general-dynamics"].conclusion(moving=(MISALIGNED, MOTION), mode=1)
    assert margin < 0


# --- chains that the hypotheses must refuse: their conclusions fail there --------------------------


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("general-dynamics", [(1, 9), (3, 1)]),  # the modes of the partial products are permuted
        ("depth-scaling-boundary", [(7, 2), (3, 1), (3, 1)]),  # A_l and B_l differ in their intercepts
    ],
)
def test_hypotheses_refuse_chains_at_which_the_conclusion_fails(label, values):
    chain = Chain([[[a, 0], [0, b]] for a, b in values])
    motion = tuple(factor for factor in chain.exact)
    claim = LEDGER[label]
    example = {"moving": (chain, motion), "mode": 1}
    judged = [
        judge(lambda statement=statement: statement(**example), cap=1000).truth
        for statement in claim.hypotheses.values()
    ]
    assert Truth.FAILS in judged
