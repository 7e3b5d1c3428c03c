"""Two-layer chains, gates and gradient flow: statements of this field, and near misses of them."""

from __future__ import annotations

from benchmarks.bank.arithmetic import product, trace
from benchmarks.bank.domains import gates, orthogonal, square
from benchmarks.bank.entry import AtMost, Entry, Equal
from jacspec.proofs_check.strategies import size

__all__ = ["ENTRIES"]

N = size("n", 1, 3)
FLOW = {"W": square(2), "V": square(2), "G": square(2)}
GATED = {**FLOW, "D": gates(2)}
LEDGER = "ledger, section 1"


def gated(on, W, D):
    """s_i(WD) ≤ s_i(W)."""
    for i, (x, y) in enumerate(zip(on.s(W * D), on.s(W), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def gated_from_below(on, W, D):
    for i, (x, y) in enumerate(zip(on.s(W), on.s(W * D), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def gate_within(on, W, V, D):
    """s_i(WDV) ≤ s_i(WV)."""
    for i, (x, y) in enumerate(zip(on.s(W * D * V), on.s(W * V), strict=True), 1):
        yield AtMost(x, y, f"i={i}")


def _imbalance_rate(W, V, W_dot, V_dot):
    """The time derivative of WᵀW - VVᵀ."""
    half = W_dot.transpose() * W - V_dot * V.transpose()
    return half + half.transpose()


def imbalance(on, W, V, G):
    """J = WV under gradient flow: WᵀW - VVᵀ is constant."""
    rate = _imbalance_rate(W, V, G * V.transpose() * -1, W.transpose() * G * -1)
    for entry in rate.entries():
        yield Equal(entry, 0)


def imbalance_wrong_side(on, W, V, G):
    rate = _imbalance_rate(
        W.transpose(),
        V.transpose(),
        (G * V.transpose()).transpose() * -1,
        (W.transpose() * G).transpose() * -1,
    )
    for entry in rate.entries():
        yield Equal(entry, 0)


def _gated_rate(W, V, G, D):
    return _imbalance_rate(W, V, G * V.transpose() * D * -1, D * W.transpose() * G * -1)


def imbalance_raw(on, W, V, G, D):
    """J = WDV: the same of the raw W and V."""
    for entry in _gated_rate(W, V, G, D).entries():
        yield Equal(entry, 0)


def imbalance_trace(on, W, V, G, D):
    """J = WDV: ‖W‖_F² - ‖V‖_F² is constant."""
    yield Equal(trace(_gated_rate(W, V, G, D)), 0)


def imbalance_of_a_step(on, W, V, G):
    """One step of gradient descent, of size 1/100, in place of the flow."""
    rate = on.ratio(1, 100)
    after_W, after_V = W - G * V.transpose() * rate, V - W.transpose() * G * rate
    before = W.transpose() * W - V * V.transpose()
    after = after_W.transpose() * after_W - after_V * after_V.transpose()
    for x, y in zip(before.entries(), after.entries(), strict=True):
        yield Equal(x, y)


def balanced(second):
    """s_i(WV) = s_i(V)² for W made of V and an orthogonal Q by ``second``."""

    def conclusion(on, V, Q):
        for i, (x, y) in enumerate(zip(on.s(second(V, Q) * V), on.s(V), strict=True), 1):
            yield Equal(x, y * y, f"i={i}")

    return conclusion


def separated_as_the_best(on, W, V):
    """s_2(WV)/s_1(WV) ≤ s_2(V)/s_1(V)."""
    w, v, j = on.s(W), on.s(V), on.s(W * V)
    yield AtMost(j[1] * w[0], j[0] * w[1], "than W")
    yield AtMost(j[1] * v[0], j[0] * v[1], "than V")


def separation_at_most(on, W, V):
    """s_2(W) s_2(V)/(s_1(W) s_1(V)) ≤ s_2(WV)/s_1(WV) for n = 2."""
    w, v, j = on.s(W), on.s(V), on.s(W * V)
    yield AtMost(w[1] * v[1] * j[0], w[0] * v[0] * j[1])


def volumes(first):
    """∏ s_i(WV) = ∏ s_i(W) s_i(V), from ``first`` on."""

    def conclusion(on, W, V):
        w, v, j = on.s(W), on.s(V), on.s(W * V)
        yield Equal(product(j[first:]), product(w[first:]) * product(v[first:]))

    return conclusion


PAIR = {"W": square(2), "V": square(2)}
NONSINGULAR = {"W nonsingular": lambda on, W, V: abs(W.det()), "V nonsingular": lambda on, W, V: abs(V.det())}

ENTRIES = (
    Entry(
        "gate",
        "s_i(WD) ≤ s_i(W) for a 0/1 gate D",
        True,
        {"W": square(3), "D": gates(3)},
        gated,
        mutants={"s_i(W) ≤ s_i(WD)": gated_from_below},
        source="Horn's product inequality",
    ),
    Entry(
        "gate-within",
        "s_i(WDV) ≤ s_i(WV) for a 0/1 gate D",
        False,
        {**PAIR, "D": gates(2)},
        gate_within,
        {
            "W nonsingular": lambda on, W, V, D: abs(W.det()),
            "V nonsingular": lambda on, W, V, D: abs(V.det()),
        },
    ),
    Entry(
        "imbalance",
        "gradient flow of J = WV: WᵀW - VVᵀ is constant",
        True,
        FLOW,
        imbalance,
        mutants={"WWᵀ - VᵀV": imbalance_wrong_side},
        source="Arora, Cohen, Hu & Luo 2019",
    ),
    Entry(
        "imbalance-side", "gradient flow of J = WV: WWᵀ - VᵀV is constant", False, FLOW, imbalance_wrong_side
    ),
    Entry("imbalance-raw", "gradient flow of J = WDV: WᵀW - VVᵀ is constant", False, GATED, imbalance_raw),
    Entry(
        "imbalance-trace",
        "gradient flow of J = WDV: ‖W‖_F² - ‖V‖_F² is constant",
        True,
        GATED,
        imbalance_trace,
        mutants={"entry by entry": imbalance_raw},
        source="Du, Hu & Lee 2018",
    ),
    Entry(
        "imbalance-step",
        "a step of gradient descent of size 1/100 keeps WᵀW - VVᵀ",
        False,
        FLOW,
        imbalance_of_a_step,
    ),
    Entry(
        "balanced-product",
        "WᵀW = VVᵀ: s_i(WV) = s_i(V)²",
        True,
        {"V": square(2), "Q": orthogonal(2)},
        balanced(lambda V, Q: Q * V.transpose()),
        mutants={"equal singular values only": balanced(lambda V, Q: V * Q)},
        source=LEDGER,
    ),
    Entry(
        "balanced-product-spectra-only",
        "s_i(W) = s_i(V) for every i: s_i(WV) = s_i(V)²",
        False,
        {"V": square(2), "Q": orthogonal(2)},
        balanced(lambda V, Q: V * Q),
    ),
    Entry(
        "separation-of-products",
        "n = 2: s_2(WV)/s_1(WV) ≥ (s_2(W)/s_1(W)) (s_2(V)/s_1(V))",
        True,
        PAIR,
        separation_at_most,
        NONSINGULAR,
        mutants={"at least as separated as each": separated_as_the_best},
        source="Horn's product inequality",
    ),
    Entry(
        "separation-persists",
        "n = 2: a product is separated as well as the better of its factors",
        False,
        PAIR,
        separated_as_the_best,
        NONSINGULAR,
    ),
    Entry(
        "volumes",
        "∏ s_i(WV) = ∏ s_i(W) s_i(V)",
        True,
        {"W": square(N), "V": square(N)},
        volumes(0),
        mutants={"from the second on": volumes(1)},
        source="det WV = det W det V",
    ),
)
