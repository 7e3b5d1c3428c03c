"""Exact arithmetic with symbols: matrices whose entries are sums, or quotients of polynomials."""
