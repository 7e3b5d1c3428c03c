"""Refinement of wide factorisations in fixed-point numbers."""
