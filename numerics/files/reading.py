"""Files that anybody may have written, read without trust.

Only regular files are read (nothing waits for a pipe, nothing drinks from a device), and no more of them than
memory holds; whatever a parser raises, our own for a format included, becomes one InputError of one line.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from jacspec.numerics.support.budget import demand
from jacspec.numerics.support.errors import InputError

MOST_JSON = 2**25
"""Bytes of JSON, which Python holds in some twenty times as much memory."""
_DEEPEST = 64
"""Lists and dicts of JSON within each other."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def what_is_there(path: Path) -> str:
    """What a path leads to, if no regular file: 'a folder', 'not there', …; the empty string if one."""
    try:
        return _kind(path.stat())
    except (OSError, ValueError) as error:  # ValueError: a null byte
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        return "not there" if missing else f"no path that can be used ({reason_of(error)})"


def _kind(status: os.stat_result) -> str:
    return "" if stat.S_ISREG(status.st_mode) else _KINDS.get(stat.S_IFMT(status.st_mode), "no regular file")


@contextmanager
def opened(path: Path, expected: str, *, name: str = "", most: int | None = None) -> Iterator[BinaryIO]:
    """A regular file, open for reading, of at most ``most`` bytes, or of as many as memory holds.

    Raises InputError for anything else: "NAME 'PATH' is not there; expected EXPECTED: check the path".
    """
    shown = f"{name} {str(path)!r}".lstrip()
    wrong = what_is_there(path)
    if wrong:
        message = f"{shown} is {wrong}; expected {expected}: check the path"
        raise InputError(message)
    try:
        # Should a pipe have taken its place, opening it does not wait.
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 -- closed below
    except OSError as error:
        message = f"{shown} cannot be read ({reason_of(error)}); expected {expected}: check its permissions"
        raise InputError(message) from error
    with file:
        size = os.fstat(file.fileno()).st_size
        if most is not None and size > most:
            message = f"{shown} is {size} bytes long; expected {expected}, of at most {most}: check the path"
            raise InputError(message)
        demand(shown, size)
        yield file


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def contents(path: Path, expected: str, *, name: str = "", most: int | None = None) -> bytes:
    """All bytes of a regular file; see :func:`opened`."""
    with opened(path, expected, name=name, most=most) as file, parsing(lambda why: _unread(path, why)):
        return file.read(-1 if most is None else most)


def _unread(path: Path, reason: str) -> InputError:
    return InputError(f"{str(path)!r} cannot be read ({reason}); expected a file on an intact disk: copy it")


def json_of(data: bytes) -> Any:
    """The value of a JSON text; raises ValueError for what is none, or is nested too deeply."""
    with suppress(RecursionError):
        value = json.loads(data)
        level = [value]
        for _ in range(_DEEPEST):
            level = [part for each in level for part in _parts(each)]
            if not level:
                return value
    message = f"it is nested more than {_DEEPEST} levels deep"
    raise ValueError(message)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


@contextmanager
def parsing(damaged: Callable[[str], InputError]) -> Iterator[None]:
    """Turn whatever the block raises over its data into the InputError that ``damaged`` makes of the reason.

    What a parser may raise nobody lists: NumPy's, zlib's, zipfile's and JSON's raise a dozen kinds.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise damaged(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """What an exception says, on one line; its kind where it says nothing."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split())[:500] or type(error).__name__
