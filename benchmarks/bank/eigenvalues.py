"""Eigenvalues of symmetric matrices, order and traces of positive ones; theorems, and near misses of them."""

from __future__ import annotations

from itertools import combinations, product as pairs

from benchmarks.bank.arithmetic import frobenius_squared, hadamard, part, trace
from benchmarks.bank.domains import positive, square, symmetric, vector
from benchmarks.bank.entry import AtMost, Entry, Equal
from jacspec.proofs_check.strategies import size

__all__ = ["ENTRIES"]

N = size("n", 1, 3)
SYMMETRIC = {"A": symmetric(N), "B": symmetric(N)}
POSITIVE = {"A": positive(N), "B": positive(N)}
BHATIA = "Bhatia, Matrix Analysis"
HORN_JOHNSON = "Horn & Johnson, Matrix Analysis"


def weyl(shift):
    """λ_{i+j-shift}(A+B) ≤ λ_i(A) + λ_j(B), where the index exists."""

    def conclusion(on, A, B):
        a, b, c = on.eigenvalues(A), on.eigenvalues(B), on.eigenvalues(A + B)
        for i, j in pairs(range(1, len(a) + 1), repeat=2):
            if 1 <= i + j - shift <= len(c):
                yield AtMost(c[i + j - shift - 1], a[i - 1] + b[j - 1], f"i={i}, j={j}")

    return conclusion


def lidskii(same):
    """Σ_{i∈I} λ_i(A+B) ≤ Σ_{i∈I} λ_i(A) + Σ_{i≤|I|} λ_i(B) for every I; ``same``: λ_i(B) over I too."""

    def conclusion(on, A, B):
        a, b, c = on.eigenvalues(A), on.eigenvalues(B), on.eigenvalues(A + B)
        for count in range(1, len(a) + 1):
            for chosen in combinations(range(len(a)), count):
                of_b = chosen if same else range(count)
                right = sum(a[i] for i in chosen) + sum(b[i] for i in of_b)
                # All of them: the trace, which is additive.
                relation = Equal if count == len(a) else AtMost
                yield relation(sum(c[i] for i in chosen), right, f"I={chosen}")

    return conclusion


def cauchy(lag):
    """λ_{i+lag}(A) ≤ λ_i(A′) ≤ λ_i(A), A′ without the last row and column."""

    def conclusion(on, A):
        kept = list(range(A.nrows() - 1))
        a, b = on.eigenvalues(A), on.eigenvalues(part(on, A, kept, kept))
        for i, value in enumerate(b):
            yield AtMost(value, a[i], f"λ_{i + 1} from above")
            yield AtMost(a[i + lag], value, f"λ_{i + 1} from below")

    return conclusion


def schur_horn(one_by_one):
    """Σ_{i≤k} d_i ≤ Σ_{i≤k} λ_i, d the diagonal in descending order; or d_k ≤ λ_k."""

    def conclusion(on, A):
        d = sorted((A[i, i] for i in range(A.nrows())), reverse=True)
        values = on.eigenvalues(A)
        for k in range(1, len(d) + 1):
            first = k - 1 if one_by_one else 0
            # All of them: the trace.
            relation = Equal if k - first == len(d) else AtMost
            yield relation(sum(d[first:k]), sum(values[first:k]), f"k={k}")

    return conclusion


def updated(lag):
    """λ_{i+lag}(A + update) ≤ λ_i(A)."""

    def conclusion(on, A, **vectors):
        total = A
        for v in vectors.values():
            total = total + on.matrix([[x * y for y in v] for x in v])
        a, c = on.eigenvalues(A), on.eigenvalues(total)
        for i in range(len(a) - lag):
            yield AtMost(c[i + lag], a[i], f"i={i + 1}")

    return conclusion


def square_is_monotone(on, A, B):
    """A ≤ A + B implies A² ≤ (A + B)²."""
    C = A + B
    yield AtMost(on.ratio(0, 1), on.eigenvalues(C * C - A * A)[-1])


