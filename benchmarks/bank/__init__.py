"""The bank: true and false statements of matrix analysis and of this field, each written once.

The true ones are theorems with a source; each false one is wrong by a hypothesis, an index, a constant
or a direction. None was chosen for being easy, and none is to be dropped for being missed.
"""

from benchmarks.bank import chains, determinants, eigenvalues, perturbation, scalars, singular_values

__all__ = ["BANK"]

BANK = (
    *singular_values.ENTRIES,
    *eigenvalues.ENTRIES,
    *determinants.ENTRIES,
    *perturbation.ENTRIES,
    *chains.ENTRIES,
    *scalars.ENTRIES,
)
