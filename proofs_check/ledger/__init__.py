"""The claims ledger: every claim by its permanent label, in the ledger's order.

One file for each section, with the stem that its derivations have in ``theory``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.ledger import lemmas, loop, separation
from jacspec.proofs_check.ledger.alignment import first_order, full_rank, leading_rank
from jacspec.proofs_check.ledger.dynamics import deep_linear, general, remainder
from jacspec.proofs_check.ledger.initialisation import (
    exact,
    sampled_exponents,
    sampled_fluctuations,
    sampled_scaling,
)

__all__ = ["LEDGER"]

_SECTIONS = (
    general,
    deep_linear,
    remainder,
    lemmas,
    full_rank,
    leading_rank,
    first_order,
    sampled_exponents,
    exact,
    sampled_scaling,
    sampled_fluctuations,
    separation,
    loop,
)

LEDGER: Mapping[str, Claim] = MappingProxyType(
    {claim.label: claim for section in _SECTIONS for claim in section.CLAIMS}
)
