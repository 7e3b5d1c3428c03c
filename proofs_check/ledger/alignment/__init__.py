"""Chapter 2 of the ledger: the claims on alignment."""
