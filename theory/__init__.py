"""theory: what is claimed of deep Jacobian spectra and why, derived with SymPy.

>>> from theory import dynamics
>>> print(dynamics.general())          # the derivation, step by step
"""

from theory import (
    alignment,
    alignment_bounds,
    deep_linear,
    dynamics,
    finite_depth,
    gates,
    initialisation,
    intercepts,
    loop,
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
    "finite_depth",
    "gates",
    "initialisation",
    "intercepts",
    "loop",
    "mutants",
    "rank_bounds",
    "remainder",
    "separation",
]
