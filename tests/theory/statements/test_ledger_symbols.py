"""The ledger's notation in the tree: every side of every derivation step is read and written back."""

import pytest
import sympy
from flint import arb, fmpq_mat

from jacspec import Chain, factors, index
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator
from jacspec.theory.notation import symbols as notation
from jacspec.theory.notation.words import inner
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.statements.ledger_symbols import OutsideTheTreeError, from_sympy
from jacspec.theory.statements.rebuilding import on_chain
from jacspec.theory.statements.to_sympy import to_sympy

k, l, N = notation.k, notation.l, notation.N  # noqa: E741
u, v = notation.u(k), notation.v(k)


def sides():
    for derivation in catalogue().values():
        for calculation in derivation.calculations:
            for step in calculation.steps:
                yield step.before
                yield step.after


def test_every_side_of_a_derivation_step_is_read_and_written_back():
    read = 0
    for side in sides():
        named = {str(symbol): symbol for symbol in side.atoms(sympy.Symbol)}
        assert to_sympy(from_sympy(side), named) == side
        read += 1
    assert read >= 660


@pytest.mark.parametrize("side", [sympy.I, sympy.cos(N), sympy.Lambda(k, k)], ids=str)
def test_what_the_tree_has_no_operation_for_is_refused(side):
    with pytest.raises(OutsideTheTreeError, match="no operation"):
        from_sympy(side)


@pytest.mark.parametrize("ends", [(0, 1), (1, sympy.oo)], ids=str)
def test_an_integral_of_another_kind_is_refused(ends):
    x = sympy.Symbol("x", positive=True)
    for side in (sympy.exp(-x), x + sympy.exp(-x)):
        if ends == (1, sympy.oo) or side.is_Add:
            with pytest.raises(OutsideTheTreeError, match="expected the integral of"):
                from_sympy(sympy.Integral(side, (x, *ends)))


def test_what_the_notation_has_no_symbol_for_is_refused():
    with pytest.raises(OutsideTheTreeError, match="no symbol"):
        to_sympy(factors("M").J)


CHAIN = Chain([fmpq_mat([[1, 2], [0, 3]]), fmpq_mat([[2, -1], [1, 1]]), fmpq_mat([[0, 1], [1, 4]])])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (inner(u, notation.J * v), notation.s(k)),
        (inner(notation.uA(k, l), notation.A(l) * notation.vA(k, l)), notation.sA(k, l)),
        (inner(notation.uB(k, l), notation.B(l) * notation.vB(k, l)), notation.sB(k, l)),
        (inner(notation.u(k), notation.A(l) * notation.B(l) * notation.v(k)), notation.s(k)),
        (
            inner(notation.u(k), notation.A(l + 1) * notation.M(l) * notation.B(l) * notation.v(k)),
            notation.s(k),
        ),
        (inner(notation.v(k), notation.JT * notation.u(k)), notation.s(k)),
        (inner(notation.v(k), notation.Binv(l) * notation.B(l) * notation.v(k)), sympy.Integer(1)),
    ],
    ids=str,
)
def test_the_symbols_of_a_chain_mean_what_the_ledger_says(left, right):
    chain = factors("M")
    sizes = {"n": 2, "N": 3}
    with balls(120):
        for mode in (1, 2):
            for layer in (2, 3):
                at = Evaluator(Balls(), {"M": CHAIN}, sizes)
                values = [
                    arb(at.value(on_chain(from_sympy(side), chain), {"k": mode, "l": layer}))
                    for side in (left, right)
                ]
                assert values[0].overlaps(values[1])
                assert float(values[0].rad()) < 1e-25


def test_what_a_chain_does_not_determine_stays_a_symbol():
    side = from_sympy(notation.gamma(k))
    assert on_chain(side, factors("M")) is side
    assert side.indices == {index("k").data}
