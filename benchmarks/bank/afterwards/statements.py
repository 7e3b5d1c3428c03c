"""Forty false statements, and twenty true ones near the truth.

Products, spectra, alignment, dynamics, random matrices, Lyapunov exponents and gates.
"""

from __future__ import annotations

from jacspec import (
    ddt,
    det,
    digamma,
    eig,
    eigenmodulus,
    expm,
    factors,
    gaussian,
    hadamard,
    identity,
    index,
    largest_entry,
    log,
    matrix,
    maximum,
    mean,
    modulus,
    norm,
    number,
    overlap,
    polygamma,
    product,
    s,
    scalar,
    signs,
    size,
    total,
    tr,
    vector,
    whole,
)
from jacspec.theory.statements.chains import Factors
from jacspec.theory.statements.expression import Comparison, Expression

Moves = dict[Expression | Factors, Expression | Factors]
A, B, C, D, G, V, W = map(matrix, "ABCDGVW")
x, y, p, r, v, width, M = (
    scalar("x"),
    scalar("y"),
    scalar("p"),
    scalar("r"),
    vector("v"),
    whole("w"),
    factors("M"),
)
i, j, k, n, N, one = index("i"), index("j"), index("k"), size("n"), size("N"), identity()
SYMMETRIC, POSITIVE = [A.T == A, B.T == B], [A >= 0, B >= 0]
SIMPLE = [s(j, A) > s(j + 1, A), s(j, B) > s(j + 1, B)]
GATE = [hadamard(D, one) == D, D @ D == D]
BRACKET, F = A @ B - B @ A, "frobenius"
FLOW: Moves = {W: -((W @ V - C) @ V.T), V: -(W.T @ (W @ V - C))}
DECAY: Moves = {W: -(G @ V.T) - W, V: -(W.T @ G) - V}
IMBALANCE = ddt(W.T @ W - V @ V.T, DECAY)
gap, exponent = digamma(r + 0.5) - digamma(r), (digamma(width / 2) + log(2)) / 2

Said = dict[str, tuple[Comparison, list[Comparison] | Comparison]]

