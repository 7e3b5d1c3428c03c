"""What the ledger's claims say, as data: written beside the chapters, and read off no derivation."""
