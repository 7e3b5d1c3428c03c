"""Digamma, means and sums: the scalar inequalities of the field, and near misses of them."""

from __future__ import annotations

from benchmarks.bank.arithmetic import product
from benchmarks.bank.domains import integers, numbers, vector
from benchmarks.bank.entry import AtMost, Entry

__all__ = ["ENTRIES"]

HALF_WIDTH = {"width": integers(1, 100)}
WIDE = {"width": integers(50, 400)}
POSITIVE_X = {"x": numbers(0, 8)}
X_POSITIVE = {"x > 0": lambda on, x: x}
THREE = {"a": numbers(0, 5), "b": numbers(0, 5), "c": numbers(0, 5)}
PAIR = {"x": numbers(0, 5), "y": numbers(0, 5)}
DISTINCT = {
    "x > 0": lambda on, x, y: x,
    "y > 0": lambda on, x, y: y,
    "x ≠ y": lambda on, x, y: abs(x - y),
}
QI = "Guo & Qi, bounds of polygamma functions"


def digamma_bounds(p, q):
    """Log x - 1/x ≤ ψ(x) ≤ log x - (p/q)/x."""

    def conclusion(on, x):
        yield AtMost(on.log(x) - 1 / x, on.digamma(x), "from below")
        yield AtMost(on.digamma(x), on.log(x) - on.ratio(p, q) / x, "from above")

    return conclusion


def digamma_second_order(on, width):
    """ψ(x) ≤ log x - 1/(2x) - 1/(12x²), x half the width."""
    x = on.ratio(width, 2)
    yield AtMost(on.digamma(x), on.log(x) - 1 / (2 * x) - 1 / (12 * x * x))


def digamma_shifted(p, q):
    """log(x - p/q) ≤ ψ(x), for x > 1/2."""

    def conclusion(on, x):
        yield AtMost(on.log(x - on.ratio(p, q)), on.digamma(x))

    return conclusion


ABOVE_HALF = {"x > 1/2": lambda on, x: x - on.ratio(1, 2)}


def gap_bounds(second, fourth):
    """1/(2x) ≤ ψ(x + 1/2) - ψ(x) ≤ 1/(2x) + 1/(second x²) - fourth/x⁴, x half the width."""

    def conclusion(on, width):
        x = on.ratio(width, 2)
        gap = on.digamma(x + on.ratio(1, 2)) - on.digamma(x)
        yield AtMost(1 / (2 * x), gap, "from below")
        right = 1 / (2 * x) + on.ratio(*second) / (x * x) - on.ratio(*fourth) / (x * x * x * x)
        yield AtMost(gap, right, "from above")

    return conclusion


def trigamma_bounds(p, q):
    """1/x + 1/(2x²) ≤ ψ′(x) ≤ 1/x + 1/(2x²) + (p/q)/x³."""

    def conclusion(on, x):
        head = 1 / x + 1 / (2 * x * x)
        yield AtMost(head, on.trigamma(x), "from below")
        yield AtMost(on.trigamma(x), head + on.ratio(p, q) / (x * x * x), "from above")

    return conclusion


def trigamma_exponential(p, q):
    """ψ′(x) e^{ψ(x)} ≤ p/q."""

    def conclusion(on, x):
        yield AtMost(on.trigamma(x) * on.exp(on.digamma(x)), on.ratio(p, q))

    return conclusion


def means(on, a, b, c):
    """Abc ≤ ((a + b + c)/3)³."""
    yield AtMost(27 * a * b * c, (a + b + c) ** 3)


def means_constant(on, a, b, c):
    yield AtMost(29 * a * b * c, (a + b + c) ** 3)


def newton(p, q):
    """(p/q)(ab + bc + ca) ≤ (a + b + c)²."""

    def conclusion(on, a, b, c):
        yield AtMost(on.ratio(p, q) * (a * b + b * c + c * a), (a + b + c) ** 2)

    return conclusion


