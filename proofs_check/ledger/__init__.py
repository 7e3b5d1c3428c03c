"""The claims ledger: every claim by its permanent label, in the ledger's order.

One file for each section, with the stem that its derivations have in ``theory``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from proofs_check.claim import Claim
from proofs_check.ledger import (
    alignment,
    deep_linear,
    dynamics,
    first_order,
    initialisation,
    lemmas,
    loop,
    rank_bounds,
    remainder,
    sampled_exponents,
    sampled_fluctuations,
    sampled_scaling,
    separation,
)

__all__ = ["LEDGER"]

_SECTIONS = (
    dynamics,
    deep_linear,
    remainder,
    lemmas,
    alignment,
    rank_bounds,
    first_order,
    sampled_exponents,
    initialisation,
    sampled_scaling,
    sampled_fluctuations,
    separation,
    loop,
)

LEDGER: Mapping[str, Claim] = MappingProxyType(
    {claim.label: claim for section in _SECTIONS for claim in section.CLAIMS}
)
