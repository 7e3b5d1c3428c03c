"""Definitions: what says what a declared symbol is, and what holds by the meaning of the notation.

Which relations hold by the meaning of the notation is said by the ledger, relation by relation: what is
changed in a copy of one is a hypothesis like any other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from sympy import Expr
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.normal_form import agree
from jacspec.theory.algebra.rules import Rule, substituted
from jacspec.theory.algebra.well_defined import is_seen_positive
from jacspec.theory.notation.heads import Head, Kind, UserSymbol, head_of
from jacspec.theory.notation.symbols import N, n
from jacspec.theory.notation.words import D, transpose_word

_GIVEN: set[Hashable] = set()


def take_as_given(relations: Iterable[Hashable]) -> None:
    """Say that relations hold by what the notation means."""
    _GIVEN.update(relations)


def is_given(relation: Hashable) -> bool:
    """Whether a relation holds by what the notation means."""
    return relation in _GIVEN


def introduced(rule: Rule) -> Head | None:
    """The declared symbol, free otherwise, that a rule defines at all of its indices; None if it does not."""
    head = head_of(rule.lhs)
    if head is None or not isinstance(head.quantity, UserSymbol) or head.velocity or head.transposed:
        return None
    own, indices = head.quantity, {*rule.indices}
    positive = not head.positive or is_seen_positive(_on_chains(rule.rhs))
    number = bool(rule.rhs.is_commutative)
    of_its_kind = head.kind is Kind.MATRIX or number is (head.kind is Kind.SCALAR)
    general = len(rule.lhs.args) == len(indices) and {*rule.lhs.args} == indices
    known = rule.rhs.free_symbols <= {*indices, N, n}
    return head if own.on_chains is None and positive and of_its_kind and general and known else None


def agree_on_chains(left: Expr, right: Expr) -> bool:
    """Whether two sides are equal by what declarations say that symbols are on chains, and nothing else.

    A symbol that is declared positive is, besides, as long as that is not seen of what it is on chains.
    """
    more = any(not _is_as_declared(atom) for side in (left, right) for atom in _all_atoms(side))
    return not more and agree(_on_chains(left), _on_chains(right))


def declared_in(expressions: Iterable[Expr]) -> frozenset[Head]:
    """The declared symbols of which expressions speak, those included by which others are declared."""
    read = [_on_chains(each) for each in expressions]
    heads = (head_of(atom) for each in read for atom in each.atoms(AppliedUndef))
    return frozenset(
        head.at_rest.upright for head in heads if head is not None and isinstance(head.quantity, UserSymbol)
    )


def _all_atoms(expression: Expr) -> frozenset[Expr]:
    """Those of an expression, and of what its declared symbols are on chains."""
    atoms = frozenset(expression.atoms(AppliedUndef))
    return atoms.union(*(_all_atoms(meant(atom)) for atom in atoms if meant(atom) != atom))


def _is_as_declared(atom: Expr) -> bool:
    """Whether what a symbol is on chains is seen to be real, and positive, if the symbol is declared so."""
    value = _on_chains(atom)
    if value == atom or not atom.is_commutative:
        return True
    return is_seen_positive(value) if atom.is_positive else bool(value.is_extended_real)


def _on_chains(expression: Expr) -> Expr:
    replaced = expression.xreplace({atom: meant(atom) for atom in expression.atoms(AppliedUndef)})
    return replaced if replaced == expression else _on_chains(replaced)


def meant(atom: Expr) -> Expr:
    """A declared symbol as what its declaration says that it is on chains; any other is itself."""
    head = head_of(atom)
    own = head.quantity if head is not None and isinstance(head.quantity, UserSymbol) else None
    if head is None or own is None or own.on_chains is None:
        return atom
    value = substituted(own.on_chains, dict(zip(own.indices, atom.args, strict=True)))
    turned = transpose_word(value) if head.transposed else value
    return D(turned) if head.velocity else turned
