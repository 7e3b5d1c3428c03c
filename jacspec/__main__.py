"""``python -m jacspec`` and the command ``jacspec``: before all else, an interrupt finds its handler."""

from jacspec.interrupts import leave_at_once

leave_at_once()

from jacspec.proofs_check.shell.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
