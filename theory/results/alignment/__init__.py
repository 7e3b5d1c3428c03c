"""Chapter 2 of the ledger: separated singular values align the singular vectors."""
