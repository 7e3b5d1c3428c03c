"""The Markdown report."""

from dataclasses import replace
from functools import reduce

import pytest
from flint import arb
from hypothesis import strategies as st

from jacspec.numerics import InputError, max_memory
from jacspec.proofs_check import Claim, at_most, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, report_markdown, write_report
from jacspec.theory import Calculation, Derivation
from jacspec.theory.notation.symbols import MT, M, l

VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}


@pytest.fixture(scope="module")
def reports():
    claims = [
        LEDGER["alignment-as-stated"],
        LEDGER["velocity-identity"],
        Claim("broken", "1/x exists", {"x": st.integers(0, 3)}, lambda x: 1 // x),
    ]
    # The derivation is checked elsewhere; here it is only to be printed.
    return [(claim, verify(replace(claim, derivation=None), effort="quick")) for claim in claims]


def test_the_report_holds_verdicts_counterexamples_and_derivations(reports):
    text = report_markdown(Run(reports, VERSIONS, 5, "quick"))
    assert text.startswith("# jacspec: verdicts\n")
    assert "2 of 3 verdicts as expected. Effort quick, seed 5." in text
    assert "python 3.11, jacspec 0.1.0" in text
    for _, report in reports:
        anchor = f"claim-{report.label}"
        assert f"| [`{report.label}`](#{anchor}) | {report.verdict.value} |" in text
        whose = f" ({report.author})" if report.whose is not None else ""
        heading = f"### `{report.label}` **{report.verdict.marked}**{whose}"
        assert f'<a id="{anchor}"></a>\n\n{heading}\n' in text
    assert f"| {reports[0][1].verdict.value} | refuted ✓ | poster |" in text
    for layer, factor in enumerate(reports[0][1].counterexample.values["chain"], 1):
        rows = r" \\ ".join(" & ".join(map(str, row)) for row in factor)
        assert rf"$$ M_{{{layer}}} = \begin{{bmatrix}} {rows} \end{{bmatrix}} $$" in text
    assert "#### The velocity of a simple singular value" in text
    assert reports[2][1].error in text


def test_code_and_mathematics_are_closed(reports):
    text = report_markdown(Run(reports, VERSIONS, 0, "quick"))
    assert text.count("```") % 2 == 0
    assert text.count("$$") % 2 == 0


def test_the_folder_is_made(reports, tmp_path):
    folder = tmp_path / "new" / "folder"
    files = write_report(folder, Run(reports, VERSIONS, 0, "quick"))
    names = ("index.html", "single.html", "report.md", "appendix.tex")
    assert files == tuple(folder / name for name in names)
    assert files[2].read_text(encoding="utf-8") == report_markdown(Run(reports, VERSIONS, 0, "quick"))


def test_a_folder_that_cannot_be_made_is_named(reports, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot make the folder .*file.*choose another"):
        write_report(tmp_path / "file", Run(reports, VERSIONS, 0, "quick"))


def test_a_user_s_claim_does_not_take_the_derivation_of_the_ledger_s():
    mine = Claim("alignment", "x > 0", {"x": st.integers(1, 9)}, lambda x: x, mutants={"-x": lambda x: -x})
    text = report_markdown(Run([(mine, verify(mine, effort="quick"))], VERSIONS, 0, "quick"))
    assert "### `alignment` **≈ supported**\n\nx > 0" in text
    assert "Derivation" not in text
    ledger = LEDGER["alignment"]
    assert "Derivation" in report_markdown(
        Run([(ledger, verify(mine, effort="quick"))], VERSIONS, 0, "quick")
    )


def test_what_was_weighed_is_in_the_table_and_in_the_section():
    claim = Claim(
        "bound",
        "x ≤ 2x, x > 0",
        {"x": st.integers(-3, 20)},
        conclusion=lambda x: at_most(arb(x), arb(2 * x)),
        hypotheses={"x > 0": lambda x: x, "|x| < 15": lambda x: 15 - abs(x)},
        mutants={"2x ≤ x": lambda x: -x},
    )
    text = report_markdown(Run([(claim, verify(claim, effort="quick"))], VERSIONS, 0, "quick"))
    assert "| [`bound`](#claim-bound) | supported | holds ✓ | – | 1 of 1 | 1 of 2 tried | 0.5000 |" in text
    assert "| x > 0 | needed ✓ |" in text
    assert "| \\|x\\| \\< 15 | superfluous? |" in text
    assert "| the bound | hardly looked for | 0.5000 of it is reached, at x = " in text


def test_a_derivation_that_cannot_be_shown_costs_no_other_claim_its_report(tmp_path):
    nested = reduce(lambda so_far, _: so_far * M(l) + MT(l), range(2000), M(l))
    deep = Derivation("deep", "Deep", (Calculation("Deep", nested).equals(nested, "same"),))
    claims = [
        Claim(label, "x < 5", {"x": st.integers(1, 9)}, lambda x: 5 - x, derivation=derivation)
        for label, derivation in (("deep", lambda: deep), ("small", None))
    ]
    run = Run([(claim, verify(claim, effort="quick")) for claim in claims], {}, 0, "quick", ())
    for file in write_report(tmp_path, run):
        assert "small" in file.read_text(encoding="utf-8")
    assert "Its derivation cannot be shown: RecursionError: " in (tmp_path / "report.md").read_text("utf-8")


def test_a_report_that_memory_does_not_hold_is_refused_in_figures(tmp_path):
    claim = Claim("small", "x < 5", {"x": st.integers(1, 9)}, lambda x: 5 - x)
    run = Run([(claim, verify(claim, effort="quick"))] * 100, {}, 0, "quick", ())
    with max_memory("1 MB"), pytest.raises(InputError, match=r"a report on 100 claims takes about 10\.\d MB"):
        write_report(tmp_path / "report", run)
    assert not (tmp_path / "report" / "report.md").exists()
