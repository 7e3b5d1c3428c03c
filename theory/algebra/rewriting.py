"""The equations of assumptions, used from left to right until none applies; every use is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sympy import Expr, Mul, S, Sum, Symbol, exp, expand, log
from sympy.core.function import AppliedUndef

from jacspec.theory.algebra.rules import OutOfRange, Range, Rule, rewrite
from jacspec.theory.algebra.terms import Indices, Term, expand_terms, multiply, split_scalars
from jacspec.theory.algebra.trace import Inside, Move, Rewritten, Trace
from jacspec.theory.notation.words import Inner, letters, transpose_word

_MOST_REWRITES = 5000
"""Rules that have not come to rest by then are circular: a mistake of the derivation's author."""

_Found = tuple[int, int, Rule, dict[Symbol, Expr]]
"""Where in a word a rule applies, to how many letters, which, and at which values."""


@dataclass
class Rewriter:
    """Uses ``rules`` on terms in which free indices lie in ``free``, and remembers what it did.

    ``inside`` brings what stands under an exponential or a logarithm to its normal form.
    """

    rules: Sequence[Rule]
    free: Mapping[Symbol, Range]
    inside: Callable[[Expr, Mapping[Symbol, Range]], tuple[Expr, Trace]]
    moves: list[Move] = field(default_factory=list)
    refused: list[OutOfRange] = field(default_factory=list)
    indices: Indices = field(default_factory=Indices)
    _before_derivatives: dict[Expr, tuple[Move, ...]] = field(default_factory=dict)

    @property
    def trace(self) -> Trace:
        """What was done so far."""
        return Trace(tuple(self.moves), tuple(self._before_derivatives.items()))

    def before_derivative(
        self, expression: Expr, terms: list[Term], around: Mapping[Symbol, Range]
    ) -> list[Term]:
        """Rewrite what stands under a d/dt: an equation that holds at all times may be differentiated."""
        begun = len(self.moves)
        found = self.settled(terms, around)
        self._before_derivatives[expression] = tuple(self.moves[begun:])
        del self.moves[begun:]
        return found

    def settled(self, terms: list[Term], around: Mapping[Symbol, Range] = MappingProxyType({})) -> list[Term]:
        """The terms to which no rule applies any more.

        Raises RuntimeError for rules that do not come to rest.
        """
        pending = list(terms)
        settled: list[Term] = []
        for _ in range(_MOST_REWRITES):
            if not pending:
                return settled
            term = pending.pop()
            limits = {**self.free, **around, **term.ranges}
            successors = self._rewrite_word(term, limits)
            if successors is None:
                successors = self._rewrite_scalar(term, limits)
            if successors is None:
                settled.append(split_scalars(term))
            else:
                pending.extend(successors)
        message = "the rules do not come to rest: one rewrites what another produces, in a circle"
        raise RuntimeError(message)

    def _somewhere(self, word: Sequence[Expr], limits: Mapping[Symbol, Range]) -> _Found | None:
        """The first place of a word to which a rule applies; None if there is none."""
        for position in range(len(word)):
            for width in (2, 1):
                found = rewrite(tuple(word[position : position + width]), self.rules, limits, self.refused)
                if found is not None:
                    return position, width, *found
        return None

    def _plain(self, expression: Expr) -> list[Term]:
        return expand_terms(expression, lambda _, terms, __: terms, self.indices)

    def _rewrite_word(self, term: Term, limits: Mapping[Symbol, Range]) -> list[Term] | None:
        found = self._somewhere(term.word, limits)
        if found is None:
            return None
        position, _, rule, values = found
        self.moves.append(Rewritten(*term.parts, rule, tuple(values.items()), position))
        rest = replace(term, word=())
        return [multiply((rest, part)) for part in self._plain(_replaced(term.word, found))]

    def _rewrite_scalar(self, term: Term, limits: Mapping[Symbol, Range]) -> list[Term] | None:
        factors = Mul.make_args(term.scalar)
        for position, factor in enumerate(factors):
            base, exponent = factor.as_base_exp()
            if isinstance(factor, exp):
                made, exponent = self._under(term, factor, limits), S.One
            elif isinstance(base, log):
                made = self._under(term, base, limits)
            elif isinstance(base, Inner):
                # A sum in a product stays there where its power cannot be multiplied out.
                whole = exponent.is_Integer and exponent.is_positive
                made = None if base.has(Sum) and not whole else self._within(term, base, limits)
            else:
                made = self._head(term, base, limits)
            if made is not None:
                rest = replace(term, scalar=Mul(*factors[:position], *factors[position + 1 :]))
                return [multiply((rest, part)) for part in self._plain(made**exponent)]
        return None

    def _head(self, term: Term, base: Expr, limits: Mapping[Symbol, Range]) -> Expr | None:
        found = rewrite((base,), self.rules, limits, self.refused)
        if found is None:
            return None
        rule, values = found
        self.moves.append(Rewritten(*term.parts, rule, tuple(values.items())))
        return rule.right(values)

    def _within(self, term: Term, product: Inner, limits: Mapping[Symbol, Range]) -> Expr | None:
        """A rule may fit the word of an inner product or its transpose: they are the same scalar."""
        for word in (product.args[0], transpose_word(product.args[0])):
            read = tuple(letters(Mul.make_args(word)))
            found = self._somewhere(read, limits)
            if found is not None:
                position, _, rule, values = found
                self.moves.append(Rewritten(*term.parts, rule, tuple(values.items()), position, read))
                made = _replaced(read, found)
                return made if made.is_commutative else Inner(made)
        return None

    def _under(self, term: Term, factor: Expr, limits: Mapping[Symbol, Range]) -> Expr | None:
        """Rewrite the heads in an exponent or a logarithm; None if there is nothing to do."""
        (argument,) = factor.args
        heads = {rule.lhs.func for rule in self.rules}
        if isinstance(factor, exp) and not any(atom.func in heads for atom in argument.atoms(AppliedUndef)):
            return None
        reached, trace = self.inside(argument, limits)
        if reached == (expand(argument) if isinstance(factor, exp) else argument):
            return None
        self.moves.append(Inside(*term.parts, factor, trace))
        return factor.func(reached)


def _replaced(word: Sequence[Expr], found: _Found) -> Expr:
    position, width, rule, values = found
    return Mul(*word[:position], rule.right(values), *word[position + width :])
