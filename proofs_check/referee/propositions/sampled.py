"""Evidence on propositions about random chains: what is sampled against what they say, and their variants.

A mean E[x] is sampled by x, a variance by the unbiased variances of small groups of chains, a probability by
its event; a limit in law by the means of cos tx and sin tx. Limits are compared at a finite size, which is
off by a proven slack. A variant that changes no more than what vanishes as chains grow is the same limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from operator import add, mul
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Expr, Float, Integer, Mul, Pow, Symbol, log
from sympy.core.function import AppliedUndef

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import StatisticsEvidence, Status
from jacspec.proofs_check.claims.evidence_source import Finding
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.referee.statistics import LEVEL, Prediction, Statistics, comparison
from jacspec.theory import Relation, mutants
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.chance import LAWS, Chance, Law, Mean, Probability, Variance
from jacspec.theory.notation.printing import text

Floats = NDArray[np.float64]
Values = Mapping[Symbol, Any]

_GROUP = 20
"""Chains of which one variance is taken."""


@dataclass(frozen=True)
class Batch:
    """Chains of one size: logarithms of singular values by symbol, and of each a control of mean 0."""

    logs: Mapping[Expr, Floats]
    controls: Mapping[Expr, Floats] = field(default_factory=dict)


Samples = Mapping[str, Batch]


@dataclass(frozen=True)
class Sides:
    """Those of a variant, which are compared with samples and shown nowhere: a proposition is read again."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class Quantity:
    """One mean that a proposition predicts, or its variant does.

    ``values`` are those of its symbols; ``batches`` names samples, each with the weight and the sizes at
    which the left side enters: 2 at 2N and -1 at N leave of a + b/N only a. ``slack`` is how far the mean at
    these sizes may lie below and above; ``wave`` the t and the function, cos or sin, by which a law is seen.
    If ``controlled``, the controls are taken away.
    """

    name: str
    proposition: Proposition
    values: Values
    batches: Sequence[tuple[int, str, Values]]
    slack: Prediction
    wave: tuple[float, Callable[[Any], Any]] | None = None
    controlled: bool = False
    variant: Sides | None = None

    @property
    def said(self) -> Proposition | Sides:
        """The sides that are compared."""
        return self.variant or self.proposition

    def sample(self, samples: Samples) -> Floats:
        """What is averaged: a value for each chain, or for each group of chains."""
        parts = []
        for weight, name, size in self.batches:
            batch = samples[name]
            left = self.said.left.xreplace({**self.values, **size})
            value = on_samples(left, batch.logs)
            if np.ndim(value) == 0:  # a variant in which nothing random is left
                value = np.full(len(next(iter(batch.logs.values()))), value)
            if self.controlled:
                value = value - sum(batch.controls[own] for own in left.atoms(AppliedUndef))
            parts.append(weight * value)
        total = reduce(add, parts)
        time, seen = self.wave or (1.0, np.asarray)
        return seen(time * total)

    @property
    def prediction(self) -> Prediction:
        """What the right side says, with the slack."""
        right = self.said.right.xreplace({**self.values, **self.batches[0][2]})
        if isinstance(right, Law) and self.wave is not None:
            time, seen = self.wave
            right = right.characteristic(Float(time)) if seen is np.cos else Integer(0)
        return replace(self.slack, value=_number(right))


_OPERATIONS: Mapping[Any, Callable[[Any, Any], Any]] = {Add: add, Mul: mul, Pow: pow}


@lru_cache(maxsize=1 << 14)
def _number(expression: Expr) -> float:
    try:
        value = complex(expression.evalf())
    except TypeError:  # a sum with a pole
        return float("nan")
    return value.real if not value.imag else float("nan")


def on_samples(expression: Expr, logs: Mapping[Expr, Floats]) -> Any:
    """What is averaged for an expression, of chains whose singular values are given by their logarithms."""
    with np.errstate(under="ignore", over="ignore", divide="ignore", invalid="ignore"):
        return _walked(expression, logs)


