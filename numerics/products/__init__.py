"""Products of chains: exactly, in balls, by residues, and graded in float64."""
