"""Determinant and rank inequalities; textbook statements, and near misses of them."""

from __future__ import annotations

from benchmarks.bank.arithmetic import hadamard, part, product, trace
from benchmarks.bank.domains import positive, square, symmetric
from benchmarks.bank.entry import AtMost, Entry, Equal
from jacspec.proofs_check.strategies import size

__all__ = ["ENTRIES"]

N = size("n", 1, 3)
POSITIVE = {"A": positive(N), "B": positive(N)}
HORN_JOHNSON = "Horn & Johnson, Matrix Analysis"


def _diagonal_product(A):
    return product(A[i, i] for i in range(A.nrows()))


def hadamard_rows(p, q):
    """(det A)² ≤ (p/q) ∏ ‖row_i‖²."""

    def conclusion(on, A):
        n = A.nrows()
        rows = product(sum(A[i, j] * A[i, j] for j in range(n)) for i in range(n))
        yield AtMost(A.det() ** 2, on.ratio(p, q) * rows)

    return conclusion


def hadamard_entries(p, q):
    """|det A| ≤ (p/q) max|a_ij|³ for n = 3."""

    def conclusion(on, A):
        largest = max(abs(entry) for entry in A.entries())
        yield AtMost(abs(A.det()), on.ratio(p, q) * largest**3)

    return conclusion


def fischer(on, M):
    """Det M ≤ det M_11 det M_22, the first block of one row."""
    rest = list(range(1, M.nrows()))
    yield AtMost(M.det(), M[0, 0] * part(on, M, rest, rest).det())


def fischer_smallest(on, M):
    rest = list(range(1, M.nrows()))
    yield AtMost(M[0, 0] * part(on, M, rest, rest).det(), M.det() * 2)


def oppenheim(both):
    """det(A∘B) ≥ det A ∏ b_ii; ``both``: ≥ det A ∏ b_ii + det B ∏ a_ii."""

    def conclusion(on, A, B):
        left = A.det() * _diagonal_product(B)
        if both:
            left = left + B.det() * _diagonal_product(A)
        yield AtMost(left, hadamard(on, A, B).det())

    return conclusion


def oppenheim_schur(p, q):
    """det(A∘B) + (p/q) det A det B ≥ det A ∏ b_ii + det B ∏ a_ii."""

    def conclusion(on, A, B):
        left = A.det() * _diagonal_product(B) + B.det() * _diagonal_product(A)
        yield AtMost(left, hadamard(on, A, B).det() + on.ratio(p, q) * A.det() * B.det())

    return conclusion


def superadditive(on, A, B):
    """det(A + B) ≥ det A + det B."""
    yield AtMost(A.det() + B.det(), (A + B).det())


def minkowski(on, A, B):
    """det(A + B) ≥ (√det A + √det B)², which for n ≥ 2 is weaker than Minkowski's inequality."""
    roots = on.sqrt(A.det()) + on.sqrt(B.det())
    yield AtMost(roots * roots, (A + B).det())


def minkowski_without_root(on, A, B):
    n = A.nrows()
    yield AtMost(A.det() + B.det() + on.ratio(2**n, 1) * on.sqrt(A.det() * B.det()), (A + B).det())


def trace_bound(on, A):
    """Det A ≤ (tr A/n)^n."""
    n = A.nrows()
    yield AtMost(A.det() * n**n, trace(A) ** n)


def trace_bound_twice(on, A):
    n = A.nrows()
    yield AtMost(2 * A.det() * n**n, trace(A) ** n)


def midpoint(on, A, B):
    """Det A det B ≤ det((A + B)/2)²."""
    half = (A + B) * on.ratio(1, 2)
    yield AtMost(A.det() * B.det(), half.det() ** 2)


def determinant_of_sum_with_gram(p, q):
    """det(I + AAᵀ) ≤ ∏(1 + (p/q) a_i), a_i the diagonal of AAᵀ."""

    def conclusion(on, A):
        n = A.nrows()
        gram = A * A.transpose()
        identity = on.diagonal([on.ratio(1, 1)] * n)
        right = product(1 + on.ratio(p, q) * gram[i, i] for i in range(n))
        yield AtMost((identity + gram).det(), right)

    return conclusion


