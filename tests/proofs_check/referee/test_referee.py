"""Verdicts: each reached by a small claim of its own."""

import dataclasses
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import configuration, strategies as st
from sympy import Integer

from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, Expectation, Statistics, Verdict, exactly, verify
from jacspec.proofs_check.claims.effort import EFFORTS, Effort
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee import referee
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains
from jacspec.theory import Calculation, Derivation, Relation
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import k, s, u
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import ORTHONORMAL

NUMBERS = st.integers(-9, 9)


def arithmetic_geometric(**changes):
    """2xy ≤ x² + y²; the mutants are refuted by small numbers."""
    particulars = {
        "label": "arithmetic-geometric",
        "statement": "2xy ≤ x² + y²",
        "given": {"x": NUMBERS, "y": NUMBERS},
        "conclusion": lambda x, y: x * x + y * y - 2 * x * y,
        "mutants": {
            "factor 3": lambda x, y: x * x + y * y - 3 * x * y,
            "minus y²": lambda x, y: x * x - y * y - 2 * x * y,
        },
    }
    return Claim(**{**particulars, **changes})


UNIT = Proposition(inner(u(k), u(k)), Relation.EQUAL, Integer(1))


def unit_length(reached=1):
    part = Calculation("length", inner(u(k), u(k))).equals(Integer(reached), "unit vectors", ORTHONORMAL)
    return lambda: Derivation("arithmetic-geometric", "Unit vectors", (part,))


def kinds(report):
    return [(each.kind, each.status.value) for each in report.evidence]


# --- every verdict ------------------------------------------------------------------------------


def test_supported():
    report = verify(arithmetic_geometric())
    assert report.verdict is Verdict.SUPPORTED
    assert report.as_expected
    assert kinds(report) == [("property", "for")]
    assert (report.mutants.total, report.mutants.killed) == (2, 2)
    assert report.evidence[0].accepted == EFFORTS["standard"].examples
    assert report.error == ""


def stating(*propositions, **others):
    """A claim that the propositions hold, of chains of two factors, with the derivation of one."""
    return Claim(
        label="arithmetic-geometric",
        given={"chain": chains(2, 2)},
        derivation=unit_length(),
        **searched(propositions, SplitPoint, **others),
    )


def test_proved():
    report = verify(stating(UNIT))
    assert report.verdict is Verdict.PROVED
    assert report.statement == "$⟨u_k, u_k⟩ = 1$"
    assert kinds(report) == [("derivation", "for"), ("property", "for")]
    derivation = report.evidence[0]
    assert derivation.steps == 1
    assert derivation.mutants.total == derivation.mutants.killed > 0
    assert report.mutants.total == report.mutants.killed > derivation.mutants.killed


def test_evidence_names_what_its_derivation_and_all_below_take_without_proof():
    above = verify(LEDGER["alignment"], effort="quick").evidence[0]
    assert {"squares are not negative", "descending order"} <= {*above.taken.split(", ")}
    assert verify(stating(UNIT), effort="quick").evidence[0].taken == ""


def test_a_derivation_of_something_else_proves_nothing_whatever_its_label():
    twice = dataclasses.replace(UNIT, left=4 * UNIT.left, right=Integer(4))
    for report, why in (
        (verify(arithmetic_geometric(derivation=unit_length())), "no propositions for it to end in"),
        (verify(stating(twice)), "⟨u_k, u_k⟩ = 1, which does not start from 4"),
        (verify(stating(UNIT, twice)), "⟨u_k, u_k⟩ = 1, which does not start from 4"),
    ):
        assert report.verdict is Verdict.SUPPORTED
        derived = report.evidence[0]
        assert why in derived.lacking
        assert derived.summary.endswith(f"no proof of the claim: {derived.lacking}")


@pytest.mark.parametrize("certify", [None, lambda **_: "for ever"])
def test_what_a_search_evaluates_is_what_the_claim_shows(certify):
    """Another conclusion is refused, whatever certifies it."""
    changes = {"statement": "", "propositions": [UNIT], "derivation": unit_length(), "certify": certify}
    with pytest.raises(InputError, match="its conclusion is not what its propositions say; write "):
        arithmetic_geometric(**changes)


