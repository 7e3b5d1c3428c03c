"""The console that everything is printed on."""

from __future__ import annotations

from rich.console import Console

from jacspec.documents.text import COLUMNS


def console(*, stderr: bool = False) -> Console:
    """A console no wider than 100 columns, and exactly 100 where the output is no terminal."""
    made = _Console(stderr=stderr)
    width = min(made.width, COLUMNS) if made.is_terminal else COLUMNS
    return _Console(stderr=stderr, highlight=False, markup=False, width=width)


class _Console(Console):
    """A console that leaves a closed pipe to the command line."""

    def on_broken_pipe(self) -> None:
        """Raise it again, where rich would end the program with status 1."""
        raise BrokenPipeError
