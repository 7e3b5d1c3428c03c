"""Singular values of sums, products and parts of matrices; textbook inequalities, and near misses of them."""

from __future__ import annotations

from itertools import product as pairs

from benchmarks.bank.arithmetic import frobenius_squared, hadamard, part, product, trace
from benchmarks.bank.domains import positive, square
from benchmarks.bank.entry import AtMost, Entry, Equal
from jacspec.proofs_check.strategies import size

__all__ = ["ENTRIES"]

N = size("n", 1, 3)
A, AB = {"A": square(N)}, {"A": square(N), "B": square(N)}
TWO, THREE = {"A": square(2), "B": square(2)}, {"A": square(3), "B": square(3)}
BHATIA = "Bhatia, Matrix Analysis"
HORN_JOHNSON = "Horn & Johnson, Topics in Matrix Analysis"


def weyl_sum(shift):
    """s_{i+j-shift}(A+B) ≤ s_i(A) + s_j(B), where the index exists."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A + B)
        for i, j in pairs(range(1, len(a) + 1), repeat=2):
            if 1 <= i + j - shift <= len(c):
                yield AtMost(c[i + j - shift - 1], a[i - 1] + b[j - 1], f"i={i}, j={j}")

    return conclusion


def horn_product(shift):
    """s_{i+j-shift}(AB) ≤ s_i(A) s_j(B), where the index exists."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A * B)
        for i, j in pairs(range(1, len(a) + 1), repeat=2):
            if 1 <= i + j - shift <= len(c):
                yield AtMost(c[i + j - shift - 1], a[i - 1] * b[j - 1], f"i={i}, j={j}")

    return conclusion


def product_from_below(which):
    """s_i(A) s_which(B) ≤ s_i(AB)."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A * B)
        for i, value in enumerate(c):
            yield AtMost(a[i] * b[which(i, len(b))], value, f"i={i + 1}")

    return conclusion


def horn_log_majorisation(first):
    """∏_{first ≤ i ≤ k} s_i(AB) ≤ ∏ s_i(A) s_i(B) for every k, with equality for all of them."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A * B)
        for k in range(first, len(c) + 1):
            window = slice(first - 1, k)
            relation = Equal if k - first + 1 == len(c) else AtMost
            yield relation(product(c[window]), product(a[window]) * product(b[window]), f"k={k}")

    return conclusion


