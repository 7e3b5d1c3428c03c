"""What an early version called proved, tried again on the ledger: each is caught, with a message."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Integer

from jacspec import Claim, claim, det, index, matrix, product, s, scalar, verify
from jacspec.documents.mathml import mathml
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.derivation_check.joint_domain import joint_domain
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.theory import Calculation, Derivation, Relation
from jacspec.theory.derivations.derivation_blocks import result_block
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation import symbols
from jacspec.theory.notation.symbols import N, l, sA
from jacspec.theory.results import separation
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.alignment.full_rank import alignment
from jacspec.theory.results.assumptions import (
    DEPTH_SCALING,
    DEPTH_SCALING_NON_EMPTY,
    SIMPLE,
)
from jacspec.theory.results.catalogue import catalogue
from tests.proofs_check.derivation_check.absurd import absurd
from tests.proofs_check.ledger.reports import report_of


def using(derivation, assumed, *instead):
    """The derivation where steps name something else in the place of an assumption."""

    def changed(step):
        uses = (other for each in step.uses for other in (instead if each == assumed else (each,)))
        return replace(step, uses=tuple(uses))

    parts = [replace(part, steps=tuple(map(changed, part.steps))) for part in derivation.calculations]
    return replace(derivation, calculations=tuple(parts))


def relabelled(derivation):
    return replace(catalogue()["imbalance-conserved"], label=derivation.label)


def without_its_end(derivation):
    *others, part = derivation.calculations
    return replace(derivation, calculations=(*others, replace(part, steps=part.steps[:-1])))


def doubled(derivation):
    *others, part = derivation.calculations
    *first, last = part.steps
    return replace(
        derivation,
        calculations=(*others, replace(part, steps=(*first, replace(last, after=2 * last.after)))),
    )


REWORDED = replace(NONSINGULAR, title="any $B_l$")
EDITS = {
    "SIMPLE is dropped": (
        "velocity-identity",
        lambda derivation: using(derivation, SIMPLE),
        Verdict.UNDECIDED,
        "it differentiates $u_k$, and names no assumption that lets it",
    ),
    "NONSINGULAR is dropped from the steps of lemmas": (
        "alignment",
        lambda derivation: using(derivation, NONSINGULAR),
        Verdict.ERROR,
        "uses 'Cauchy–Schwarz', which needs '$B_l$ nonsingular': name it",
    ),
    "NONSINGULAR is any matrix, in words": (
        "alignment",
        lambda derivation: replace(derivation, argument="for the test", argument_uses=(REWORDED,)),
        Verdict.UNDECIDED,
        "the premise 'any $B_l$' says 'any', which its equations do not",
    ),
    "a hypothesis is reworded": (
        "velocity-identity",
        lambda derivation: using(derivation, SIMPLE, replace(SIMPLE, title="orthogonal factors")),
        Verdict.UNDECIDED,
        "the premise 'orthogonal factors' says 'orthogonal', which its equations do not",
    ),
    "DS for DS′": (
        "gradient-flow-dynamics",
        lambda derivation: using(derivation, DEPTH_SCALING_NON_EMPTY, DEPTH_SCALING),
        Verdict.SUPPORTED,
        "no proof of the claim: it assumes 'depth scaling (DS)', which is not among the premises",
    ),
    "the remark claims": (
        "velocity-identity",
        lambda derivation: replace(derivation, remark="There $δ_k = 3$."),
        Verdict.UNDECIDED,
        "the remark claims $δ_k = 3$: state it in a proposition, or leave it out",
    ),
    "something else is derived": (
        "velocity-identity",
        relabelled,
        Verdict.SUPPORTED,
        "it derives d/dt(M_{l+1}ᵀ M_{l+1} - M_l M_lᵀ) = 0, which does not start from ṡ_k",
    ),
    "the last line is missing": (
        "velocity-identity",
        without_its_end,
        Verdict.SUPPORTED,
        "no proof of the claim: it derives ṡ_k = ",
    ),
    "the last line is twice what it is": (
        "velocity-identity",
        doubled,
        Verdict.UNDECIDED,
        "the normal forms of the two sides differ, by ",
    ),
}


def told(report):
    """All that a report says of why it is no more."""
    return " ".join([report.error, *(each.summary for each in report.evidence)])


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_derivation_is_caught_and_says_by_what(name):
    label, edit, verdict, message = EDITS[name]
    report = verify(replace(LEDGER[label], derivation=lambda: edit(catalogue()[label])), effort="quick")
    assert report.verdict is verdict
    assert message in told(report)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("power_form", "'chain rule' (separation.py:"),
        ("blow_up_time", "'what is left of the base is $h$ times its start'"),
    ],
)
def test_a_wrong_power_of_the_closed_form_is_named_by_its_step(monkeypatch, name, place):
    formula = getattr(separation, name)()
    start = next(each for each in formula.parameters if each.name == "s_0")
    wrong = replace(
        formula, expression=formula.expression.xreplace({start ** (2 / N - 1): start ** (2 / N - 2)})
    )
    assert wrong != formula
    monkeypatch.setattr(separation, name, lambda: wrong)
    derived = separation.closed_form.__wrapped__()
    report = verify(replace(LEDGER["separation-closed-form"], derivation=lambda: derived), effort="quick")
    assert report.verdict is Verdict.UNDECIDED
    assert f"a step is not accepted: {place}" in told(report)


def test_a_range_that_is_claimed_and_not_shown_is_named():
    own = LEDGER["imbalance-conserved"]
    (stated,) = own.propositions
    wider = tuple(replace(each, most=N) if each.symbol == l else each for each in stated.domain.parameters)
    raised = replace(stated, domain=Domain(wider))
    report = verify(
        replace(own, statement="", **searched([raised], own.conclusion.points.make)), effort="quick"
    )
    assert report.verdict is Verdict.SUPPORTED
    assert "it holds for 1 ≤ l ≤ N - 1 only: the proposition claims more" in told(report)


def test_the_absurd_derivation_proves_nothing():
    """Plain products in one step and residual ones in the next: every partial product would vanish."""
    part = absurd()
    own, domain = LEDGER["imbalance-conserved"], Domain((Parameter(N, Integer(3)),))

    def said(*given):
        absurd = Proposition(part.start, Relation.EQUAL, part.end, given, domain)
        stated = Claim(
            label="absurd",
            **searched([absurd], own.conclusion.points.make),
            given={**own.given, **own.relaxed["gradient flow"]},
            derivation=lambda: Derivation("absurd", "Absurd", (part,)),
        )
        return verify(stated, effort="quick")

    assert said().verdict is Verdict.REFUTED
    supposed = said(*part.premises)
    assert supposed.verdict is Verdict.VACUOUS
    assert "examples satisfies the hypotheses" in told(supposed)
    lacking = joint_domain(Proposition(part.start, Relation.EQUAL, part.end, part.premises), part).lacking
    assert "'residual products' and 'partial products' give it different values" in lacking


@pytest.mark.parametrize("label", ["general-dynamics", "gradient-flow-dynamics"])
def test_what_holds_in_a_limit_is_shown_as_one_by_the_claim_and_by_its_derivation(label):
    (stated,) = LEDGER[label].propositions
    assert stated.relation is Relation.LIMIT
    (result,) = catalogue()[label].results
    for shown in (stated.formula, result_block(result)):
        assert "ε → 0⁺" in shown.text
        assert any("epsilon" in line and "0^{+}" in line for line in shown.latex)
        assert any("→" in mathml(line) for line in shown.latex)
    assert " as $ε → 0⁺$" in stated.conclusion


@pytest.mark.parametrize("label", ["general-dynamics", "gradient-flow-dynamics"])
def test_that_every_point_has_no_intercept_is_found_and_said(label):
    report = report_of(label)
    assert "every point found at which all assumptions hold has $δ_k = 0$" in told(report)


def test_what_a_line_divides_by_is_not_zero_by_a_premise():
    part = Calculation("the ratio", symbols.s(1) / sA(1, l)).equals(symbols.s(1) / sA(1, l), "as it stands")
    (fault,) = Derivation("ratio", "Ratio", (part,)).naming_errors
    assert fault == "'the ratio': it divides by s_1(A_l), and names no assumption by which that is not 0"
    assert alignment().naming_errors == ()


def test_a_claim_of_ones_own_takes_six_lines_of_the_readme_at_most():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (block,) = (each for each in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "claim(" in each)
    assert block.startswith("from jacspec import claim")
    assert 1 < len(block.strip().splitlines()) <= 6


@pytest.mark.parametrize(
    ("label", "verdict"),
    [
        ("balance-aligns", Verdict.PROVED),
        ("general-dynamics-remainder", Verdict.PROVED),
        ("alignment-exact-two", Verdict.PROVED),
        ("alignment-first-order-constant", Verdict.PROVED),
        ("separation-closed-form", Verdict.PROVED),
        ("separation-dynamics", Verdict.PROVED),
        ("top-mode-rates", Verdict.SUPPORTED),
    ],
)
def test_what_an_early_version_left_loose_is_a_claim_whose_verdict_is_reached(label, verdict):
    report = report_of(label)
    assert report.verdict is verdict
    assert report.mutants.survivors == ()
    assert report.mutants.killed > 0


X, Y = matrix("X"), matrix("Y")
x, y, i, k = scalar("x"), scalar("y"), index("i"), index("k")


def test_true_statements_with_an_identity_among_their_margins_hold():
    """Horn's product inequality, an equality at k = n, and an exact identity."""
    horn = product(s(i, X @ Y), i, 1, k) <= product(s(i, X) * s(i, Y), i, 1, k)
    for stated in (horn, det(X) == det(X.T)):
        report = verify(claim("own", stated, sizes={"n": (1, 2)}), effort="quick")
        assert report.verdict is Verdict.SUPPORTED
        assert report.evidence[0].undecided == 0


def test_a_strict_inequality_is_refuted_where_both_sides_are_equal():
    report = verify(claim("own", x**2 + y**2 > 2 * x * y), effort="quick")
    assert report.verdict is Verdict.REFUTED
    assert report.counterexample.values["x"] == report.counterexample.values["y"]


def test_what_a_derivation_takes_on_its_authors_word_proves_no_claim():
    own, one = LEDGER["imbalance-conserved"], Integer(1)
    small, large = symbols.s(symbols.k) ** 2, symbols.s(1) ** 2
    lemma = without_proof(Lemma("word", "my word", small, large))
    part = Calculation("order", small).at_most(large, "my word", lemmas=[(one, lemma)])
    ordered = Proposition(
        small, Relation.AT_MOST, large, domain=Domain((Parameter(symbols.k, one, symbols.n),))
    )
    stated = Claim(
        label="order",
        **searched([ordered], own.conclusion.points.make),
        given={**own.given, **own.relaxed["gradient flow"]},
        derivation=lambda: Derivation("order", "Order", (part,)),
    )
    report = verify(stated, effort="quick")
    assert report.verdict is Verdict.SUPPORTED
    assert "no proof of the claim: it takes 'my word' without proof" in told(report)
