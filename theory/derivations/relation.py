"""How the two sides of a step, of a part or of a lemma are related."""

from __future__ import annotations

from enum import Enum

__all__ = ["Relation"]


class Relation(Enum):
    """How what follows is related to what came before."""

    EQUAL = "="
    LIMIT = "→"
    """Equal in the limit ε → 0, everything else held fixed."""
    AT_MOST = "≤"
    AT_LEAST = "≥"

    @property
    def is_inequality(self) -> bool:
        """Whether one side only bounds the other."""
        return self in (Relation.AT_MOST, Relation.AT_LEAST)
