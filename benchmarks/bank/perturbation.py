"""Perturbation bounds of Weyl, Davis, Kahan and Wedin; textbook statements, and near misses of them."""

from __future__ import annotations

from benchmarks.bank.domains import positive, square
from benchmarks.bank.entry import AtMost, Entry
from jacspec.proofs_check.strategies import size

__all__ = ["ENTRIES"]

N = size("n", 1, 3)
TWO = {"A": square(2), "B": square(2)}
STEP = {"A": square(2), "E": square(2)}
THREE = {"A": square(3), "B": square(3)}
POSITIVE = {"A": positive(2), "B": positive(2)}
SIMPLE = {"s_1(A) simple": lambda on, A, B: on.simple(A), "s_1(B) simple": lambda on, A, B: on.simple(B)}


def _gap(on, A, B):
    """s_1(A) - s_2(B)."""
    return on.s(A)[0] - on.s(B)[1]


SEPARATED = {**SIMPLE, "s_1(A) > s_2(B)": _gap}


def weyl(factor):
    """|s_i(A) - s_i(B)| ≤ factor · s_1(A - B)."""

    def conclusion(on, A, B):
        right = on.ratio(*factor) * on.s(A - B)[0]
        for i, (x, y) in enumerate(zip(on.s(A), on.s(B), strict=True), 1):
            yield AtMost(abs(x - y), right, f"i={i}")

    return conclusion


def weyl_smallest(on, A, B):
    """s_n(A) ≤ s_n(B) + s_n(A - B)."""
    yield AtMost(on.s(A)[-1], on.s(B)[-1] + on.s(A - B)[-1])


def sine(p, q, gap):
    """(q gap sin θ)² ≤ (p ‖A - B‖)², θ between the first (left singular) vectors of A and B."""

    def conclusion(on, A, B):
        left = on.sine_squared(A, B) * (q * gap(on, A, B)) ** 2
        yield AtMost(left, (p * on.s(A - B)[0]) ** 2)

    return conclusion


DEFINITE = {
    "A > 0": lambda on, A, B: on.eigenvalues(A)[-1],
    "B > 0": lambda on, A, B: on.eigenvalues(B)[-1],
}


def _own_gap(on, A, B):
    values = on.s(A)
    return values[0] - values[1]


def _top_gap(on, A, B):
    return on.s(A)[0]


def wedin_both(p):
    """(sin²θ_u + sin²θ_v) gap² ≤ p ‖A - B‖², θ_u and θ_v of the left and right first vectors."""

    def conclusion(on, A, B):
        sines = on.sine_squared(A, B) + on.sine_squared(A.transpose(), B.transpose())
        yield AtMost(sines * _gap(on, A, B) ** 2, p * on.s(A - B)[0] ** 2)

    return conclusion


def inverses(own):
    """‖A⁻¹ - B⁻¹‖ ≤ ‖A⁻¹‖ ‖B⁻¹‖ ‖A - B‖; ``own``: ‖A⁻¹‖² for the product."""

    def conclusion(on, A, B):
        a, b = A.inv(), B.inv()
        other = on.s(a)[0] if own else on.s(b)[0]
        yield AtMost(on.s(a - b)[0], on.s(a)[0] * other * on.s(A - B)[0])

    return conclusion


NONSINGULAR = {"A nonsingular": lambda on, A, B: abs(A.det()), "B nonsingular": lambda on, A, B: abs(B.det())}


def neumann(denominator):
    """B = A + E/8 has ‖B⁻¹‖ ≤ ‖A⁻¹‖/denominator(r), where r = ‖A⁻¹‖ ‖E/8‖ < 1."""

    def conclusion(on, A, E):
        step = E * on.ratio(1, 8)
        a = on.s(A.inv())[0]
        yield AtMost(on.s((A + step).inv())[0] * denominator(a * on.s(step)[0]), a)

    return conclusion


CLOSE = {
    "A nonsingular": lambda on, A, E: abs(A.det()),
    "‖E/8‖ < s_n(A)": lambda on, A, E: 8 * on.s(A)[-1] - on.s(E)[0],
}

