from .algebra.formula import Formula as Formula
from .algebra.mutation import Mutant as Mutant, mutants as mutants
from .derivations.derivation import (
    Derivation as Derivation,
    Part as Part,
    Relation as Relation,
    Step as Step,
)
from .rendering.text import FORMATS as FORMATS
from .results.assumptions import Assumption as Assumption
