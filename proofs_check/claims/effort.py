"""How hard to look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Examples drawn for the claim, at most for each of its mutants, evaluations and samples beyond.

    ``seconds`` is what a claim may take on the command line: many times what any claim of the ledger does.
    ``climb`` is how often a bound is evaluated to see how sharp it is, ``samples`` the size of a Monte
    Carlo sample. ``step_mutants`` bounds how many mutants of each derivation step are tried; None is all.
    ``open_variants`` bounds how many of the variants of the statement that the first examples leave open are
    tried at all of them.
    """

    name: str
    examples: int
    mutant_examples: int
    climb: int = 0
    samples: int = 1000
    seconds: float = 1200
    step_mutants: int | None = None
    open_variants: int | None = None


EFFORTS = {
    effort.name: effort
    for effort in (
        Effort("quick", 40, 60, 0, 400, 300, 4, 1),
        Effort("standard", 200, 200, 800, 2000, 1200, None, 5),
        Effort("deep", 2000, 1000, 8000, 20000, 14400),
    )
}


def effort_of(effort: str | Effort) -> Effort:
    """The effort of a name; raises InputError for a name that there is not."""
    if isinstance(effort, Effort):
        return effort
    # Here, as the command line reads EFFORTS before anything is computed.
    from jacspec.numerics.support.arguments import choice

    return EFFORTS[choice("effort", effort, list(EFFORTS))]