ENTRIES = (
    Entry(
        "weyl-perturbation",
        "|s_i(A) - s_i(B)| ≤ s_1(A - B)",
        True,
        {"A": square(N), "B": square(N)},
        weyl((1, 1)),
        mutants={"half of it": weyl((1, 2))},
        source="Weyl 1912",
    ),
    Entry(
        "weyl-perturbation-constant",
        "A, B nonsingular: |s_i(A) - s_i(B)| ≤ 0.95 s_1(A - B)",
        False,
        THREE,
        weyl((19, 20)),
        NONSINGULAR,
    ),
    Entry("weyl-perturbation-smallest", "s_n(A) ≤ s_n(B) + s_n(A - B)", False, TWO, weyl_smallest),
    Entry(
        "davis-kahan",
        "A, B ≥ 0, λ_1(A) > λ_2(B): sin∠(u_1(A), u_1(B)) ≤ ‖A - B‖/(λ_1(A) - λ_2(B))",
        True,
        POSITIVE,
        sine(1, 1, _gap),
        SEPARATED,
        mutants={"half of it": sine(1, 2, _gap)},
        source="Davis & Kahan 1970",
    ),
    Entry(
        "davis-kahan-own-gap",
        "A, B ≥ 0: sin∠(u_1(A), u_1(B)) ≤ ‖A - B‖/(λ_1(A) - λ_2(A))",
        False,
        POSITIVE,
        sine(1, 1, _own_gap),
        SIMPLE,
    ),
    Entry(
        "davis-kahan-variant",
        "A, B ≥ 0: sin∠(u_1(A), u_1(B)) ≤ 2 ‖A - B‖/(λ_1(A) - λ_2(A))",
        True,
        POSITIVE,
        sine(2, 1, _own_gap),
        SIMPLE,
        mutants={"λ_1(A) for the gap, and half": sine(1, 2, _top_gap)},
        source="Yu, Wang & Samworth 2015",
    ),
    Entry(
        "davis-kahan-variant-constant",
        "A, B > 0: sin∠(u_1(A), u_1(B)) ≤ 1.8 ‖A - B‖/(λ_1(A) - λ_2(A))",
        False,
        POSITIVE,
        sine(9, 5, _own_gap),
        {**SIMPLE, **DEFINITE},
        free=("A", "B"),
    ),
    Entry(
        "wedin",
        "s_1(A) > s_2(B): sin∠(u_1(A), u_1(B)) ≤ s_1(A - B)/(s_1(A) - s_2(B))",
        True,
        TWO,
        sine(1, 1, _gap),
        SEPARATED,
        mutants={"half of it": sine(1, 2, _gap)},
        source="Wedin 1972",
    ),
    Entry(
        "wedin-top-only",
        "sin∠(u_1(A), u_1(B)) ≤ s_1(A - B)/s_1(A)",
        False,
        TWO,
        sine(1, 1, _top_gap),
        SEPARATED,
    ),
    Entry(
        "wedin-both-sides",
        "s_1(A) > s_2(B): sin²∠u + sin²∠v ≤ 2 s_1(A - B)²/(s_1(A) - s_2(B))²",
        True,
        TWO,
        wedin_both(2),
        SEPARATED,
        mutants={"without the 2": wedin_both(1)},
        source="Wedin 1972",
    ),
    Entry(
        "wedin-both-sides-norm",
        "s_1(A) > s_2(B): sin²∠u + sin²∠v ≤ s_1(A - B)²/(s_1(A) - s_2(B))²",
        False,
        TWO,
        wedin_both(1),
        SEPARATED,
    ),
    Entry(
        "inverses",
        "‖A⁻¹ - B⁻¹‖ ≤ ‖A⁻¹‖ ‖B⁻¹‖ ‖A - B‖",
        True,
        TWO,
        inverses(own=False),
        NONSINGULAR,
        mutants={"‖A⁻¹‖²": inverses(own=True)},
        source="Golub & Van Loan, 2.3.4",
    ),
    Entry(
        "inverses-own",
        "‖A⁻¹ - B⁻¹‖ ≤ ‖A⁻¹‖² ‖A - B‖",
        False,
        TWO,
        inverses(own=True),
        NONSINGULAR,
    ),
    Entry(
        "neumann",
        "r = ‖A⁻¹‖ ‖E‖/8 < 1, B = A + E/8: ‖B⁻¹‖ ≤ ‖A⁻¹‖/(1 - r)",
        True,
        STEP,
        neumann(lambda r: 1 - r),
        CLOSE,
        mutants={"without 1 - r": neumann(lambda r: 1)},
        source="Golub & Van Loan, 2.3.4",
    ),
    Entry(
        "neumann-squared",
        "r = ‖A⁻¹‖ ‖E‖/8 < 1, B = A + E/8: ‖B⁻¹‖ ≤ ‖A⁻¹‖/(1 - r²)",
        False,
        STEP,
        neumann(lambda r: 1 - r * r),
        CLOSE,
    ),
)
