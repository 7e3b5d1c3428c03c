"""Statements written after the search was finished, of kinds that the bank lacks."""
