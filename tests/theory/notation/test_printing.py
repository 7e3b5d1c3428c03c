"""Printing: one line of Unicode, and LaTeX, in the notation of the ledger."""

import pytest
from sympy import (
    Derivative,
    Integer,
    KroneckerDelta,
    Rational,
    Sum,
    Symbol,
    exp,
    gamma as sym_gamma,
    log,
    polygamma,
)

from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import (
    AT,
    A,
    Binv,
    G,
    J,
    Jdot,
    M,
    Mdot,
    N,
    Q,
    delta,
    epsilon,
    gamma,
    i,
    j,
    k,
    l,
    s,
    sA,
    sB,
    sdot,
    u,
    uA,
    v,
)
from jacspec.theory.notation.words import D, inner, transpose_word

PRINTED = [
    (s(k), "s_k", "s_{k}"),
    (sdot(k), "ṡ_k", r"\dot s_{k}"),
    (sA(k, l + 1), "s_k(A_{l+1})", "s_{k}(A_{l + 1})"),
    (uA(1, N), "u_1(A_N)", "u_{1}(A_{N})"),
    (J, "J", "J"),
    (Jdot, "J̇", r"\dot J"),
    (AT(l), "A_lᵀ", r"A_{l}^{\top}"),
    (A(l + 1) * Mdot(l), "A_{l+1} Ṁ_l", r"A_{l + 1} \, \dot M_{l}"),
    (inner(u(k), G * v(k)), "⟨u_k, G v_k⟩", r"\langle u_{k}, G \, v_{k} \rangle"),
    (D(inner(u(k), u(k))), "d/dt ⟨u_k, u_k⟩", r"\frac{\mathrm{d}}{\mathrm{d}t} \langle u_{k}, u_{k} \rangle"),
    (D(M(l) * A(l)), "d/dt(M_l A_l)", r"\frac{\mathrm{d}}{\mathrm{d}t} \left(M_{l} \, A_{l}\right)"),
    (Rational(1, 2) * s(k), "s_k/2", r"\frac{s_{k}}{2}"),
    (Q(i) ** 2, "(Q^i)^2", r"\left({Q^{i}}\right)^{2}"),
    (AT(l) ** 2, "(A_lᵀ)^2", r"\left(A_{l}^{\top}\right)^{2}"),
    (Binv(l) ** 2, "(B_l⁻¹)^2", r"\left(B_{l}^{-1}\right)^{2}"),
    (
        log(s(1)) * (s(1) + s(2)),
        "log(s_1) (s_1 + s_2)",
        r"\log\left(s_{1}\right) \, \left(s_{1} + s_{2}\right)",
    ),
    (Symbol("xabs_1"), "xabs_1", r"\mathit{xabs}_{1}"),
    (Symbol("sdot_1") * Symbol("x1_2"), "sdot_1 x1_2", r"\mathit{sdot}_{1} \, x_{1 2}"),
    (10 * 10**k, "10 · 10^k", r"10 \cdot 10^{k}"),
    (3 * 2**k * log(s(1)) / 2, "3 · 2^k log(s_1)/2", r"\tfrac{3}{2} \cdot 2^{k} \, \log s_{1}"),
    (
        log(s(1)) * Sum(s(i), (i, 1, N)) * u(i) / 2,
        "log(s_1) (Σ_{i=1}^N s_i) u_i/2",
        r"\tfrac{1}{2} \, \log\left(s_{1}\right) \, \left(\sum_{i=1}^{N} s_{i}\right) \, u_{i}",
    ),
    (-N * s(k), "-N s_k", r"-N \, s_{k}"),
    (s(k) ** (2 - 2 / N), "s_k^{2 - 2/N}", r"s_{k}^{2 - \frac{2}{N}}"),
    (exp(delta(k)), "e^{δ_k}", r"e^{\delta_{k}}"),
    (1 / N, "1/N", r"\frac{1}{N}"),
    (s(k) / (N * s(i)), "s_k/(N s_i)", r"\frac{s_{k}}{N \, s_{i}}"),
    (Sum(sA(k, l), (l, 1, N)), "Σ_{l=1}^N s_k(A_l)", r"\sum_{l=1}^{N} s_{k}(A_{l})"),
    (KroneckerDelta(i, j), "[i = j]", "[i = j]"),
    (epsilon * gamma(k), "ε γ_k", r"\varepsilon \, \gamma_{k}"),
    (Symbol("kappa"), "κ", r"\kappa"),
]


@pytest.mark.parametrize(("expression", "as_text", "as_latex"), PRINTED, ids=[row[1] for row in PRINTED])
def test_printed(expression, as_text, as_latex):
    assert text(expression) == as_text
    assert latex(expression) == as_latex


