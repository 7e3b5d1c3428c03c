"""Section 1 of the ledger: verdicts, and wrong results refuted on actual chains."""

from dataclasses import replace

import pytest
from flint import fmpq_mat
from sympy import Sum, exp

from jacspec.numerics import Chain
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.dynamics.examples import at_moving
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.search import search
from jacspec.theory.notation.symbols import G, N, delta, k, s, u, v
from jacspec.theory.notation.words import inner
from jacspec.theory.results.dynamics import general
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS

LABELS = ("velocity-identity", "general-dynamics", "depth-scaling-boundary", "gradient-flow-dynamics")
FEW = Effort("few", 8, 20)


def test_a_claim_is_proved_by_its_derivation_and_the_search():
    claim = LEDGER["velocity-identity"]
    report = verify(claim, effort=FEW)
    assert report.verdict is Verdict.PROVED, report.error
    assert report.as_expected
    assert report.mutants.killed == report.mutants.total > report.evidence[0].mutants.total
    assert [(each.kind, each.status.value) for each in report.evidence] == [
        ("derivation", "for"),
        ("property", "for"),
    ]


@pytest.mark.parametrize("label", LABELS)
def test_the_search_alone_supports_the_claim_and_refutes_its_variants(label):
    """The derivations, with the mutants of their steps, are checked in test_derivation_table.py."""
    claim = LEDGER[label]
    assert claim.derivation().label == label
    report = verify(replace(claim, derivation=None), effort=FEW)
    assert report.verdict is Verdict.SUPPORTED, report.error
    assert report.mutants.killed == report.mutants.total > 10


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


def altered(label, right):
    """What the claim would conclude with another right-hand side."""
    (stated,) = PROPOSITIONS[label]
    return searched([replace(stated, right=right)], at_moving)["conclusion"]


@pytest.mark.parametrize(
    ("label", "right"),
    [("general-dynamics", each) for each in WRONG_GENERAL.values()]
    + [("gradient-flow-dynamics", each) for each in WRONG_FLOW.values()],
    ids=[*WRONG_GENERAL, *WRONG_FLOW],
)
def test_a_wrong_result_is_refuted_on_aligned_chains(label, right):
    claim = LEDGER[label]
    found = search(claim.given, claim.hypotheses, altered(label, right), examples=60, seed=0)
    assert found.counterexample is not None
    assert judge(lambda: claim.conclusion(**found.counterexample), cap=1536).truth is Truth.HOLDS


def test_the_paper_s_formula_is_right_without_an_intercept():
    claim = LEDGER["gradient-flow-dynamics"]
    paper = altered("gradient-flow-dynamics", -N * s(k) ** (2 - 2 / N) * GRADIENT)
    found = search(claim.given, claim.hypotheses, paper, examples=20, seed=0)
    assert found.counterexample is None
    assert found.accepted > found.undecided


# --- the hypotheses decide ----------------------------------------------------------------------

MOTION = (fmpq_mat(2, 2, [1, 2, 0, -1]), fmpq_mat(2, 2, [0, 1, 3, 1]))
ALIGNED = Chain([[[3, 0], [0, 1]]] * 2)
MISALIGNED = Chain([[[3, 0], [0, 1]], [[1, 1], [0, 1]]])
REPEATED = Chain([[[1, 0], [0, 1]]] * 2)
SINGULAR = Chain([[[3, 0], [0, 0]]] * 2)


def decided(label, name, chain, motion=MOTION):
    hypothesis = LEDGER[label].hypotheses[name]
    return judge(lambda: hypothesis(moving=(chain, motion, MOTION[0])), cap=1536).truth


@pytest.mark.parametrize(("chain", "modes"), [(ALIGNED, (1, 2)), (REPEATED, ()), (SINGULAR, (1,))])
def test_only_modes_that_are_simple_and_not_zero_are_spoken_of(chain, modes):
    claim = LEDGER["velocity-identity"]
    margins = dict(claim.conclusion(moving=(chain, MOTION, MOTION[0])))
    assert [int(name.rsplit("k = ", 1)[1].removesuffix("$")) for name in margins] == list(modes)
    wanted = Truth.HOLDS if modes else Truth.FAILS
    assert decided("velocity-identity", "simple singular value", chain) is wanted


@pytest.mark.parametrize(("chain", "truth"), [(ALIGNED, Truth.HOLDS), (MISALIGNED, Truth.FAILS)])
def test_alignment_is_decided(chain, truth):
    assert decided("general-dynamics", "strong alignment (SA), $ε = 0$", chain) is truth


def test_depth_scaling_is_decided():
    bent = Chain([[[3, 0], [0, 1]], [[5, 0], [0, 1]], [[3, 0], [0, 1]]])
    straight = Chain([[[3, 0], [0, 1]]] * 3)
    for chain, truth in ((straight, Truth.HOLDS), (bent, Truth.FAILS)):
        assert decided("general-dynamics", "depth scaling (DS)", chain, (*MOTION, MOTION[0])) is truth


def test_the_result_fails_where_its_hypotheses_do():
    with balls(128):
        margins = dict(LEDGER["general-dynamics"].conclusion(moving=(MISALIGNED, MOTION, MOTION[0])))
    assert any(margin < 0 for margin in margins.values())


def test_at_two_layers_alike_there_is_an_intercept_and_the_boundary_terms_are_right():
    alike = Chain([[[3, 0], [0, 1]], [["9/5", "-12/5"], ["4/5", "3/5"]]])
    claim = LEDGER["depth-scaling-boundary"]
    with balls(256):
        margins = dict(claim.conclusion(moving=(alike, MOTION, MOTION[0])))
        assert abs(at_moving((alike, MOTION, MOTION[0])).head(delta, (1,))) > 0.01
    assert len(margins) == 2  # of the boundary terms, at both modes; depth scaling in full fails
    assert all(margin > 0 for margin in margins.values())


# --- chains that the hypotheses must refuse: their conclusions fail there --------------------------


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("general-dynamics", [(1, 9), (3, 1)]),  # the modes of the partial products are permuted
        ("gradient-flow-dynamics", [(7, 2), (3, 1), (3, 1)]),  # A_l and B_l differ in their intercepts
    ],
)
def test_hypotheses_refuse_chains_at_which_the_conclusion_fails(label, values):
    chain = Chain([[[a, 0], [0, b]] for a, b in values])
    motion = tuple(factor for factor in chain.exact)
    claim = LEDGER[label]
    example = {"moving": (chain, motion, motion[0])}
    judged = [
        judge(lambda statement=statement: statement(**example), cap=1000).truth
        for statement in claim.hypotheses.values()
    ]
    assert Truth.FAILS in judged
