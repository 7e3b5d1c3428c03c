"""Section 3 of the ledger: exponents, gaps and intercepts at Gaussian initialisation, in balls.

The formulas of ``jacspec.theory.results.initialisation.gaussian`` are evaluated as derived there; nothing
is sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb
from hypothesis import strategies as st

from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.claims.margin import Bound, at_most, equal
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.theory import Formula
from jacspec.theory.results.initialisation import exponents, gap_orders, gaps, gaussian
from jacspec.theory.results.propositions.initialisation import PROPOSITIONS

__all__ = ["CLAIMS"]

_SIGMA = arb(1)
"""σ shifts every exponent alike: it drops out of differences."""

_WIDEST = 4096


@st.composite
def _neighbours(draw: st.DrawFn) -> tuple[int, int]:
    """A width n and a mode k < n."""
    width = draw(st.integers(2, _WIDEST))
    return width, draw(st.integers(1, width - 1))


@st.composite
def _modes(draw: st.DrawFn) -> tuple[int, int]:
    """A width n ≤ 64 and a mode k ≤ n."""
    width = draw(st.integers(1, 64))
    return width, draw(st.integers(1, width))


def _exponent(width: int, mode: int) -> arb:
    return evaluate_formula(gaussian.lyapunov_gaussian(), (width, mode, _SIGMA))


# --- distinct exponents -------------------------------------------------------------------------


def _descends(step: int, least: Callable[[int], arb]) -> Callable[..., arb]:
    """γ_k - γ_{k+1} > least, with ``step`` for 1."""

    def conclusion(size: tuple[int, int]) -> arb:
        width, mode = size
        other = min(mode + step, width) if step > 0 else max(mode + step, 1)
        return _exponent(width, mode) - _exponent(width, other) - least(width)

    return conclusion


_DISTINCT = Claim(
    label="lyapunov-distinct",
    propositions=PROPOSITIONS["lyapunov-distinct"],
    given={"size": _neighbours()},
    conclusion=_descends(1, lambda _: arb(0)),
    mutants={
        "$γ$ ascends": _descends(-1, lambda _: arb(0)),
        "every gap exceeds $1/2$": _descends(1, lambda _: arb(1) / 2),
        "every gap exceeds $1/√n$": _descends(1, lambda width: 1 / arb(width).sqrt()),
    },
    derivation=gaps.distinct,
    whose=Whose.POSTER,
    remark="$γ_k - γ_{k+1}$ is at least $1/(2(n-k))$, which is positive: derived for every $n$ and $k < n$",
)


# --- the gap ------------------------------------------------------------------------------------


def _enclosed(
    expansion: Callable[[int], Formula], remainder: Callable[[int], Formula], share: arb
) -> Callable[..., Iterator[tuple[str, Bound]]]:
    """|gap - expansion| ≤ share · remainder."""

    def conclusion(width: int, terms: int) -> Iterator[tuple[str, Bound]]:
        gap = evaluate_formula(gaussian.gap(), (width,))
        error = abs(gap - evaluate_formula(expansion(terms), (width,)))
        yield "remainder", at_most(error, share * evaluate_formula(remainder(terms), (width,)))
        leading = abs(gap - arb(1) / (2 * width))
        yield ("1/(2n)", at_most(leading, share * evaluate_formula(gaussian.gap_leading_bound(), (width,))))

    return conclusion


_EXPANSION, _REMAINDER = gaussian.gap_expansion, gaussian.gap_remainder

_GAP = Claim(
    label="lyapunov-gap",
    propositions=PROPOSITIONS["lyapunov-gap"],
    given={"width": st.integers(4, _WIDEST), "terms": st.integers(1, gaps.MOST_TERMS - 1)},
    conclusion=_enclosed(_EXPANSION, _REMAINDER, arb(1)),
    mutants={
        "one term fewer, the same remainder": _enclosed(
            lambda terms: _EXPANSION(terms - 1), _REMAINDER, arb(1)
        ),
        "the same terms, the remainder after one more": _enclosed(
            _EXPANSION, lambda terms: _REMAINDER(terms + 1), arb(1)
        ),
        "half the remainder": _enclosed(_EXPANSION, _REMAINDER, arb(1) / 2),
    },
    derivation=gaps.gap,
    whose=Whose.OURS,
    remark=(
        "in $1/n$ the expansion begins $1/(2n) + 3/(4n²) + 1/n³$; in $z = n-1$ it is "
        "$1/(2z) + 1/(4z²) - 1/(8z⁴) + …$, whose partial sums enclose the gap at every $n ≥ 2$: derived here "
        f"for those of up to {gaps.MOST_TERMS} terms without any integral, and for all of them in "
        "`lyapunov-gap-all-orders`"
    ),
)

_MOST_ORDERS = 12


def _on_its_side(
    expansion: Callable[[int], Formula], share: arb
) -> Callable[..., Iterator[tuple[str, Bound]]]:
    """The error gap - expansion lies between 0 and share times the first omitted term."""

    def conclusion(width: int, terms: int) -> Iterator[tuple[str, Bound]]:
        gap = evaluate_formula(gaussian.gap(), (width,))
        error = gap - evaluate_formula(expansion(terms), (width,))
        # After the first term the signs alternate, beginning with +.
        toward = error if terms % 2 else -error
        yield "sign of the first omitted term", at_most(arb(0), toward)
        yield "size", at_most(toward, share * evaluate_formula(_REMAINDER(terms), (width,)))

    return conclusion


_ALL_ORDERS = Claim(
    label="lyapunov-gap-all-orders",
    statement="each partial sum of the gap's expansion errs by at most the first omitted term, with its sign",
    given={"width": st.integers(2, _WIDEST), "terms": st.integers(1, _MOST_ORDERS)},
    conclusion=_on_its_side(_EXPANSION, arb(1)),
    mutants={
        "half the first omitted term": _on_its_side(_EXPANSION, arb(1) / 2),
        "one term fewer": _on_its_side(lambda terms: _EXPANSION(terms - 1), arb(1)),
        "one term more": _on_its_side(lambda terms: _EXPANSION(terms + 1), arb(1)),
    },
    derivation=gap_orders.gap_all_orders,
    whose=Whose.OURS,
    remark="one pole of tanh at a time; the sum over all poles is taken in words, so that this is supported",
)


# --- intercepts ---------------------------------------------------------------------------------


def _partial_sums(closed: Callable[[int, int], arb]) -> Callable[..., arb]:
    """Σ_{i≤k} δ_i, closed form by closed form, is the Haar-minor correction."""

    def conclusion(size: tuple[int, int]) -> arb:
        width, mode = size
        total = sum((closed(width, i) for i in range(1, mode + 1)), arb(0))
        return equal(total + 1, evaluate_formula(gaussian.intercept_by_minors(), (width, mode)) + 1)

    return conclusion


def _closed(width: int, mode: int) -> arb:
    return evaluate_formula(gaussian.intercept(), (width, mode))


_INTERCEPT = Claim(
    label="intercept-closed-form",
    propositions=PROPOSITIONS["intercept-closed-form"],
    given={"size": _modes()},
    conclusion=_partial_sums(_closed),
    mutants={
        "twice": _partial_sums(lambda width, mode: 2 * _closed(width, mode)),
        "the mirrored mode": _partial_sums(lambda width, mode: _closed(width, width + 1 - mode)),
        "one exponent instead of two": _partial_sums(_exponent),
    },
    derivation=exponents.intercepts,
    whose=Whose.OURS,
    remark=(
        "antisymmetric, $δ_{n+1-k} = -δ_k$, so that all of them add up to 0: $log|det J|$ has no intercept"
    ),
)

CLAIMS = (_DISTINCT, _GAP, _ALL_ORDERS, _INTERCEPT)
"""The claims of section 3 that need no sampling, in the ledger's order."""
