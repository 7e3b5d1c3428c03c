"""Evidence on a stated mean: its value where that is exact, samples of its law in float64, and its variants.

At every size and index; the mean of a polynomial in few enough entries is a rational number, which decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from time import perf_counter

import numpy as np
from flint import arb

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Comparison, StatisticsEvidence, Status
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
    whole_value,
)
from jacspec.proofs_check.interpretation.statements.exact import ball
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.interpretation.statements.instances import instances
from jacspec.proofs_check.interpretation.statements.judging import admits, dimensions
from jacspec.proofs_check.referee.statements.examples.cubature import exact_mean
from jacspec.proofs_check.referee.statistics import LEVEL, Prediction, Statistics
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.statement import Statement

_ROUNDING = 1e-10
"""What float64 may add to a sample, as a share of the mean: the floor of what is seen."""
_LAWS: Mapping[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "gaussian": lambda rng, shape: rng.standard_normal(shape),
    "uniform": lambda rng, shape: rng.random(shape),
    "±1": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
}
_BITS = 128
_ALONE = "the mean"
"""The name of a mean without sizes and indices."""


@dataclass(frozen=True)
class StatedMean:
    """The mean of a statement, one quantity for each choice of its sizes and indices."""

    stated: Statement

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return StatisticsEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Sample and compare; every single-site variant is compared with samples of its own."""
        finding = self._compared(effort, seed)
        if finding.evidence.status is not Status.FOR:
            return finding
        changes = []
        for mutant in mutants_of(self.stated):
            try:
                found = replace(self, stated=mutant.statement)._compared(effort, seed)
            except InputError:  # a variant without a value has no mean
                continue
            changes.append((mutant.change, found.evidence.status is Status.AGAINST))
        return replace(finding, mutants=Mutants.named(changes))

    def _compared(self, effort: Effort, seed: int) -> Finding:
        law, *names = self.stated.relations[0].data
        other = next(self._otherwise(seed), None)
        if other is not None:
            return Finding(other, Mutants())
        predicted = {name: value for name, value, _, _ in self._quantities()}

        def sample(count: int, rng: np.random.Generator) -> dict[str, Array]:
            return {
                name: _evaluated(self.stated, sizes, places, count, rng)
                for name, _, sizes, places in self._quantities()
            }

        engine = Statistics(
            sample=sample,
            predicted=lambda: predicted,
            assumes=f"entries of {', '.join(names)} independent and {law}; a finite variance",
            size=10.0,
        )
        return engine.gather(effort=effort, seed=seed)

    def _otherwise(self, seed: int) -> Iterator[StatisticsEvidence]:
        """Evidence against the statement where the mean is exactly another."""
        relation, start = self.stated.relations[0], perf_counter()
        for name, prediction, sizes, places in self._quantities():
            found = exact_mean(relation.args[0], relation.data[0], _shapes(self.stated, sizes), sizes, places)
            if found is None:
                continue
            with balls(_BITS):
                claimed = Evaluator(Balls(), {}, sizes).value(relation.args[1], places)
                if ball(claimed).contains(arb(found)) if isinstance(claimed, arb) else claimed == found:
                    continue
            seen = Comparison(name, 1, float(arb(found)), 0.0, prediction.value, (0.0, 0.0), 1.0, 0.0)
            yield StatisticsEvidence(
                status=Status.AGAINST,
                summary=f"the mean is ${found}$, exactly{'' if name == _ALONE else f', at {name}'}",
                seconds=perf_counter() - start,
                sample_size=1,
                false_alarm=LEVEL,
                threshold=0.0,
                quantities=(seen,),
                assumes="nothing but the law: its moments are summed exactly",
                seed=seed,
            )

    def _quantities(self) -> Iterator[tuple[str, Prediction, Places, Places]]:
        ranges = self.stated.sizes
        for chosen in product(*(range(low, high + 1) for low, high in ranges.values())):
            sizes = dict(zip(ranges, chosen, strict=True))
            for relation, places in instances(self.stated, sizes):
                try:
                    _evaluated(self.stated, sizes, places, 1, np.random.default_rng(0))
                    with balls(_BITS):
                        at = Evaluator(Balls(), {}, sizes)
                        if not admits(self.stated, places, at):
                            continue
                        value = float(ball(at.value(relation.args[1], places)).mid())
                except (MissingTermError, NoValueError):
                    continue
                slack = _ROUNDING * abs(value)
                name = ", ".join(f"{key} = {at}" for key, at in {**sizes, **places}.items()) or _ALONE
                yield name, Prediction(value, slack, slack), sizes, places


def _evaluated(
    stated: Statement, sizes: Places, places: Places, count: int, rng: np.random.Generator
) -> Array:
    """The number at a sample of the law."""
    relation = stated.relations[0]
    draw = _LAWS[relation.data[0]]
    values = {}
    for name, shape in _shapes(stated, sizes).items():
        values[name] = draw(rng, (count, *shape))
    with np.errstate(all="ignore"):
        found = Evaluator(Batches(), values, sizes).value(relation.args[0], places)
    return np.broadcast_to(np.asarray(found, dtype=float), (count,))


def _shapes(stated: Statement, sizes: Places) -> dict[str, tuple[int, ...]]:
    """The rows and columns of each variable, none of a number."""
    return {
        name: tuple(whole_value(each, sizes) for each in dimensions(variable))
        for name, variable in stated.variables.items()
    }