def ky_fan(combine, first=1):
    """Σ_{first ≤ i ≤ k} s_i(A+B) ≤ Σ combine(s_i(A), s_i(B)) for every k."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A + B)
        for k in range(first, len(c) + 1):
            right = sum(combine(x, y) for x, y in zip(a[first - 1 : k], b[first - 1 : k], strict=True))
            yield AtMost(sum(c[first - 1 : k]), right, f"k={k}")

    return conclusion


def mirsky(on, A, B):
    """Σ (s_i(A) - s_i(B))² ≤ ‖A - B‖_F²."""
    left = sum((x - y) * (x - y) for x, y in zip(on.s(A), on.s(B), strict=True))
    yield AtMost(left, frobenius_squared(A - B))


def mirsky_of_the_sum(on, A, B):
    left = sum((x - y) * (x - y) for x, y in zip(on.s(A), on.s(B), strict=True))
    yield AtMost(left, frobenius_squared(A + B) / 2)


def perturbed_one_by_one(on, A, B):
    """|s_i(A) - s_i(B)| ≤ s_i(A - B)."""
    for i, (x, y, z) in enumerate(zip(on.s(A), on.s(B), on.s(A - B), strict=True), 1):
        yield AtMost(abs(x - y), z, f"i={i}")


def absolute_values(p, q):
    """‖|Aᵀ| - |Bᵀ|‖_F² ≤ (p/q) ‖A - B‖_F², |Xᵀ| = (X Xᵀ)^½."""

    def conclusion(on, A, B):
        left = frobenius_squared(A) + frobenius_squared(B) - 2 * on.absolute_product(A, B)
        yield AtMost(left, on.ratio(p, q) * frobenius_squared(A - B))

    return conclusion


def column_removed(lag):
    """s_{i+lag}(A) ≤ s_i(A′) ≤ s_i(A), A′ without the last column."""

    def conclusion(on, A):
        n = A.nrows()
        a, b = on.s(A), on.s(part(on, A, list(range(n)), list(range(n - 1))))
        for i, value in enumerate(b):
            yield AtMost(value, a[i], f"s_{i + 1} from above")
            yield AtMost(a[i + lag], value, f"s_{i + 1} from below")

    return conclusion


def row_and_column_removed(lag):
    """s_{i+lag}(A) ≤ s_i(A″), A″ without the last row and column."""

    def conclusion(on, A):
        n = A.nrows()
        a, b = on.s(A), on.s(part(on, A, list(range(n - 1)), list(range(n - 1))))
        for i, value in enumerate(b):
            if i + lag < n:
                yield AtMost(a[i + lag], value, f"i={i + 1}")

    return conclusion


def weyl_majorant(first):
    """∏_{first ≤ i ≤ k} |λ_i| ≤ ∏ s_i for every k, with equality for all of them."""

    def conclusion(on, A):
        moduli, values = on.moduli(A), on.s(A)
        for k in range(first, len(values) + 1):
            relation = Equal if k - first + 1 == len(values) else AtMost
            yield relation(product(moduli[first - 1 : k]), product(values[first - 1 : k]), f"k={k}")

    return conclusion


def radius_of_product(on, A, B):
    yield AtMost(on.moduli(A * B)[0], on.moduli(A)[0] * on.moduli(B)[0])


def frobenius_by_rank(less):
    """‖A‖_F² ≤ (rank A - less) s_1²."""

    def conclusion(on, A):
        yield AtMost(frobenius_squared(A), (on.rank(A) - less) * on.s(A)[0] ** 2)

    return conclusion


def nuclear(p, q):
    """(Σ s_i)² ≤ (p/q) n ‖A‖_F²."""

    def conclusion(on, A):
        yield AtMost(sum(on.s(A)) ** 2, on.ratio(p, q) * A.nrows() * frobenius_squared(A))

    return conclusion


def von_neumann(order):
    """|tr AB| ≤ Σ s_i(A) s_order(i)(B)."""

    def conclusion(on, A, B):
        right = sum(x * y for x, y in zip(on.s(A), order(on.s(B)), strict=True))
        yield AtMost(abs(trace(A * B)), right)

    return conclusion


def fan_hoffman(on, A):
    """λ_i((A + Aᵀ)/2) ≤ s_i(A)."""
    half = (A + A.transpose()) * on.ratio(1, 2)
    for i, (x, y) in enumerate(zip(on.eigenvalues(half), on.s(A), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def symmetric_part_by_singular_values(on, A):
    half = (A + A.transpose()) * on.ratio(1, 2)
    for i, (x, y) in enumerate(zip(on.s(half), on.s(A), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def condition_of_product(power):
    """κ(AB) ≤ (κ(A) κ(B))^{1/power}, for a power of 1 or 2."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(A * B)
        kappa = (a[0] / a[-1]) * (b[0] / b[-1])
        yield AtMost(c[0] / c[-1], kappa if power == 1 else on.sqrt(kappa))

    return conclusion


NONSINGULAR = {"A nonsingular": lambda on, A, B: abs(A.det()), "B nonsingular": lambda on, A, B: abs(B.det())}


def norm_of_flipped_product(on, A, B):
    yield Equal(on.s(A * B)[0], on.s(B * A)[0])


def arithmetic_geometric(mirrored):
    """2 s_i(AB) ≤ s_i(AᵀA + BBᵀ); mirrored: s_i(AAᵀ + BᵀB)."""

    def conclusion(on, A, B):
        X, Y = (A.transpose(), B.transpose()) if mirrored else (A, B)
        total = X.transpose() * X + Y * Y.transpose()
        for i, (x, y) in enumerate(zip(on.s(A * B), on.s(total), strict=True), 1):
            yield AtMost(2 * x, y, f"i={i}")

    return conclusion


