"""A claim of your own, in about twenty lines: run it with ``jacspec verify examples/own_claim.py``.

Horn's inequality for the largest singular value of a product, and the same with a wrong index. Values
are exact; functions return a margin, positive where the statement holds, as a rigorous ball.
"""

from jacspec import Claim, Expectation
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.proofs_check.strategies import square

GIVEN = {"A": square(2), "B": square(2)}


def slack(i, j, k):
    """The margin of s_k(AB) ≤ s_i(A) s_j(B)."""

    def margin(A, B):
        return singular_values(A)[i - 1] * singular_values(B)[j - 1] - singular_values(A * B)[k - 1]

    return margin


true = Claim(
    label="product-norm",
    statement="$s_2(AB) ≤ s_1(A) s_2(B)$",
    given=GIVEN,
    conclusion=slack(1, 2, 2),
    mutants={"$s_2(A)$ for $s_1(A)$": slack(2, 2, 2), "$s_1(AB)$": slack(1, 2, 1)},
)
false = Claim(
    label="product-norm-wrong-index",
    statement="$s_1(AB) ≤ s_1(A) s_2(B)$",
    given=GIVEN,
    conclusion=slack(1, 2, 1),
    expected=Expectation.REFUTED,
)
