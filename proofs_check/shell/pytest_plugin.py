"""A plugin for pytest: each Claim at the top level of a test module is a test.

It passes if its verdict is the one it expects. A list of claims counts too, and so does a file that is
named on the command line, ``pytest my_claims.py``. Options ``jacspec_effort`` and ``jacspec_seed`` in
pytest's configuration; switched off by ``-p no:jacspec``.

Every run of pytest imports this module wherever the package is installed: it imports nothing else of it until
a test module has made a claim.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jacspec.proofs_check.claims.claim import Claim
    from jacspec.proofs_check.claims.report import Report

_SEEN = pytest.StashKey[set[int]]()


class UnexpectedVerdictError(Exception):
    """A verdict that is not the one the claim expects."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.label)
        self.report = report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the configuration file."""
    parser.addini(
        "jacspec_effort", "how hard claims are searched: quick, standard or deep", default="standard"
    )
    parser.addini("jacspec_seed", "seed of every search, a whole number", default="0")


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[ClaimItem] | None:  # noqa: ARG001
    """Collect a claim, or a list of claims, at the top level of a module; each once, whatever its names."""
    module = sys.modules.get("jacspec.proofs_check.claims.claim")
    if module is None or not isinstance(collector, pytest.Module):
        return None  # nobody has made a claim
    from jacspec.proofs_check.claims.user_code import held_by

    claims = [each for each in held_by(obj) if issubclass(type(each), module.Claim)]
    if not claims:
        return None
    seen = collector.stash.setdefault(_SEEN, set())
    items = []
    for claim in claims:
        if id(claim) not in seen:
            seen.add(id(claim))
            items.append(ClaimItem.from_parent(collector, name=claim.label, claim=claim))
    return items


class ClaimItem(pytest.Item):
    """One claim as a test."""

    def __init__(self, *, claim: Claim, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim = claim

    def runtest(self) -> None:
        """Verify the claim; raises UnexpectedVerdictError for any other verdict than the expected one."""
        from jacspec.proofs_check.referee.referee import verify

        report = verify(self.claim, effort=self._effort(), seed=self._seed())
        self.user_properties.append(("verdict", report.verdict.value))
        if not report.as_expected:
            raise UnexpectedVerdictError(report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report, with the counterexample; for anything else what pytest shows."""
        if isinstance(excinfo.value, UnexpectedVerdictError):
            return str(excinfo.value.report)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where the claim's conclusion is, if it is in this file, and its label."""
        code = getattr(self.claim.conclusion, "__code__", None)
        here = code is not None and code.co_filename == str(self.path)
        return self.path, code.co_firstlineno - 1 if here and code else None, f"claim {self.claim.label}"

    def _effort(self) -> str:
        from jacspec.proofs_check.claims.effort import EFFORTS

        effort = str(self.config.getini("jacspec_effort"))
        if effort not in EFFORTS:
            message = f"jacspec_effort = {effort!r}: expected one of {', '.join(EFFORTS)}"
            raise pytest.UsageError(message)
        return effort

    def _seed(self) -> int:
        seed = str(self.config.getini("jacspec_seed"))
        if not seed.isdecimal():
            message = f"jacspec_seed = {seed!r}: expected a whole number from 0 upwards, such as 0"
            raise pytest.UsageError(message)
        return int(seed)
