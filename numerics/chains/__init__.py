"""Chains of matrices: given, drawn at random, read from files, moved by a flow."""