def test_products_are_read_as_numbers_symbols_powers_exponentials_brackets_sums():
    product = (
        Sum(sA(k, l), (l, 1, N)) * exp(delta(k)) * s(k) ** 2 * N * 3 * inner(u(k), v(k)) * (1 + delta(k))
    )
    assert text(product) == "3 N s_k^2 e^{δ_k} ⟨u_k, v_k⟩ (δ_k + 1) Σ_{l=1}^N s_k(A_l)"


def test_inner_products_print_as_they_were_written():
    assert text(inner(A(l) * u(k), v(k))) == "⟨u_k, A_lᵀ v_k⟩"
    assert text(inner(v(k), u(k))) == "⟨v_k, u_k⟩"


def test_a_word_is_transposed_factor_by_factor():
    assert transpose_word(A(2) * M(1)) == transpose_word(M(1)) * transpose_word(A(2))
    assert transpose_word(transpose_word(u(k) + 2 * A(1) * v(k))) == u(k) + 2 * A(1) * v(k)
    with pytest.raises(TypeError, match="cannot transpose"):
        transpose_word(Symbol("X", commutative=False))


def test_integers_as_indices():
    assert text(sA(k, Integer(2))) == "s_k(A_2)"


def test_a_sum_in_front_of_another_stands_in_brackets():
    total = Sum(sA(k, l), (l, 1, N))
    other = Sum(sA(i, l), (l, 1, N))
    shown = text(total * other)
    assert shown == "(Σ_{l=1}^N s_i(A_l)) Σ_{l=1}^N s_k(A_l)"
    assert latex(total * other).startswith(r"\left(\sum_{l=1}^{N}")


def test_the_positive_term_comes_first_and_sums_over_one_range_share_a_sign():
    assert text(s(k) - s(i)) == "s_k - s_i"
    assert latex(-s(k) + s(i)) == "s_{i} - s_{k}"
    double = Sum(s(i) * s(j), (i, 1, N), (j, 1, N))
    assert latex(double) == r"\sum_{j,i=1}^{N} s_{i} \, s_{j}"


def test_special_functions():
    x = Symbol("x", positive=True)
    half = polygamma(0, x / 2 + Rational(1, 2)) / 2
    assert latex(half) == r"\tfrac{1}{2} \, \psi\left(\frac{x + 1}{2}\right)"
    assert latex(polygamma(1, x)) == r"\psi'\left(x\right)"
    assert latex(log(s(k))) == r"\log s_{k}"
    assert latex(sym_gamma(x)) == r"\Gamma\left(x\right)"


def test_a_power_of_a_sum_is_no_sum_of_powers():
    total = Sum(sA(k, l), (l, 1, N))
    assert text(total**2) == "(Σ_{l=1}^N s_k(A_l))^2"
    assert text(total**-2) == "1/(Σ_{l=1}^N s_k(A_l))^2"
    assert text(Sum(sA(k, l) ** 2, (l, 1, N))) == "Σ_{l=1}^N s_k(A_l)^2"


def test_what_is_divided_differentiated_or_raised_to_a_power_is_seen():
    total, x, y = Sum(sA(k, l), (l, 1, N)), *map(Symbol, "xy")
    assert text(total / sB(k, l)) == "(Σ_{l=1}^N s_k(A_l))/s_k(B_l)"
    assert text(Sum(sA(k, l) / sB(k, l), (l, 1, N))) == "Σ_{l=1}^N s_k(A_l)/s_k(B_l)"
    assert text(D(s(k)) ** 2) == "(d/dt(s_k))^2"
    assert text(D(inner(u(k), v(k))) ** 2) == "(d/dt ⟨u_k, v_k⟩)^2"
    assert latex(D(s(k)) ** 2) == r"\left(\frac{\mathrm{d}}{\mathrm{d}t} \left(s_{k}\right)\right)^{2}"
    assert text(Derivative(x * y, x, y)) == "d/dx d/dy x y"
    assert text(Derivative(x**2, x) / x) == "(d/dx x^2)/x"
    assert latex(KroneckerDelta(i, k) ** delta(k)) == r"[i = k]^{\delta_{k}}"


def test_negative_roots_are_powers_in_latex():
    """SymPy's printer and ours called one another without an end."""
    assert latex(s(k) ** Rational(-2, 3)) == r"s_{k}^{- \frac{2}{3}}"
    assert text(s(k) ** Rational(-2, 3)) == "s_k^{-2/3}"
    assert latex(s(k) ** Rational(-1, 2)) == r"\frac{1}{\sqrt{s_{k}}}"
