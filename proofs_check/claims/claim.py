"""Claims as data: what is asserted, of which examples, under which hypotheses, and how it could be wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hypothesis.strategies import SearchStrategy

from jacspec.documents.blocks import Block, Table
from jacspec.documents.claiming import claims_in
from jacspec.documents.displayable import Displayable
from jacspec.documents.prose import code, literal
from jacspec.numerics import InputError
from jacspec.numerics.support.arguments import refuse_control_characters
from jacspec.proofs_check.claims.evidence_source import EvidenceSource
from jacspec.proofs_check.claims.margin import Margins
from jacspec.proofs_check.claims.report_blocks import as_prose, plain_words
from jacspec.proofs_check.claims.user_code import guest
from jacspec.proofs_check.claims.verdict import Attributed, Expectation as Expectation, Whose as Whose
from jacspec.theory import Derivation
from jacspec.theory.derivations.proposition import Proposition, stated
from jacspec.theory.notation.printing import text

Statement = Callable[..., Margins]
"""A function of an example's values, by name, that returns margins: positive where it holds."""


@dataclass(frozen=True)
class Claim(Attributed, Displayable):
    """A statement about exact examples, ready to be searched for counterexamples.

    Parameters
    ----------
    label:
        Permanent name, lower case with hyphens.
    statement:
        The statement in one line, as a reader should see it; left out where propositions are it.
    propositions:
        What the claim says, as data. Its derivation proves it only if it ends in every one of them.
    given:
        A Hypothesis strategy for each named value of an example. Draw exact values: chains of small
        integers, rationals.
    conclusion:
        Function of the named values that returns the margin (or named margins) of the conclusion:
        balls that are positive where it holds. It runs at the ball precision in force and is called
        again at a higher one when that does not decide.
    hypotheses:
        By name, functions like ``conclusion``: an example counts only where all of them certainly
        hold.
    mutants:
        By name, wrong variants of ``conclusion``, each of which the search must refute.
    free:
        Names of values that are arbitrary apart from the hypotheses: the search for the sharpest example
        may then move their entries over the rationals, beyond what ``given`` draws.
    relaxed:
        For a hypothesis that the examples satisfy by construction: wider strategies, by name, for the
        values among which a counterexample is sought when that hypothesis is dropped.
    trivial:
        By name, cases in which the claim says nothing of interest: if every example that satisfies the
        hypotheses falls into one of them, the claim is vacuous.
    further_evidence:
        Evidence of other kinds, for claims about limits and means, which need neither ``given`` nor
        ``conclusion``: see :mod:`jacspec.proofs_check.referee.statistics` and
        :mod:`jacspec.proofs_check.referee.limits`.
    derivation:
        Function that returns the SymPy derivation of the claim, if it has one.
    certify:
        For claims about limits: function of the named values that says, in one line, why a failing
        example stays failing all the way to the limit, or returns None if it may not. What its propositions
        say is evaluated all the same; only those about random matrices have no value at an example.
    expected:
        What a correct toolkit should find.
    whose:
        Who states it: the poster, the literature, the follow-up to the poster, or this toolkit.
    source:
        Where the claim stands: a reference, or what it rests on.
    remark:
        What should be reported beside the verdict: an explanation; one that claims something is refused.
    """

    label: str
    statement: str = ""
    given: Mapping[str, SearchStrategy[Any]] = field(default_factory=dict)
    conclusion: Statement | None = None
    hypotheses: Mapping[str, Statement] = field(default_factory=dict)
    mutants: Mapping[str, Statement] = field(default_factory=dict)
    free: Sequence[str] = ()
    relaxed: Mapping[str, Mapping[str, SearchStrategy[Any]]] = field(default_factory=dict)
    trivial: Mapping[str, Statement] = field(default_factory=dict)
    further_evidence: Sequence[EvidenceSource] = ()
    propositions: Sequence[Proposition] = ()
    derivation: Callable[[], Derivation] | None = None
    certify: Callable[..., str | None] | None = None
    expected: Expectation = Expectation.HOLDS
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be searched, before anything is computed."""
        if self.label.split() != [self.label.lower()]:
            message = f"label {self.label!r}: expected lower case without spaces, such as 'my-claim'"
            raise InputError(message)
        for said in claims_in(self.remark):
            message = (
                f"claim {self.label}: its remark claims {said}; state it in the claim or one of its own, or "
                "leave it out"
            )
            raise InputError(message)
        for said in (fault for each in self.propositions for one in each.given for fault in one.faults):
            raise InputError(f"claim {self.label}: {said}")
        premises = {each for one in self.propositions for each in one.given}
        titles = [each.title for each in premises]
        for title in sorted({each for each in titles if titles.count(each) > 1}):
            raise InputError(f"claim {self.label}: two premises are called '{title}'")
        for said in _meant_twice(self.propositions):
            raise InputError(f"claim {self.label}: {said}")
        self._state()
        named = (*self.given, *self.hypotheses, *self.mutants, *self.trivial)
        for words in (self.label, self.statement, self.remark, self.source, *named):
            refuse_control_characters(f"claim {self.label!r}", words)
        if self.conclusion is None and not self.further_evidence:
            message = (
                f"claim {self.label}: neither a conclusion nor further evidence; there is nothing to check"
            )
            raise InputError(message)
        stating = getattr(self.conclusion, "stated", None) == tuple(self.propositions)
        if self.propositions and self.conclusion is not None and not stating and not self.argued:
            message = (
                f"claim {self.label}: its conclusion is not what its propositions say; write "
                "**searched(propositions, at)"
            )
            raise InputError(message)
        for source in self.further_evidence if self.propositions else ():
            if {*getattr(source, "propositions", ())} != {*self.propositions}:
                message = (
                    f"claim {self.label}: its {source.kind} evidence is not on its propositions: write "
                    "DrawnAsSaid(evidence, propositions, samplers)"
                )
                raise InputError(message)
        if self.conclusion is not None and not self.given:
            message = f"claim {self.label}: 'given' is empty; name at least one value and its strategy"
            raise InputError(message)
        for name, strategy in self.given.items():
            if not isinstance(strategy, SearchStrategy):
                message = (
                    f"claim {self.label}: given[{name!r}] is {strategy!r}; expected a Hypothesis strategy, "
                    f"such as hypothesis.strategies.integers(1, 5)"
                )
                raise InputError(message)
        if not isinstance(self.expected, Expectation):
            known = ", ".join(map(str, Expectation))
            message = f"claim {self.label}: expected={self.expected!r} is none of {known}"
            raise InputError(message)
        for name in self.free:
            if name not in self.given:
                message = f"claim {self.label}: free value {name!r} is not among {', '.join(self.given)}"
                raise InputError(message)
        for name, draws in self.relaxed.items():
            unknown = sorted(set(draws) - set(self.given))
            if name not in self.hypotheses or unknown:
                message = (
                    f"claim {self.label}: relaxed[{name!r}] needs a hypothesis of that name and strategies "
                    f"for values among {', '.join(self.given)}"
                )
                raise InputError(message)
        functions: dict[str, Callable[..., Any]] = {**self.hypotheses, **self.mutants, **self.trivial}
        if self.conclusion is not None:
            functions["conclusion"] = self.conclusion
        if self.certify is not None:
            functions["certify"] = self.certify
        for name, function in functions.items():
            if not callable(function):
                values = ", ".join(self.given)
                message = f"claim {self.label}: {name!r} is {function!r}; expected a function of {values}"
                raise InputError(message)
            if self.given:
                _check_parameters(self.label, name, function, tuple(self.given))

    def _state(self) -> None:
        """Read the statement off the propositions, where there are any."""
        said = stated(self.propositions) if self.propositions else self.statement
        if not said:
            message = f"claim {self.label}: expected a statement, or propositions to read it off"
            raise InputError(message)
        if self.statement not in ("", said):
            message = (
                f"claim {self.label}: its propositions say '{said}'; leave out the statement "
                f"'{self.statement}'"
            )
            raise InputError(message)
        object.__setattr__(self, "statement", said)

    @property
    def argued(self) -> bool:
        """Whether only its author's words can refute what it says of random matrices."""
        drawn = all(any(each.laws for each in one.given) for one in self.propositions)
        return drawn and self.certify is not None

    @cached_property
    def derived(self) -> Derivation | None:
        """The derivation, made once, to be shown; None if there is none, or none that can be built.

        What raised in between is in the report of the claim, as the verdict ``error``.
        """
        with suppress(Exception), guest():
            return None if self.derivation is None else self.derivation()
        return None

    def blocks(self) -> tuple[Block, ...]:
        """What the claim asserts, of what, and how it could be wrong."""
        rows = {
            "statement": as_prose(self.statement),
            "of": literal(", ".join(self.given)),
            "hypotheses": "; ".join(map(as_prose, self.hypotheses)),
            "wrong variants": "; ".join(map(as_prose, self.mutants)),
            "derivation": "yes" if self.derivation is not None else "",
            "expected": self.expected.value,
            "whose": as_prose(self.credit),
        }
        return (
            Table(("claim", code(self.label)), tuple((name, said or "–") for name, said in rows.items())),
        )

    def __str__(self) -> str:
        return f"{self.label}: {plain_words(self.statement)}"


