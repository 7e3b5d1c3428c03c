"""A claim whose statement is data: one line of mathematics, of which all that a claim has is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.numerics.support.arguments import choice
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.claims.evidence_source import EvidenceSource
from jacspec.proofs_check.claims.margin import Margin
from jacspec.proofs_check.interpretation.statements import judging
from jacspec.proofs_check.interpretation.statements.instances import on_the_whole
from jacspec.proofs_check.referee.statements.means.stated_mean import StatedMean
from jacspec.proofs_check.referee.statements.stated_limit import StatedLimit
from jacspec.theory.statements.expression import Comparison
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.statement import Statement, statement
from jacspec.theory.statements.tree import MEASURED, Op


@dataclass(frozen=True)
class _Conclusion:
    """The margins of the relations, as a function of an example's values."""

    stated: Statement

    def __call__(self, **example: Any) -> list[tuple[str, Margin]]:
        return judging.conclusion(self.stated, example)


@dataclass(frozen=True)
class _Premise:
    """The margins of one premise, as a function of an example's values."""

    stated: Statement
    position: int

    def __call__(self, **example: Any) -> list[tuple[str, Margin]]:
        return judging.premise(self.stated, self.position, example)


@dataclass(frozen=True)
class StatedClaim(Claim):
    """A claim made of a `Statement`; its functions, hypotheses and text are the statement's own.

    Its examples come from its premises, not from strategies: ``given`` only says which values an example has.
    Its mutants are made, not given.
    """

    stated: Statement = field(kw_only=True)


_SOURCES: Mapping[Op, Callable[[Statement], EvidenceSource]] = {Op.TENDS: StatedLimit, Op.MEAN: StatedMean}


def claim(
    label: str,
    relations: Comparison | Iterable[Comparison],
    given: Comparison | Iterable[Comparison] = (),
    *,
    sizes: Mapping[str, tuple[int, int]] | None = None,
    expected: Expectation | str = Expectation.HOLDS,
    whose: Whose | None = None,
    source: str = "",
    remark: str = "",
) -> StatedClaim:
    """The claim that a relation holds, or several, whenever the premises ``given`` do.

    Parameters
    ----------
    label:
        Permanent name, lower case with hyphens.
    relations:
        What is claimed: comparisons of expressions, such as ``s(2, A @ B) <= s(1, A) * s(1, B)``.
    given:
        What is assumed: comparisons again, such as ``A.T == A`` or ``det(B) != 0``.
    sizes:
        By the name of a size, the least and the largest that are tried; 1 to 4 unless said otherwise.
    expected:
        What a correct toolkit should find: ``"holds"``, ``"supported"`` or ``"refuted"``.
    whose, source, remark:
        Who states the claim, where it stands, and what should be reported beside the verdict.
    """
    stated = statement(relations, given, sizes)
    names = judging.names_of(stated)
    if not names:
        message = f"claim {label}: {stated} speaks of no variable; expected one at least, such as matrix('A')"
        raise InputError(message)
    if isinstance(expected, str):
        expected = Expectation(choice("expected", expected, [each.value for each in Expectation]))
    measured = stated.relations[0].op in MEASURED
    whole = [(position, each) for position, each in enumerate(stated.given) if on_the_whole(each, stated)]
    return StatedClaim(
        label=label,
        statement=stated.text,
        given={name: st.nothing() for name in names},
        conclusion=None if measured else _Conclusion(stated),
        further_evidence=[_SOURCES[stated.relations[0].op](stated)] if measured else [],
        hypotheses={f"${text(each)}$": _Premise(stated, position) for position, each in whole},
        expected=expected,
        whose=whose,
        source=source,
        remark=remark,
        stated=stated,
    )
