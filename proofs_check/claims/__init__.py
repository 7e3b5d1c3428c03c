"""Claims, evidence, verdicts and reports, as data."""
