"""The derivations by label: those of the ledger's claims, and what they rest on."""

from __future__ import annotations

from jacspec.numerics import InputError
from jacspec.numerics.support.arguments import hint
from jacspec.proofs_check.claims.user_code import place_of, said_by
from jacspec.proofs_check.ledger import LEDGER
from jacspec.theory import Derivation
from jacspec.theory.results.catalogue import catalogue


def derivation_of(label: str) -> Derivation:
    """Return the derivation with that label.

    Raises InputError for an unknown label, for a claim that has no derivation, and for a derivation that
    cannot be built, with the file and the line at which it raised.
    """
    known = catalogue()
    if label in known:
        try:
            return known[label]
        except Exception as error:
            message = f"derivation {label!r} raised {said_by(error)}{place_of(error)}"
            raise InputError(message) from error
    if label in LEDGER:
        message = f"claim {label!r} has no derivation: 'jacspec list' shows which claims have one"
        raise InputError(message)
    meant = hint(label, known, "'jacspec list' shows the claims that have one")
    message = f"unknown derivation {label!r}: {meant}"
    raise InputError(message)