def test_a_function_that_says_that_it_states_a_claim_decides_nothing():
    def fails(**_):
        return -1

    fails.stated = (UNIT,)
    report = verify(dataclasses.replace(stating(UNIT), conclusion=fails), effort="quick")
    assert report.verdict is Verdict.UNDECIDED
    with pytest.raises(ValueError, match="not the propositions that it states"):
        dataclasses.replace(stating(UNIT).conclusion, propositions=())


def test_what_has_no_value_at_an_example_may_be_argued_against_and_not_for():
    drawn = LEDGER["lyapunov-masked-unconditioned"]
    report = verify(dataclasses.replace(drawn, conclusion=lambda **_: exactly(True)), effort="quick")
    assert report.verdict is Verdict.UNDECIDED
    assert report.evidence[0].summary.endswith("which is not what the claim says")


def test_what_stands_beside_a_statement_does_not_refute_it():
    report = verify(stating(UNIT, beside=lambda **_: {"by hand": exactly(False)}), effort="quick")
    assert report.verdict is Verdict.UNDECIDED
    assert report.counterexample is None


def test_what_a_claim_needs_is_among_its_premises():
    """Hypotheses beside the premises are not shown: they may exclude only what changes nothing."""
    flat = Proposition(s(1), Relation.AT_MOST, 2 * s(2))

    def close(chain):
        J = chain.product()  # s_1² + s_2² ≤ (5/2) s_1 s_2 where s_1 ≤ 2 s_2
        return 5 * abs(J.det()) - 2 * sum((J * J.transpose())[row, row] for row in range(2))

    report = verify(dataclasses.replace(stating(flat, hypotheses={"close": close}), derivation=None))
    assert report.verdict is Verdict.ERROR
    assert report.error == "it fails without 'close', which none of its premises says"


def test_a_claim_says_what_its_propositions_say():
    with pytest.raises(InputError, match=r"leave out the statement '2xy ≤"):
        arithmetic_geometric(propositions=[UNIT])
    with pytest.raises(InputError, match="expected a statement, or propositions"):
        arithmetic_geometric(statement="")


def test_steps_at_explicit_sizes_prove_no_more():
    derived = unit_length()()
    (part,) = derived.calculations
    small = dataclasses.replace(
        part, steps=tuple(dataclasses.replace(step, checked_for="n ≤ 4") for step in part.steps)
    )
    report = verify(
        dataclasses.replace(
            stating(UNIT), derivation=lambda: dataclasses.replace(derived, calculations=(small,))
        )
    )
    assert report.verdict is Verdict.SUPPORTED
    assert report.evidence[0].generality.endswith("checked for n ≤ 4")


def test_refuted():
    report = verify(arithmetic_geometric(conclusion=lambda x, y: x + y, expected=Expectation.REFUTED))
    assert report.verdict is Verdict.REFUTED
    assert report.as_expected
    assert kinds(report) == [("property", "against")]
    found = report.counterexample
    assert set(found.values) == {"x", "y"}
    assert sorted(found.values.values()) == [-1, 0]
    assert found.text.splitlines() == [f"{name} = {value}" for name, value in found.values.items()]
    assert found.precision_bits == 4 * 96
    assert found.certificate is None


def test_a_refuted_claim_that_was_to_hold_is_not_as_expected():
    assert not verify(arithmetic_geometric(conclusion=lambda x, y: x + y)).as_expected


def test_undecided_for_want_of_a_decided_example():
    report = verify(
        arithmetic_geometric(given={"x": st.just(1), "y": st.just(1)}, mutants={"m": lambda x, **_: -x})
    )
    assert report.verdict is Verdict.UNDECIDED
    assert not report.as_expected


def test_undecided_when_a_limit_cannot_be_certified():
    report = verify(
        arithmetic_geometric(
            conclusion=lambda x, **_: x - 1, certify=lambda **_: None, expected=Expectation.REFUTED
        )
    )
    assert report.verdict is Verdict.UNDECIDED
    assert report.counterexample is None
    assert not report.as_expected


