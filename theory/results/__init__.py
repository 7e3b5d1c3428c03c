"""The results of the ledger, chapter by chapter: formulas, derivations and their lemmas."""
