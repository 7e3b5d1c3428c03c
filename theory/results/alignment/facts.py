"""What the derivations of chapter 2 use of every chain: singular pairs, the split at l, descending order."""

from __future__ import annotations

from sympy import Expr, Integer

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.notation.symbols import AT, BT, JT, A, B, BinvT, J, i, k, l, n, s, sA, sB, u, uAT, v, vAT

PAIRS_OF_A = by_definition(
    Assumption(
        name="singular-pairs-of-A",
        title="singular pairs of A",
        rules=(
            Rule(vAT(i, l) * AT(l), sA(i, l) * uAT(i, l), (i,)),
            Rule(uAT(i, l) * A(l), sA(i, l) * vAT(i, l), (i,)),
        ),
        on_chains=True,
    )
)

PAIRS_OF_J = by_definition(
    Assumption(
        name="singular-pairs-of-J",
        title="singular pairs of J",
        rules=(Rule(J * v(k), s(k) * u(k), (k,)), Rule(JT * u(k), s(k) * v(k), (k,))),
        on_chains=True,
    )
)

SPLIT = by_definition(
    Assumption(
        name="split-at-l",
        title="partial products",
        rules=(Rule(A(l) * B(l), J), Rule(BT(l) * AT(l), JT)),
        on_chains=True,
    )
)

NONSINGULAR = Assumption(
    name="nonsingular",
    title="$B_l$ nonsingular",
    rules=(Rule(BinvT(l) * BT(l), Integer(1)),),
    positive=(sB(n, l), sA(i, l), sA(k, l), s(k)),
    on_chains=True,
)


def fact(name: str, title: str, *rules: Rule, conditions: tuple[Condition, ...] = ()) -> Assumption:
    """A definition with its equations, which holds on every chain."""
    return by_definition(Assumption(name, title, rules, on_chains=True, conditions=conditions))


def in_order(of: Expr, small: Expr, large: Expr, *needed: Assumption) -> Lemma:
    """Small · of ≤ large · of, since singular values descend, where ``of`` is not 0 for other directions."""
    return without_proof(Lemma("order", "descending order", small * of, large * of, needed))