def sylvester_rank(less):
    """Rank A + rank B - n + less ≤ rank AB ≤ min(rank A, rank B)."""

    def conclusion(on, A, B):
        ranks = on.rank(A), on.rank(B)
        value = on.rank(A * B)
        yield AtMost(2 * (sum(ranks) - A.nrows() + less), 2 * value + 1, "from below")
        yield AtMost(2 * value, 2 * min(ranks) + 1, "from above")

    return conclusion


def frobenius_rank(on, A, B, C):
    """Rank AB + rank BC ≤ rank B + rank ABC, doubled and apart by one so that equality decides too."""
    left, right = on.rank(A * B) + on.rank(B * C), on.rank(B) + on.rank(A * B * C)
    yield AtMost(2 * left, 2 * right + 1)


def frobenius_rank_without(on, A, B, C):
    left, right = on.rank(A * B) + on.rank(B * C), on.rank(A) + on.rank(A * B * C)
    yield AtMost(2 * left, 2 * right + 1)


def rank_of_flipped_product(on, A, B):
    yield Equal(on.rank(A * B), on.rank(B * A))


def rank_of_square(on, A):
    yield Equal(on.rank(A), on.rank(A * A))


def eigenvalues_of_flipped_product(on, A, B):
    """det(I + AB) = det(I + BA)."""
    identity = on.diagonal([on.ratio(1, 1)] * A.nrows())
    yield Equal((identity + A * B).det(), (identity + B * A).det())


def determinant_of_flipped_triple(on, A, B, C):
    identity = on.diagonal([on.ratio(1, 1)] * A.nrows())
    yield Equal((identity + A * B * C).det(), (identity + A * C * B).det())


def flipped_transposed(on, A, B):
    identity = on.diagonal([on.ratio(1, 1)] * A.nrows())
    yield Equal((identity + A * B).det(), (identity + A * B.transpose()).det())


