"""Chapter 3 of the ledger: spectra at random initialisation."""
