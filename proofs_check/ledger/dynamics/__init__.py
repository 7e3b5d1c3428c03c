"""Chapter 1 of the ledger: the claims on dynamics."""
