"""Every file of the ledger that holds claims stands in it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from jacspec.proofs_check import ledger
from jacspec.proofs_check.ledger import LEDGER

FOLDER = Path(ledger.__file__).parent


def test_no_claim_is_in_a_file_that_the_ledger_does_not_read() -> None:
    files = [path for path in FOLDER.rglob("*.py") if "\nCLAIMS" in path.read_text(encoding="utf-8")]
    held = []
    for path in files:
        name = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        held += [claim.label for claim in import_module(f"jacspec.proofs_check.ledger.{name}").CLAIMS]
    assert sorted(held) == sorted(LEDGER)
    assert len(files) > 10
