"""Tables for the terminal: what they show, within 100 columns, without control characters."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from jacspec.documents.text import COLUMNS
from jacspec.proofs_check import Claim, Expectation, Verdict, Whose, verify
from jacspec.proofs_check.claims.evidence import Hypothesis, Sharpness
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.shell.console import console
from jacspec.proofs_check.shell.tables import claims_table, details, verdict_table, weighing
from tests.proofs_check.shell.rendering import plain

CLAIM = Claim(
    label="at-most-seven",
    statement="x ≤ 7",
    given={"x": st.integers(0, 100)},
    conclusion=lambda x: 7 - x,
    expected=Expectation.REFUTED,
    remark="a remark of the claim's",
)
REPORT = verify(CLAIM)


def row(rendered, label):
    return next(line.rstrip() for line in rendered.splitlines() if line.startswith(label + " "))


@pytest.mark.parametrize("verdict", Verdict)
def test_a_row_shows_the_verdict_and_whether_it_was_expected(verdict):
    rendered = plain(verdict_table([replace(REPORT, verdict=verdict)]))
    line = row(rendered, "at-most-seven")
    assert verdict.value in line
    assert ("refuted ✓" if verdict is Verdict.REFUTED else "refuted ✗") in line


def test_whose_a_claim_is_stands_beside_its_verdict():
    theirs = replace(REPORT, whose=Whose.FOLLOW_UP)
    assert "refuted ✓   follow-up" in row(plain(verdict_table([theirs])), "at-most-seven")
    assert "at-most-seven ✗ refuted (follow-up)" in details([theirs])
    assert row(plain(claims_table([CLAIM])), "at-most-seven") == "at-most-seven (refuted, –, not derived)"


def test_below_a_long_label_stands_its_evidence_and_no_word_is_cut():
    long = max(LEDGER, key=len)
    report = replace(REPORT, label=long, verdict=Verdict.SUPPORTED, expected=Expectation.SUPPORTED)
    lines = plain(verdict_table([report])).splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(long + " "))
    assert lines[place].split()[1:4] == ["supported", "supported", "✓"]
    assert lines[place + 1].strip() == "a counterexample, exact and re-verified"
    assert max(map(len, lines)) <= COLUMNS


def test_on_a_narrow_terminal_evidence_has_lines_of_its_own():
    report = replace(REPORT, label="any-label", mutants=Mutants(total=7, killed=5))
    first, evidence, *_ = plain(verdict_table([report], 79)).splitlines()
    assert first.rstrip() == f"any-label: refuted (refuted ✓, –, {report.seconds:.1f} s, mutants 5/7)"
    assert evidence.rstrip() == "    a counterexample, exact and re-verified"


def test_the_rows_keep_the_order_of_the_reports():
    reports = [replace(REPORT, label=label) for label in ("claim-b", "claim-a", "claim-c")]
    lines = plain(verdict_table(reports)).splitlines()
    labels = [line.split()[0] for line in lines if line.startswith("claim-")]
    assert labels == ["claim-b", "claim-a", "claim-c"]


def test_the_details_show_counterexample_remark_and_error():
    rendered = details([replace(REPORT, error="nothing to worry about")])
    for part in ("at-most-seven ✗ refuted", "x ≤ 7", "x = 8", "384 bits", "a remark of the claim's"):
        assert part in rendered
    assert "nothing to worry about" in rendered


def test_nothing_to_add_adds_nothing():
    silent = replace(REPORT, counterexample=None, remark="", error="")
    assert details([silent]) == ""


def test_tables_fit_into_a_hundred_columns_and_hold_no_control_characters():
    long = replace(REPORT, label="a-label-" * 5, remark="a long remark " * 30)
    rendered = "\n".join(
        [plain(verdict_table([long])), details([long]), plain(claims_table(LEDGER.values()))]
    )
    assert max(map(len, rendered.splitlines())) <= COLUMNS
    assert "\x1b" not in rendered


def test_the_ledger_is_listed_whole():
    rendered = plain(claims_table(LEDGER.values()))
    for label, claim in LEDGER.items():
        derived = "derived" if claim.derivation else "not derived"
        assert row(rendered, label) == f"{label} ({claim.expected.value}, {claim.author}, {derived})"


def test_output_that_is_no_terminal_is_a_hundred_columns_wide():
    assert console().width == COLUMNS
    assert console(stderr=True).stderr


def test_statements_are_shown_without_dollar_signs():
    report = replace(REPORT, statement="the bound $x ≤ 7$", remark="for $x > 1$")
    assert "the bound x ≤ 7" in details([report])
    claim = replace(CLAIM, statement=report.statement)
    assert "the bound x ≤ 7" in plain(claims_table([claim]))
    assert "$" not in details([report]) + plain(claims_table([claim, *LEDGER.values()]))


# --- what carries weight ------------------------------------------------------------------------

WEIGHED = replace(
    REPORT,
    verdict=Verdict.PROVED,
    hypotheses=(
        Hypothesis("$B$ nonsingular", True, "a certified counterexample violates nothing else"),
        Hypothesis("[bold]i ≠ k[/bold]", False, "none found"),
        Hypothesis("depth scaling", None, ""),
    ),
    pairs=(Hypothesis("both", True, "together"),),
    sharpness=Sharpness(0.60791, "M_1 = [[1, -1], [2, 0]]\nM_2 = [[1, -2], [2, 0]]"),
)


def test_hypotheses_and_sharpness_stand_below_the_label():
    lines = weighing([WEIGHED]).splitlines()
    assert max(map(len, lines)) <= COLUMNS
    assert lines[3:] == [
        "at-most-seven",
        "needed ✓          B nonsingular: a certified counterexample violates nothing else",
        "superfluous?      [bold]i ≠ k[/bold]: none found",
        "never weighed     depth scaling",
        "needed ✓          both: together",
        "looks improvable  the bound: 0.6079 of it is reached, at M_1 = [[1, -1], [2, 0]]; M_2 = [[1, -2],",
        "                  [2, 0]]",
    ]


def test_a_variant_that_no_check_caught_is_named():
    uncaught = replace(REPORT, verdict=Verdict.SUPPORTED, mutants=Mutants(2, 1, ("$x ≤ 8$",)))
    assert weighing([uncaught]).splitlines()[3:] == ["at-most-seven", "not caught  the variant x ≤ 8"]
    assert "1 of 2 wrong variants were caught. Not caught, so perhaps true as well:" in str(uncaught)


def test_a_narrow_terminal_gets_narrow_lines():
    long = replace(WEIGHED, remark="a long remark " * 30)
    for written in (details([long], 60), weighing([long], 60)):
        assert 50 < max(map(len, written.splitlines())) <= 60


def test_nothing_weighed_is_nothing():
    assert weighing([replace(WEIGHED, hypotheses=(), pairs=(), sharpness=None)]) == ""
    assert weighing([replace(WEIGHED, verdict=Verdict.REFUTED)]) == ""


def test_no_mark_of_the_prose_reaches_the_terminal():
    report = verify(LEDGER["separation-dynamics-any-depth"], effort="quick")
    assert "$" in report.statement
    shown = plain(claims_table(LEDGER.values())) + plain(verdict_table([report])) + details([report])
    assert not set("$`") & set(shown)