def _walked(node: Expr, logs: Mapping[Expr, Floats]) -> Any:
    if node in logs:
        return np.exp(logs[node])
    if not node.has(AppliedUndef):
        return _number(node)
    match node:
        case Pow() | Add() | Mul():
            return reduce(_OPERATIONS[node.func], (_walked(part, logs) for part in node.args))
        case log():
            inside = node.args[0]
            return sum(
                logs[part] if part in logs else np.log(_walked(part, logs)) for part in Mul.make_args(inside)
            )
        case Mean():
            return _walked(node.args[0], logs)
        case Variance():
            values = _walked(node.args[0], logs)
            return values[: len(values) // _GROUP * _GROUP].reshape(-1, _GROUP).var(axis=1, ddof=1)
        case Probability():
            return np.equal(*(_walked(part, logs) for part in node.args)).astype(float)
    message = f"{node}: expected means, variances and probabilities of sums of logarithms of singular values"
    raise TypeError(message)


@dataclass(frozen=True)
class SampledPropositions:
    """Statistics of propositions on random chains.

    Parameters
    ----------
    quantities:
        Function without arguments that returns the means that are compared.
    draw:
        ``draw(count, generator)`` returns samples of so many chains, by the names that quantities use.
    others:
        By name, wrong right sides beyond changes of a single site, each with the proposition that it is for.
    size, least:
        There are ``size`` times the effort's samples, and at least ``least``.
    """

    quantities: Callable[[], Sequence[Quantity]]
    draw: Callable[[int, np.random.Generator], Samples]
    assumes: str
    others: Mapping[str, tuple[Proposition, Expr]] = field(default_factory=dict)
    size: float = 1.0
    least: int = 2

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return StatisticsEvidence.kind

    @property
    def compared(self) -> tuple[Proposition, ...]:
        """The propositions whose means are compared."""
        return tuple(dict.fromkeys(each.proposition for each in self.quantities()))

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Draw, compare, and try the variants of every proposition on the same sample."""
        drawn: dict[str, Batch] = {}
        quantities = tuple(self.quantities())
        for proposition in self.compared:
            _refuse_what_is_no_mean(proposition)

        def sample(count: int, generator: np.random.Generator) -> dict[str, Floats]:
            drawn.update(self.draw(count, generator))
            return {each.name: each.sample(drawn) for each in quantities}

        engine = Statistics(
            sample=sample,
            predicted=lambda: {each.name: each.prediction for each in quantities},
            assumes=self.assumes,
            size=self.size,
            least=self.least,
        )
        start = perf_counter()
        finding = engine.gather(effort=effort, seed=seed)
        tried = self._tried(quantities, drawn) if finding.evidence.status is Status.FOR else Mutants()
        return Finding(replace(finding.evidence, seconds=perf_counter() - start), tried)

    def _tried(self, quantities: Sequence[Quantity], samples: Samples) -> Mutants:
        """What becomes of all variants; one that no sample rejects may be a limit too, but no equality."""
        level = LEVEL / len(quantities)
        found: list[tuple[str, Fate]] = []
        for proposition in dict.fromkeys(each.proposition for each in quantities):
            own = [each for each in quantities if each.proposition == proposition]
            open_one = Fate.UNREFUTED if proposition.relation is Relation.LIMIT else Fate.SURVIVES
            named = [(name, right) for name, (of, right) in self.others.items() if of == proposition]
            wrong = [(name, Sides(proposition.left, right)) for name, right in named]
            for change, varied in (*variants(proposition), *wrong):
                fate = _fate(varied, own, samples, level) or open_one
                found.append((f"'{change}' is within the errors of the sample", fate))
        return Mutants.of(found)


def _fate(varied: Sides, own: Sequence[Quantity], samples: Samples, level: float) -> Fate | None:
    """What the sample says of a variant; None if it does not tell it from what is claimed."""
    if _same_limit(varied, own[0]):
        return Fate.EQUIVALENT
    altered = [replace(each, variant=varied) for each in own]
    try:
        if any(_rejected(each, samples, level) for each in altered):
            return Fate.REFUTED
    except InputError:  # it has no value
        return Fate.EQUIVALENT
    pairs = list(zip(altered, own, strict=True))
    same = all(np.array_equal(each.sample(samples), was.sample(samples)) for each, was in pairs)
    return Fate.EQUIVALENT if same and varied.right == own[0].proposition.right else None


_CHANCE = (Mean, Variance, Probability)


def _refuse_what_is_no_mean(proposition: Proposition) -> None:
    """Raise InputError for a left side of which samples do not estimate the mean without a bias.

    It may be a sum of means, variances and probabilities with numbers before them; of a limit also what is
    random itself, as its law, or what it tends to, is compared.
    """
    for term in Add.make_args(proposition.left.expand(deep=False)):
        _, chance = term.as_independent(AppliedUndef)
        random = chance.atoms(AppliedUndef)
        alone = isinstance(chance, _CHANCE) and not any(part.has(*_CHANCE) for part in chance.args)
        bare = proposition.relation is Relation.LIMIT and not chance.has(*_CHANCE)
        if random and not (alone or bare):
            message = (
                f"'{text(term)}' is not what samples estimate: expected sums of E[…], Var(…) and P(…) with "
                "numbers before them; state the mean of each by itself"
            )
            raise InputError(message)


def _rejected(quantity: Quantity, samples: Samples, level: float) -> bool:
    return comparison(quantity.name, quantity.sample(samples), quantity.prediction, level).rejected


def variants(proposition: Proposition) -> Iterator[tuple[str, Sides]]:
    """Every change of a single site of either side; of a law its variance, and the law itself."""
    left, right = proposition.left, proposition.right
    for change, other in _varied(left):
        yield f"{change} on the left", Sides(other, right)
    if not isinstance(right, Law):
        for change, other in _varied(right):
            yield change, Sides(left, other)
        return
    for change, variance in _varied(right.variance):
        if variance.is_negative is not True and variance != -right.variance:
            yield change, Sides(left, Law(right.name, variance))
    for name in LAWS:
        if name != right.name:
            yield f"the law: {name}", Sides(left, Law(name, right.variance))


def _varied(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """Changes outside and inside of what is random; what a symbol stands for is sampled as it is."""
    random = [each for each in expression.atoms(Chance, AppliedUndef) if expression.has(each)]
    whole = sorted((each for each in random if not any(o.has(each) for o in random if o != each)), key=str)
    names = {each: Symbol(f"random{place}", positive=True) for place, each in enumerate(whole)}
    back = {name: each for each, name in names.items()}
    for mutant in mutants(expression.xreplace(names)):
        change = reduce(lambda said, name: said.replace(str(name), text(back[name])), back, mutant.change)
        yield change, mutant.expression.xreplace(back)
    for each in whole if expression.has(Chance) else ():
        for place, part in enumerate(each.args) if isinstance(each, Chance) else ():
            for change, other in _varied(part):
                changed = each.func(*each.args[:place], other, *each.args[place + 1 :])
                yield change, expression.xreplace({each: changed})


_FAR, _NEAR = 10**8, 1e-3


def _same_limit(varied: Sides, quantity: Quantity) -> bool:
    """Whether only what vanishes has changed, wherever log s = aN + b + √N z with any a, b and z.

    The law of -x is that of x, as all laws here are symmetric.
    """
    was = quantity.proposition
    if was.relation is not Relation.LIMIT or varied.right != was.right:
        return False
    variable, _ = was.towards
    size = {**quantity.values, **quantity.batches[0][2], variable: Integer(_FAR)}
    left, other = (each.left.xreplace(size) for each in (was, varied))
    scatter = np.linspace(-0.4, 0.9, _GROUP)
    grown = 0.3 * _FAR + 0.7 + _FAR**0.5 * scatter
    logs = dict.fromkeys(left.atoms(AppliedUndef) | other.atoms(AppliedUndef), grown)
    value, reached = on_samples(left, logs), on_samples(other, logs)
    signs = (1, -1) if isinstance(was.right, Law) else (1,)
    return any(bool(np.max(np.abs(value - sign * reached)) < _NEAR) for sign in signs)
