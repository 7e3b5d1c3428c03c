"""Where claims come from: the ledger by label, or a user's Python file."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hypothesis.errors import HypothesisDeprecationWarning

from jacspec.numerics import InputError
from jacspec.numerics.support.arguments import hint
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.user_code import guest
from jacspec.proofs_check.referee.referee import verify
from jacspec.proofs_check.shell.user_files import claims_of, load_claims, split_target

_LISTED = "'jacspec list' shows all labels"


@dataclass(frozen=True)
class ClaimTask:
    """One claim to verify, named so that any process can find it; ``file`` is None for the ledger.

    It may take so many ``seconds``.
    """

    label: str
    file: str | None
    effort: str
    seed: int
    seconds: float | None = None

    def claim(self) -> Claim:
        """The claim itself."""
        return find_claim(self.label, self.file)


def find_claim(label: str, file: str | Path | None = None) -> Claim:
    """The claim of that label in a user's file, which is run, or in the ledger.

    Raises InputError if there is none.
    """
    claims = _ledger() if file is None else load_claims(Path(file).resolve())
    if label not in claims:
        where = "the ledger holds no" if file is None else f"{str(file)!r} defines no"
        message = f"unknown claim {label!r}: {where} claim of that label; {hint(label, claims, _LISTED)}"
        raise InputError(message)
    return claims[label]


def _ledger() -> Mapping[str, Claim]:
    """The claims of the ledger, which take seconds to import: files of one's own are verified without."""
    from jacspec.proofs_check.ledger import LEDGER

    return LEDGER


def run_task(task: ClaimTask) -> Report:
    """Verify the claim that a task names."""
    if threading.current_thread() is not threading.main_thread():
        # Dask's threads draw from Python's ``random`` at any time; Hypothesis would blame a strategy.
        warnings.filterwarnings("ignore", "Do not use the `random` module", HypothesisDeprecationWarning)
    claim = task.claim()
    with guest():
        return verify(claim, effort=task.effort, seed=task.seed, seconds=task.seconds)


def select(
    targets: tuple[str, ...], *, effort: str, seed: int, seconds: float | None = None
) -> list[ClaimTask]:
    """Return the tasks for labels and files, in the order given; the whole ledger for no target.

    Raises InputError for a label that the ledger does not hold and a file that holds no claim.
    """
    tasks = []
    for target in targets or tuple(_ledger()):
        if (place := split_target(target)) is not None:
            file = str(place[0].resolve())
            tasks += [ClaimTask(label, file, effort, seed, seconds) for label in claims_of(*place)]
        elif target in _ledger():
            tasks.append(ClaimTask(target, None, effort, seed, seconds))
        else:
            expected = f"a label of the ledger, FILE.py or FILE.py:NAME; {hint(target, _ledger(), _LISTED)}"
            message = f"unknown claim {target!r}: expected {expected}"
            raise InputError(message)
    return list(dict.fromkeys(tasks))
