"""The command line: ``jacspec`` and ``python -m jacspec``.

Exit status: 0 if every verdict is the one its claim expects; 1 if some verdict is not; 2 for bad
input, with one line on standard error that names the value, what was expected and a remedy; 130 if
interrupted; 141 if the reader of the output has gone.

Nothing is imported at the top that takes time: an interrupt must find its handler in place.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from typing import IO

__all__ = ["main"]

_INTERRUPTED = 130
_NO_READER = 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every mistake of the user's ends in one line and exit status 2."""
    try:
        from jacspec.proofs_check.shell.commands import run

        status = run(arguments)
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends what may still be tidied up
        status = _complain("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        _discard(sys.stdout)
        status = _NO_READER
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        _discard(sys.stdout)
        status = _complain(f"cannot write the output: {error.strerror}; make room, or write elsewhere", 2)
    except Exception as error:
        if not _is_the_users(error):
            raise
        status = _complain(str(error), 2)
    sys.exit(status)


def _is_the_users(error: Exception) -> bool:
    """Whether an error is a mistake in what was asked for, and not one of the program."""
    from jacspec.numerics.support.errors import InputError, PrecisionError

    return isinstance(error, InputError | PrecisionError)


def _complain(message: str, status: int) -> int:
    try:
        print(f"jacspec: {' '.join(message.split())}", file=sys.stderr, flush=True)  # noqa: T201 -- its output
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
