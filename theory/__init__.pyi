from .algebra.formula import Formula as Formula
from .algebra.mutation import Mutant as Mutant, mutants as mutants
from .derivations.assumption import Assumption as Assumption
from .derivations.calculation import Calculation as Calculation
from .derivations.derivation import Derivation as Derivation
from .derivations.relation import Relation as Relation
from .derivations.step import Step as Step
