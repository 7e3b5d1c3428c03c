"""Derivations about numbers: steps on ranges of parameters, and what has a value or a sign there."""
