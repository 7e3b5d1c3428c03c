"""How sharp a bound is: from the best example of the search, a climb over the rationals.

The search draws small integers. Where the claim says that a value is free (arbitrary apart from the
hypotheses), its entries are then moved one at a time, or those of two matrices together, by steps that
shrink by powers of two, as long as the quotient of the two sides grows and the hypotheses hold: a pattern
search on exact numbers. It goes on around an example at which the sides are equal. Examples at which the
bound exceeds what its left side never does say nothing, and do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flint import fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.evidence import Sharpness
from jacspec.proofs_check.claims.margin import Judgement, Truth, judge
from jacspec.proofs_check.referee.propositions.conclusion import applied
from jacspec.proofs_check.referee.refutation import example_text
from jacspec.proofs_check.referee.search import ATTAINED, StatementError
from jacspec.proofs_check.referee.search_result import SearchResult

_BITS = 128
_SHRINK = 4
_STARTS = 3
_FINEST = 14
"""The last step is 2^-14 of an entry: quotients settle to three digits well before."""

_AROUND = 6
"""And 2^-6 around an example at which the two sides are equal."""

Example = dict[str, Any]


@dataclass(frozen=True)
class Climb:
    """The best example reached, and one that violates the bound, should the climb have met one."""

    sharpness: Sharpness | None
    violation: Example | None = None
    judgement: Judgement | None = None


def climb(claim: Claim, found: SearchResult, *, evaluations: int) -> Climb:
    """Raise the quotient of a bound's two sides from the best examples that a search has drawn.

    One climb from the best example of each size, the smallest sizes first, as long as ``evaluations`` last.
    """
    if not found.sharpest or claim.conclusion is None:
        return Climb(None)
    starts = [found.sharpest[size] for size in sorted(found.sharpest)]
    ratio, example = max(starts, key=lambda pair: pair[0])
    free = [name for name in claim.free if name in example]
    budget = _Budget(evaluations if free else 0)
    for start_ratio, start in starts[:_STARTS]:
        reached = _climbed(claim.conclusion, claim.hypotheses, dict(start), start_ratio, free, budget)
        if reached.violation is not None:
            return Climb(None, reached.violation, reached.judgement)
        if reached.ratio > ratio:
            ratio, example = reached.ratio, reached.example
    return Climb(Sharpness(ratio, example_text(example), evaluations > 0))


@dataclass
class _Budget:
    """Evaluations that are left."""

    left: int

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True)
class _Reached:
    example: Example
    ratio: float
    violation: Example | None = None
    judgement: Judgement | None = None


def _climbed(
    conclusion: Statement,
    hypotheses: Mapping[str, Statement],
    best: Example,
    ratio: float,
    free: list[str],
    budget: _Budget,
) -> _Reached:
    step = fmpq(1)
    # Where a bound is attained it may be crossed: a step to either side of it shows that it is wrong.
    while step >= fmpq(1, 2 ** (_FINEST if ratio < ATTAINED else _AROUND)):
        improved = False
        for moved in _neighbours(best, free, step):
            if not budget.spend():
                return _Reached(best, ratio)
            judgement = _judged(conclusion, hypotheses, moved, ratio)
            if judgement is None:
                continue
            if judgement.truth is Truth.FAILS:
                return _Reached(best, ratio, moved, judgement)
            assert judgement.sharpness is not None  # noqa: S101 -- narrows the type
            best, ratio, improved = moved, judgement.sharpness, True
        if not improved:
            step /= _SHRINK
    return _Reached(best, ratio)


def _judged(
    conclusion: Statement, hypotheses: Mapping[str, Statement], example: Example, ratio: float
) -> Judgement | None:
    """The conclusion at an example that violates it or is sharper than ``ratio``; None elsewhere.

    None too where a hypothesis does not hold or nothing is defined: hypotheses are asked last, as most
    examples are no sharper. Where they do not hold, the conclusion may raise anything; elsewhere that is a
    StatementError.
    """
    try:
        found = judge(lambda: applied(conclusion, example), cap=_BITS, start=_BITS)
    except (ArithmeticError, ValueError):
        return None
    except Exception as error:
        if _assumed(hypotheses, example):
            name = "conclusion"
            raise StatementError(name, example) from error
        return None
    sharper = found.sharpness is not None and found.sharpness > ratio
    return found if (sharper or found.truth is Truth.FAILS) and _assumed(hypotheses, example) else None


def _assumed(hypotheses: Mapping[str, Statement], example: Example) -> bool:
    """Whether all hypotheses certainly hold at an example."""
    try:
        return all(
            judge(lambda h=each: applied(h, example), cap=_BITS).truth is Truth.HOLDS  # type: ignore[misc]
            for each in hypotheses.values()
        )
    except (ArithmeticError, ValueError):
        return False


def _neighbours(example: Example, free: list[str], step: fmpq) -> Iterator[Example]:
    """The example with one entry of a free value moved up or down by ``step`` of its size.

    Or of two free matrices of one shape by as much: their difference stays, along which bounds have ridges.
    """
    for name in free:
        for moved in _moved(example[name], step):
            yield {**example, name: moved}
    for name, other in combinations(free, 2):
        X, Y = example[name], example[other]
        if isinstance(X, fmpq_mat) and isinstance(Y, fmpq_mat) and _shape(X) == _shape(Y):
            for moved in _moved(X, step):
                yield {**example, name: moved, other: Y + (moved - X)}


def _shape(matrix: fmpq_mat) -> tuple[int, int]:
    return matrix.nrows(), matrix.ncols()


def _moved_matrices(matrix: fmpq_mat, step: fmpq) -> Iterator[fmpq_mat]:
    """One entry moved; of a symmetric matrix its mirror image with it."""
    columns = matrix.ncols()
    entries = matrix.entries()
    symmetric = matrix.nrows() == columns and bool(matrix == matrix.transpose())
    for position, entry in enumerate(entries):
        row, column = divmod(position, columns)
        if symmetric and column < row:
            continue
        for changed in _moved(entry, step):
            moved = list(entries)
            moved[position] = changed
            if symmetric:
                moved[column * columns + row] = changed
            yield fmpq_mat(matrix.nrows(), columns, moved)


def _moved(value: Any, step: fmpq) -> Iterator[Any]:
    if isinstance(value, fmpq):
        # A power of two: entries stay short however often they are moved.
        size = 1 << max(int(abs(value.p)).bit_length() - int(value.q).bit_length(), 0)
        yield value + step * size
        yield value - step * size
    elif isinstance(value, fmpq_mat):
        yield from _moved_matrices(value, step)
    elif isinstance(value, Chain):
        factors = value.exact
        for position, factor in enumerate(factors):
            for changed in _moved(factor, step):
                yield Chain([*factors[:position], changed, *factors[position + 1 :]])
    elif isinstance(value, tuple | list):
        for position, part in enumerate(value):
            for changed in _moved(part, step):
                yield type(value)([*value[:position], changed, *value[position + 1 :]])
    elif isinstance(value, Mapping):
        for key, part in value.items():
            for changed in _moved(part, step):
                yield {**value, key: changed}