ENTRIES = (
    Entry(
        "hadamard-rows",
        "(det A)² ≤ ∏ ‖row_i‖²",
        True,
        {"A": square(N)},
        hadamard_rows(1, 1),
        mutants={"half of it": hadamard_rows(1, 2)},
        source="Hadamard 1893",
    ),
    Entry(
        "hadamard-rows-constant",
        "n = 3, A not diagonal: (det A)² ≤ 0.95 ∏ ‖row_i‖²",
        False,
        {"A": square(3)},
        hadamard_rows(19, 20),
        {"not diagonal": lambda on, A: abs(A[0, 1]) + abs(A[1, 2])},
    ),
    Entry(
        "hadamard-entries",
        "n = 3: |det A| ≤ 4 max|a_ij|³",
        True,
        {"A": square(3)},
        hadamard_entries(4, 1),
        mutants={"2 for 4": hadamard_entries(2, 1)},
        source="Hadamard's maximal determinant problem",
    ),
    Entry(
        "hadamard-entries-constant",
        "n = 3: |det A| ≤ 3.7 max|a_ij|³  (the best constant is 4)",
        False,
        {"A": square(3)},
        hadamard_entries(37, 10),
    ),
    Entry(
        "fischer",
        "M ≥ 0: det M ≤ det M_11 det M_22",
        True,
        {"M": positive(size("n", 2, 3))},
        fischer,
        mutants={"the other way, doubled": fischer_smallest},
        source="Fischer 1908",
    ),
    Entry(
        "fischer-positive-minors",
        "n = 3, M symmetric, det M_11 > 0 and det M_22 > 0: det M ≤ det M_11 det M_22",
        False,
        {"M": symmetric(3)},
        fischer,
        {
            "det M_11 > 0": lambda on, M: M[0, 0],
            "det M_22 > 0": lambda on, M: part(on, M, [1, 2], [1, 2]).det(),
        },
    ),
    Entry(
        "oppenheim",
        "A, B ≥ 0: det(A∘B) ≥ det A ∏ b_ii",
        True,
        POSITIVE,
        oppenheim(both=False),
        mutants={"both": oppenheim(both=True)},
        source="Oppenheim 1930",
    ),
    Entry(
        "oppenheim-schur",
        "A, B ≥ 0: det(A∘B) + det A det B ≥ det A ∏ b_ii + det B ∏ a_ii",
        True,
        POSITIVE,
        oppenheim_schur(1, 1),
        mutants={"half of det A det B": oppenheim_schur(1, 2)},
        source="Schur, Oppenheim",
    ),
    Entry(
        "oppenheim-schur-constant",
        "A, B ≥ 0: det(A∘B) + 0.95 det A det B ≥ det A ∏ b_ii + det B ∏ a_ii",
        False,
        {"A": positive(3), "B": positive(3)},
        oppenheim_schur(19, 20),
    ),
    Entry(
        "determinant-superadditive",
        "A, B ≥ 0: det(A + B) ≥ det A + det B",
        True,
        POSITIVE,
        superadditive,
        mutants={"with 2ⁿ √(det A det B)": minkowski_without_root},
        source="Minkowski",
    ),
    Entry(
        "determinant-superadditive-one-indefinite",
        "A ≥ 0, B symmetric with det B > 0: det(A + B) ≥ det A + det B",
        False,
        {"A": positive(2), "B": symmetric(2)},
        superadditive,
        {"det B > 0": lambda on, A, B: B.det()},
    ),
    Entry(
        "minkowski-every-width",
        "A, B > 0: det(A + B) ≥ (√det A + √det B)²  (true for n ≥ 2)",
        False,
        {"A": positive(N, definite=True), "B": positive(N, definite=True)},
        minkowski,
    ),
    Entry(
        "trace-bound",
        "A ≥ 0: det A ≤ (tr A/n)ⁿ",
        True,
        {"A": positive(N)},
        trace_bound,
        mutants={"twice the determinant": trace_bound_twice},
        source="AM–GM",
    ),
    Entry(
        "trace-bound-indefinite",
        "A symmetric, tr A > 0, det A > 0: det A ≤ (tr A/n)ⁿ  (true for n ≤ 2)",
        False,
        {"A": symmetric(N)},
        trace_bound,
        {"tr A > 0": lambda on, A: trace(A), "det A > 0": lambda on, A: A.det()},
    ),
    Entry(
        "log-concave-determinant",
        "A, B ≥ 0: det A det B ≤ det((A + B)/2)²",
        True,
        POSITIVE,
        midpoint,
        mutants={"det(A + B) ≥ … with 2ⁿ": minkowski_without_root},
        source="Fan 1950",
    ),
    Entry(
        "log-concave-determinant-symmetric",
        "A, B symmetric: det A det B ≤ det((A + B)/2)²",
        False,
        {"A": symmetric(N), "B": symmetric(N)},
        midpoint,
    ),
    Entry(
        "gram-determinant",
        "det(I + AAᵀ) ≤ ∏(1 + (AAᵀ)_ii)",
        True,
        {"A": square(N)},
        determinant_of_sum_with_gram(1, 1),
        mutants={"half the diagonal": determinant_of_sum_with_gram(1, 2)},
        source="Hadamard",
    ),
    Entry(
        "sylvester-rank",
        "rank A + rank B - n ≤ rank AB ≤ min(rank A, rank B)",
        True,
        {"A": square(N), "B": square(N)},
        sylvester_rank(0),
        mutants={"one more": sylvester_rank(1)},
        source="Sylvester 1884",
    ),
    Entry(
        "frobenius-rank",
        "rank AB + rank BC ≤ rank B + rank ABC",
        True,
        {"A": square(N), "B": square(N), "C": square(N)},
        frobenius_rank,
        mutants={"rank A for rank B": frobenius_rank_without},
        source="Frobenius 1911",
    ),
    Entry(
        "rank-of-flipped-product",
        "rank AB = rank BA",
        False,
        {"A": square(N), "B": square(N)},
        rank_of_flipped_product,
    ),
    Entry(
        "rank-of-square",
        "trace A ≠ 0: rank A² = rank A  (fails for a nilpotent block beside another)",
        False,
        {"A": square(3)},
        rank_of_square,
        {"tr A ≠ 0": lambda on, A: abs(trace(A))},
    ),
    Entry(
        "sylvester-determinant",
        "det(I + AB) = det(I + BA)",
        True,
        {"A": square(N), "B": square(N)},
        eigenvalues_of_flipped_product,
        mutants={"Bᵀ": flipped_transposed},
        source="Sylvester 1857",
    ),
    Entry(
        "sylvester-determinant-three",
        "det(I + ABC) = det(I + ACB)",
        False,
        {"A": square(N), "B": square(N), "C": square(N)},
        determinant_of_flipped_triple,
    ),
)
