"""Where claims come from: the ledger by label, or a user's Python file."""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.referee import verify

__all__ = ["ClaimTask", "find_claim", "load_claims", "run_task", "select"]


@dataclass(frozen=True)
class ClaimTask:
    """One claim to verify, named so that any process can find it; ``file`` is None for the ledger."""

    label: str
    file: str | None
    effort: str
    seed: int

    def claim(self) -> Claim:
        """The claim itself."""
        return find_claim(self.label, self.file)


def find_claim(label: str, file: str | Path | None = None) -> Claim:
    """The claim of that label in a user's file, which is run, or in the ledger.

    Raises InputError if there is none.
    """
    claims = LEDGER if file is None else load_claims(Path(file).resolve())
    if label not in claims:
        where = "the ledger holds no" if file is None else f"{str(file)!r} defines no"
        message = f"unknown claim {label!r}: {where} claim of that label; {_hint(label, claims)}"
        raise InputError(message)
    return claims[label]


def _hint(label: str, claims: Iterable[str]) -> str:
    near = difflib.get_close_matches(label, list(claims), n=1)
    return f"did you mean {near[0]}?" if near else "'jacspec list' shows all labels"


def run_task(task: ClaimTask) -> Report:
    """Verify the claim that a task names."""
    return verify(task.claim(), effort=task.effort, seed=task.seed)


def select(targets: tuple[str, ...], *, effort: str, seed: int) -> list[ClaimTask]:
    """Return the tasks for labels and files, in the order given; the whole ledger for no target.

    Raises InputError for a label that the ledger does not hold and a file that holds no claim.
    """
    tasks = []
    for target in targets or tuple(LEDGER):
        if target in LEDGER:
            tasks.append(ClaimTask(target, None, effort, seed))
        elif target.endswith(".py"):
            file = str(Path(target).resolve())
            tasks += [ClaimTask(label, file, effort, seed) for label in load_claims(Path(target))]
        else:
            expected = f"a label of the ledger or a FILE.py; {_hint(target, LEDGER)}"
            message = f"unknown claim {target!r}: expected {expected}"
            raise InputError(message)
    return list(dict.fromkeys(tasks))


@cache
def load_claims(file: Path) -> dict[str, Claim]:
    """Run a user's file and return the claims it defines at its top level, by label.

    Raises InputError, with the file's line where there is one, if it cannot be run or holds no claim.
    """
    if not file.is_file():
        message = f"no file {str(file)!r}: expected a Python file that defines Claim objects; check the path"
        raise InputError(message)
    name = f"jacspec_claims_{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        message = f"cannot read {str(file)!r} as Python: expected a file that ends in .py"
        raise InputError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        message = f"{_place(error, file)}: {type(error).__name__}: {error}; mend the file and run it again"
        raise InputError(message) from error
    claims: dict[str, Claim] = {}
    for value in vars(module).values():
        for claim in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(claim, Claim):
                continue
            if claims.get(claim.label, claim) is not claim:
                message = f"{file}: two claims are called {claim.label!r}; labels must differ"
                raise InputError(message)
            claims[claim.label] = claim
    if not claims:
        message = f"{file} defines no claim: expected one at its top level, such as mine = claim(...)"
        raise InputError(message)
    return claims


def _place(error: BaseException, file: Path) -> str:
    """The line of the user's file that raised, where the traceback passes through it."""
    if isinstance(error, SyntaxError):
        return f"{file}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == file.resolve()]
    return f"{file}:{lines[-1]}" if lines else str(file)
