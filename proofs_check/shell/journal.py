"""What an interrupted run had reached, kept as it was reached, for the next run that asks for the same.

One JSON object a line in ``.jacspec/verify-….jsonl``, named after the request (which claims, how hard, which
seed), so that runs that ask for different things do not disturb each other. A line is flushed to the disk as
soon as its verdict is reached, and counts later only for the very same claim: same label, effort and seed,
same content of the user's file, same versions, same source of this toolkit. A line that was cut off is
passed over. A run that completes removes its journal.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from jacspec.documents import text
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.shell.claim_tasks import ClaimTask

__all__ = ["FOLDER", "Journal"]

FOLDER = ".jacspec"
_IGNORE = ".gitignore"

_HOME = Path(__file__).resolve().parents[2]
_PACKAGES = (
    Path(text.__file__).resolve().parent,
    *(_HOME / name for name in ("theory", "numerics", "proofs_check")),
)
"""Where the source of this toolkit is: in a checkout the packages stand beside jacspec, and not in it."""


class Journal:
    """The reports of one run, on disk as they are reached.

    Parameters
    ----------
    tasks:
        All that the run is asked for.
    versions:
        Of everything that is computed with.
    folder:
        Where journals are kept; made, with a ``.gitignore`` that leaves it out, when the first is written.
    """

    def __init__(
        self, tasks: Sequence[ClaimTask], versions: Mapping[str, str], folder: Path | None = None
    ) -> None:
        self._keys = _keys(tasks, versions)
        self._folder = folder or Path(FOLDER)
        request = _digest(sorted([task.label, str(task.file), task.effort, task.seed] for task in tasks))
        self.file = self._folder / f"verify-{request[:12]}.jsonl"
        self._out: IO[str] | None = None

    def kept(self) -> dict[ClaimTask, Report]:
        """The reports that an interrupted run has left, as far as they still count."""
        tasks = {key: task for task, key in self._keys.items()}
        found: dict[ClaimTask, Report] = {}
        try:
            lines = self.file.read_bytes().splitlines()
        except OSError:
            return found
        for line in lines:
            try:
                entry = json.loads(line)
                task = tasks.get(entry["key"])
                if task is not None:
                    found[task] = Report.from_json(entry["report"])
            except (ValueError, KeyError, TypeError):  # cut off, or written by something else
                continue
        return found

    def add(self, task: ClaimTask, report: Report) -> None:
        """Keep a report, safe from whatever ends this process; raises OSError where that cannot be done."""
        if self._out is None:
            self._open()
        assert self._out is not None  # noqa: S101 -- narrows the type; it was opened
        self._out.write(json.dumps({"key": self._keys[task], "report": report.to_json()}) + "\n")
        self._out.flush()
        os.fsync(self._out.fileno())

    def close(self) -> None:
        """Stop writing; the journal stays for the next run."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def discard(self) -> None:
        """Remove the journal: its run is complete, or to be started afresh."""
        self.close()
        with suppress(OSError):
            self.file.unlink(missing_ok=True)
            if [each.name for each in self._folder.iterdir()] == [_IGNORE]:
                (self._folder / _IGNORE).unlink()
                self._folder.rmdir()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._folder / _IGNORE
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        cut_off = self.file.exists() and not self.file.read_bytes().endswith(b"\n")
        self._out = self.file.open("a", encoding="utf-8")
        if cut_off:
            self._out.write("\n")


def _keys(tasks: Sequence[ClaimTask], versions: Mapping[str, str]) -> dict[ClaimTask, str]:
    """What a report depends on, for each claim: a digest of all of it."""
    toolkit = _toolkit()
    files = {task.file: _content(task.file) for task in tasks}
    return {
        task: _digest(
            [task.label, task.file, files[task.file], task.effort, task.seed, dict(versions), toolkit]
        )
        for task in tasks
    }


def _content(file: str | None) -> str | None:
    return None if file is None else hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _toolkit() -> str:
    """A digest of the source of this toolkit, which changes more often than its version."""
    total = hashlib.sha256()
    for package in _PACKAGES:
        for file in sorted(package.rglob("*.py")):
            total.update(f"{file.relative_to(package.parent).as_posix()}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
