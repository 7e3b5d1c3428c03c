"""Verdicts that were reached before, and count as long as nothing has changed on which they rest.

One JSON file a claim, effort and seed in ``.jacspec/``, written as soon as its verdict is reached: an
interrupted run, repeated, goes on from there, and one that was not is repeated in seconds. Beside the report
stand the user's sources that had been imported when it was reached, and a digest of all that it rests on: the
label, effort and seed, the contents of these sources, whether assertions are heeded (``python -O``), the
versions of everything that is computed with, and the source of this toolkit. Data that a claim reads are not
seen. A file that was changed by hand, or cut off, does not count; neither does a report of another claim than
there is now, or of another verdict than its evidence amounts to, nor an error. A counterexample is evaluated
again before it is believed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import time_ns
from typing import Any

from jacspec.documents import text
from jacspec.numerics import InputError
from jacspec.numerics.files.reading import MOST_JSON, contents, json_of, what_is_there
from jacspec.numerics.files.writing import made_folder, write_text
from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict, verdict_of
from jacspec.proofs_check.referee.counterexample_files import kept_of
from jacspec.proofs_check.referee.referee import unverified
from jacspec.proofs_check.referee.replay import replay
from jacspec.proofs_check.shell.claim_tasks import ClaimTask
from jacspec.proofs_check.shell.commands.shared import COMPUTES_WITH, KEPT_IN
from jacspec.proofs_check.shell.user_sources import imported_sources, others_are_meant

_MOST_SOURCES = 10**4
"""A file that was changed by hand names more, of which each would be read; then it does not count."""

_HOME = Path(__file__).resolve().parents[2]
_PACKAGES = (
    Path(text.__file__).resolve().parent,
    *(_HOME / name for name in ("theory", "numerics", "proofs_check")),
)
"""Where the source of this toolkit is: in a checkout the packages stand beside jacspec, and not in it."""


class KeptVerdicts:
    """The reports of earlier runs, on disk as they were reached.

    Parameters
    ----------
    tasks:
        All that is asked for; what has been imported for them is read now, before anything is computed.
    versions:
        Of everything that is computed with.
    folder:
        Where they are kept; made, with a ``.gitignore`` that leaves it out, when the first is written.
    begun:
        When the run began, in nanoseconds: before any of the user's code was imported. Default: now.
    """

    def __init__(
        self,
        tasks: Iterable[ClaimTask],
        versions: Mapping[str, str],
        folder: Path | None = None,
        *,
        begun: int | None = None,
    ) -> None:
        self._begun = time_ns() if begun is None else begun
        self._rests_on = [dict(versions), sys.flags.optimize, _toolkit(_PACKAGES)]
        files = {Path(task.file) for task in tasks if task.file is not None}
        self._read = {file: _content(file) for file in files.union(imported_sources() if files else ())}
        self._folder = folder or KEPT_IN
        self.outdated = 0
        """How many of those asked for were kept, and do not count any more."""

    def of(self, task: ClaimTask) -> Report | None:
        """The report of a task, if one is kept that still counts."""
        file = self.file(task)
        if what_is_there(file):
            return None
        with suppress(InputError, OSError, LookupError, TypeError, ValueError):  # written by something else
            kept = json_of(contents(file, "a kept verdict", most=MOST_JSON))
            sources = {name: _content(Path(name)) for name in kept["sources"][:_MOST_SOURCES]}
            moved = others_are_meant({Path(name) for name in sources if name != task.file})
            if kept["digest"] == self._digest(task, sources, kept["report"]) and not moved:
                report = Report.from_json(kept["report"])
                if _could_be_reached(task, report) and _still_refuted(task, report):
                    return report
        self.outdated += 1
        return None

    def add(self, task: ClaimTask, report: Report, sources: Iterable[Path] = ()) -> Sequence[str]:
        """Keep a report, safe from whatever ends this process; raises InputError where it cannot.

        ``sources`` are those of the user's that had been imported when it was reached. If one has been
        changed since we began, nobody knows on what the report rests, and it is not kept: these are returned.
        Neither is an error: it is looked at again.
        """
        read = {} if task.file is None else {str(f): self._as_begun(f) for f in (Path(task.file), *sources)}
        changed = [file for file, content in read.items() if content is None]
        if report.verdict is Verdict.ERROR or changed:
            return changed
        ignore = made_folder(self._folder) / ".gitignore"
        if what_is_there(ignore):
            write_text(ignore, "*\n", streams=False)
        data = report.to_json()
        kept = {"digest": self._digest(task, read, data), "sources": list(read), "report": data}
        write_text(self.file(task), json.dumps(kept), streams=False)
        return ()

    def file(self, task: ClaimTask) -> Path:
        """Where the report of a task is kept."""
        return self._folder / f"{_digest(_asked(task))[:20]}.json"

    def _as_begun(self, file: Path) -> str | None:
        """What is in a source, as it was when we began; None if that can no longer be known."""
        with suppress(OSError, InputError):
            content = _content(file)
            if _changed(file.stat()) < self._begun and self._read.setdefault(file, content) == content:
                return content
        return None

    def _digest(self, task: ClaimTask, sources: Mapping[str, str | None], report: Any) -> str:
        return _digest([_asked(task), sources, *self._rests_on, report])


def _asked(task: ClaimTask) -> list[object]:
    return [task.label, task.file, task.effort, task.seed]


def _could_be_reached(task: ClaimTask, report: Report) -> bool:
    """Whether a report is one of the claim, and its verdict what its evidence amounts to."""
    claim = task.claim()
    blank = unverified(claim)
    about = ("label", "statement", "expected", "remark", "whose", "source")
    amounts_to = verdict_of(report.evidence, counterexample=report.counterexample, error=report.error)
    return (
        all(getattr(report, name) == getattr(blank, name) for name in about)
        and report.verdict is amounts_to
        and (claim.derivation is not None or report.verdict is not Verdict.PROVED)
    )


def _still_refuted(task: ClaimTask, report: Report) -> bool:
    """Whether the counterexample of a report, if it has one, is one."""
    if report.counterexample is None:
        return True
    example = kept_of(report, task.file).example()
    return replay(task.claim(), example, bits=report.counterexample.precision_bits).refutes


def made_with() -> dict[str, str]:
    """What this process computes with, down to the source of this toolkit and whether it heeds assertions."""
    return {**versions(*COMPUTES_WITH), "assertions": str(__debug__), "source": _toolkit(_PACKAGES)[:12]}


@cache
def _toolkit(packages: Sequence[Path]) -> str:
    """A digest of the source of this toolkit, which changes more often than its version.

    Read once: what a process computes with is what it began with.
    """
    total = hashlib.sha256()
    for package in packages:
        for file in sorted(package.rglob("*.py")):
            total.update(f"{file.relative_to(package.parent).as_posix()}\0{_content(file)}".encode())
    return total.hexdigest()


def _changed(status: os.stat_result) -> int:
    """When a file was changed last, which nobody can set, as far as the system says it."""
    return status.st_mtime_ns if os.name == "nt" else status.st_ctime_ns


def _content(file: Path) -> str:
    return hashlib.sha256(contents(file, "Python source")).hexdigest()


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