def triangular_part(p, q):
    """s_1(upper triangular part of A)² ≤ (p/q) s_1(A)²."""

    def conclusion(on, A):
        n = A.nrows()
        upper = on.matrix([[A[i, j] if i <= j else on.ratio(0, 1) for j in range(n)] for i in range(n)])
        yield AtMost(on.s(upper)[0] ** 2, on.ratio(p, q) * on.s(A)[0] ** 2)

    return conclusion


def beside(p, q):
    """s_1([A B])² ≤ (p/q) max(s_1(A), s_1(B))²."""

    def conclusion(on, A, B):
        whole = A * A.transpose() + B * B.transpose()
        yield AtMost(on.s(whole)[0], on.ratio(p, q) * on.max([on.s(A)[0], on.s(B)[0]]) ** 2)

    return conclusion


def entrywise_product(only_norm):
    """s_i(A∘B) ≤ s_i(A) s_i(B), for i = 1 or for all i."""

    def conclusion(on, A, B):
        a, b, c = on.s(A), on.s(B), on.s(hadamard(on, A, B))
        for i in range(1 if only_norm else len(c)):
            yield AtMost(c[i], a[i] * b[i], f"i={i + 1}")

    return conclusion


def powers(on, A):
    """ρ(A)³ ≤ s_1(A³) ≤ s_1(A)³."""
    cube = on.s(A * A * A)[0]
    yield AtMost(on.moduli(A)[0] ** 3, cube, "from below")
    yield AtMost(cube, on.s(A)[0] ** 3, "from above")


def square_root_of_the_cube(on, A):
    yield AtMost(on.s(A * A)[0] ** 3, on.s(A * A * A)[0] ** 2)


def log_convex_powers(on, A):
    yield AtMost(on.s(A * A)[0] ** 2, on.s(A)[0] * on.s(A * A * A)[0])


