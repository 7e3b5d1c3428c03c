"""Statements as data: one tree, of which all that is shown, searched or proved of it is made."""
