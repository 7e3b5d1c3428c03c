"""Files that are whole or not there: written beside their place, forced to the disk, then put in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jacspec.numerics.files.reading import reason_of, what_is_there
from jacspec.numerics.support.errors import InputError


@contextmanager
def replacing(path: Path, *, streams: bool = True) -> Iterator[BinaryIO]:
    """A binary file that takes the place of ``path`` at the end of the block; if that fails, nothing changes.

    A link stays one, what was there lends its permissions. Raises InputError for a place that cannot be
    written, and instead of any OSError that the block raises. A pipe or a device is written to, which may
    wait for a reader; without ``streams``, for a name that nobody chose, it is refused.
    """
    try:
        if _is_stream(path):
            if not streams and (kind := what_is_there(path)):
                message = f"cannot write {str(path)!r}: it is {kind}; remove it, or choose another place"
                raise InputError(message)
            with path.open("wb") as stream:
                yield stream
            return
        target = _target(path)
        file, beside = _begun(target)
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        _settle(target.parent)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _refusal(path, error) from error


def write_text(path: Path, content: str, *, streams: bool = True) -> None:
    """Replace a file by a text, in UTF-8; see :func:`replacing`.

    What UTF-8 cannot hold, the surrogates in a path that is no text, is written as escapes, which JSON and
    Python read.
    """
    with replacing(path, streams=streams) as file:
        file.write(content.encode("utf-8", "backslashreplace"))


def refuse_unwritable(path: Path) -> None:
    """Raise InputError for a place that cannot be written, before anything is computed; changes nothing."""
    if not _is_stream(path):
        try:
            _try(_target(path))
        except (OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise _refusal(path, error) from error


def made_folder(folder: Path) -> Path:
    """The folder, made with those above it if it is not there.

    Raises InputError where it, or a file in it, cannot be made.
    """
    what = "make"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        what = "write in"
        _try(folder / secrets.token_hex(8))
    except (OSError, ValueError) as error:
        message = f"cannot {what} the folder {str(folder)!r}: {reason_of(error)}; choose another"
        raise InputError(message) from error
    return folder


def place(folder: Path, name: str) -> Path:
    """Where a file of this name lies in the folder, in UTF-8 whatever letters the locale has."""
    return folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def _is_stream(path: Path) -> bool:
    """Whether there is nothing to replace: a pipe, a device, or the file that takes our own output."""
    if what_is_there(path) in ("a pipe", "a device"):
        return True
    with suppress(OSError, ValueError):
        there = path.stat()
        return any(os.path.samestat(there, os.fstat(output)) for output in (1, 2))
    return False


def _target(path: Path) -> Path:
    """Where the file really is, behind links; raises InputError where none can be."""
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        message = f"cannot write {str(path)!r}: expected an existing folder; make it first"
        raise InputError(message)
    if target.is_dir():
        message = f"cannot write {str(path)!r}: it is a folder; name a file in it"
        raise InputError(message)
    return target


def _begun(target: Path) -> tuple[BinaryIO, Path]:
    """An empty file beside the target, under a name that no other file has."""
    there = target.stat() if target.exists() else None
    if there is not None and not os.access(target, os.W_OK):
        raise PermissionError(None, "Permission denied")
    beside = target.with_name(f".jacspec-{secrets.token_hex(8)}.part")
    file = beside.open("xb")
    if there is not None:
        with suppress(OSError):
            beside.chmod(there.st_mode)
    return file, beside


def _try(target: Path) -> None:
    """Begin to write the target, and leave it as it was."""
    file, beside = _begun(target)
    file.close()
    beside.unlink()


def _settle(folder: Path) -> None:
    """Force the new name to the disk too, where a folder can be opened."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _refusal(path: Path, error: Exception) -> InputError:
    return InputError(f"cannot write {str(path)!r}: {reason_of(error)}; make room, or choose another place")
