"""Statements in one line of Unicode, taken apart into words and LaTeX."""

import re

import pytest

from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports.sentences import is_readable, pieces


def read(line):
    return pieces(line, lambda character: rf"\text{{{character}}}")


def joined(line):
    return "".join(f"${piece}$" if mathematics else piece for mathematics, piece in read(line))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("A_l separates", "$A_{l}$ separates"),
        ("B nonsingular: c > 0", r"$B$ nonsingular: $c> 0$"),
        ("ṡ_k = -N s_k^{2-2/N}", r"$\dot{s}_{k}= {-}N \, s_{k}^{2-2/N}$"),
        ("⟨G, u_k v_kᵀ⟩ at every l", r"$\langle G,u_{k} \, v_{k}^{\top} \rangle$ at every $l$"),
        ("columns of V_Aᵀ B", r"columns of $V_{A}^{\top} \, B$"),
        ("s_2(AB) ≤ s_1(A) s_2(B)", r"$s_{2}(AB)\le s_{1}(A) \, s_{2}(B)$"),
        ("DS and SA, ε → 0", r"DS and SA, $\varepsilon\to 0$"),
        ("a common drive c", "a common drive $c$"),
        ("|R_ik| ≠ 1", r"$|R_{ik}|\ne 1$"),
        ("O(e^{-cN})", "$O(e^{{-}cN})$"),
        ("√(Nv_k), √κ(B)", r"$\sqrt{N v_{k}}$, $\sqrt{\kappa(B)}$"),
        ("Var(log s_k) is ¼ψ′(n)", r"$\operatorname{Var}(\log s_{k})$ is $\tfrac{1}{4}\psi'(n)$"),
        ("10/(9n²) (see velocity-identity)", "$10/(9n^{2})$ (see velocity-identity)"),
        ("at 1e-9, seed 3", "at $10^{-9}$, seed 3"),
        ("2.5e-3 +/- 1", r"$2.5 \cdot 10^{-3} \pm 1$"),
        ("x^2^3", "$x^{2}{}^{3}$"),
        ("N^(-2.3±0.4)", r"$N^{{-}2.3\pm 0.4}$"),
        ("D_l d/dt(…) D_l", r"$D_{l} \, \tfrac{\mathrm{d}}{\mathrm{d}t}(\dots) \, D_{l}$"),
        ("the rank of 漢", r"the rank of $\text{漢}$"),
        ("", ""),
    ],
)
def test_read(line, shown):
    assert joined(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "<script>1</script>",
        "f() is code",
        "A = [[0, 1]]",
        r"\alpha",
        "open s_{k",
        "open N^(2",
        "closed)",
        "x == y",
        "50 %",
    ],
)
def test_what_is_not_mathematics_of_this_kind_stays_as_it_is(line):
    assert not is_readable(line)
    assert read(line) == [(False, line)]


def test_a_long_formula_may_break_at_its_relation():
    (first, space, second) = read("⟨v_i(A_{l+1}), M_l u_j(B_l)⟩ ≤ ‖M_l‖")
    assert (first[0], space, second) == (True, (False, " "), (True, r"\le \Vert M_{l}\Vert"))


@pytest.mark.parametrize("claim", LEDGER.values(), ids=str)
def test_every_line_of_the_ledger_is_read_without_a_sign_unknown(claim):
    for line in filter(None, (claim.statement, claim.remark, *claim.hypotheses)):
        assert is_readable(line)
        for mathematics, piece in read(line):
            if mathematics:
                assert piece.isascii()
                assert piece.count("{") == piece.count("}")
            else:
                assert not re.search(r"[_^=<>≤≥α-ωΑ-Ω]", piece) or "theory." in piece
