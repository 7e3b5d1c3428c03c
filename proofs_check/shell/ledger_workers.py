"""What workers that verify claims of the ledger import; from this module, or it ends with the program."""

from jacspec.interrupts import ending_with_parent

with ending_with_parent():
    import jacspec.proofs_check.ledger
    import jacspec.proofs_check.shell.commands.parallel_verdicts  # noqa: F401