def eigenvalues_of_squares(on, A, B):
    C = A + B
    for i, (x, y) in enumerate(zip(on.eigenvalues(A * A), on.eigenvalues(C * C), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def inverse_is_antitone(on, A, B):
    """A ≤ A + B implies (A + B)⁻¹ ≤ A⁻¹."""
    yield AtMost(on.ratio(0, 1), on.eigenvalues(A.inv() - (A + B).inv())[-1])


def inverse_is_monotone(on, A, B):
    yield AtMost(on.ratio(0, 1), on.eigenvalues((A + B).inv() - A.inv())[-1])


def trace_of_product(on, A, B):
    """0 ≤ tr AB ≤ tr A tr B."""
    value = trace(A * B)
    yield AtMost(on.ratio(0, 1), value, "from below")
    yield AtMost(value, trace(A) * trace(B), "from above")


def trace_of_product_by_largest(on, A, B):
    yield AtMost(trace(A * B), trace(A) * trace(B) * on.ratio(1, 2))


def trace_of_three(on, A, B, C):
    yield AtMost(on.ratio(0, 1), trace(A * B * C))


def anticommutator(on, A, B):
    yield AtMost(on.ratio(0, 1), on.eigenvalues(A * B + B * A)[-1])


def schur_product(on, A, B):
    """A∘B ≥ 0."""
    yield AtMost(on.ratio(0, 1), on.eigenvalues(hadamard(on, A, B))[-1])


def schur_product_less_product(on, A, B):
    smallest = on.eigenvalues(A)[0] * on.eigenvalues(B)[-1]
    yield AtMost(smallest, on.eigenvalues(hadamard(on, A, B))[-1])


def schur_product_smallest(on, A, B):
    smallest = on.eigenvalues(A)[-1] * on.eigenvalues(B)[-1]
    yield AtMost(smallest, on.eigenvalues(hadamard(on, A, B))[-1])


def trace_cauchy_schwarz(transposed):
    """(tr AᵀB)² ≤ ‖A‖_F² ‖B‖_F²; otherwise (tr AB)² ≤ tr A² tr B²."""

    def conclusion(on, A, B):
        if transposed:
            yield AtMost(trace(A.transpose() * B) ** 2, frobenius_squared(A) * frobenius_squared(B))
        else:
            yield AtMost(trace(A * B) ** 2, trace(A * A) * trace(B * B))

    return conclusion


def trace_of_squares(on, A, B):
    """Tr (AB)² ≤ tr A²B²."""
    yield AtMost(trace(A * B * A * B), trace(A * A * B * B))


def trace_of_squares_reversed(on, A, B):
    yield AtMost(trace(A * A * B * B), trace(A * B * A * B))


def kantorovich(p, q):
    """(xᵀAx)(xᵀA⁻¹x) ≤ (λ_1 + λ_n)²/((p/q) λ_1 λ_n) |x|⁴."""

    def conclusion(on, A, x):
        column = on.matrix([[value] for value in x])
        row = column.transpose()
        values = on.eigenvalues(A)
        left = (row * A * column)[0, 0] * (row * A.inv() * column)[0, 0] * values[0] * values[-1]
        yield AtMost(
            on.ratio(p, q) * left, (values[0] + values[-1]) ** 2 * (row * row.transpose())[0, 0] ** 2
        )

    return conclusion


def _spread(on, A, x):
    values = on.eigenvalues(A)
    return values[0] - 2 * values[-1]


def hoffman_wielandt(on, A, B):
    """Σ (λ_i(A) - λ_i(B))² ≤ ‖A - B‖_F²."""
    left = sum((x - y) ** 2 for x, y in zip(on.eigenvalues(A), on.eigenvalues(B), strict=True))
    yield AtMost(left, frobenius_squared(A - B))


def hoffman_wielandt_opposite(on, A, B):
    left = sum((x - y) ** 2 for x, y in zip(on.eigenvalues(A), on.eigenvalues(B)[::-1], strict=True))
    yield AtMost(left, frobenius_squared(A - B))


def hoffman_wielandt_triangular(on, A, B):
    """The same for A symmetric and the upper triangular part of B, whose eigenvalues are its diagonal."""
    n = B.nrows()
    T = on.matrix([[B[i, j] if i <= j else on.ratio(0, 1) for j in range(n)] for i in range(n)])
    d = sorted((T[i, i] for i in range(n)), reverse=True)
    left = sum((x - y) ** 2 for x, y in zip(on.eigenvalues(A), d, strict=True))
    yield AtMost(left, frobenius_squared(A - T))


def form_cauchy_schwarz(on, S, x, y):
    """(xᵀSy)² ≤ (xᵀSx)(yᵀSy)."""
    u, v = (on.matrix([[value] for value in vector_]) for vector_ in (x, y))
    form = lambda a, b: (a.transpose() * S * b)[0, 0]  # noqa: E731
    yield AtMost(form(u, v) ** 2, form(u, u) * form(v, v))


def form_cauchy_schwarz_half(on, S, x, y):
    u, v = (on.matrix([[value] for value in vector_]) for vector_ in (x, y))
    form = lambda a, b: (a.transpose() * S * b)[0, 0]  # noqa: E731
    yield AtMost(2 * form(u, v) ** 2, form(u, u) * form(v, v))


ENTRIES = (
    Entry(
        "weyl",
        "A, B symmetric: λ_{i+j-1}(A+B) ≤ λ_i(A) + λ_j(B)",
        True,
        SYMMETRIC,
        weyl(1),
        mutants={"index i+j-2": weyl(2)},
        source="Weyl 1912",
    ),
    Entry(
        "lidskii",
        "A, B symmetric: Σ_I λ_i(A+B) ≤ Σ_I λ_i(A) + Σ_{i≤|I|} λ_i(B) for every set I",
        True,
        SYMMETRIC,
        lidskii(same=False),
        mutants={"λ_i(B) over I": lidskii(same=True)},
        source="Lidskii 1950, Wielandt 1955",
    ),
    Entry(
        "lidskii-same-indices",
        "A, B symmetric: Σ_I λ_i(A+B) ≤ Σ_I λ_i(A) + λ_i(B) for every set I",
        False,
        SYMMETRIC,
        lidskii(same=True),
    ),
    Entry(
        "cauchy-interlacing",
        "A′ is A without a row and its column: λ_{i+1}(A) ≤ λ_i(A′) ≤ λ_i(A)",
        True,
        {"A": symmetric(size("n", 2, 3))},
        cauchy(1),
        mutants={"no lag": cauchy(0)},
        source=f"{HORN_JOHNSON}, 4.3.17",
    ),
    Entry(
        "schur-horn",
        "the diagonal is majorised by the eigenvalues",
        True,
        {"A": symmetric(N)},
        schur_horn(one_by_one=False),
        mutants={"one by one": schur_horn(one_by_one=True)},
        source="Schur 1923",
    ),
    Entry(
        "schur-horn-one-by-one",
        "A positive: the k-th largest diagonal entry is at most λ_k",
        False,
        {"A": positive(N)},
        schur_horn(one_by_one=True),
    ),
    Entry(
        "rank-one-update",
        "λ_{i+1}(A + vvᵀ) ≤ λ_i(A)",
        True,
        {"A": symmetric(3), "v": vector(3)},
        updated(1),
        mutants={"no lag": updated(0)},
        source=f"{HORN_JOHNSON}, 4.3.9",
    ),
    Entry(
        "rank-two-update",
        "λ_{i+1}(A + vvᵀ + wwᵀ) ≤ λ_i(A)  (two updates: the lag is 2)",
        False,
        {"A": symmetric(3), "v": vector(3), "w": vector(3)},
        updated(1),
    ),
    Entry(
        "monotone-squared-eigenvalues",
        "0 ≤ A ≤ C: λ_i(A²) ≤ λ_i(C²)",
        True,
        POSITIVE,
        eigenvalues_of_squares,
        mutants={"A² ≤ C²": square_is_monotone},
        source="Weyl",
    ),
    Entry("square-is-operator-monotone", "0 ≤ A ≤ C: A² ≤ C²", False, POSITIVE, square_is_monotone),
    Entry(
        "inverse-is-antitone",
        "0 < A ≤ C: C⁻¹ ≤ A⁻¹",
        True,
        {"A": positive(N, definite=True), "B": positive(N)},
        inverse_is_antitone,
        mutants={"A⁻¹ ≤ C⁻¹": inverse_is_monotone},
        source="Löwner 1934",
    ),
    Entry(
        "trace-of-product",
        "A, B ≥ 0: 0 ≤ tr AB ≤ tr A tr B",
        True,
        POSITIVE,
        trace_of_product,
        mutants={"half of it": trace_of_product_by_largest},
        source=HORN_JOHNSON,
    ),
    Entry(
        "trace-of-three",
        "A, B, C ≥ 0: tr ABC ≥ 0  (true of two)",
        False,
        {**POSITIVE, "C": positive(N)},
        trace_of_three,
    ),
    Entry(
        "anticommutator",
        "A, B > 0: AB + BA ≥ 0",
        False,
        {"A": positive(2, definite=True), "B": positive(2, definite=True)},
        anticommutator,
    ),
    Entry(
        "schur-product",
        "A, B ≥ 0: A∘B ≥ 0, and λ_n(A∘B) ≥ λ_n(A) λ_n(B)",
        True,
        POSITIVE,
        schur_product_smallest,
        mutants={"λ_1(A) for λ_n(A)": schur_product_less_product},
        source="Schur 1911",
    ),
    Entry(
        "schur-product-one-indefinite",
        "A ≥ 0, B symmetric with positive diagonal: A∘B ≥ 0",
        False,
        {"A": positive(N), "B": symmetric(N)},
        schur_product,
        {"diagonal of B": lambda on, A, B: min(B[i, i] for i in range(B.nrows()))},
    ),
    Entry(
        "trace-cauchy-schwarz",
        "(tr AᵀB)² ≤ ‖A‖_F² ‖B‖_F²",
        True,
        {"A": square(N), "B": square(N)},
        trace_cauchy_schwarz(transposed=True),
        mutants={"tr A² tr B²": trace_cauchy_schwarz(transposed=False)},
        source=HORN_JOHNSON,
    ),
    Entry(
        "trace-cauchy-schwarz-one-symmetric",
        "A symmetric: (tr AB)² ≤ tr A² tr B²",
        False,
        {"A": symmetric(N), "B": square(N)},
        trace_cauchy_schwarz(transposed=False),
    ),
    Entry(
        "trace-of-squares",
        "A, B symmetric: tr (AB)² ≤ tr A²B²",
        True,
        SYMMETRIC,
        trace_of_squares,
        mutants={"the other way": trace_of_squares_reversed},
        source=BHATIA,
    ),
    Entry(
        "trace-of-squares-one-symmetric",
        "A symmetric: tr (AB)² ≤ tr A²B²",
        False,
        {"A": symmetric(N), "B": square(N)},
        trace_of_squares,
    ),
    Entry(
        "kantorovich",
        "A > 0: (xᵀAx)(xᵀA⁻¹x) ≤ (λ_1 + λ_n)²/(4 λ_1 λ_n) |x|⁴",
        True,
        {"A": positive(2, definite=True), "x": vector(2)},
        kantorovich(4, 1),
        mutants={"5 for 4": kantorovich(5, 1)},
        source="Kantorovich 1948",
    ),
    Entry(
        "kantorovich-constant",
        "A > 0, λ_1 > 2 λ_n: (xᵀAx)(xᵀA⁻¹x) ≤ (λ_1 + λ_n)²/(4.2 λ_1 λ_n) |x|⁴",
        False,
        {"A": positive(2, definite=True), "x": vector(2)},
        kantorovich(21, 5),
        {"λ_1 > 2 λ_n": _spread},
    ),
    Entry(
        "hoffman-wielandt",
        "A, B symmetric: Σ (λ_i(A) - λ_i(B))² ≤ ‖A - B‖_F²",
        True,
        SYMMETRIC,
        hoffman_wielandt,
        mutants={"in opposite order": hoffman_wielandt_opposite},
        source="Hoffman & Wielandt 1953",
    ),
    Entry(
        "hoffman-wielandt-triangular",
        "A symmetric, B triangular: Σ (λ_i(A) - λ_i(B))² ≤ ‖A - B‖_F²",
        False,
        {"A": symmetric(2), "B": square(2)},
        hoffman_wielandt_triangular,
    ),
    Entry(
        "form-cauchy-schwarz",
        "S ≥ 0: (xᵀSy)² ≤ (xᵀSx)(yᵀSy)",
        True,
        {"S": positive(2), "x": vector(2), "y": vector(2)},
        form_cauchy_schwarz,
        mutants={"twice the left": form_cauchy_schwarz_half},
        source="Cauchy–Schwarz",
    ),
    Entry(
        "form-cauchy-schwarz-determinant",
        "n = 3, S symmetric, det S > 0 and tr S > 0: (xᵀSy)² ≤ (xᵀSx)(yᵀSy)",
        False,
        {"S": symmetric(3), "x": vector(3), "y": vector(3)},
        form_cauchy_schwarz,
        {"det S > 0": lambda on, S, x, y: S.det(), "tr S > 0": lambda on, S, x, y: trace(S)},
    ),
)