def logarithmic_mean(p, q):
    """√(xy) ≤ (x - y)/log(x/y) ≤ (p/q)(2√(xy) + (x + y)/2)/3."""

    def conclusion(on, x, y):
        mean, root = (x - y) / on.log(x / y), on.sqrt(x * y)
        yield AtMost(root, mean, "from below")
        yield AtMost(mean, on.ratio(p, 3 * q) * (2 * root + (x + y) / 2), "from above")

    return conclusion


def cauchy_schwarz(p, q):
    """(Σ x_i y_i)² ≤ (p/q) Σ x_i² Σ y_i²."""

    def conclusion(on, x, y):
        inner = sum(s * t for s, t in zip(x, y, strict=True))
        yield AtMost(inner * inner, on.ratio(p, q) * sum(s * s for s in x) * sum(t * t for t in y))

    return conclusion


def chebyshev(on, x, y):
    """Σ x_i Σ y_i ≤ n Σ x_i y_i for both in descending order."""
    x, y = sorted(x, reverse=True), sorted(y, reverse=True)
    yield AtMost(sum(x) * sum(y), len(x) * sum(s * t for s, t in zip(x, y, strict=True)))


def chebyshev_unordered(on, x, y):
    x = sorted(x, reverse=True)
    yield AtMost(sum(x) * sum(y), len(x) * sum(s * t for s, t in zip(x, y, strict=True)))


def bernoulli(on, x):
    """1 + Σ x_i ≤ ∏ (1 + x_i)."""
    yield AtMost(1 + sum(x), product(1 + value for value in x))


VECTORS = {"x": vector(3), "y": vector(3)}

