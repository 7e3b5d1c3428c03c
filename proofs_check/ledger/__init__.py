"""The claims ledger: every claim by its permanent label, in the ledger's order.

One room for each chapter, with the stems that its derivations have in ``theory``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.ledger import lemmas, loop, separation
from jacspec.proofs_check.ledger.alignment import (
    first_order,
    full_rank,
    in_the_limit,
    leading_rank,
    two_by_two,
)
from jacspec.proofs_check.ledger.dynamics import deep_linear, general, remainder
from jacspec.proofs_check.ledger.initialisation import (
    exact,
    sampled_exponents,
    sampled_fluctuations,
    sampled_scaling,
)

__all__ = ["CHAPTERS", "LEDGER"]

_FILES = {
    "Dynamics": (general, deep_linear, remainder),
    "Alignment": (lemmas, in_the_limit, full_rank, two_by_two, leading_rank, first_order),
    "Random initialisation": (sampled_exponents, exact, sampled_scaling, sampled_fluctuations),
    "Separation": (separation,),
    "The loop": (loop,),
}

CHAPTERS: Mapping[str, tuple[Claim, ...]] = MappingProxyType(
    {title: tuple(claim for file in files for claim in file.CLAIMS) for title, files in _FILES.items()}
)
"""The claims of each chapter, by its title; docs/ledger.md numbers them from 1."""

LEDGER: Mapping[str, Claim] = MappingProxyType(
    {claim.label: claim for claims in CHAPTERS.values() for claim in claims}
)
