"""Margins of statements in float64, at many examples at once: what proposes counterexamples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import Evaluator, MissingTermError, Places
from jacspec.proofs_check.interpretation.statements.float_functions import Array, Mask, with_nan, without_nan
from jacspec.proofs_check.interpretation.statements.instances import (
    Instance,
    instances,
    premises,
    premises_at,
)
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

_TOLERANCE = 1e-9
"""A closed premise may fail, and an open one must hold, by so much of its two sides."""
_STRICT = (Op.LT, Op.GT, Op.NE)


@dataclass(frozen=True)
class FloatMargins:
    """Margins at many examples, one column per instance of a relation; NaN where a side has no value.

    But -1 where it has none by a witness.

    ``relative`` is positive where the relation holds, as a share of its two sides (of an equality, minus
    their relative difference), ``plain`` the difference itself; ``slack`` how far inside the premises on
    the whole example each example is, relative too and negative outside.
    """

    relative: Array
    plain: Array
    slack: Array
    instances: list[Instance]

    @property
    def inside(self) -> Mask:
        """Whether each example satisfies the premises."""
        return self.slack >= -_TOLERANCE

    @property
    def worst(self) -> Array:
        """The least relative margin of each example; infinite outside the premises, and without a term."""
        least = np.where(np.isnan(self.relative), np.inf, self.relative).min(axis=1, initial=np.inf)
        return np.where(self.inside, least, np.inf)


def float_margins(
    statement: Statement, values: Mapping[str, Array], sizes: Places, count: int
) -> FloatMargins:
    """The margins of a statement at ``count`` examples; ``values`` holds an array per variable."""
    at = Evaluator(Batches(), values, sizes)
    relative, plain, known = [], [], []
    with np.errstate(all="ignore"):
        slack = np.full(count, np.inf)
        for premise in premises(statement, sizes):
            slack = np.minimum(slack, _slack(premise, at))
        for relation, places in instances(statement, sizes):
            try:
                gap, scale = _gap((relation, places), at)
            except MissingTermError:
                continue
            if statement.is_witnessed(relation):
                gap = np.where(np.isnan(gap / scale), -1.0, gap)
                scale = np.where(np.isnan(scale), 1.0, scale)
            for premise in premises_at(statement, sizes, places):
                gap = np.where(_slack(premise, at) >= -_TOLERANCE, gap, np.nan)
            plain.append(np.broadcast_to(gap, (count,)))
            relative.append(np.broadcast_to(_share(gap, scale), (count,)))
            known.append((relation, places))
    table = [
        np.stack(columns, axis=1) if columns else np.full((count, 0), np.nan) for columns in (relative, plain)
    ]
    return FloatMargins(table[0], table[1], slack, known)


def _slack(premise: Instance, at: Evaluator) -> Any:
    """The relative margin of a premise, less what an open one needs; -1 where it has no value."""
    try:
        gap, scale = _gap(premise, at)
    except MissingTermError:
        return np.inf if premise[0].indices else -1.0
    margin = _share(gap, scale)
    return np.where(np.isnan(margin), -1.0, margin - 2 * _TOLERANCE * (premise[0].op in _STRICT))


def _share(gap: Any, scale: Any) -> Any:
    return gap / np.where(scale > 0, scale, 1.0)


def _gap(instance: Instance, at: Evaluator) -> tuple[Any, Any]:
    """How far a comparison holds, and the size of its two sides."""
    comparison, places = instance
    left, right = (at.value(side, places) for side in comparison.args)
    gap = right - left if comparison.op in (Op.LE, Op.LT) else left - right
    if not comparison.of_matrices:
        scale = np.abs(left) + np.abs(right)
    else:
        scale = np.abs(left).max(axis=(-2, -1)) + np.abs(right).max(axis=(-2, -1))
        if comparison.op not in (Op.EQ, Op.NE):
            finite, bad = without_nan(gap)
            return with_nan(np.linalg.eigvalsh(finite)[..., 0], bad), scale
        gap = np.abs(gap).max(axis=(-2, -1))
    if comparison.op is Op.EQ:
        return -np.abs(gap), scale
    return np.abs(gap) if comparison.op is Op.NE else gap, scale
