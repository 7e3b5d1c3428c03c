"""The certified SVD of a chain, a step of the algorithm in each file; start with ``svd``."""
