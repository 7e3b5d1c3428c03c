"""What becomes of the wrong variants of a statement: refuted, or compared with the statement itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product

import numpy as np

from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.interpretation.statements.float_margins import float_margins
from jacspec.proofs_check.interpretation.statements.instances import is_whole_comparison
from jacspec.proofs_check.referee.statements.examples.domains import domain_of
from jacspec.proofs_check.referee.statements.examples.families import draw
from jacspec.proofs_check.referee.statements.examples.parameters import float_values
from jacspec.proofs_check.referee.statements.search_effort import SearchEffort
from jacspec.proofs_check.referee.statements.statement_search import search_statement
from jacspec.theory.statements.mutation.expression_variants import Kind
from jacspec.theory.statements.mutation.statement_variants import StatementMutant, mutants_of
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Node

Values = Mapping[str, Array]
_EXAMPLES = 200
_SAME = 1e-9
_NOISE = 1e-13
_EXCHANGES = 60


def fates(statement: Statement, *, seed: int, effort: SearchEffort) -> Mutants:
    """All variants of a statement, counted by what became of them."""
    found = mutants_of(statement)
    return Mutants.of((each.change, fate_of(statement, each, seed=seed, effort=effort)) for each in found)


def fate_of(statement: Statement, mutant: StatementMutant, *, seed: int, effort: SearchEffort) -> Fate:
    """What becomes of one variant; only that it is refuted is certified."""
    if search_statement(mutant.statement, seed=seed, effort=effort, shrink=False).hit is not None:
        return Fate.REFUTED
    kept = set(map(id, mutant.statement.given))
    if any(id(premise) not in kept and not is_whole_comparison(premise) for premise in statement.given):
        return Fate.WEAKER  # a premise that may be left out is not wrong: hypotheses are weighed apart
    pairs = zip(statement.implications, mutant.statement.implications, strict=True)
    found = {_compared(original, changed, seed) for original, changed in pairs}
    open_or = Fate.WEAKER if mutant.kind is Kind.PREMISE else Fate.SURVIVES
    return open_or if None in found else Fate.WEAKER if Fate.WEAKER in found else Fate.EQUIVALENT


def _compared(original: Statement, mutant: Statement, seed: int) -> Fate | None:
    """Margins of both at shared examples; of the original also with its variables exchanged.

    Equivalent: the same at every example, perhaps with -A, Aᵀ or B for A, or about none. Weaker: never a
    smaller margin than the statement itself, or than that at -A, Aᵀ, 0 or B for A.
    """
    batches = list(_batches(original, seed))
    weaker = seen = False
    for invertible, exchange in islice(_exchanges(original), _EXCHANGES):
        equal = at_least = True
        for sizes, values in batches:
            a = _least(original, exchange(values), sizes)
            b = _least(mutant, values, sizes)
            known = np.isfinite(a) & np.isfinite(b)
            seen |= not bool(np.isnan(b).all())
            equal &= bool((np.isnan(a) == np.isnan(b)).all() and np.all(np.abs(a[known] - b[known]) < _SAME))
            at_least &= bool(np.all(b[known] >= a[known] - _SAME) and not (np.isnan(a) & ~np.isnan(b)).any())
        if not seen:
            return Fate.EQUIVALENT
        if equal and invertible:
            return Fate.EQUIVALENT
        weaker |= at_least
    return Fate.WEAKER if weaker else None


def _batches(statement: Statement, seed: int) -> Iterator[tuple[dict[str, int], dict[str, Array]]]:
    rng, domain = np.random.default_rng(seed), domain_of(statement)
    if not domain.free:
        return
    for wanted in range(1, 5):
        sizes = {name: min(max(wanted, low), high) for name, (low, high) in statement.sizes.items()}
        yield sizes, float_values(domain, draw(rng, domain, sizes, _EXAMPLES), sizes)


def _least(statement: Statement, values: Values, sizes: Mapping[str, int]) -> Array:
    """The least margin of each example; NaN outside the premises or without a term, infinite if unknown.

    Where both sides are what rounding has left of 0, a margin says nothing.
    """
    found = float_margins(statement, values, sizes, len(next(iter(values.values()))))
    exists = ~np.isnan(found.relative)
    tiny = _NOISE * (1 + np.abs(np.where(exists, found.plain, 0.0)).max(initial=0.0))
    with np.errstate(all="ignore"):
        noise = (np.abs(found.plain) < tiny) & (found.relative < -_SAME)
    table = np.where(exists & ~noise, found.relative, np.inf)
    return np.where(found.inside & exists.any(axis=1), table.min(axis=1, initial=np.inf), np.nan)


def _exchanges(statement: Statement) -> Iterator[tuple[bool, Callable[[Values], dict[str, Array]]]]:
    """Substitutions that keep a theorem true: -A or Aᵀ for A; with less content, 0 or another variable."""
    shapes = {name: domain_of(statement).shapes[name] for name in statement.variables}
    options: list[list[tuple[bool, Callable[[Values], Array]]]] = []
    for name, shape in shapes.items():
        mine: list[tuple[bool, Callable[[Values], Array]]] = [
            (True, lambda v, n=name: v[n]),  # type: ignore[misc]
            (True, lambda v, n=name: -v[n]),  # type: ignore[misc]
            (False, lambda v, n=name: 0 * v[n]),  # type: ignore[misc]
        ]
        if len(shape) == 2 and shape[0] is shape[1]:
            mine.append((True, lambda v, n=name: np.swapaxes(v[n], -1, -2)))  # type: ignore[misc]
            mine.append((True, lambda v, n=name: -np.swapaxes(v[n], -1, -2)))  # type: ignore[misc]
        others = [other for other in shapes if other != name and _same(shapes[other], shape)][:2]
        mine += [(False, lambda v, n=other: v[n]) for other in others]  # type: ignore[misc]
        options.append(mine)
    for choice in product(*options):
        yield (
            all(invertible for invertible, _ in choice),
            lambda values, c=choice: dict(zip(shapes, (f(values) for _, f in c), strict=True)),  # type: ignore[misc]
        )


def _same(one: tuple[Node, ...], other: tuple[Node, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
