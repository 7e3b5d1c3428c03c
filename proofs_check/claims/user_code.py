"""A claim's own code: what it raised, and where; what it prints and changes while it runs."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, Any

import hypothesis

_HOUSE = Path(__file__).parents[2]
_MACHINERY = (_HOUSE / "proofs_check", Path(hypothesis.__file__).parent)
_RESULTS = _HOUSE / "theory" / "results"


class _BorrowedStream:
    """A stream that is not its user's to close."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave it open: others write to it."""


@contextmanager
def guest() -> Iterator[None]:
    """Within the block a user's code runs: what it prints goes to standard error, and the house is kept."""
    lent: Any = _BorrowedStream(sys.stderr)
    with redirect_stdout(lent), redirect_stderr(lent), recursion_kept():
        yield


@contextmanager
def recursion_kept() -> Iterator[None]:
    """After the block Python's limit of recursion is what it was, as the program itself needs it."""
    limit = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def held_by(value: Any) -> Iterator[Any]:
    """What a list or a tuple holds, else the value itself; by no code of theirs, which may raise anything."""
    if issubclass(type(value), list):
        return list.__iter__(value)
    return tuple.__iter__(value) if issubclass(type(value), tuple) else iter((value,))


def said_by(error: BaseException) -> str:
    """An exception's kind and message; its kind alone if its own ``__str__`` raises."""
    try:
        return f"{type(error).__name__}: {error}"
    except KeyboardInterrupt:
        raise
    except BaseException:
        return type(error).__name__


def place_of(error: BaseException | None) -> str:
    """`` at file:line`` of the outermost frame that is the claim's own; empty where there is none.

    Of a derivation of the theory, the innermost one: it may be another derivation that does not stand.
    """
    frames = traceback.extract_tb(error.__traceback__ if error is not None else None)
    own = [f for f in frames if not _is_machinery(Path(f.filename)) or "ledger" in f.filename]
    if not own:
        return ""
    derived = [f for f in own if Path(f.filename).is_relative_to(_RESULTS)]
    place = derived[-1] if derived and Path(own[0].filename).is_relative_to(_HOUSE) else own[0]
    return f" at {place.filename}:{place.lineno}"


def _is_machinery(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _MACHINERY)
