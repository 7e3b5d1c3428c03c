"""The commands of ``jacspec``, one file each; what takes time to import is imported when a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from jacspec.proofs_check.shell.commands.derive import derive
from jacspec.proofs_check.shell.commands.listing import list_command
from jacspec.proofs_check.shell.commands.probe import probe
from jacspec.proofs_check.shell.commands.reproduce import reproduce
from jacspec.proofs_check.shell.commands.verify import verify

__all__ = ["run"]


@click.group(
    "jacspec",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with 'jacspec verify', or 'jacspec probe gaussian:depth=1000,width=8,seed=0'.",
)
@click.version_option(package_name="jacspec", message="jacspec %(version)s")
def _jacspec() -> None:
    """An executable referee for the theory of deep Jacobian spectra."""


for _command in (verify, list_command, derive, probe, reproduce):
    _jacspec.add_command(_command)


def _remedied(error: click.ClickException) -> str:
    """What click complains of, and where to look."""
    message = error.format_message()
    if not isinstance(error, click.UsageError) or error.ctx is None or "Did you mean" in message:
        return message
    return f"{message.rstrip('.')}: see '{error.ctx.command_path} --help'"


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Raises InputError or PrecisionError for what cannot be done, KeyboardInterrupt, and OSError where the
    output cannot be written.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Not click's main(), which turns an interrupt and a closed pipe into statuses of its own.
        with _jacspec.make_context("jacspec", given) as context:
            status = _jacspec.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        from jacspec.numerics.support.errors import InputError

        raise InputError(_remedied(error)) from error
    return status if isinstance(status, int) else 0
