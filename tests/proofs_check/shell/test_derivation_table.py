"""`jacspec list --derivations` and `jacspec derive --all`, and with them every step's mutants, once."""

from __future__ import annotations

import pytest

from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.ledger.derivations import derivation_of
from jacspec.proofs_check.shell.cli import main
from jacspec.proofs_check.shell.derivation_table import Summary, derivation_table, summaries
from jacspec.theory.results.catalogue import catalogue
from tests.proofs_check.shell.rendering import plain

EXPLAINED = {"separation-closed-form": ("before-the-end: beyond t^* there is nothing to differentiate",)}
"""What a step names without using its equations, with the reason that its derivation gives."""


@pytest.fixture(scope="module")
def found() -> list[Summary]:
    return summaries()


def test_every_derivation_holds_and_no_mutant_survives(found: list[Summary]) -> None:
    assert [summary.label for summary in found] == list(catalogue())
    assert [(summary.label, summary.rejections) for summary in found if not summary.holds] == []
    for summary in found:
        assert summary.mutants.total == summary.mutants.killed + summary.mutants.unrefuted
        assert summary.mutants.killed > 0
        assert summary.unneeded == EXPLAINED.get(summary.label, ())


@pytest.mark.parametrize("label", ["alignment", "right-alignment"])
def test_only_what_is_true_at_every_point_is_left_to_the_normal_form(
    found: list[Summary], label: str
) -> None:
    # s_i(J) for s_k(J), which is true as well: s_i(AB) ≥ s_i(A) s_n(B). One in each of the two parts.
    (mutants,) = (summary.mutants for summary in found if summary.label == label)
    assert mutants.unrefuted == 2
    assert mutants.weaker == 12


def test_the_table_names_what_is_assumed(found: list[Summary]) -> None:
    shown = plain(derivation_table(found))
    assert "alignment-forces-zero-intercept" in shown
    assert "· gradient flow" in shown
    assert "$" not in shown


def test_a_failing_derivation_says_why() -> None:
    broken = Summary(
        "x", False, 1, "any", (), ("unneeded: for a reason",), Mutants(2, 1), ("a wrong variant passes",)
    )
    shown = plain(derivation_table([broken]))
    assert "fails" in shown
    assert "a wrong variant" in shown
    assert "not needed" in shown


def test_what_is_not_rejected_twice_is_not_counted_as_rejected() -> None:
    bound = Summary("x", True, 1, "any", (), (), Mutants(24, 20, unrefuted=4, equivalent=1, weaker=5), ())
    heading, _, row, *_ = plain(derivation_table([bound])).splitlines()
    assert heading.split()[-4:] == ["mutants", "weaker", "form", "only"]
    assert row.split()[-3:] == ["20/24", "5", "4"]


def test_a_derivation_without_a_claim_can_be_shown() -> None:
    assert derivation_of("alignment-budget").label == "alignment-budget"


@pytest.mark.parametrize("arguments", [["derive"], ["derive", "alignment", "--all"]])
def test_either_a_label_or_all(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert (
        f"jacspec: {' '.join(arguments[:2])}: expected one label or FILE.py:NAME, or --all"
        in capsys.readouterr().err
    )


def test_all_prints_the_whole_theory(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["derive", "--all"])
    assert ended.value.code == 0
    assert (
        "Terms of the velocity, by the order of the overlaps\nalignment-budget, for N ≥ 2, n ≥ 1"
        in capsys.readouterr().out
    )