def test_refuted_when_a_limit_is_certified():
    report = verify(
        arithmetic_geometric(conclusion=lambda x, **_: x, certify=lambda x, **_: f"x stays at {x}")
    )
    assert report.verdict is Verdict.REFUTED
    assert report.counterexample.certificate == "x stays at -1"
    assert kinds(report) == [("property", "against"), ("limit", "against")]


def test_vacuous():
    report = verify(arithmetic_geometric(hypotheses={"x < x": lambda **_: False}))
    assert report.verdict is Verdict.VACUOUS
    assert not report.as_expected
    assert kinds(report) == [("property", "none")]
    assert [hypothesis.name for hypothesis in report.hypotheses] == ["x < x"]


def test_a_claim_without_mutants_is_an_error():
    report = verify(arithmetic_geometric(mutants={}))
    assert report.verdict is Verdict.ERROR
    assert "no mutant" in report.error


def test_a_claim_with_a_surviving_mutant_is_an_error():
    report = verify(arithmetic_geometric(mutants={"no change": lambda x, y: (x - y) ** 2}))
    assert report.verdict is Verdict.ERROR
    assert "'no change' is not refuted" in report.error
    assert (report.mutants.total, report.mutants.killed) == (1, 0)


def test_a_mutant_that_is_only_undecided_survives():
    report = verify(arithmetic_geometric(mutants={"zero": lambda **_: 0}))
    assert report.verdict is Verdict.ERROR


def test_a_wrong_derivation_is_no_proof():
    report = verify(arithmetic_geometric(derivation=unit_length(3)))
    assert report.verdict is Verdict.UNDECIDED
    assert kinds(report)[0] == ("derivation", "against")
    assert "unit vectors" in report.evidence[0].summary
    assert not report.as_expected


def rare(count, generator):
    """So skewed that no mean of few samples says anything."""
    return {"rare": (np.arange(count) == 0).astype(float)}


@pytest.mark.parametrize("order", [1, -1])
def test_two_pieces_of_one_kind_both_count_in_either_order(order):
    silent = Statistics(rare, lambda: {"rare": 0.0})
    passing = Statistics(
        lambda count, generator: {"mean": generator.standard_normal(count)},
        lambda: {"mean": 0.0},
        mutants={"five": lambda: {"mean": 5.0}},
    )
    claim = Claim("both", "both means are 0", further_evidence=[silent, passing][::order])
    report = verify(claim, effort="quick")
    assert sorted(kinds(report)) == [("statistics", "for"), ("statistics", "none")]
    assert report.verdict is Verdict.UNDECIDED


# --- exceptions of the user's functions -----------------------------------------------------------


def raising(*_args, **_values):
    return 1 // 0


RAISES_AT = f"{Path(__file__)}:{raising.__code__.co_firstlineno + 1}"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"conclusion": raising}, "the conclusion"),
        ({"hypotheses": {"sane": raising}}, "sane"),
        ({"mutants": {"factor 2": raising}}, "mutant 'factor 2'"),
        ({"conclusion": lambda x, **_: x, "certify": raising}, "certify"),
        ({"derivation": raising}, "derivation"),
        ({"given": {"x": NUMBERS, "y": NUMBERS.map(raising)}}, "drawing an example"),
    ],
)
def test_an_exception_is_an_error_with_its_file_and_line(changes, name):
    report = verify(arithmetic_geometric(**changes))
    assert report.verdict is Verdict.ERROR
    assert report.error.startswith(f"{name} raised ZeroDivisionError: ")
    assert RAISES_AT in report.error
    assert not report.as_expected


def test_an_exception_shows_the_least_example():
    report = verify(arithmetic_geometric(conclusion=lambda x, **_: 1 / (x - x)))
    assert report.error.endswith("the example was x = 0, y = 0")


def test_a_function_of_the_wrong_values_is_refused_at_once():
    with pytest.raises(InputError, match=r"'conclusion' \(.*test_referee\.py:\d+\) takes \(z\)"):
        arithmetic_geometric(conclusion=lambda z: z)


# --- seeds and efforts --------------------------------------------------------------------------


