"""A counterexample evaluated once more: every hypothesis and the conclusion, rigorously."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.exact_values import unshared
from jacspec.proofs_check.claims.margin import START_BITS, Judgement, Truth, judge
from jacspec.proofs_check.claims.report_blocks import plain_words
from jacspec.proofs_check.claims.user_code import guest, place_of, said_by
from jacspec.proofs_check.referee.propositions.conclusion import applied
from jacspec.proofs_check.referee.refutation import example_text, may_be_reached
from jacspec.proofs_check.referee.search import CAP_BITS

Result = TypeVar("Result")


@dataclass(frozen=True)
class Replay:
    """What the hypotheses and the conclusion of a claim say at one exact example.

    ``certificate`` is why the example stays failing in the limit, for a claim that must certify that.
    """

    label: str
    example: str
    hypotheses: Mapping[str, Judgement]
    conclusion: Judgement
    certifiable: bool
    certificate: str | None

    @property
    def refutes(self) -> bool:
        """Whether every hypothesis certainly holds and the conclusion certainly fails."""
        return (
            all(judgement.truth is Truth.HOLDS for judgement in self.hypotheses.values())
            and self.conclusion.truth is Truth.FAILS
            and not (self.certifiable and self.certificate is None)
        )

    def __str__(self) -> str:
        state = "still refuted" if self.refutes else "not refuted"
        lines = [f"{self.label}: {state} by", *(f"    {line}" for line in self.example.splitlines())]
        for name, judgement in {**self.hypotheses, "the conclusion": self.conclusion}.items():
            lines.append(f"  {plain_words(name)}: {judgement.truth.value} (at {judgement.bits} bits)")
            lines += [f"    margin {_margin(margin.name)}{margin.ball}" for margin in judgement.margins]
        if self.certifiable:
            why = plain_words(self.certificate or "not certified")
            lines.append(f"  in the limit, by the claim's author: {why}")
        return "\n".join(lines)


def _margin(name: str) -> str:
    return f"{plain_words(name)}: " if name else ""


def replay(claim: Claim, example: Mapping[str, Any], *, bits: int = START_BITS) -> Replay:
    """Evaluate a claim at an exact example, from ``bits`` of precision upwards.

    Raises InputError if the example lacks a value of the claim's or has one too many, if the claim has no
    conclusion, and if one of its functions raises.
    """
    if claim.conclusion is None:
        message = f"claim {claim.label} has no conclusion: no single example can refute it"
        raise InputError(message)
    if set(example) != set(claim.given):
        message = (
            f"an example of {claim.label} with the values {', '.join(example)}: expected "
            f"{', '.join(claim.given)}; was the claim changed since?"
        )
        raise InputError(message)
    certify, certificate = claim.certify, None
    if certify is not None:
        certificate = _called(claim, "certify", lambda: certify(**unshared(example)))
    judged = _judged(claim, "the conclusion", claim.conclusion, example, bits)
    is_open = judged.truth is Truth.FAILS and _called(
        claim, "the conclusion", lambda: may_be_reached(claim, example, judged.bits)
    )
    return Replay(
        label=claim.label,
        example=example_text(example),
        hypotheses={
            name: _judged(claim, name, statement, example, bits)
            for name, statement in claim.hypotheses.items()
        },
        conclusion=judged,
        certifiable=is_open or claim.certify is not None,
        certificate=None if is_open else certificate,
    )


def _judged(
    claim: Claim, name: str, statement: Statement, example: Mapping[str, Any], bits: int
) -> Judgement:
    cap = max(bits, CAP_BITS)
    return _called(claim, name, lambda: judge(lambda: applied(statement, example), cap=cap, start=bits))


def _called(claim: Claim, name: str, function: Callable[[], Result]) -> Result:
    try:
        with guest():
            return function()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an exit too
        message = f"{claim.label}: {name} raised {said_by(error)}{place_of(error)}; mend it"
        raise InputError(message) from error
