"""The second check of derivations: every step evaluated at points of its domain."""
