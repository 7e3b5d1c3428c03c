"""What every experiment takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.console import Console

from jacspec.documents.blocks import Block, Bullets, Heading
from jacspec.documents.displayable import Displayable
from jacspec.documents.prose import code, literal
from jacspec.proofs_check.claims.report_blocks import as_prose


@dataclass(frozen=True)
class ExperimentReport(Displayable):
    """What an experiment found and wrote.

    `findings` are the sentences worth reading, in prose; `files` what was written, in the order of writing;
    `complete` is false if the experiment was interrupted and the files hold what there was by then.
    """

    name: str
    findings: tuple[str, ...]
    files: tuple[Path, ...]
    seconds: float
    complete: bool = True

    def blocks(self) -> tuple[Block, ...]:
        """What was found, and where it was written."""
        state = "" if self.complete else ", interrupted"
        written = tuple(f"wrote {code(str(file))}" for file in self.files)
        heading = Heading(literal(f"{self.name} ({self.seconds:.1f} s{state})"), 3)
        return heading, Bullets((*map(as_prose, self.findings), *written))


class Experiment(Protocol):
    """A function that runs one experiment."""

    def __call__(self, out_dir: Path, *, seed: int = 0, console: Console | None = None) -> ExperimentReport:
        """Run it, and write what it found into ``out_dir``; whatever else it takes has a default.

        The folder is made if need be, and files of an earlier run are replaced. Progress goes to ``console``,
        or nowhere if there is none. Ctrl-C ends the computing, not the experiment: what there is by then is
        written, and the report says so. Raises InputError if something that it needs is missing, an option
        is out of range, or ``out_dir`` cannot be used.
        """
        ...
