"""One derivation that cannot be built is one claim in error, with file and line; the others stand."""

import subprocess
import sys
from pathlib import Path

import pytest

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.derivations import derivation_of
from jacspec.proofs_check.referee.referee import verify
from jacspec.proofs_check.reports.graph import claim_graph
from jacspec.proofs_check.reports.run import Run
from jacspec.proofs_check.shell.cli import main
from jacspec.proofs_check.shell.derivation_table import summaries
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics import balanced_alignment, balanced_products, deep_linear

NEEDS_BALANCE = "deep-linear-dynamics"


@pytest.fixture
def broken(monkeypatch):
    """The powers of balanced products no longer build; two claims rest on them."""
    caches = (
        deep_linear.deep_linear,
        balanced_alignment.balance_aligns,
        balanced_products._balanced_roots,
        balanced_products._balanced_powers,
    )
    whole = Derivation.__post_init__

    def refuse(self):
        if self.label == "balanced-powers":
            message = "a lemma is missing"
            raise ValueError(message)
        whole(self)

    monkeypatch.setattr(Derivation, "__post_init__", refuse)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()
    for claim in LEDGER.values():
        vars(claim).pop("derived", None)


def test_no_derivation_is_built_when_the_ledger_is_imported():
    program = (
        "from jacspec.theory.derivations import derivation\n"
        "def refuse(self): raise AssertionError(self.label)\n"
        "derivation.Derivation.__post_init__ = refuse\n"
        "from jacspec.proofs_check.ledger import LEDGER\n"
        "from jacspec.theory.results.catalogue import catalogue\n"
        "assert len(LEDGER) > 40 and len(catalogue()) > 40\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.usefixtures("broken")
def test_the_claim_that_rests_on_it_ends_in_error_with_file_and_line():
    report = verify(LEDGER[NEEDS_BALANCE], effort="quick")
    assert report.verdict is Verdict.ERROR
    assert report.error.startswith("derivation raised ValueError: a lemma is missing at ")
    file, _, line = report.error.rpartition(" at ")[2].rpartition(":")
    assert "Derivation(" in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert claim_graph(Run([(LEDGER[NEEDS_BALANCE], report)], {}, 0, "quick")).nodes.keys() == {NEEDS_BALANCE}


@pytest.mark.usefixtures("broken")
def test_the_others_are_listed_derived_and_verified(capsys):
    for arguments in (["list"], ["derive", "velocity-identity"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    assert verify(LEDGER["imbalance-conserved"], effort="quick").verdict is Verdict.PROVED
    (row,) = summaries([NEEDS_BALANCE])
    assert not row.holds
    assert "a lemma is missing at " in row.sentence
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["derive", "--all"])
    assert ended.value.code == 2
    assert "derivation 'balanced-powers' raised ValueError: a lemma is missing at " in capsys.readouterr().err


@pytest.mark.usefixtures("broken")
def test_a_derivation_that_cannot_be_built_is_bad_input():
    with pytest.raises(
        InputError, match=r"'balanced-powers' raised ValueError: .* at .*balanced_products\.py:\d+"
    ):
        derivation_of("balanced-powers")


def test_derivations_stand_in_the_catalogue_under_their_labels():
    assert [(label, each.label) for label, each in catalogue().items() if label != each.label] == []
    with pytest.raises(KeyError):
        catalogue()["no-such-derivation"]
