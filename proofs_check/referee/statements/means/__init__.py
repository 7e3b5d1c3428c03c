"""Means of numbers under a law: exactly, by quadrature in balls, or from samples."""
