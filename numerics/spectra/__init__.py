"""Log singular values and vectors of chains and of their partial products, by several engines."""
