"""The command line in the process of the tests, to which nothing is kept of other tests."""

import pytest

from jacspec.proofs_check.shell import kept_verdicts
from jacspec.proofs_check.shell.cli import main


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A folder of its own for the verdicts that a test keeps."""
    monkeypatch.setattr(kept_verdicts, "KEPT_IN", tmp_path / ".jacspec")
    return tmp_path / ".jacspec"


@pytest.fixture
def jacspec(capsys):
    """Run the command line in this process; returns (status, stdout, stderr)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return exit_.value.code, captured.out, captured.err

    return run