def timeless(report):
    data = dataclasses.asdict(report)
    data["seconds"] = None
    data["evidence"] = [{**each, "seconds": None} for each in data["evidence"]]
    return data


@pytest.mark.parametrize(
    "claim",
    [
        LEDGER["alignment-as-stated"],
        arithmetic_geometric(),
        arithmetic_geometric(derivation=unit_length()),
        arithmetic_geometric(conclusion=lambda x, y: x - y),
    ],
)
def test_the_same_seed_gives_the_same_report(claim):
    first, second = (verify(claim, seed=3) for _ in range(2))
    assert timeless(first) == timeless(second)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_claim_is_called_changes_nothing(seed):
    first, second = (
        verify(arithmetic_geometric(label=label, conclusion=lambda x, y: 9 - x), seed=seed, effort="quick")
        for label in ("mine", "yours")
    )
    assert timeless(dataclasses.replace(second, label="mine")) == timeless(first)


def test_efforts():
    many = st.integers(-(10**6), 10**6)
    claim = arithmetic_geometric(given={"x": many, "y": many})
    for name in ("quick", "standard"):
        report = verify(claim, effort=name)
        assert report.evidence[0].accepted == EFFORTS[name].examples
    assert list(EFFORTS) == ["quick", "standard", "deep"]
    assert verify(claim, effort=Effort("own", 7, 50)).evidence[0].accepted == 7


def test_the_expected_verdict_is_not_consulted():
    verdicts = {verify(arithmetic_geometric(expected=expected)).verdict for expected in Expectation}
    assert verdicts == {Verdict.SUPPORTED}


# --- the report ---------------------------------------------------------------------------------


def test_the_report_as_data_has_the_fields_that_were_promised():
    report = verify(arithmetic_geometric(hypotheses={"x positive": lambda x, **_: x}, remark="note"))
    data = report.to_json()
    assert data["label"] == "arithmetic-geometric"
    assert (data["verdict"], data["expected"], data["as_expected"]) == ("supported", "holds", True)
    assert data["counterexample"] is None
    assert data["sharpness"] is None
    assert data["mutants"] == {
        "total": 2,
        "killed": 2,
        "survivors": [],
        "unrefuted": 0,
        "equivalent": 0,
        "weaker": 0,
    }
    (hypothesis,) = data["hypotheses"]
    assert (hypothesis["name"], hypothesis["needed"]) == ("x positive", False)
    assert hypothesis["why"].endswith("violate it and the conclusion holds at all of them")
    assert data["remark"] == "note"
    assert isinstance(data["seconds"], float)
    (evidence,) = data["evidence"]
    assert (evidence["kind"], evidence["status"]) == ("property", "for")
    assert {"drawn", "accepted", "undecided", "precision_bits", "worst_margin", "seed"} <= evidence.keys()


def test_a_report_prints_its_verdict_and_its_counterexample():
    report = verify(arithmetic_geometric(conclusion=lambda x, **_: x - Fraction(1, 2)))
    printed = str(report)
    assert "refuted" in printed
    assert "x = 0" in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_a_failing_example_that_the_limit_does_not_confirm_is_no_evidence():
    claim = Claim(
        label="limit",
        statement="x > 1, in a limit",
        given={"x": st.integers(-9, 9)},
        conclusion=lambda x: x - 1,
        certify=lambda x: None,
    )
    report = verify(claim, effort="quick")
    assert report.verdict is Verdict.UNDECIDED
    assert kinds(report) == [("property", "none")]


def test_a_conclusion_without_margins_is_no_pass():
    claim = Claim(
        label="nothing",
        statement="nothing is concluded",
        given={"x": st.integers(1, 3)},
        conclusion=lambda x: [],
        mutants={"a wrong one": lambda x: -x},
    )
    assert verify(claim, effort="quick").verdict is Verdict.UNDECIDED


def test_an_unknown_effort_is_named():
    claim = Claim(label="any", statement="any", given={"x": st.integers()}, conclusion=lambda x: True)
    with pytest.raises(InputError, match=r"heroic.*quick, standard, deep"):
        verify(claim, effort="heroic")


