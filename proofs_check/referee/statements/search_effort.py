"""How hard a statement is searched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchEffort:
    """Batches (at least one for each choice of sizes) of ``batch`` examples; starts and steps of the climb.

    So many of its ends, the lowest, are ``polished``.
    ``exact_tries`` is how many examples of a batch are decided in balls, ``at_equality`` how many in all
    where both sides look equal, ``sampled`` how many at the end, wherever they are. ``mutants`` is the
    effort for each mutant.
    """

    batches: int
    batch: int
    starts: int
    steps: int
    sampled: int
    proposals: int = 4
    polished: int = 8
    exact_tries: int = 8
    at_equality: int = 120
    shrinking: int = 400
    mutants: SearchEffort | None = None


_FAINT = SearchEffort(
    batches=4, batch=400, starts=32, steps=8, sampled=0, polished=2, exact_tries=4, at_equality=30
)
_MILD = SearchEffort(batches=4, batch=1000, starts=64, steps=24, sampled=0, polished=4, at_equality=60)
_FIRM = SearchEffort(batches=12, batch=1500, starts=96, steps=40, sampled=0)
SEARCH_EFFORTS = {
    "quick": SearchEffort(batches=4, batch=800, starts=48, steps=16, sampled=40, polished=4, mutants=_FAINT),
    "standard": SearchEffort(batches=8, batch=1500, starts=96, steps=40, sampled=100, mutants=_MILD),
    "deep": SearchEffort(
        batches=48, batch=3000, starts=192, steps=80, sampled=400, polished=16, mutants=_FIRM
    ),
}
"""The effort of a search by the name of the effort of a claim."""
