"""theory: what is claimed of deep Jacobian spectra and why, derived with SymPy.

>>> from theory import dynamics
>>> print(dynamics.general())          # the derivation, step by step
"""

from theory import (
    alignment,
    alignment_bounds,
    deep_linear,
    dynamics,
    exponents,
    finite_depth,
    first_order,
    gaps,
    gates,
    initialisation,
    intercepts,
    loop,
    rank_alignment,
    remainder_derivation,
    separation,
)
from theory.assumptions import Assumption
from theory.derivation import Derivation, Part, Relation, Step
from theory.formula import Formula
from theory.mutation import Mutant, mutants
from theory.rendering import FORMATS

__all__ = [
    "FORMATS",
    "Assumption",
    "Derivation",
    "Formula",
    "Mutant",
    "Part",
    "Relation",
    "Step",
    "alignment",
    "alignment_bounds",
    "deep_linear",
    "dynamics",
    "exponents",
    "finite_depth",
    "first_order",
    "gaps",
    "gates",
    "initialisation",
    "intercepts",
    "loop",
    "mutants",
    "rank_alignment",
    "rank_bounds",
    "remainder",
    "remainder_derivation",
    "separation",
]