ENTRIES = (
    Entry(
        "weyl-sum",
        "s_{i+j-1}(A+B) ≤ s_i(A) + s_j(B)",
        True,
        AB,
        weyl_sum(1),
        mutants={"index i+j-2": weyl_sum(2)},
        source=f"{BHATIA}, III.1.3 for singular values",
    ),
    Entry("weyl-sum-index", "s_{i+j-2}(A+B) ≤ s_i(A) + s_j(B), i + j ≥ 3", False, AB, weyl_sum(2)),
    Entry(
        "horn-product",
        "s_{i+j-1}(AB) ≤ s_i(A) s_j(B)",
        True,
        AB,
        horn_product(1),
        mutants={"index i+j-2": horn_product(2)},
        source=f"{HORN_JOHNSON}, 3.3.16",
    ),
    Entry(
        "product-from-below",
        "s_i(AB) ≥ s_i(A) s_n(B)",
        True,
        AB,
        product_from_below(lambda i, n: n - 1),
        mutants={"s_1(B) for s_n(B)": product_from_below(lambda i, n: 0)},
        source=f"{BHATIA}, III",
    ),
    Entry(
        "product-from-below-same-index",
        "s_i(AB) ≥ s_i(A) s_i(B)",
        False,
        AB,
        product_from_below(lambda i, n: i),
    ),
    Entry(
        "horn-log-majorisation",
        "∏_{i≤k} s_i(AB) ≤ ∏_{i≤k} s_i(A) s_i(B)",
        True,
        AB,
        horn_log_majorisation(1),
        mutants={"from the second on": horn_log_majorisation(2)},
        source=f"{HORN_JOHNSON}, 3.3.4",
    ),
    Entry(
        "horn-log-majorisation-inner",
        "∏_{2≤i≤k} s_i(AB) ≤ ∏_{2≤i≤k} s_i(A) s_i(B)",
        False,
        THREE,
        horn_log_majorisation(2),
    ),
    Entry(
        "ky-fan-sum",
        "Σ_{i≤k} s_i(A+B) ≤ Σ_{i≤k} s_i(A) + s_i(B)",
        True,
        AB,
        ky_fan(lambda x, y: x + y),
        mutants={"the larger for the sum": ky_fan(lambda x, y: x if x > y else y)},
        source="Fan 1951",
    ),
    Entry(
        "ky-fan-sum-inner",
        "Σ_{2≤i≤k} s_i(A+B) ≤ Σ_{2≤i≤k} s_i(A) + s_i(B)",
        False,
        AB,
        ky_fan(lambda x, y: x + y, first=2),
    ),
    Entry(
        "mirsky",
        "Σ (s_i(A) - s_i(B))² ≤ ‖A - B‖_F²",
        True,
        AB,
        mirsky,
        mutants={"‖A + B‖_F²/2": mirsky_of_the_sum},
        source="Mirsky 1960",
    ),
    Entry("perturbed-one-by-one", "|s_i(A) - s_i(B)| ≤ s_i(A - B)", False, AB, perturbed_one_by_one),
    Entry(
        "absolute-values",
        "‖|Aᵀ| - |Bᵀ|‖_F ≤ √2 ‖A - B‖_F",
        True,
        TWO,
        absolute_values(2, 1),
        mutants={"constant 1": absolute_values(1, 1)},
        source="Araki & Yamagami 1981",
    ),
    Entry(
        "absolute-values-constant",
        "‖|Aᵀ| - |Bᵀ|‖_F² ≤ 1.8 ‖A - B‖_F²  (5 % below √2)",
        False,
        TWO,
        absolute_values(9, 5),
    ),
    Entry(
        "column-removed",
        "A′ is A without a column: s_{i+1}(A) ≤ s_i(A′) ≤ s_i(A)",
        True,
        {"A": square(size("n", 2, 3))},
        column_removed(1),
        mutants={"no lag": column_removed(0)},
        source=f"{HORN_JOHNSON}, 3.1.3",
    ),
    Entry(
        "row-and-column-removed",
        "A″ is A without a row and a column: s_{i+2}(A) ≤ s_i(A″)",
        True,
        {"A": square(3)},
        row_and_column_removed(2),
        mutants={"lag 1": row_and_column_removed(1)},
        source=f"{HORN_JOHNSON}, 3.1.3",
    ),
    Entry(
        "row-and-column-removed-lag",
        "A″ is A without a row and a column: s_{i+1}(A) ≤ s_i(A″)",
        False,
        {"A": square(3)},
        row_and_column_removed(1),
    ),
    Entry(
        "weyl-majorant",
        "∏_{i≤k} |λ_i(A)| ≤ ∏_{i≤k} s_i(A)",
        True,
        A,
        weyl_majorant(1),
        mutants={"from the second on": weyl_majorant(2)},
        source="Weyl 1949",
    ),
    Entry(
        "radius-of-product-one-positive",
        "A ≥ 0: ρ(AB) ≤ ρ(A) ρ(B)  (both must be normal)",
        False,
        {"A": positive(N), "B": square(N)},
        radius_of_product,
    ),
    Entry(
        "frobenius-by-rank",
        "‖A‖_F² ≤ rank(A) s_1(A)²",
        True,
        A,
        frobenius_by_rank(0),
        mutants={"rank - 1": frobenius_by_rank(1)},
        source=BHATIA,
    ),
    Entry(
        "frobenius-by-rank-less-one",
        "n = 3: ‖A‖_F² ≤ (rank(A) - 1) s_1(A)²  for nonsingular A",
        False,
        {"A": square(3)},
        frobenius_by_rank(1),
        {"A nonsingular": lambda on, A: abs(A.det())},
    ),
    Entry(
        "nuclear",
        "(Σ s_i)² ≤ n ‖A‖_F²",
        True,
        A,
        nuclear(1, 1),
        mutants={"half the constant": nuclear(1, 2)},
        source="Cauchy–Schwarz",
    ),
    Entry("nuclear-constant", "(Σ s_i)² ≤ 0.95 n ‖A‖_F²", False, {"A": square(3)}, nuclear(19, 20)),
    Entry(
        "von-neumann-trace",
        "|tr AB| ≤ Σ s_i(A) s_i(B)",
        True,
        AB,
        von_neumann(list),
        mutants={"in opposite order": von_neumann(lambda b: b[::-1])},
        source="von Neumann 1937",
    ),
    Entry(
        "von-neumann-trace-order",
        "|tr AB| ≤ Σ s_i(A) s_{n+1-i}(B)",
        False,
        AB,
        von_neumann(lambda b: b[::-1]),
    ),
    Entry(
        "fan-hoffman",
        "λ_i((A + Aᵀ)/2) ≤ s_i(A)",
        True,
        A,
        fan_hoffman,
        mutants={"s_i((A + Aᵀ)/2)": symmetric_part_by_singular_values},
        source="Fan & Hoffman 1955",
    ),
    Entry(
        "fan-hoffman-moduli",
        "s_i((A + Aᵀ)/2) ≤ s_i(A)",
        False,
        A,
        symmetric_part_by_singular_values,
    ),
    Entry(
        "condition-of-product",
        "κ(AB) ≤ κ(A) κ(B)",
        True,
        TWO,
        condition_of_product(1),
        NONSINGULAR,
        mutants={"the root": condition_of_product(2)},
        source=HORN_JOHNSON,
    ),
    Entry(
        "flipped-product-one-positive",
        "A ≥ 0: s_1(AB) = s_1(BA)  (both must be symmetric)",
        False,
        {"A": positive(N), "B": square(N)},
        norm_of_flipped_product,
    ),
    Entry(
        "arithmetic-geometric",
        "2 s_i(AB) ≤ s_i(AᵀA + BBᵀ)",
        True,
        AB,
        arithmetic_geometric(mirrored=False),
        mutants={"A and B transposed": arithmetic_geometric(mirrored=True)},
        source="Bhatia & Kittaneh 1990",
    ),
    Entry(
        "arithmetic-geometric-side",
        "2 s_i(AB) ≤ s_i(AAᵀ + BᵀB)",
        False,
        AB,
        arithmetic_geometric(mirrored=True),
    ),
    Entry(
        "triangular-part",
        "n = 2: the upper triangular part has s_1² ≤ (4/3) s_1(A)²",
        True,
        {"A": square(2)},
        triangular_part(4, 3),
        mutants={"constant 1": triangular_part(1, 1)},
        source="Angelos, Cowen & Narayan 1992",
    ),
    Entry(
        "triangular-part-constant",
        "n = 2: the upper triangular part has s_1 ≤ 1.1 s_1(A)",
        False,
        {"A": square(2)},
        triangular_part(121, 100),
    ),
    Entry(
        "side-by-side",
        "s_1([A B])² ≤ 2 max(s_1(A), s_1(B))²",
        True,
        TWO,
        beside(2, 1),
        mutants={"constant 1": beside(1, 1)},
        source=BHATIA,
    ),
    Entry("side-by-side-constant", "s_1([A B])² ≤ 1.85 max(s_1(A), s_1(B))²", False, THREE, beside(37, 20)),
    Entry(
        "entrywise-product",
        "s_1(A∘B) ≤ s_1(A) s_1(B)",
        True,
        AB,
        entrywise_product(only_norm=True),
        mutants={"for every i": entrywise_product(only_norm=False)},
        source="Schur 1911",
    ),
    Entry(
        "entrywise-product-every-index",
        "s_i(A∘B) ≤ s_i(A) s_i(B)",
        False,
        AB,
        entrywise_product(only_norm=False),
    ),
    Entry(
        "norms-of-powers",
        "ρ(A)³ ≤ s_1(A³) ≤ s_1(A)³",
        True,
        A,
        powers,
        mutants={"s_1(A²)³ ≤ s_1(A³)²": square_root_of_the_cube},
        source="Gelfand",
    ),
    Entry(
        "norms-of-powers-log-convex",
        "s_1(A²)² ≤ s_1(A) s_1(A³)  (fails near nilpotent matrices)",
        False,
        {"A": square(3)},
        log_convex_powers,
        {"A nonsingular": lambda on, A: abs(A.det())},
    ),
)
