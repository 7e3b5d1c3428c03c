"""The command line in the process of the tests."""

import pytest

from jacspec.proofs_check.shell.cli import main


@pytest.fixture
def jacspec(capsys):
    """Run the command line in this process; returns (status, stdout, stderr)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return exit_.value.code, captured.out, captured.err

    return run
