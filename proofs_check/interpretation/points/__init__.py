"""Actual chains, read as points at which expressions of the notation have values."""
