"""Statements at examples: one walk over the tree, in balls and exact numbers, or in batches of float64."""
