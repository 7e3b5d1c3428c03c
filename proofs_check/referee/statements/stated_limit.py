"""Evidence on a stated limit: its deviation at exact examples, in balls, along the variable that moves.

At every example all other variables are held fixed, and the variable moves to 2^4, 2^8, …, 2^64, or to those
distances from its point, and on to 2^16384 while the deviation falls, but is not yet below what the numbers
that do not move could leave of it: s/N + 10^-30 s falls up to N = 2^99. The deviation *tends* to 0 if it
certainly falls from each point to the next, at the end below that and below `AWAY` of what it was; it *stays
away* if it is certainly not 0 at the end, and falls no more.
No finite number of points refutes a limit: x e^{-x/2^100} still grows at 2^64, and tends to 0. Only another
limit refutes the statement: that of a quotient of polynomials in what moves, exactly, or SymPy's where only
numbers are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, pairwise, zip_longest
from time import perf_counter
from typing import Any

import numpy as np
import sympy
from flint import arb, fmpq

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import LimitEvidence, Status, Trend
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.exact_values import to_text
from jacspec.proofs_check.claims.margin import Truth, compare
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    is_whole,
)
from jacspec.proofs_check.interpretation.statements.exact import ball
from jacspec.proofs_check.interpretation.statements.instances import instances
from jacspec.proofs_check.interpretation.statements.judging import admits, sizes_of
from jacspec.proofs_check.referee.limits import AWAY
from jacspec.proofs_check.referee.statements.arena import Arena
from jacspec.proofs_check.referee.statements.examples.families import simplest
from jacspec.proofs_check.referee.statements.examples.rounding import as_exact
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.symbolic.rational_limit import rational_limit
from jacspec.theory.notation.printing import text
from jacspec.theory.statements.expression import Expression
from jacspec.theory.statements.ledger_symbols import OutsideTheTreeError
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.to_sympy import to_sympy
from jacspec.theory.statements.tree import VARIABLES

_EXPONENTS = tuple(2**power for power in range(2, 15))
_SOON = _EXPONENTS.index(64) + 1
"""So many points are looked at in any case."""
_LARGEST = 3
_LOOKED_AT = 3
"""Examples of which SymPy is asked for the limit in any case."""
_START, _CAP = 256, 1 << 13
_STILL = 1 - 2.0**-20
"""A deviation that keeps this share of itself between two points falls no more; no power of N does."""


@dataclass(frozen=True)
class StatedLimit:
    """The limit of a statement, at examples of its variables."""

    stated: Statement

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return LimitEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Follow the deviation at every example; every single-site variant is followed as well."""
        start = perf_counter()
        count = max(12, effort.examples // 4)
        evidence = replace(self._followed(count, seed, prove=True), seconds=perf_counter() - start)
        if evidence.status is not Status.FOR:
            return Finding(evidence, Mutants())
        fates = {Status.AGAINST: Fate.REFUTED, Status.FOR: Fate.WEAKER, Status.NONE: Fate.SURVIVES}
        return Finding(
            evidence,
            Mutants.of(
                (mutant.change, fates[replace(self, stated=mutant.statement)._followed(12, seed).status])
                for mutant in mutants_of(self.stated)
            ),
        )

    def _followed(self, count: int, seed: int, *, prove: bool = False) -> LimitEvidence:
        """The trends at so many examples; to ``prove`` that one stays away takes a contrary limit."""
        trends: list[Trend] = []
        slow, shortest = "", len(_EXPONENTS)
        for example in self._examples(seed):
            if len(trends) >= count:
                break
            for places in self._places(example):
                followed = self._deviations(example, places)
                if followed is None:
                    continue
                trends.append(_trend(followed, self._left(example, places)))
                shortest = min(shortest, len(followed))
                away = trends[-1] is Trend.STAYS_AWAY
                # However near the deviation comes to 0, SymPy may find that it does not get there.
                why = self._contrary(example, places) if prove and (away or len(trends) <= _LOOKED_AT) else ""
                if why or (away and not prove):
                    return _evidence(Status.AGAINST, f"{self._where(example)}: {why}", trends, seed)
                slow = slow or (self._where(example) if trends[-1] is not Trend.TENDS else "")
                if away:
                    stays = followed[-1].str(6, radius=False)
                    slow += f", where the deviation is {stays} at {self._at(len(followed))} and falls no more"
                    return _evidence(Status.NONE, f"no contrary limit is proved: {slow}", trends, seed)
        if not trends or slow:
            why = f"no trend that is certain: {slow}" if trends else "no example at which it has a value"
            return _evidence(Status.NONE, why, trends, seed)
        summary = f"at {len(trends)} exact examples the deviation certainly falls, up to {self._at(shortest)}"
        return _evidence(Status.FOR, summary, trends, seed)

    def _contrary(self, example: Mapping[str, Any], places: Mapping[str, int]) -> str:
        """The limit at an example, if it is another: of a quotient of polynomials, or of numbers by SymPy."""
        body, claimed, _ = self.stated.relations[0].args
        point = self.stated.relations[0].data
        sizes = sizes_of(self.stated, example)
        exact = rational_limit(body, self._moving, point, example, sizes, places)
        if exact is not None:
            if isinstance(exact, float):
                return f"the limit is ${'∞' if exact > 0 else '-∞'}$"
            with balls(_START):
                other = Evaluator(Balls(), example, sizes).value(claimed, places)
                apart = compare(exact, "≠", other).truth is Truth.HOLDS
            return f"the limit is ${exact}$" if apart else ""
        fixed = {name: value for name, value in example.items() if name != self._moving} | {**places}
        if not all(isinstance(value, fmpq | int) for value in fixed.values()):
            return ""
        x = sympy.Symbol(self._moving, positive=True) if point is None else sympy.Symbol(self._moving)
        symbols = {name: sympy.Symbol(name) for name in fixed} | {self._moving: x}
        rationals = {symbols[name]: sympy.Rational(str(value)) for name, value in fixed.items()}
        end = sympy.oo if point is None else sympy.Rational(point)
        try:
            reached, wanted = (to_sympy(side, symbols).xreplace(rationals) for side in (body, claimed))
            found = sympy.limit(reached, x, end, "+")
            differs = bool((found - wanted).is_infinite) or (found - wanted).is_zero is False
        except (OutsideTheTreeError, NotImplementedError, TypeError, ValueError, sympy.PoleError):
            return ""  # min and max end SymPy's limit in a TypeError
        shown = text(found) if found.is_Rational or found.is_infinite else f"{found.evalf(6)}…"
        return f"the limit is ${shown}$, by SymPy" if differs else ""

    @property
    def _moving(self) -> str:
        return str(self.stated.relations[0].args[2].data)

    def _at(self, number: int) -> str:
        """The place of the variable at the last of so many points."""
        point, exponent = self.stated.relations[0].data, _EXPONENTS[number - 1]
        near = f"{point} + 2^(-{exponent})" if point else f"2^(-{exponent})"
        return f"${self._moving} = {f'2^{exponent}' if point is None else near}$"

    def _where(self, example: Mapping[str, Any]) -> str:
        shown = [
            line for name, value in example.items() if name != self._moving for line in to_text(name, value)
        ]
        return "at " + ", ".join(shown) if shown else "as it stands"

    def _examples(self, seed: int) -> Iterator[dict[str, Any]]:
        """The simplest exact examples, of every size in turn."""
        ranges = self.stated.sizes
        least = min((low for low, _ in ranges.values()), default=_LARGEST)
        sizes = (
            {name: min(max(size, low), high) for name, (low, high) in ranges.items()}
            for size in range(min(least, _LARGEST), _LARGEST + 1)
        )
        by_size = zip_longest(*(self._of_size(each, seed) for each in sizes))
        return (example for example in chain.from_iterable(by_size) if example is not None)

    def _of_size(self, sizes: Mapping[str, int], seed: int) -> Iterator[dict[str, Any]]:
        arena = Arena(self.stated, seed, SEARCH_EFFORTS["quick"])
        parameters = simplest(arena.rng, arena.domain, sizes, 60)
        count = len(next(iter(parameters.values())))
        for row in np.random.default_rng(seed).permutation(count).tolist():
            try:
                yield arena.example({name: as_exact(P[row]) for name, P in parameters.items()}, sizes)
            except (NoValueError, MissingTermError, ZeroDivisionError):
                continue

    def _places(self, example: Mapping[str, Any]) -> list[Mapping[str, int]]:
        return [places for _, places in instances(self.stated, sizes_of(self.stated, example))]

    def _deviations(self, example: Mapping[str, Any], places: Mapping[str, int]) -> list[arb] | None:
        """|value - limit| at every point that it takes; None where a premise fails or a term has no value."""
        point, left = self.stated.relations[0].data, self._left(example, places)
        found: list[arb] = []
        for exponent in _EXPONENTS:
            if len(found) >= _SOON and not (_falls(found) and found[-1] >= left and not _still(found)):
                break
            step = fmpq(2) ** (exponent if point is None else -exponent)
            at = step if point is None else fmpq(point.numerator, point.denominator) + step
            values = {**example, self._moving: at}
            try:
                if not self._admits(values, places):
                    return None
                found.append(self._deviation(values, places, max(_CAP, 4 * exponent)))
            except (MissingTermError, NoValueError):
                return None
        return found

    def _admits(self, values: Mapping[str, Any], places: Mapping[str, int]) -> bool:
        with balls(_START):
            return admits(self.stated, places, Evaluator(Balls(), values, sizes_of(self.stated, values)))

    def _left(self, example: Mapping[str, Any], places: Mapping[str, int]) -> arb:
        """The product of all numbers that do not move, each or its inverse, whichever is below 1."""
        at = Evaluator(Balls(), example, sizes_of(self.stated, example))
        pending, seen, left = list(self.stated.relations[0].args[:2]), set[Expression](), arb(AWAY)
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            fixed = all(each.data != self._moving for each in node.walk() if each.op in VARIABLES)
            if fixed and node.shape is None and not is_whole(node) and node.indices <= places.keys():
                with suppress(MissingTermError, NoValueError):
                    size = abs(ball(at.value(node, places)))
                    left *= size.min(1 / size) if size > 0 else 1
            else:
                pending += node.args
        return left

    def _deviation(self, values: Mapping[str, Any], places: Mapping[str, int], cap: int) -> arb:
        body, limit, _ = self.stated.relations[0].args
        bits = _START
        while True:
            with balls(bits):
                at = Evaluator(Balls(), values, sizes_of(self.stated, values))
                found = abs(ball(at.value(body, places)) - ball(at.value(limit, places)))
                if bits >= cap or found == 0 or found.rel_accuracy_bits() >= 32:
                    return found
            bits *= 2


def _trend(followed: list[arb], left: arb) -> Trend:
    first, *_, last = followed
    if all(each.contains(0) for each in followed[1:]):  # equal as far as any precision shows
        return Trend.TENDS
    if _falls(followed) and last < first * arb(AWAY) and last < left:
        return Trend.TENDS
    return Trend.STAYS_AWAY if _still(followed) else Trend.OPEN


def _falls(followed: list[arb]) -> bool:
    return all(low < high or low.contains(0) for high, low in pairwise(followed))


def _still(followed: list[arb]) -> bool:
    before, last = followed[-2:]
    return bool(last > 0 and last > before * arb(_STILL))


def _evidence(status: Status, summary: str, trends: list[Trend], seed: int) -> LimitEvidence:
    return LimitEvidence(status=status, summary=summary, seconds=0.0, instances=len(trends), seed=seed)
