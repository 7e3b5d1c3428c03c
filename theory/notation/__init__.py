"""The symbols of the ledger, what they mean, and how they are printed."""
