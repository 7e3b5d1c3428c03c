"""``python -m jacspec`` and the command ``jacspec``: before all else, an interrupt finds its handler."""

import os

from jacspec.interrupts import leave_at_once

leave_at_once()

# Read when SymPy is imported, in workers too. Of the 1000 results of each function that it keeps by itself,
# checking a derivation forgets many before they are asked for again.
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")

from jacspec.proofs_check.shell.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
