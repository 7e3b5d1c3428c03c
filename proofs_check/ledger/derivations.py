"""The derivations by label: those of the ledger's claims, and what they rest on."""

from __future__ import annotations

import difflib

from jacspec.numerics import InputError
from jacspec.proofs_check.ledger import LEDGER
from jacspec.theory import Derivation
from jacspec.theory.results.catalogue import catalogue

__all__ = ["derivation_of"]


def derivation_of(label: str) -> Derivation:
    """Return the derivation with that label.

    Raises InputError for an unknown label, and for a claim that has no derivation.
    """
    known = catalogue() | {
        each.label: each
        for claim in LEDGER.values()
        if claim.derivation is not None
        for derivation in [claim.derivation()]
        for each in (*derivation.lemmas, derivation)
    }
    if label in known:
        return known[label]
    if label in LEDGER:
        message = f"claim {label!r} has no derivation: 'jacspec list' shows which claims have one"
        raise InputError(message)
    near = difflib.get_close_matches(label, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "'jacspec list' shows the claims that have one"
    message = f"unknown derivation {label!r}: {hint}"
    raise InputError(message)