def _meant_twice(propositions: Sequence[Proposition]) -> Iterator[str]:
    """What one proposition names, and another means by that name, in words."""
    for long, short in dict.fromkeys(each.named for each in propositions if each.named is not None):
        for other in (each for each in propositions if each.named != (long, short)):
            said = [side for each in other.given for one in each.says for side in (one.left, one.right)]
            ranged = [each.symbol for each in other.domain.parameters]
            named = other.named is not None and other.named[1] == short
            if named or any(each.has(short) for each in (other.left, other.right, *said, *ranged)):
                yield f"{text(short)} names {text(long)}, and is something else in '{other.conclusion}'"


def _check_parameters(label: str, name: str, function: Callable[..., Any], values: Sequence[str]) -> None:
    """Refuse a function that cannot be called with the values of an example, by name."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C have none to show
        return
    try:
        signature.bind(**dict.fromkeys(values))
    except TypeError as error:
        code = getattr(inspect.unwrap(function), "__code__", None)
        place = f" ({code.co_filename}:{code.co_firstlineno})" if code is not None else ""
        message = (
            f"claim {label}: {name!r}{place} takes {signature}, and cannot be given {', '.join(values)} by "
            f"name ({error}); rename its parameters like the values in 'given'"
        )
        raise InputError(message) from error