ENTRIES = (
    Entry(
        "digamma-logarithm",
        "x > 0: log x - 1/x ≤ ψ(x) ≤ log x - 1/(2x)",
        True,
        POSITIVE_X,
        digamma_bounds(1, 2),
        X_POSITIVE,
        mutants={"3/5 for 1/2": digamma_bounds(3, 5)},
        source="Alzer 1997",
    ),
    Entry(
        "digamma-second-order",
        "x = n/2, n ≥ 50: ψ(x) ≤ log x - 1/(2x) - 1/(12x²)  (it is the lower bound)",
        False,
        WIDE,
        digamma_second_order,
    ),
    Entry(
        "digamma-shifted",
        "x > 1/2: log(x - 1/2) ≤ ψ(x)",
        True,
        POSITIVE_X,
        digamma_shifted(1, 2),
        ABOVE_HALF,
        mutants={"2/5 for 1/2": digamma_shifted(2, 5)},
        source=QI,
    ),
    Entry(
        "digamma-shifted-constant",
        "x > 1/2: log(x - 0.475) ≤ ψ(x)",
        False,
        POSITIVE_X,
        digamma_shifted(19, 40),
        ABOVE_HALF,
    ),
    Entry(
        "lyapunov-gap",
        "x = n/2: 1/(2x) ≤ ψ(x + 1/2) - ψ(x) ≤ 1/(2x) + 1/(8x²)",
        True,
        HALF_WIDTH,
        gap_bounds((1, 8), (0, 1)),
        mutants={"1/(9x²)": gap_bounds((1, 9), (0, 1))},
        source="ledger, section 3",
    ),
    Entry(
        "lyapunov-gap-next-order",
        "x = n/2, n ≥ 50: ψ(x + 1/2) - ψ(x) ≤ 1/(2x) + 1/(8x²) - 1/(64x⁴)  (it is the lower bound)",
        False,
        WIDE,
        gap_bounds((1, 8), (1, 64)),
    ),
    Entry(
        "trigamma",
        "x > 0: 1/x + 1/(2x²) ≤ ψ′(x) ≤ 1/x + 1/(2x²) + 1/(6x³)",
        True,
        POSITIVE_X,
        trigamma_bounds(1, 6),
        X_POSITIVE,
        mutants={"1/8 for 1/6": trigamma_bounds(1, 8)},
        source=QI,
    ),
    Entry(
        "trigamma-constant",
        "x > 0: ψ′(x) ≤ 1/x + 1/(2x²) + 0.95/(6x³)",
        False,
        POSITIVE_X,
        trigamma_bounds(19, 120),
        X_POSITIVE,
    ),
    Entry(
        "trigamma-exponential",
        "x > 0: ψ′(x) e^{ψ(x)} ≤ 1",
        True,
        POSITIVE_X,
        trigamma_exponential(1, 1),
        X_POSITIVE,
        mutants={"9/10": trigamma_exponential(9, 10)},
        source="Batir 2005",
    ),
    Entry(
        "trigamma-exponential-constant",
        "0 < x ≤ 8: ψ′(x) e^{ψ(x)} ≤ 0.99",
        False,
        POSITIVE_X,
        trigamma_exponential(99, 100),
        X_POSITIVE,
    ),
    Entry(
        "means",
        "a, b, c ≥ 0: abc ≤ ((a + b + c)/3)³",
        True,
        THREE,
        means,
        mutants={"29 for 27": means_constant},
        source="AM–GM",
    ),
    Entry(
        "means-one-negative",
        "a + b + c ≥ 0: abc ≤ ((a + b + c)/3)³",
        False,
        {"a": numbers(-5, 5), "b": numbers(-5, 5), "c": numbers(-5, 5)},
        means,
        {"a + b + c > 0": lambda on, a, b, c: a + b + c},
    ),
    Entry(
        "newton",
        "3(ab + bc + ca) ≤ (a + b + c)²",
        True,
        {"a": numbers(-5, 5), "b": numbers(-5, 5), "c": numbers(-5, 5)},
        newton(3, 1),
        mutants={"7/2 for 3": newton(7, 2)},
        source="Newton",
    ),
    Entry(
        "newton-constant",
        "a, b, c distinct: 3.15(ab + bc + ca) ≤ (a + b + c)²",
        False,
        THREE,
        newton(63, 20),
        {"distinct": lambda on, a, b, c: abs((a - b) * (b - c) * (c - a))},
    ),
    Entry(
        "logarithmic-mean",
        "√(xy) ≤ L(x, y) ≤ (2√(xy) + (x + y)/2)/3",
        True,
        PAIR,
        logarithmic_mean(1, 1),
        DISTINCT,
        mutants={"0.9 of it": logarithmic_mean(9, 10)},
        source="Pólya & Szegő",
    ),
    Entry(
        "logarithmic-mean-constant",
        "L(x, y) ≤ 0.99 (2√(xy) + (x + y)/2)/3",
        False,
        PAIR,
        logarithmic_mean(99, 100),
        DISTINCT,
    ),
    Entry(
        "cauchy-schwarz",
        "(Σ x_i y_i)² ≤ Σ x_i² Σ y_i²",
        True,
        VECTORS,
        cauchy_schwarz(1, 1),
        mutants={"half of it": cauchy_schwarz(1, 2)},
        source="Cauchy 1821",
    ),
    Entry(
        "cauchy-schwarz-constant",
        "x, y not parallel: (Σ x_i y_i)² ≤ 0.95 Σ x_i² Σ y_i²",
        False,
        VECTORS,
        cauchy_schwarz(19, 20),
        {
            "not parallel": lambda on, x, y: (
                (x[0] * y[1] - x[1] * y[0]) ** 2 + (x[1] * y[2] - x[2] * y[1]) ** 2
            )
        },
    ),
    Entry(
        "chebyshev-sum",
        "x, y both descending: Σ x_i Σ y_i ≤ n Σ x_i y_i",
        True,
        VECTORS,
        chebyshev,
        mutants={"y in any order": chebyshev_unordered},
        source="Chebyshev",
    ),
    Entry(
        "bernoulli-two-signs",
        "x_i > -1 for all i: 1 + Σ x_i ≤ ∏ (1 + x_i)  (all of one sign)",
        False,
        {"x": vector(2)},
        bernoulli,
        {"x_i > -1": lambda on, x: min(x) + 1},
    ),
)
