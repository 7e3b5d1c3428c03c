"""What the derivations of chapter 2 use of every chain: singular pairs, the split at l, descending order."""

from __future__ import annotations

from sympy import Expr, I, Integer, sympify

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition, by_definition
from jacspec.theory.derivations.domain import Domain, Parameter, domain_of
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.heads import Quantity, head_of
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    JT,
    A,
    B,
    BinvT,
    J,
    N,
    i,
    k,
    l,
    n,
    s,
    sA,
    sB,
    u,
    uAT,
    v,
    vAT,
)
from jacspec.theory.notation.words import Inner, transpose_word

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
    """Small · of ≤ large · of, since singular values descend, where ``of`` is not 0 for other directions.

    Raises ValueError for what does not follow: both are one power of singular values of one matrix, of an
    exponent whose sign is seen for every layer l, for which alone it is claimed, ``of`` is a square, and the
    smaller comes later wherever ``needed`` do not say that ``of`` is 0.
    """
    of, small, large = map(sympify, (of, small, large))
    (one, exponent), (other, same) = small.as_base_exp(), large.as_base_exp()
    head = head_of(one)
    descends = head is not None and head.quantity is Quantity.SINGULAR_VALUE and not head.velocity
    alike = descends and head is head_of(other) and exponent == same and one.args[1:] == other.args[1:]
    grows, falls = (_LAYERS.is_nonnegative(each) for each in (exponent, -exponent))
    late, early = (one, other) if grows else (other, one)
    seen = alike and exponent.free_symbols <= {N, n, l} and (grows or falls) and _is_square(of)
    if not (seen and _comes_later(late.args[0], early.args[0], of, needed)):
        message = f"{small * of} ≤ {large * of} does not follow from the descending order of singular values"
        raise ValueError(message)
    order = without_proof(_Order("order", "descending order", small * of, large * of, needed))
    _IN_ORDER.add(order)
    return order


class _Order(Lemma):
    """An inequality between powers, for the layers at which the sign of their exponent is seen."""

    @property
    def shown_for(self) -> tuple[Parameter, ...]:
        """Where both sides stand for something, and at layers."""
        symbols = self.small.free_symbols | self.large.free_symbols
        return (*super().shown_for, *_LAYERS.about(symbols & {l}).parameters)


_LAYERS = Domain((Parameter(N, Integer(1)), Parameter(n, Integer(1)), Parameter(l, Integer(1), N + 1)))
_IN_ORDER: set[Lemma] = set()


def is_in_order(lemma: Lemma) -> bool:
    """Whether it was seen to follow from the descending order of singular values."""
    return lemma in _IN_ORDER


def _is_square(number: Expr) -> bool:
    """Whether a product is seen to be ≥ 0: ⟨a, b⟩ and ⟨b, a⟩ are one number."""
    powers: dict[Expr, Expr] = {}
    for base, exponent in number.as_powers_dict().items():
        words = (base.args[0], transpose_word(base.args[0])) if isinstance(base, Inner) else (base,)
        one = Inner(min(words, key=str)) if isinstance(base, Inner) else base
        powers[one] = powers.get(one, Integer(0)) + exponent
    real = not number.has(I)  # a scalar product of words of our own is real
    return real and all(
        base.is_nonnegative or (base.is_extended_real and power.is_even) for base, power in powers.items()
    )


def _comes_later(late: Expr, early: Expr, of: Expr, needed: tuple[Assumption, ...]) -> bool:
    """Whether one direction comes after another, or is it, wherever premises do not say that ``of`` is 0."""
    everywhere = domain_of((s(late), s(early)))
    left = [everywhere]
    for said in (each for assumed in needed for each in assumed.conditions):
        if said.relation is Relation.EQUAL and said.right == 0 and said.left in of.as_powers_dict():
            for index, first, last in said.ranges if len(said.ranges) == 1 else ():
                left += [everywhere.within({index: (Integer(1), first - 1)})] if last == n else []
                left += [everywhere.within({index: (last + 1, n)})] if first == 1 else []
    return any(each.is_nonnegative(late - early) for each in left)
