"""Claims in one line each: ``jacspec verify examples/one_line_claims.py``."""

from jacspec import claim, det, index, matrix, norm, s

A, B = matrix("A"), matrix("B")  # square, of any size
i, j = index("i"), index("j")

horn = claim("horn", s(i + j - 1, A @ B) <= s(i, A) * s(j, B))
transposed = claim("transposed", det(A) == det(A.T))
gap = claim("gap", s(1, A - B) >= s(1, A) - s(1, B))
commutator = claim("commutator", norm(A @ B - B @ A) <= norm(A) * norm(B), expected="refuted")