def test_hypotheses_that_hold_together_only_in_a_trivial_case_make_a_claim_vacuous():
    def claim(**more):
        return arithmetic_geometric(
            hypotheses={"x ≤ y": lambda x, y: exactly(x <= y), "y ≤ x": lambda x, y: exactly(y <= x)}, **more
        )

    assert verify(claim(), effort=Effort("own", 400, 400)).verdict is not Verdict.VACUOUS
    report = verify(claim(trivial={"x = y": lambda x, y: exactly(x == y)}), effort=Effort("own", 400, 400))
    assert report.verdict is Verdict.VACUOUS
    assert "hold together only where x = y" in report.evidence[0].summary


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0"])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(InputError, match=r"seed .*: expected an integer of at least 0"):
        verify(arithmetic_geometric(), seed=seed)


class Unheard(BaseException):
    """Of a kind that nothing catches by name, and that will not be printed."""

    def __str__(self):
        raise self


def raising(kind):
    def raises(x):
        raise kind(x)

    return raises


@pytest.mark.parametrize("kind", [SystemExit, GeneratorExit, Unheard])
@pytest.mark.parametrize("place", ["conclusion", "hypothesis", "strategy", "certify", "derivation"])
def test_nothing_that_a_claim_raises_ends_the_run(kind, place):
    raises = raising(kind)
    claim = Claim(
        "exits",
        "x > 5",
        {"x": st.integers(1, 9).map(raises if place == "strategy" else int)},
        raises if place == "conclusion" else lambda x: x - (5 if place == "certify" else 0),
        hypotheses={"x > 1": raises} if place == "hypothesis" else {},
        certify=raises if place == "certify" else None,
        derivation=(lambda: raises(1)) if place == "derivation" else None,
    )
    report = verify(claim, effort="quick")
    assert report.verdict is Verdict.ERROR
    assert f"raised {kind.__name__}" in report.error
    assert "test_referee.py:" in report.error


def test_an_interrupt_ends_the_run():
    with pytest.raises(KeyboardInterrupt):
        verify(Claim("stops", "x > 0", {"x": st.integers(1, 9)}, raising(KeyboardInterrupt)), effort="quick")


def turning():
    """A conclusion that fails three times, and then raises."""
    calls = iter([-1, -1, -1])
    return lambda x: next(calls)


def holding_itself():
    found = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conclusion": turning()}, "evaluating the counterexample again raised StopIteration"),
        (
            {"given": {"x": st.builds(holding_itself)}},
            "evaluating the counterexample again raised RecursionError",
        ),
        ({"given": {"x": st.data()}, "conclusion": lambda x: x.draw(NUMBERS) - 10}, "again raised Frozen"),
        (
            {"certify": lambda x: 3},
            "certify raised TypeError: it returned 3; expected a line of text, or None",
        ),
    ],
)
def test_what_cannot_be_evaluated_or_written_again_is_an_error_and_no_end(changes, said):
    claim = Claim(
        **{"label": "odd", "statement": "x", "given": {"x": NUMBERS}, "conclusion": lambda x: -1, **changes}
    )
    report = verify(claim, effort="quick")
    assert report.verdict is Verdict.ERROR
    assert said in report.error


def none_there():
    raise FileNotFoundError(2, "No usable temporary directory found")


@pytest.mark.parametrize("planted", ["nothing", "a link", "somebody else's", "no place"])
def test_hypothesis_keeps_what_it_reads_again_where_nobody_else_writes(planted, tmp_path, monkeypatch):
    seen, user = set(), getattr(os, "getuid", int)() + 7 * (planted == "somebody else's")
    own = tmp_path / f"jacspec-hypothesis-{user}"
    if planted == "a link":
        own.symlink_to(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: user, raising=False)
    monkeypatch.setattr(referee, "gettempdir", none_there if planted == "no place" else lambda: str(tmp_path))
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", None)

    def looking(x):
        seen.add(getattr(configuration, "__hypothesis_home_directory"))
        return x

    verify(Claim("looking", "x > 0", {"x": st.integers(1, 9)}, looking), effort=Effort("few", 3, 3))
    assert seen == {own if planted == "nothing" else Path(os.devnull) / "none"}
