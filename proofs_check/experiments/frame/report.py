"""What every experiment takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


@dataclass(frozen=True)
class ExperimentReport:
    """What an experiment found and wrote.

    `findings` are the sentences worth reading; `files` what was written, in the order of writing;
    `complete` is false if the experiment was interrupted and the files hold what there was by then.
    """

    name: str
    findings: tuple[str, ...]
    files: tuple[Path, ...]
    seconds: float
    complete: bool = True

    def __str__(self) -> str:
        state = "" if self.complete else ", interrupted"
        lines = [f"{self.name} ({self.seconds:.1f} s{state})"]
        lines += [f"  {finding}" for finding in self.findings]
        lines += [f"  wrote {file}" for file in self.files]
        return "\n".join(lines)


class Experiment(Protocol):
    """A function that runs one experiment."""

    def __call__(self, out_dir: Path, *, seed: int = 0, console: Console | None = None) -> ExperimentReport:
        """Run it, with its progress on `console`, or nowhere if there is none.

        Raises
        ------
        InputError
            If something that it needs is missing or an option is out of range.
        """
        ...
