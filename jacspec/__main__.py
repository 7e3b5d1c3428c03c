"""``python -m jacspec`` is the command line ``jacspec``."""

from jacspec.proofs_check.shell.cli import main

if __name__ == "__main__":
    main()
