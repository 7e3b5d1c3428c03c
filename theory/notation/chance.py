"""Random numbers in formulas: means, variances, probabilities, and the laws to which they tend.

A limit whose right side is a `Law` is one in law.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic, Expr, Symbol, cos, exp, sin, sqrt, sympify
from sympy.core.symbol import Str


class Chance(Expr):  # type: ignore[misc]
    """A number made of something random, or a law; ``templates`` is how its parts are written, twice.

    As text and in LaTeX, with ``{0}``, ``{1}`` for the parts.
    """

    is_commutative = True
    is_extended_real = True
    templates: tuple[str, str]

    def __new__(cls, *parts: Basic | int) -> Chance:
        """Of random numbers."""
        return Expr.__new__(cls, *map(sympify, parts))  # type: ignore[no-any-return]


class Mean(Chance):
    """E[x]."""

    templates = ("E[{0}]", r"\mathbb{{E}}\left[{0}\right]")


class Variance(Chance):
    """Var(x)."""

    templates = ("Var({0})", r"\operatorname{{Var}}\left({0}\right)")


class Probability(Chance):
    """P(x = y), of two sides and not of SymPy's relation, which decides itself: no s_k is 0 to SymPy."""

    templates = ("P({0} = {1})", r"\mathbb{{P}}\left({0} = {1}\right)")


class Convergence(Chance):
    """P(lim x ∈ ℝ): the probability that x has a finite limit as a variable, the second part, grows."""

    templates = (
        "P(lim_{{{1} → ∞}} {0} ∈ ℝ)",
        r"\mathbb{{P}}\left(\lim_{{{1} \to \infty}} {0} \in \mathbb{{R}}\right)",
    )


_t = Symbol("t", positive=True)
LAWS: Mapping[str, tuple[tuple[str, str], Expr]] = {
    "normal": (("𝒩(0, {1})", r"\mathcal{{N}}\left(0, {1}\right)"), exp(-(_t**2) / 2)),
    "Laplace": (("Laplace(0, {1})", r"\mathrm{{Laplace}}\left(0, {1}\right)"), 1 / (1 + _t**2 / 2)),
    "uniform": (("U(0, {1})", r"\mathrm{{U}}\left(0, {1}\right)"), sin(sqrt(3) * _t) / (sqrt(3) * _t)),
    "two values": (("±(0, {1})", r"\pm\left(0, {1}\right)"), cos(_t)),
}
"""Symmetric laws by name, with mean and variance in brackets; and, of variance 1, E e^{itx} at t > 0."""


class Law(Chance):
    """One of ``LAWS``, by its name and its variance."""

    def __new__(cls, name: str | Str, variance: Expr | int) -> Chance:
        """Refuse a name that is not known."""
        if str(name) not in LAWS:
            message = f"the law {str(name)!r}: expected one of {', '.join(LAWS)}"
            raise ValueError(message)
        return super().__new__(cls, Str(str(name)), variance)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.args[0])

    @property
    def variance(self) -> Expr:
        """Its variance; its mean is 0."""
        return self.args[1]

    @property
    def templates(self) -> tuple[str, str]:  # type: ignore[override]
        """By the name."""
        return LAWS[self.name][0]

    def characteristic(self, at: Expr) -> Expr:
        """E e^{itx}, a real number."""
        return LAWS[self.name][1].subs(_t, at * sqrt(self.variance))
