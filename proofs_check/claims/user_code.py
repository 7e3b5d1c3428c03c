"""Where in the user's code an exception arose."""

from __future__ import annotations

import traceback
from pathlib import Path

import hypothesis

__all__ = ["place_of"]

_MACHINERY = (Path(__file__).parents[1], Path(hypothesis.__file__).parent)


def place_of(error: BaseException | None) -> str:
    """`` at file:line`` of the outermost frame that is the claim's own; empty where there is none."""
    frames = traceback.extract_tb(error.__traceback__ if error is not None else None)
    own = [f for f in frames if not _is_machinery(Path(f.filename)) or "ledger" in f.filename]
    return f" at {own[0].filename}:{own[0].lineno}" if own else ""


def _is_machinery(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _MACHINERY)
