"""What mistakes look like: a forgotten factor, and a derivation that stops short of its claim."""

from dataclasses import replace

import weight_decay as right

from jacspec import Calculation, Derivation
from jacspec.theory.notation.symbols import MT, M, Mdot, MdotT, l
from jacspec.theory.notation.words import D
from jacspec.theory.results.dynamics.balanced import PRODUCTS

forgotten = Derivation(
    "forgotten-factor",
    "A factor 2 is forgotten",
    (
        Calculation("The imbalance of two neighbours", D(right.imbalance))
        .equals(
            MdotT(l + 1) * M(l + 1) + MT(l + 1) * Mdot(l + 1) - Mdot(l) * MT(l) - M(l) * MdotT(l),
            "product rule",
        )
        .equals(-right.λ * right.imbalance, "insert the velocity", right.WEIGHT_DECAY, PRODUCTS),
    ),
)

(whole,) = right.imbalance_decays.calculations
unfinished = replace(right.imbalance_decays, calculations=(replace(whole, steps=whole.steps[:1]),))
short = replace(right.claim, derivation=lambda: unfinished)
