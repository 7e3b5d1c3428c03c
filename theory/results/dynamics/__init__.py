"""Chapter 1 of the ledger: how fast the singular values of a deep product move."""
