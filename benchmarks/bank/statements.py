"""The bank in the vocabulary of statements: each of its entries again, as one line of mathematics.

What the functions of the other files say in a dozen lines each is said here in one, and read by another
referee: the labels are theirs, and so is which of them are true.
"""

from __future__ import annotations

from jacspec import (
    block,
    det,
    digamma,
    eig,
    eigenmodulus,
    exp,
    hadamard,
    identity,
    index,
    inner,
    largest_entry,
    log,
    matrix,
    maximum,
    minimum,
    modulus,
    norm,
    overlap,
    polygamma,
    product,
    s,
    scalar,
    size,
    sqrt,
    total,
    tr,
    triu,
    vector,
    whole,
)
from jacspec.theory.statements.expression import Comparison, Expression
from jacspec.theory.statements.statement import Statement, statement

__all__ = ["STATEMENTS"]

A, B, C, D, E, G, M, Q, S, V, W = map(matrix, "ABCDEGMQSVW")
V_dot, V_next, W_dot, W_next = map(matrix, ("V_dot", "V_next", "W_dot", "W_next"))
x, y, v, w = map(vector, "xyvw")
a, b, c, p, q = map(scalar, "abcpq")
width = whole("width")
i, j, k, n, one = index("i"), index("j"), index("k"), size("n"), identity()
r = width / 2

SYMMETRIC, POSITIVE, DEFINITE = [A.T == A, B.T == B], [A >= 0, B >= 0], [A > 0, B > 0]
NONSINGULAR = [det(A) != 0, det(B) != 0]
GATE = [hadamard(D, one) == D, D @ D == D]
ORTHOGONAL = [one == Q.T @ Q]
SIMPLE = [s(1, A) > s(2, A), s(1, B) > s(2, B)]
FLOW = [W_dot == -(G @ V.T), V_dot == -(W.T @ G)]
GATED = [*GATE, W_dot == -(G @ V.T @ D), V_dot == -(D @ W.T @ G)]
STEP = [W_next == W - G @ V.T / 100, V_next == V - W.T @ G / 100]
DIFFERENT, UPPER = norm(A - B, "frobenius") ** 2, block(A, (1, n - 1), (1, n - 1))
SINE, RATE = 1 - overlap(1, A, 1, B) ** 2, W.T @ W_dot + W_dot.T @ W - V_dot @ V.T - V @ V_dot.T
SINES = SINE + 1 - overlap(1, A.T, 1, B.T) ** 2
SPREAD = (eig(1, A) + eig(n, A)) ** 2 / (eig(1, A) * eig(n, A)) * inner(x, x) ** 2
FORMS = tr(x.T @ A @ x) * tr(x.T @ A.inv @ x)
MEAN, TERMS = (p - q) / log(p / q), (2 * sqrt(p * q) + (p + q) / 2) / 3
HEAD = 1 / p + 1 / (2 * p**2)

Given = Comparison | list[Comparison]


def of(relations: Given, given: Given = (), *, least: int = 1, most: int = 3) -> Statement:  # type: ignore[assignment]
    """A statement at the sizes at which the bank tries it."""
    made = statement(relations, given)
    return statement(relations, given, {"n": (least, most)}) if "n" in made.sizes else made


def flat(x: Expression) -> Expression:
    """The squared norm of what is compared, where the bank compares squares."""
    return norm(x, "frobenius") ** 2


