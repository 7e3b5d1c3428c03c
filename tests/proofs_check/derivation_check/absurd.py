"""Plain products in one step and residual ones in the next: together, every partial product would vanish."""

from sympy import Integer

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.notation.symbols import A, M, N, l
from jacspec.theory.results.assumptions import PARTIAL_PRODUCTS

RESIDUAL = Assumption(
    "residual-products",
    "residual products",
    rules=(Rule(A(l), A(l + 1) + A(l + 1) * M(l), (l,), ((l, Integer(1), N),)),),
    model=(
        Rule(A(N + 1), Integer(1)),
        Rule(A(l), A(l + 1) + A(l + 1) * M(l), (l,), ((l, Integer(1), N),)),
    ),
    definition=True,
)


def absurd() -> Calculation:
    """Each of its steps holds where its own definition does."""
    return (
        Calculation("Absurd", A(N) * M(N - 1))
        .equals(A(N - 1), "plain products", PARTIAL_PRODUCTS)
        .equals(A(N) + A(N) * M(N - 1), "residual products", RESIDUAL)
    )
