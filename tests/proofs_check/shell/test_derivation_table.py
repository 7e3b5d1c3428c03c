"""`jacspec list --derivations` and `jacspec derive --all`, and with them every step's mutants, once."""

from __future__ import annotations

import pytest

from jacspec.proofs_check.claims.evidence import DerivationEvidence, Status
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.derivations import derivation_of
from jacspec.proofs_check.shell.cli import main
from jacspec.proofs_check.shell.derivation_table import Summary, derivation_table, summaries
from jacspec.theory.results.catalogue import catalogue
from tests.proofs_check.ledger.reports import report_of
from tests.proofs_check.shell.rendering import plain

EXPLAINED = {"separation-closed-form": ("before-the-end: beyond t^* there is nothing to differentiate",)}
"""What a step names without using its equations, with the reason that its derivation gives."""


CLAIMED = [label for label, claim in LEDGER.items() if claim.derivation is not None]
OF_NO_CLAIM = sorted(catalogue().keys() - CLAIMED)


@pytest.fixture(scope="module")
def found() -> list[Summary]:
    return summaries(["alignment-forces-zero-intercept", "imbalance-conserved"])


def all_rejected(mutants: Mutants) -> bool:
    return mutants.total == mutants.killed + mutants.unrefuted and mutants.killed > 0


@pytest.mark.parametrize("label", CLAIMED)
def test_the_derivation_of_every_claim_holds_and_no_mutant_survives(label: str) -> None:
    derived = report_of(label).evidence[0]
    assert isinstance(derived, DerivationEvidence)
    assert derived.status is Status.FOR
    assert derived.mutants_per_step is None, "all of them"
    assert all_rejected(derived.mutants)


@pytest.mark.parametrize("label", OF_NO_CLAIM)
def test_every_other_derivation_holds_and_no_mutant_survives(label: str) -> None:
    (summary,) = summaries([label])
    assert summary.holds, summary.rejections
    assert all_rejected(summary.mutants)


def test_what_a_derivation_names_without_using_it_has_a_reason() -> None:
    for label in catalogue():
        explained = tuple(f"{name}: {why}".replace("$", "") for name, why in derivation_of(label).explained)
        assert explained == EXPLAINED.get(label, ())


def test_labels_are_those_of_the_theory_in_its_order(found: list[Summary]) -> None:
    assert [summary.label for summary in found] == ["alignment-forces-zero-intercept", "imbalance-conserved"]
    assert all(summary.holds and all_rejected(summary.mutants) for summary in found)
    assert set(CLAIMED) < set(catalogue())


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
    out = " ".join(capsys.readouterr().out.split())
    assert "Where nothing else is said, N ≥ 2, n ≥ 1 and 1 ≤ i, j, k ≤ n." in out
    assert "Terms of the velocity, by the order of the overlaps alignment-budget, for 1 ≤ l ≤ N." in out