STATEMENTS: dict[str, Statement] = {
    # singular values
    "weyl-sum": of(s(i + j - 1, A + B) <= s(i, A) + s(j, B)),
    "weyl-sum-index": of(s(i + j - 2, A + B) <= s(i, A) + s(j, B), i + j >= 3),
    "horn-product": of(s(i + j - 1, A @ B) <= s(i, A) * s(j, B)),
    "product-from-below": of(s(i, A @ B) >= s(i, A) * s(n, B)),
    "product-from-below-same-index": of(s(i, A @ B) >= s(i, A) * s(i, B)),
    "horn-log-majorisation": of(product(s(i, A @ B), i, 1, k) <= product(s(i, A) * s(i, B), i, 1, k)),
    "horn-log-majorisation-inner": of(product(s(i, A @ B), i, 2, k) <= product(s(i, A) * s(i, B), i, 2, k)),
    "ky-fan-sum": of(norm(A + B, "ky fan", k) <= norm(A, "ky fan", k) + norm(B, "ky fan", k)),
    "ky-fan-sum-inner": of(total(s(i, A + B), i, 2, k) <= total(s(i, A) + s(i, B), i, 2, k)),
    "mirsky": of(total((s(i, A) - s(i, B)) ** 2, i, 1, n) <= DIFFERENT),
    "perturbed-one-by-one": of(abs(s(i, A) - s(i, B)) <= s(i, A - B)),
    "absolute-values": of(norm(modulus(A) - modulus(B), "frobenius") <= sqrt(2 * DIFFERENT), least=2, most=2),
    "absolute-values-constant": of(flat(modulus(A) - modulus(B)) <= 1.8 * DIFFERENT, least=2, most=2),
    "column-removed": of([s(i + 1, A) <= s(i, block(A, (1, n), (1, n - 1))), s(i, block(A, (1, n), (1, n - 1))) <= s(i, A)], least=2),
    "row-and-column-removed": of(s(i + 2, A) <= s(i, UPPER), least=3),
    "row-and-column-removed-lag": of(s(i + 1, A) <= s(i, UPPER), least=3),
    "weyl-majorant": of(product(eigenmodulus(i, A), i, 1, k) <= product(s(i, A), i, 1, k)),
    "radius-of-product-one-positive": of(eigenmodulus(1, A @ B) <= eigenmodulus(1, A) * eigenmodulus(1, B), A >= 0),
    "frobenius-by-rank": of(flat(A) <= A.rank * s(1, A) ** 2),
    "frobenius-by-rank-less-one": of(flat(A) <= (A.rank - 1) * s(1, A) ** 2, det(A) != 0, least=3),
    "nuclear": of(norm(A, "nuclear") ** 2 <= n * flat(A)),
    "nuclear-constant": of(norm(A, "nuclear") ** 2 <= 0.95 * n * flat(A), least=3),
    "von-neumann-trace": of(abs(tr(A @ B)) <= total(s(i, A) * s(i, B), i, 1, n)),
    "von-neumann-trace-order": of(abs(tr(A @ B)) <= total(s(i, A) * s(n + 1 - i, B), i, 1, n)),
    "fan-hoffman": of(eig(i, (A + A.T) / 2) <= s(i, A)),
    "fan-hoffman-moduli": of(s(i, (A + A.T) / 2) <= s(i, A)),
    "condition-of-product": of(s(1, A @ B) / s(n, A @ B) <= s(1, A) / s(n, A) * (s(1, B) / s(n, B)), NONSINGULAR, most=2),
    "flipped-product-one-positive": of(s(1, A @ B) == s(1, B @ A), A >= 0),
    "arithmetic-geometric": of(2 * s(i, A @ B) <= s(i, A.T @ A + B @ B.T)),
    "arithmetic-geometric-side": of(2 * s(i, A @ B) <= s(i, A @ A.T + B.T @ B)),
    "triangular-part": of(3 * s(1, triu(A)) ** 2 <= 4 * s(1, A) ** 2, least=2, most=2),
    "triangular-part-constant": of(s(1, triu(A)) <= 1.1 * s(1, A), least=2, most=2),
    "side-by-side": of(s(1, A @ A.T + B @ B.T) <= 2 * maximum(s(1, A), s(1, B)) ** 2, most=2),
    "side-by-side-constant": of(s(1, A @ A.T + B @ B.T) <= 1.85 * maximum(s(1, A), s(1, B)) ** 2, least=3),
    "entrywise-product": of(s(1, hadamard(A, B)) <= s(1, A) * s(1, B)),
    "entrywise-product-every-index": of(s(i, hadamard(A, B)) <= s(i, A) * s(i, B)),
    "norms-of-powers": of([eigenmodulus(1, A) ** 3 <= s(1, A**3), s(1, A**3) <= s(1, A) ** 3]),
    "norms-of-powers-log-convex": of(s(1, A**2) ** 2 <= s(1, A) * s(1, A**3), det(A) != 0, least=3),
    # eigenvalues
    "weyl": of(eig(i + j - 1, A + B) <= eig(i, A) + eig(j, B), SYMMETRIC),
    "lidskii": of(total(D[i, i] * eig(i, A + B), i, 1, n) <= total(D[i, i] * eig(i, A), i, 1, n) + total(eig(i, B), i, 1, k), [*SYMMETRIC, *GATE, tr(D) == k]),
    "lidskii-same-indices": of(total(D[i, i] * eig(i, A + B), i, 1, n) <= total(D[i, i] * (eig(i, A) + eig(i, B)), i, 1, n), [*SYMMETRIC, *GATE]),
    "cauchy-interlacing": of([eig(i + 1, A) <= eig(i, UPPER), eig(i, UPPER) <= eig(i, A)], A.T == A, least=2),
    "schur-horn": of(total(eig(i, hadamard(A, one)), i, 1, k) <= total(eig(i, A), i, 1, k), A.T == A),
    "schur-horn-one-by-one": of(eig(k, hadamard(A, one)) <= eig(k, A), A >= 0),
    "rank-one-update": of(eig(i + 1, A + v @ v.T) <= eig(i, A), A.T == A, least=3),
    "rank-two-update": of(eig(i + 1, A + v @ v.T + w @ w.T) <= eig(i, A), A.T == A, least=3),
    "monotone-squared-eigenvalues": of(eig(i, A @ A) <= eig(i, C @ C), [A >= 0, C >= A]),
    "square-is-operator-monotone": of(A @ A <= C @ C, [A >= 0, C >= A]),
    "inverse-is-antitone": of(C.inv <= A.inv, [A > 0, C >= A]),
    "trace-of-product": of([tr(A @ B) >= 0, tr(A @ B) <= tr(A) * tr(B)], POSITIVE),
    "trace-of-three": of(tr(A @ B @ C) >= 0, [*POSITIVE, C >= 0]),
    "anticommutator": of(A @ B + B @ A >= 0, DEFINITE, least=2, most=2),
    "schur-product": of([hadamard(A, B) >= 0, eig(n, hadamard(A, B)) >= eig(n, A) * eig(n, B)], POSITIVE),
    "schur-product-one-indefinite": of(hadamard(A, B) >= 0, [A >= 0, B.T == B, B[i, i] > 0]),
    "trace-cauchy-schwarz": of(inner(A, B) ** 2 <= flat(A) * flat(B)),
    "trace-cauchy-schwarz-one-symmetric": of(tr(A @ B) ** 2 <= tr(A @ A) * tr(B @ B), A.T == A),
    "trace-of-squares": of(tr(A @ B @ A @ B) <= tr(A @ A @ B @ B), SYMMETRIC),
    "trace-of-squares-one-symmetric": of(tr(A @ B @ A @ B) <= tr(A @ A @ B @ B), A.T == A),
    "kantorovich": of(FORMS <= SPREAD / 4, A > 0, least=2, most=2),
    "kantorovich-constant": of(FORMS <= SPREAD / 4.2, [A > 0, eig(1, A) > 2 * eig(n, A)], least=2, most=2),
    "hoffman-wielandt": of(total((eig(i, A) - eig(i, B)) ** 2, i, 1, n) <= DIFFERENT, SYMMETRIC),
    "hoffman-wielandt-triangular": of(total((eig(i, A) - eig(i, hadamard(B, one))) ** 2, i, 1, n) <= flat(A - triu(B)), A.T == A, least=2, most=2),
    "form-cauchy-schwarz": of(tr(x.T @ S @ y) ** 2 <= tr(x.T @ S @ x) * tr(y.T @ S @ y), S >= 0, least=2, most=2),
    "form-cauchy-schwarz-determinant": of(tr(x.T @ S @ y) ** 2 <= tr(x.T @ S @ x) * tr(y.T @ S @ y), [S.T == S, det(S) > 0, tr(S) > 0], least=3),
    # determinants and ranks
    "hadamard-rows": of(det(A) ** 2 <= product(total(A[i, j] ** 2, j, 1, n), i, 1, n)),
    "hadamard-rows-constant": of(det(A) ** 2 <= 0.95 * product(total(A[i, j] ** 2, j, 1, n), i, 1, n), abs(A[1, 2]) + abs(A[2, 3]) > 0, least=3),
    "hadamard-entries": of(abs(det(A)) <= 4 * largest_entry(A) ** 3, least=3),
    "hadamard-entries-constant": of(abs(det(A)) <= 3.7 * largest_entry(A) ** 3, least=3),
    "fischer": of(det(M) <= M[1, 1] * det(block(M, (2, n), (2, n))), M >= 0, least=2),
    "fischer-positive-minors": of(det(M) <= M[1, 1] * det(block(M, (2, n), (2, n))), [M.T == M, M[1, 1] > 0, det(block(M, (2, n), (2, n))) > 0], least=3),
    "oppenheim": of(det(hadamard(A, B)) >= det(A) * product(B[i, i], i, 1, n), POSITIVE),
    "oppenheim-schur": of(det(hadamard(A, B)) + det(A) * det(B) >= det(A) * product(B[i, i], i, 1, n) + det(B) * product(A[i, i], i, 1, n), POSITIVE),
    "oppenheim-schur-constant": of(det(hadamard(A, B)) + 0.95 * det(A) * det(B) >= det(A) * product(B[i, i], i, 1, n) + det(B) * product(A[i, i], i, 1, n), POSITIVE, least=3),
    "determinant-superadditive": of(det(A + B) >= det(A) + det(B), POSITIVE),
    "determinant-superadditive-one-indefinite": of(det(A + B) >= det(A) + det(B), [A >= 0, B.T == B, det(B) > 0], least=2, most=2),
    "minkowski-every-width": of(det(A + B) >= (sqrt(det(A)) + sqrt(det(B))) ** 2, DEFINITE),
    "trace-bound": of(det(A) <= (tr(A) / n) ** n, A >= 0),
    "trace-bound-indefinite": of(det(A) <= (tr(A) / n) ** n, [A.T == A, tr(A) > 0, det(A) > 0]),
    "log-concave-determinant": of(det(A) * det(B) <= det((A + B) / 2) ** 2, POSITIVE),
    "log-concave-determinant-symmetric": of(det(A) * det(B) <= det((A + B) / 2) ** 2, SYMMETRIC),
    "gram-determinant": of(det(one + A @ A.T) <= product(1 + (A @ A.T)[i, i], i, 1, n)),
    "sylvester-rank": of([A.rank + B.rank - n <= (A @ B).rank, (A @ B).rank <= minimum(A.rank, B.rank)]),
    "frobenius-rank": of((A @ B).rank + (B @ C).rank <= B.rank + (A @ B @ C).rank),
    "rank-of-flipped-product": of((A @ B).rank == (B @ A).rank),
    "rank-of-square": of((A @ A).rank == A.rank, tr(A) != 0, least=3),
    "sylvester-determinant": of(det(one + A @ B) == det(one + B @ A)),
    "sylvester-determinant-three": of(det(one + A @ B @ C) == det(one + A @ C @ B)),
    # perturbation
    "weyl-perturbation": of(abs(s(i, A) - s(i, B)) <= s(1, A - B)),
    "weyl-perturbation-constant": of(abs(s(i, A) - s(i, B)) <= 0.95 * s(1, A - B), NONSINGULAR, least=3),
    "weyl-perturbation-smallest": of(s(n, A) <= s(n, B) + s(n, A - B), least=2, most=2),
    "davis-kahan": of(SINE * (s(1, A) - s(2, B)) ** 2 <= s(1, A - B) ** 2, [*POSITIVE, *SIMPLE, s(1, A) > s(2, B)], least=2, most=2),
    "davis-kahan-own-gap": of(SINE * (s(1, A) - s(2, A)) ** 2 <= s(1, A - B) ** 2, [*POSITIVE, *SIMPLE], least=2, most=2),
    "davis-kahan-variant": of(SINE * (s(1, A) - s(2, A)) ** 2 <= 4 * s(1, A - B) ** 2, [*POSITIVE, *SIMPLE], least=2, most=2),
    "davis-kahan-variant-constant": of(SINE * (s(1, A) - s(2, A)) ** 2 <= 1.8**2 * s(1, A - B) ** 2, [*DEFINITE, *SIMPLE], least=2, most=2),
    "wedin": of(SINE * (s(1, A) - s(2, B)) ** 2 <= s(1, A - B) ** 2, [*SIMPLE, s(1, A) > s(2, B)], least=2, most=2),
    "wedin-top-only": of(SINE * s(1, A) ** 2 <= s(1, A - B) ** 2, [*SIMPLE, s(1, A) > s(2, B)], least=2, most=2),
    "wedin-both-sides": of(SINES * (s(1, A) - s(2, B)) ** 2 <= 2 * s(1, A - B) ** 2, [*SIMPLE, s(1, A) > s(2, B)], least=2, most=2),
    "wedin-both-sides-norm": of(SINES * (s(1, A) - s(2, B)) ** 2 <= s(1, A - B) ** 2, [*SIMPLE, s(1, A) > s(2, B)], least=2, most=2),
    "inverses": of(norm(A.inv - B.inv) <= norm(A.inv) * norm(B.inv) * norm(A - B), NONSINGULAR, least=2, most=2),
    "inverses-own": of(norm(A.inv - B.inv) <= norm(A.inv) ** 2 * norm(A - B), NONSINGULAR, least=2, most=2),
    "neumann": of(norm((A + E / 8).inv) * (1 - norm(A.inv) * norm(E) / 8) <= norm(A.inv), [det(A) != 0, norm(E) < 8 * s(n, A)], least=2, most=2),
    "neumann-squared": of(norm((A + E / 8).inv) * (1 - (norm(A.inv) * norm(E) / 8) ** 2) <= norm(A.inv), [det(A) != 0, norm(E) < 8 * s(n, A)], least=2, most=2),
    # chains, gates, gradient flow
    "gate": of(s(i, W @ D) <= s(i, W), GATE, least=3),
    "gate-within": of(s(i, W @ D @ V) <= s(i, W @ V), [*GATE, det(W) != 0, det(V) != 0], least=2, most=2),
    "imbalance": of(RATE == 0, FLOW, least=2, most=2),
    "imbalance-side": of(W @ W_dot.T + W_dot @ W.T - V_dot.T @ V - V.T @ V_dot == 0, FLOW, least=2, most=2),
    "imbalance-raw": of(RATE == 0, GATED, least=2, most=2),
    "imbalance-trace": of(tr(RATE) == 0, GATED, least=2, most=2),
    "imbalance-step": of(W_next.T @ W_next - V_next @ V_next.T == W.T @ W - V @ V.T, STEP, least=2, most=2),
    "balanced-product": of(s(i, W @ V) == s(i, V) ** 2, [*ORTHOGONAL, W == Q @ V.T], least=2, most=2),
    "balanced-product-spectra-only": of(s(i, W @ V) == s(i, V) ** 2, [*ORTHOGONAL, W == V @ Q], least=2, most=2),
    "separation-of-products": of(s(2, W @ V) / s(1, W @ V) >= s(2, W) / s(1, W) * (s(2, V) / s(1, V)), [det(W) != 0, det(V) != 0], least=2, most=2),
    "separation-persists": of([s(2, W @ V) * s(1, W) <= s(1, W @ V) * s(2, W), s(2, W @ V) * s(1, V) <= s(1, W @ V) * s(2, V)], [det(W) != 0, det(V) != 0], least=2, most=2),
    "volumes": of(product(s(i, W @ V), i, 1, n) == product(s(i, W) * s(i, V), i, 1, n)),
    # scalars
    "digamma-logarithm": of([log(p) - 1 / p <= digamma(p), digamma(p) <= log(p) - 1 / (2 * p)], p > 0),
    "digamma-second-order": of(digamma(r) <= log(r) - 1 / (2 * r) - 1 / (12 * r**2), [width >= 50, width <= 400]),
    "digamma-shifted": of(log(p - 0.5) <= digamma(p), p > 0.5),
    "digamma-shifted-constant": of(log(p - 0.475) <= digamma(p), p > 0.5),
    "lyapunov-gap": of([1 / (2 * r) <= digamma(r + 0.5) - digamma(r), digamma(r + 0.5) - digamma(r) <= 1 / (2 * r) + 1 / (8 * r**2)], width <= 100),
    "lyapunov-gap-next-order": of(digamma(r + 0.5) - digamma(r) <= 1 / (2 * r) + 1 / (8 * r**2) - 1 / (64 * r**4), [width >= 50, width <= 400]),
    "trigamma": of([polygamma(1, p) >= HEAD, polygamma(1, p) <= HEAD + 1 / (6 * p**3)], p > 0),
    "trigamma-constant": of(polygamma(1, p) <= HEAD + 0.95 / (6 * p**3), p > 0),
    "trigamma-exponential": of(polygamma(1, p) * exp(digamma(p)) <= 1, p > 0),
    "trigamma-exponential-constant": of(polygamma(1, p) * exp(digamma(p)) <= 0.99, [p > 0, p <= 8]),
    "means": of(a * b * c <= ((a + b + c) / 3) ** 3, [a >= 0, b >= 0, c >= 0]),
    "means-one-negative": of(a * b * c <= ((a + b + c) / 3) ** 3, a + b + c > 0),
    "newton": of(3 * (a * b + b * c + c * a) <= (a + b + c) ** 2),
    "newton-constant": of(3.15 * (a * b + b * c + c * a) <= (a + b + c) ** 2, [(a - b) * (b - c) * (c - a) != 0, a >= 0, b >= 0, c >= 0]),
    "logarithmic-mean": of([sqrt(p * q) <= MEAN, MEAN <= TERMS], [p > 0, q > 0, p != q]),
    "logarithmic-mean-constant": of(MEAN <= 0.99 * TERMS, [p > 0, q > 0, p != q]),
    "cauchy-schwarz": of(inner(x, y) ** 2 <= inner(x, x) * inner(y, y), least=3),
    "cauchy-schwarz-constant": of(inner(x, y) ** 2 <= 0.95 * inner(x, x) * inner(y, y), (x[1] * y[2] - x[2] * y[1]) ** 2 + (x[2] * y[3] - x[3] * y[2]) ** 2 > 0, least=3),
    "chebyshev-sum": of(total(x[i], i, 1, n) * total(y[i], i, 1, n) <= n * inner(x, y), [x[k] >= x[k + 1], y[k] >= y[k + 1]], least=3),
    "bernoulli-two-signs": of(1 + total(x[i], i, 1, n) <= product(1 + x[i], i, 1, n), x[k] > -1, least=2, most=2),
}  # fmt: skip
