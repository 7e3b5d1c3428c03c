"""Chapter 3 of the ledger: the claims on spectra at random initialisation."""
