"""Symbols of a user's own: declared once, printed, explained, and used like any other."""

import pytest
from flint import fmpq, fmpq_mat
from sympy import Integer

from jacspec import Calculation, Chain, ChainPoint, declare, gradient_flow
from jacspec.proofs_check.derivation_check.check import check_step
from jacspec.proofs_check.interpretation import difference, evaluate, norm
from jacspec.theory import mutants
from jacspec.theory.algebra.definitions import agree_on_chains
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.notation.glossary import meanings
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import MT, M, Mdot, epsilon, k, l, s, u, v
from jacspec.theory.notation.words import D, inner, transpose_word

strength = declare("ζ", meaning="a strength", positive=True)
branch = declare("Y", l, kind="matrix", moves=True, meaning="a branch", on_chains=M(l) ** 2 - 1)
push = declare("h", k, kind="column", meaning="a push along direction $k$", latex=r"\mathbf{h}")


def test_a_symbol_is_printed_with_its_indices_its_transpose_and_its_velocity():
    assert text(strength * branch(l + 1) * branch.transpose(l) * branch.derivative(l)) == "ζ Y_{l+1} Y_lᵀ Ẏ_l"
    assert latex(branch.derivative(l)) == r"\dot {Y}_{l}"
    assert latex(inner(push(k), M(l) * push(k))) == (
        r"\langle \mathbf{h}_{k}, M_{l} \, \mathbf{h}_{k} \rangle"
    )
    assert latex(strength) == r"\zeta"


def test_what_it_means_stands_with_the_notation():
    assert meanings([strength * branch(l)]) == ("$Y_l$: a branch", "$ζ$: a strength")


def test_the_same_declaration_again_gives_the_same_symbol():
    again = declare("Y", l, kind="matrix", moves=True, meaning="a branch", on_chains=M(l) ** 2 - 1)
    assert again is branch


@pytest.mark.parametrize(
    ("name", "indices", "particulars", "said"),
    [
        (
            "ζ",
            (),
            {"meaning": "a zeta function"},
            "'a strength' already, and cannot stand for 'a zeta function'",
        ),
        ("M", (), {"meaning": "a mask"}, "'factor of a layer' already, and cannot stand for 'a mask'"),
        (
            "Z",
            (),
            {"meaning": "a tensor", "kind": "tensor"},
            "kind='tensor': expected one of 'number', 'matrix'",
        ),
        ("Z", (), {}, "Z: expected meaning="),
        ("N", (), {"meaning": "noise"}, "N stands for a size already"),
        ("ε", (), {"meaning": "an error"}, "ε stands for the level of misalignment already"),
        ("s_k", (k,), {"meaning": "a size"}, "'s_k' is no name: expected Latin or Greek letters"),
        ("\N{CYRILLIC SMALL LETTER ES}", (k,), {"meaning": "a size"}, "is no name: expected Latin or Greek"),
        ("Z", (), {"meaning": "a size", "on_chains": 1 / epsilon}, "Z depends on epsilon on chains"),
        (
            "Z",
            (),
            {"meaning": "a size", "on_chains": s(k)},
            "Z depends on k on chains, and is written without",
        ),
        ("≤", (), {"meaning": "a sign"}, "'≤' is no name"),
        ("JG", (), {"meaning": "another matrix", "kind": "matrix"}, "JG is read as the product of J, G"),
        ("", (), {"meaning": "nothing"}, "'' is no name"),
        ("Z", (strength,), {"meaning": "a mask"}, "Z depends on ζ: expected l for a layer, or i, j, k"),
    ],
)
def test_what_cannot_be_declared_is_refused(name, indices, particulars, said):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- the message is compared below
        declare(name, *indices, **particulars)
    assert said in str(refused.value).replace("ζ()", "ζ")


def test_on_a_chain_it_is_what_it_was_declared_to_be_and_moves_with_it():
    chain = Chain([[[1, 2], [3, 4]], [[0, 1], [1, 1]]])
    gradient = fmpq_mat(2, 2, [1, 2, 0, 1])
    point = ChainPoint(chain, gradient_flow(chain, gradient), gradient=gradient, values={"ζ": fmpq(1, 3)})
    at = {l: 2}
    for mine, theirs in (
        (branch(l), M(l) ** 2 - 1),
        (branch.transpose(l), MT(l) ** 2 - 1),
        (branch.derivative(l), Mdot(l) * M(l) + M(l) * Mdot(l)),
        (D(branch(l) ** 2), branch.derivative(l) * branch(l) + branch(l) * branch.derivative(l)),
    ):
        assert norm(difference(evaluate(mine, point, at), evaluate(theirs, point, at))) == 0
    assert (evaluate(3 * strength, point) - 1).contains(0)
    with pytest.raises(KeyError, match="this point has no h: give it among its values"):
        evaluate(push(k), point)


def test_repeated_factors_and_powers_are_words():
    assert transpose_word(M(l) ** 2 * branch(l)) == branch.transpose(l) * MT(l) ** 2
    idempotent = Assumption("idempotent", "idempotent factors", (Rule(M(l) ** 2, M(l), (l,)),))
    part = (
        Calculation("Powers", inner(u(k), M(l) ** 2 * v(k)))
        .equals(inner(MT(l) * u(k), M(l) * v(k)), "move a factor over")
        .equals(inner(MT(l) ** 2 * u(k), v(k)), "move the other")
    )
    assert all(step.holds() for step in part.steps)
    assert Calculation("Less", M(l) ** 3 * MT(l)).equals(M(l) * MT(l), "M² = M", idempotent).steps[0].holds()
    moving = Calculation("Moving", D(inner(u(k), M(l) ** 2 * u(k)))).equals(
        2 * inner(u(k), M(l) ** 2 * u(k)), "nonsense"
    )
    assert not moving.steps[0].holds()
    cubed = Calculation("Cubed", D(M(l) ** 3)).equals(
        Mdot(l) * M(l) ** 2 + M(l) * Mdot(l) * M(l) + M(l) ** 2 * Mdot(l), "product rule"
    )
    assert check_step(cubed.steps[0]).holds
    assert not any("1/N" in mutant.change for mutant in mutants(M(l) ** 2))


def test_a_number_on_chains_may_be_a_plain_one():
    three = declare("pt", meaning="a number", on_chains=3)
    assert agree_on_chains(three, Integer(3))
    assert not agree_on_chains(three, Integer(4))


@pytest.mark.parametrize("name", ["M\u0307", "s\u0307", "\u212a", "β'"])
def test_a_name_is_what_it_looks_like(name):
    """A letter and a dot are the letter with a dot, Kelvin's sign is K, and both primes are one."""
    declare("K", meaning="a number")
    with pytest.raises(ValueError, match="two definitions of"):
        declare(name, l, meaning="something else")


@pytest.mark.parametrize("written", ["s_1", r"\dot{s}", "s", r"\mathbf{s}", r"{s}_1 \theta"])
def test_latex_writes_no_other_name(written):
    with pytest.raises(ValueError, match=r"writes another name; expected \\mathbf\{s'\}, say"):
        declare("s′", meaning="a number", latex=written)
