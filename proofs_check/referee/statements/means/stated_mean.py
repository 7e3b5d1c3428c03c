"""Evidence on a stated mean: its value where that is computed, samples elsewhere, and its variants.

At every size and index. What is a sum of products of functions of one number each has a value, a rational
number or a ball, that decides; where it has none, samples are compared with an equality or a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from time import perf_counter

import numpy as np
from flint import arb, fmpq

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import ComputedMean, MeanEvidence, Status
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.margin import Truth, compare
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.interpretation.statements.balls import Balls
from jacspec.proofs_check.interpretation.statements.batches import Batches
from jacspec.proofs_check.interpretation.statements.evaluation import (
    Evaluator,
    MissingTermError,
    NoValueError,
    Places,
    whole_value,
)
from jacspec.proofs_check.interpretation.statements.exact import Scalar, ball
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.interpretation.statements.instances import instances
from jacspec.proofs_check.interpretation.statements.judging import admits, dimensions
from jacspec.proofs_check.referee.statements.means.exact_mean import exact_mean
from jacspec.proofs_check.referee.statistics import Prediction, Statistics
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

_ROUNDING = 1e-10
"""What float64 may add to a sample, as a share of the mean: the floor of what is seen."""
_LAWS: Mapping[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "gaussian": lambda rng, shape: rng.standard_normal(shape),
    "uniform": lambda rng, shape: rng.random(shape),
    "±1": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
}
_ANYTHING = 1e300
_BITS = 128
_ALONE = "the mean"
"""The name of a mean without sizes and indices."""
_TRIED = 200
"""So many samples have a value before a mean is computed."""
_NAMED = 3
"""So many of the means that were not computed are named."""


@dataclass(frozen=True)
class _Quantity:
    """A mean at one choice of sizes and indices, what is claimed, and its value if it is computed."""

    sizes: Places
    places: Places
    claimed: Scalar
    mean: Scalar | None

    @property
    def name(self) -> str:
        """Its sizes and indices."""
        return ", ".join(f"{key} = {at}" for key, at in {**self.sizes, **self.places}.items()) or _ALONE

    @property
    def place(self) -> str:
        """The same after a comma, or nothing."""
        return "" if self.name == _ALONE else f", at {self.name}"

    def prediction(self, sign: Op) -> Prediction:
        """What its samples are compared with; of a bound, any value on its side."""
        value = float(ball(self.claimed).mid())
        slack = _ROUNDING * abs(value)
        free = [_ANYTHING if sign in signs else slack for signs in ((Op.LE, Op.LT), (Op.GE, Op.GT))]
        return Prediction(value, *free)

    def computed(self, sign: str) -> ComputedMean:
        """The mean beside what is claimed."""
        return ComputedMean(
            self.name, _text(self.mean), isinstance(self.mean, fmpq), sign, _text(self.claimed)
        )


@dataclass(frozen=True)
class StatedMean:
    """The mean of a statement, one quantity for each choice of its sizes and indices."""

    stated: Statement

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return MeanEvidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Compute and compare, or sample; every single-site variant is judged in the same way."""
        finding = self._compared(effort, seed)
        if finding.evidence.status is not Status.FOR:
            return finding
        changes = []
        for mutant in mutants_of(self.stated):
            try:
                found = replace(self, stated=mutant.statement)._compared(effort, seed).evidence
            except InputError:  # a variant without a value has no mean
                continue
            changes.append((mutant.change, self._fate(found.status, isinstance(found, MeanEvidence))))
        return replace(finding, mutants=Mutants.of(changes))

    def _fate(self, status: Status, computed: bool) -> Fate:
        """A variant that was computed to hold is no wrong one; what nothing decides of bounds may be true."""
        if status is Status.AGAINST:
            return Fate.REFUTED
        if status is Status.FOR:
            return Fate.WEAKER if computed else Fate.SURVIVES
        return Fate.SURVIVES if self._sign is Op.EQ else Fate.UNREFUTED

    @property
    def _sign(self) -> Op:
        sign: Op = self.stated.relations[0].data[0]
        return sign

    def _compared(self, effort: Effort, seed: int) -> Finding:
        start, known, left = perf_counter(), list[_Quantity](), list[_Quantity]()
        for each in self._quantities():
            (left if each.mean is None else known).append(each)
            if self._truth(each) is Truth.FAILS:
                return Finding(self._against(each, perf_counter() - start), Mutants())
        evidence = self._computed(known, left, perf_counter() - start)
        if self._sign is Op.NE or (known and not left):
            return Finding(evidence, Mutants())
        sampled = self._sampled(left, effort, seed)
        if not known:
            return sampled
        seen = sampled.evidence
        return replace(sampled, evidence=replace(seen, summary=f"{evidence.summary}; {seen.summary}"))

    def _truth(self, quantity: _Quantity) -> Truth:
        if quantity.mean is None:
            return Truth.UNDECIDED
        with balls(_BITS):
            return compare(quantity.mean, self._sign.value, quantity.claimed).truth

    def _against(self, quantity: _Quantity, seconds: float) -> MeanEvidence:
        return MeanEvidence(
            status=Status.AGAINST,
            summary=f"the mean is ${_text(quantity.mean)}$, {_how([quantity])}{quantity.place}",
            seconds=seconds,
            quantities=(quantity.computed(self._sign.value),),
        )

    def _computed(
        self, known: Sequence[_Quantity], left: Sequence[_Quantity], seconds: float
    ) -> MeanEvidence:
        """What the means that were computed say, none of which is against it."""
        near = [each.place for each in known if self._truth(each) is Truth.UNDECIDED]
        open_ = bool(near) and self._sign not in (Op.EQ, Op.LE, Op.GE)
        said = [f"computed {_how(known)}{_sizes(known)}"] if known else ["the mean is not computed"]
        said += [f"both sides agree as far as they are computed{near[0]}"] if near else []
        names = [each.name for each in left]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        said += [f"not computed at {'; '.join(names[:_NAMED])}{more}"] if known and left else []
        return MeanEvidence(
            status=Status.NONE if open_ or left or not known else Status.FOR,
            summary="; ".join(said),
            seconds=seconds,
            quantities=tuple(each.computed(self._sign.value) for each in known),
            left=tuple(names),
        )

    def _sampled(self, quantities: Sequence[_Quantity], effort: Effort, seed: int) -> Finding:
        _, law, *names = self.stated.relations[0].data

        def sample(count: int, rng: np.random.Generator) -> dict[str, Array]:
            return {
                each.name: _evaluated(self.stated, each.sizes, each.places, count, rng) for each in quantities
            }

        engine = Statistics(
            sample=sample,
            predicted=lambda: {each.name: each.prediction(self._sign) for each in quantities},
            assumes=f"entries of {', '.join(names)} independent and {law}; a finite variance",
            size=10.0,
        )
        return engine.gather(effort=effort, seed=seed)

    def _quantities(self) -> Iterator[_Quantity]:
        ranges = self.stated.sizes
        for chosen in product(*(range(low, high + 1) for low, high in ranges.values())):
            sizes = dict(zip(ranges, chosen, strict=True))
            shapes = _shapes(self.stated, sizes)
            for relation, places in instances(self.stated, sizes):
                try:
                    values = _evaluated(self.stated, sizes, places, _TRIED, np.random.default_rng(0))
                    with balls(_BITS):
                        at = Evaluator(Balls(), {}, sizes)
                        if not admits(self.stated, places, at):
                            continue
                        claimed = at.value(relation.args[1], places)
                        # 0/0 is no 0: what has no value at a sample is not multiplied out.
                        node, law = relation.args[0], relation.data[1]
                        bad = np.isnan(values).any()
                        found = None if bad else exact_mean(node, law, shapes, sizes, places)
                except (MissingTermError, NoValueError):
                    continue
                yield _Quantity(sizes, places, claimed, found)


def _text(value: Scalar | None) -> str:
    return f"{value.str(15, radius=False)}…" if isinstance(value, arb) else str(value)


def _how(known: Sequence[_Quantity]) -> str:
    return "exactly" if all(isinstance(each.mean, fmpq) for each in known) else "in balls"


def _sizes(known: Sequence[_Quantity]) -> str:
    """At which sizes, by name."""
    seen: dict[str, dict[int, None]] = {}
    for each in known:
        for name, size in each.sizes.items():
            seen.setdefault(name, {})[size] = None
    lists = [f"{name} = {', '.join(map(str, sorted(sizes)))}" for name, sizes in seen.items()]
    return f", at {'; '.join(lists)}" if lists else ""


def _evaluated(
    stated: Statement, sizes: Places, places: Places, count: int, rng: np.random.Generator
) -> Array:
    """The number at a sample of the law."""
    relation = stated.relations[0]
    draw = _LAWS[relation.data[1]]
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
