"""Verdicts that were reached before, and count as long as nothing has changed on which they rest.

One JSON file a claim, effort and seed in ``.jacspec/``, written as soon as its verdict is reached: an
interrupted run, repeated, goes on from there, and one that was not is repeated in seconds. Beside the report
stands a digest of it and of all that it rests on: the label, effort and seed, the user's file and the modules
that it imports from its folder, the versions of everything that is computed with, and the source of this
toolkit. What a claim reads from elsewhere is not seen. A file that was changed by hand, or cut off, does not
count, and neither does an error. A counterexample is evaluated again before it is believed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jacspec.documents import text
from jacspec.numerics import InputError
from jacspec.numerics.files.reading import MOST_JSON, contents, json_of
from jacspec.numerics.files.writing import made_folder, write_text
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.referee.counterexample_files import kept_of
from jacspec.proofs_check.referee.replay import replay
from jacspec.proofs_check.shell.claim_tasks import ClaimTask

__all__ = ["FOLDER", "KeptVerdicts"]

FOLDER = Path(".jacspec")

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
        All that is asked for; what they rest on is read now, before anything is computed.
    versions:
        Of everything that is computed with.
    folder:
        Where they are kept; made, with a ``.gitignore`` that leaves it out, when the first is written.
    """

    def __init__(
        self, tasks: Iterable[ClaimTask], versions: Mapping[str, str], folder: Path | None = None
    ) -> None:
        self._rests_on = [dict(versions), _toolkit()]
        self._files = {file: _contents(file) for file in {task.file for task in tasks}}
        self._folder = folder or FOLDER
        self.outdated = 0
        """How many of those asked for were kept, and do not count any more."""

    def of(self, task: ClaimTask) -> Report | None:
        """The report of a task, if one is kept that still counts."""
        file = self.file(task)
        if not file.exists():
            return None
        with suppress(InputError, ValueError, KeyError, TypeError):  # written by something else
            kept = json_of(contents(file, "a kept verdict", most=MOST_JSON))
            if kept["digest"] == self._digest(task, kept["report"]):
                report = Report.from_json(kept["report"])
                if _still_refuted(task, report):
                    return report
        self.outdated += 1
        return None

    def add(self, task: ClaimTask, report: Report) -> None:
        """Keep a report, safe from whatever ends this process; raises InputError where it cannot."""
        if report.verdict is Verdict.ERROR:  # to be looked at again
            return
        ignore = made_folder(self._folder) / ".gitignore"
        if not ignore.exists():
            write_text(ignore, "*\n")
        data = report.to_json()
        write_text(self.file(task), json.dumps({"digest": self._digest(task, data), "report": data}))

    def file(self, task: ClaimTask) -> Path:
        """Where the report of a task is kept."""
        return self._folder / f"{_digest(_asked(task))[:20]}.json"

    def _digest(self, task: ClaimTask, report: Any) -> str:
        return _digest([_asked(task), self._files[task.file], *self._rests_on, report])


def _asked(task: ClaimTask) -> list[object]:
    return [task.label, task.file, task.effort, task.seed]


def _still_refuted(task: ClaimTask, report: Report) -> bool:
    """Whether the counterexample of a report, if it has one, is one."""
    if report.counterexample is None:
        return True
    try:
        example = kept_of(report, task.file).example()
        return replay(task.claim(), example, bits=report.counterexample.precision_bits).refutes
    except InputError:
        return False


def _contents(file: str | None) -> dict[str, str]:
    """Digests of a user's file, and of what it has imported from its folder."""
    return {} if file is None else {str(each): _content(each) for each in _sources(Path(file))}


def _sources(file: Path) -> Iterator[Path]:
    yield file
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None)
        if source and file.parent in Path(source).parents and Path(source).suffix == ".py":
            yield Path(source)


def _toolkit() -> str:
    """A digest of the source of this toolkit, which changes more often than its version."""
    total = hashlib.sha256()
    for package in _PACKAGES:
        for file in sorted(package.rglob("*.py")):
            total.update(f"{file.relative_to(package.parent).as_posix()}\0{_content(file)}".encode())
    return total.hexdigest()


def _content(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
