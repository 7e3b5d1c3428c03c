from .algebra.formula import Formula as Formula
from .algebra.rules import Rule as Rule
from .derivations.assumption import Assumption as Assumption, Condition as Condition
from .derivations.calculation import Calculation as Calculation
from .derivations.derivation import Derivation as Derivation
from .derivations.domain import Domain as Domain, Parameter as Parameter
from .derivations.proposition import Proposition as Proposition
from .derivations.relation import Relation as Relation
from .derivations.step import Step as Step
from .notation.declare import declare as declare
from .statements.calculus import ddt as ddt
from .statements.chains import factors as factors, left_vector as left_vector, right_vector as right_vector
from .statements.mutation.expression_variants import Mutant as Mutant, mutants as mutants
from .statements.statement import (
    exists as exists,
    gaussian as gaussian,
    iff as iff,
    mean as mean,
    oo as oo,
    signs as signs,
    tends as tends,
    uniform as uniform,
)
from .statements.vocabulary import (
    block as block,
    delta as delta,
    det as det,
    digamma as digamma,
    direct_sum as direct_sum,
    eig as eig,
    eigenmodulus as eigenmodulus,
    exp as exp,
    expm as expm,
    hadamard as hadamard,
    identity as identity,
    index as index,
    inner as inner,
    kronecker as kronecker,
    largest_entry as largest_entry,
    log as log,
    matrix as matrix,
    maximum as maximum,
    minimum as minimum,
    modulus as modulus,
    norm as norm,
    number as number,
    overlap as overlap,
    polygamma as polygamma,
    product as product,
    s as s,
    scalar as scalar,
    size as size,
    sqrt as sqrt,
    total as total,
    tr as tr,
    triu as triu,
    vector as vector,
    whole as whole,
)
