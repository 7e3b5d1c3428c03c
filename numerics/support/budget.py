"""How much memory a computation may take: estimated before anything is allocated, and refused in figures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from jacspec.numerics.support.errors import InputError, TooLargeError

_PREFIXES = ("", "k", "m", "g", "t")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE | re.ASCII)
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_UNKNOWN = 8 * 10**9
"""Where the system does not say how much memory it has."""

_allowed: ContextVar[int | None] = ContextVar("allowed", default=None)


@contextmanager
def max_memory(amount: int | str | None) -> Iterator[None]:
    """Within the block, let a computation take so much memory: bytes, or text such as '64 GB' or '2GiB'.

    None leaves what is allowed as it is; outside of any block that is three quarters of the machine's. Raises
    InputError for what is no amount.
    """
    token = _allowed.set(allowed() if amount is None else _bytes(amount))
    try:
        yield
    finally:
        _allowed.reset(token)


def allow(amount: int) -> None:
    """From now on, let a computation of this process take so many bytes."""
    _allowed.set(amount)


def allowed() -> int:
    """The bytes that a computation may take."""
    said = _allowed.get()
    return _of_the_machine() * 3 // 4 if said is None else said


def demand(what: str, amount: float) -> None:
    """Refuse what takes more memory than is allowed; ``amount`` in bytes, estimated from its sizes."""
    most = allowed()
    if amount > most:
        message = (
            f"{what} takes about {_shown(amount)} of memory; expected at most {_shown(most)}: make it "
            f"smaller, or allow more, by --max-memory or in Python by 'with max_memory(...)'"
        )
        raise TooLargeError(message)


def _bytes(amount: int | str) -> int:
    match = _SIZE.fullmatch(str(amount))
    unit = (1024 if match[3] else 1000) ** _PREFIXES.index(match[2].lower()) if match else 0
    number = float(match[1]) * unit if match else 0
    if not 1 <= number < 2**63:
        message = f"max_memory {amount!r}: expected an amount of memory, such as '8 GB' or '512 MiB'"
        raise InputError(message)
    return int(number)


@cache
def _of_the_machine() -> int:
    """The memory of the machine, or of the container that this process runs in."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        whole = _UNKNOWN
    try:
        limit = _GROUP_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdecimal() else whole


def _shown(amount: float) -> str:
    for power, unit in ((15, "PB"), (12, "TB"), (9, "GB"), (6, "MB"), (3, "kB")):
        if amount >= 10**power:
            return f"{amount / 10**power:,.3g} {unit}"
    return f"{amount:.0f} bytes"
