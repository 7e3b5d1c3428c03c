from .algebra.formula import Formula as Formula
from .algebra.mutation import Mutant as Mutant, mutants as mutants
from .derivations.derivation import (
    Calculation as Calculation,
    Derivation as Derivation,
    Relation as Relation,
    Step as Step,
)
from .rendering.text import FORMATS as FORMATS
from .results.assumptions import Assumption as Assumption
