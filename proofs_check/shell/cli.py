"""The command line: ``jacspec`` and ``python -m jacspec``.

Exit status: 0 if every verdict is the one its claim expects; 1 if some verdict is not; 2 for bad
input, with one line on standard error that names the value, what was expected and a remedy; 70 for an
error of the program's own, with one line that says where its details are; 130 if interrupted; 141 if the
reader of the output has gone. An interrupt while Python itself starts, before our first line, is Python's.

Nothing is imported at the top that takes time: an interrupt must find its handler in place.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import IO

from jacspec.interrupts import INTERRUPTED, loading

_NO_READER = 141
_OWN_ERROR = 70
_NO_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every mistake of the user's ends in one line and exit status 2."""
    try:
        _open_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # and whatever it cannot show, is shown as an escape
                stream.reconfigure(errors="backslashreplace")
        with loading():
            _refuse_nowhere()
            from jacspec.proofs_check.shell.commands import run

        status = run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends what may still be tidied up
        status = _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _discard(sys.stdout)
        status = _NO_READER
    except MemoryError:
        status = _complain("memory ran out; expected less to compute at once: see --max-memory and --jobs", 2)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_OUTPUT and error.filename is None:
            _discard(sys.stdout)
            status = _complain(f"cannot write the output: {error.strerror}; make room, or write elsewhere", 2)
        else:
            status = _complain(str(error), 2) if _is_the_users(error) else _report(error)
    sys.exit(status)


def _open_streams() -> None:
    """Lead a stream that the caller has closed nowhere: the next file to be opened would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(number, True)  # for workers too
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _refuse_nowhere() -> None:
    """Raise InputError in a folder that was removed: libraries ask where they are when they are imported."""
    try:
        os.getcwd()  # noqa: PTH109 -- nothing is imported for it
    except OSError as error:
        from jacspec.numerics.support.errors import InputError

        message = f"the current folder cannot be used ({error.strerror}): change to one that is there"
        raise InputError(message) from error


def _is_the_users(error: Exception) -> bool:
    """Whether an error is a mistake in what was asked for, and not one of the program."""
    from jacspec.numerics.support.errors import InputError, PrecisionError

    return isinstance(error, InputError | PrecisionError)


def _report(error: Exception) -> int:
    """Say that the program is wrong, and keep what it takes to mend it."""
    import tempfile
    import traceback

    details = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="jacspec-", suffix=".txt", delete=False
        ) as file:
            file.write(f"jacspec {' '.join(sys.argv[1:])}\n\n{details}")
        kept = f"the details are in {file.name}"
    except OSError:
        kept = "there is no place to keep the details"
    said = f"{type(error).__name__}: {error}"[:500]
    return _complain(f"internal error, {said}; {kept}: please report it", _OWN_ERROR)


def _complain(message: str, status: int) -> int:
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in " ".join(message.split())
    )
    try:
        print(f"jacspec: {shown}", file=sys.stderr, flush=True)  # noqa: T201 -- its output
    except OSError:
        _discard(sys.stderr)
    return status


def _discard(stream: IO[str]) -> None:
    """Send what a stream still holds nowhere, so that the interpreter does not fail on it at its end."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # a stream that is no file, as in tests
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