FALSE: Said = {
    # products
    "sandwich": (s(1, A @ B @ A) <= s(1, A @ A) * s(1, B), []),
    "extremes-of-a-product": (s(1, A @ B) * s(n, A @ B) <= s(1, A) * s(n, A) * s(1, B) * s(n, B), []),
    "gap-of-a-square": (s(2, A @ A) * s(1, A) ** 2 <= s(1, A @ A) * s(2, A) ** 2, []),
    "product-of-sums": (product(s(i, A + B), i, 1, k) <= product(s(i, A) + s(i, B), i, 1, k), []),
    "multiplier-by-its-entries": (
        norm(hadamard(A, B), "nuclear") <= norm(A, "nuclear") * largest_entry(B), []
    ),
    "condition-of-definite": (norm(A) * norm(A.inv) <= number("1e15"), A > 0),
    "gram-determinants": (det(A.T @ A + B.T @ B) >= (abs(det(A)) + abs(det(B))) ** 2, []),  # at n = 1 alone
    # spectra
    "radius-of-a-sum": (eigenmodulus(1, A + B) <= eigenmodulus(1, A) + eigenmodulus(1, B), A.T == A),
    "radius-of-a-product": (eigenmodulus(1, A @ B) <= s(1, A) * eigenmodulus(1, B), []),
    "anticommutator-below": (eig(n, A @ B + B @ A) >= 2 * eig(n, A) * eig(n, B), POSITIVE),
    "bracket-one-symmetric": (norm(BRACKET) <= 1.41 * norm(A) * norm(B), A.T == A),
    "bracket-constant": (norm(BRACKET, F) ** 2 <= 1.98 * norm(A, F) ** 2 * norm(B, F) ** 2, []),
    "three-exponentials": (
        tr(expm(A + B + C)) <= tr(expm(A) @ expm(B) @ expm(C)), [*SYMMETRIC, C.T == C]
    ),
    "exponential-of-a-sum": (s(1, expm(A + B)) <= s(1, expm(A)) * s(1, expm(B)), []),
    "exponential-by-its-radius": (log(s(1, expm(A))) <= eigenmodulus(1, A), []),
    "modulus-of-a-sum": (modulus(A + B) <= modulus(A) + modulus(B), SYMMETRIC),
    # alignment
    "aligned-by-the-last": (overlap(1, A @ B, 1, A) ** 2 >= 1 - (s(2, A) / s(1, A)) ** 2, []),
    "square-stays-aligned": (overlap(1, A @ A, 1, A) >= 0.01, []),
    "sum-comes-nearer": (overlap(1, A + B, 1, A) >= overlap(1, B, 1, A), []),
    "overlaps-of-one-order": (total(overlap(k, A, k, B) ** 2, k, 1, n) >= 1, []),
    # dynamics
    "speed-by-the-symmetric-part": (ddt(s(1, A), {A: B}) <= eig(1, (B + B.T) / 2), []),
    "flow-shrinks": (ddt(tr(W @ V @ V.T @ W.T), FLOW) <= 0, []),
    "decay-conserves": (IMBALANCE == 0, []),
    "bracket-keeps-singular-values": (ddt(s(1, A), {A: BRACKET}) == 0, []),
    # random matrices
    "determinant-squared": (mean(det(A) ** 2, gaussian(A)) == n, []),
    "fourth-power-of-frobenius": (mean(tr(A @ A.T) ** 2, gaussian(A)) == n**4 + n**2, []),
    "word-of-four": (mean(tr(A @ A @ A.T @ A.T), gaussian(A)) == n**3, []),
    "fourth-moment-leading": (mean(tr(A @ A.T @ A @ A.T), gaussian(A)) == 2 * n**3, []),
    "log-modulus-to-three-digits": (mean(log(abs(x)), gaussian(x)) == number("-0.635"), []),
    "larger-of-two": (mean(maximum(x, y), gaussian(x, y)) == number("0.5642"), []),
    "norm-of-signs": (mean(s(1, A) ** 2, signs(A)) <= 1.4 * n, []),
    "log-of-a-norm": (mean(log(norm(v)), gaussian(v)) == digamma(n / 2) / 2, []),
    "modulus-of-a-determinant": (mean(abs(det(A)), gaussian(A)) <= 1, []),
    # Lyapunov exponents
    "exponent-first-order": (exponent >= log(width) / 2 - 1 / (2 * width), []),
    "exponent-gap-constant": (gap <= 1 / (2 * r) + 1 / (9 * r**2), r > 0),
    "variance-of-a-logarithm": (polygamma(1, p) <= 1 / p, p > 0),
    # gates
    "gate-keeps-the-least": (eig(n, D @ A @ D) >= eig(n, A), [A > 0, *GATE]),
    "gated-determinant": (det(D @ A @ D + one - D) >= 0, [det(A) > 0, *GATE]),
    "gated-rank": ((D @ A @ D).rank >= A.rank - (n - tr(D)), GATE),
    "gate-and-the-rest": (s(1, (one - D) @ A) + s(1, D @ A) <= 1.9 * s(1, A), GATE),
}  # fmt: skip
TRUE: Said = {
    "bracket-frobenius": (norm(BRACKET, F) ** 2 <= 2 * norm(A, F) ** 2 * norm(B, F) ** 2, []),
    "bracket-one-positive": (norm(BRACKET) <= norm(A) * norm(B), A >= 0),
    "two-exponentials": (tr(expm(A + B)) <= tr(expm(A) @ expm(B)), SYMMETRIC),
    "exponential-by-its-symmetric-part": (log(s(1, expm(A))) <= eig(1, (A + A.T) / 2), []),
    "anticommutator-above": (eig(1, A @ B + B @ A) <= 2 * eig(1, A) * eig(1, B), POSITIVE),
    "gram-determinants-squared": (det(A.T @ A + B.T @ B) >= det(A) ** 2 + det(B) ** 2, []),
    "multiplier-by-its-norm": (norm(hadamard(A, B), "nuclear") <= norm(A, "nuclear") * norm(B), []),
    "gap-of-a-symmetric-square": (s(2, A @ A) * s(1, A) ** 2 == s(1, A @ A) * s(2, A) ** 2, A.T == A),
    "overlaps-of-one-vector": (total(overlap(i, A, k, B) ** 2, k, 1, n) == 1, SIMPLE),
    "speed-of-a-determinant": (ddt(det(A), {A: A @ B}) == det(A) * tr(B), []),
    "decay-shrinks-imbalance": (IMBALANCE == -2 * (W.T @ W - V @ V.T), []),
    "rotation-keeps-singular-values": (ddt(s(k, A), {A: BRACKET}) == 0, B.T == -B),
    "fourth-power-of-frobenius-exactly": (mean(tr(A @ A.T) ** 2, gaussian(A)) == n**4 + 2 * n**2, []),
    "fourth-moment": (mean(tr(A @ A.T @ A @ A.T), gaussian(A)) == 2 * n**3 + n**2, []),
    "log-of-a-norm-exactly": (mean(log(norm(v)), gaussian(v)) == (digamma(n / 2) + log(2)) / 2, []),
    "norm-below-its-root-mean-square": (mean(norm(A, F), gaussian(A)) < n, []),
    "product-of-factors": (mean(tr(M.J @ M.J.T), gaussian(M)) == n ** (N + 1), []),
    "exponent-from-below": (exponent >= log(width) / 2 - 1 / width, []),
    "variance-of-a-logarithm-from-below": (polygamma(1, p) >= 1 / p, p > 0),
    "gated-rank-two-sides": ((D @ A @ D).rank >= A.rank - 2 * (n - tr(D)), GATE),
}  # fmt: skip
