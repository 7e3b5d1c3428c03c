"""Printing the notation: one line of Unicode for the terminal, LaTeX for papers and notebooks.

Both are SymPy's own printers, taught the heads of theory/notation/symbols.py and a reading order for
products: numbers, symbols, powers, exponentials, inner products, sums, words.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import digits

from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Integer,
    Integral,
    KroneckerDelta,
    Mul,
    Pow,
    Subs,
    Sum,
    Symbol,
    exp,
    gamma,
    log,
    polygamma,
    together,
)
from sympy.core.alphabets import greeks
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from jacspec.documents.signs import GREEK
from jacspec.theory.notation.chance import Chance
from jacspec.theory.notation.heads import head_of, is_raised
from jacspec.theory.notation.reading_order import in_order, positive_first, side_by_side
from jacspec.theory.notation.symbols import epsilon
from jacspec.theory.notation.words import D, Inner, transpose_word

_GREEK = {name.removeprefix("var"): letter for letter, name in GREEK.items()}
"""The Greek letters by the names that symbols have."""

_TAKES_IN = (Sum, Derivative)
"""What takes in the factors that follow it."""


def _is_word(name: str) -> bool:
    return len(name) > 1 and name.isalpha() and name.lower() not in greeks


def text(expression: Expr) -> str:
    """One line of Unicode, e.g. ``s_k(A_{l+1}) ⟨u_k, G v_k⟩``."""
    return _TextPrinter().doprint(expression)  # type: ignore[no-any-return]


def latex(expression: Expr) -> str:
    r"""LaTeX for mathematics mode, e.g. ``s_{k}(A_{l + 1}) \langle u_{k}, G v_{k}\rangle``."""
    return _LatexPrinter().doprint(expression)  # type: ignore[no-any-return]


def sides_of(product: Inner) -> tuple[Expr, Expr]:
    """Read the scalar ``aᵀ b`` as ⟨a, b⟩, as it was written."""
    first, *rest = Mul.make_args(product.args[0])
    return transpose_word(first), Mul(*rest)


def _braced(printed: str) -> str:
    return printed if len(printed) == 1 else "{" + printed + "}"


def terms_in_order(total: Add) -> list[Expr]:
    """The terms of a sum as LaTeX shows them."""
    return _LatexPrinter()._as_ordered_terms(total)


def sums_latex(total: Sum) -> str:
    """The signs of a sum, those over the same range as one."""
    gathered: dict[tuple[Expr, Expr], list[str]] = {}
    for variable, first, last in reversed(total.limits):
        gathered.setdefault((first, last), []).append(latex(variable))
    return "".join(
        rf"\sum_{{{','.join(variables)}={latex(first)}}}^{{{latex(last)}}} "
        for (first, last), variables in gathered.items()
    )


class _TextPrinter(StrPrinter):  # type: ignore[misc]
    def _as_ordered_terms(self, total: Add, order: str | None = None) -> list[Expr]:
        return positive_first(super()._as_ordered_terms(total, order))

    def _index(self, index: Expr) -> str:
        return _braced(self._print(index).replace(" ", ""))

    def _print_Function(self, atom: AppliedUndef) -> str:
        head = head_of(atom)
        if head is None:
            return super()._print_Function(atom)  # type: ignore[no-any-return]
        return head.text.format(*map(self._index, atom.args))

    def _print_Symbol(self, symbol: Symbol) -> str:
        stem, *index = symbol.name.split("_")
        return "_".join([_GREEK.get(stem, stem), *index])

    def _print_bernoulli(self, number: Expr) -> str:
        # Not B: in this theory that is a partial product.
        return f"Bernoulli({self._print(number.args[0])})"

    def _print_binomial(self, number: Expr) -> str:
        return "binom({}, {})".format(*map(self._print, number.args))

    def _print_exp(self, function: exp) -> str:
        return f"e^{self._exponent(function.args[0])}"

    def _print_Pow(self, power: Pow, rational: bool = False) -> str:  # noqa: ARG002
        if power.exp.is_Integer and power.exp.is_negative:
            return self._print_Mul(power)
        base = self.parenthesize(power.base, PRECEDENCE["Pow"])
        if isinstance(power.base, (*_TAKES_IN, Integral, D)) or is_raised(power.base):
            base = f"({base})"
        return f"{base}^{self._exponent(power.exp)}"

    def _exponent(self, exponent: Expr) -> str:
        return _braced(self._print(exponent))

    def _print_Mul(self, product: Mul) -> str:
        negative, above, below = in_order(product)
        printed = side_by_side(self._factors(above, below))
        if below:
            divisor = side_by_side(map(self._factor, below))
            printed += f"/({divisor})" if len(below) > 1 else f"/{divisor}"
        return f"-{printed}" if negative else printed

    def _factors(self, factors: Sequence[Expr], below: Sequence[Expr]) -> list[str]:
        """A sum takes in what follows it: there it stands in brackets, and above what holds its index."""
        *front, last = factors or [Integer(1)]
        bracketed = [
            f"({self._print(each)})" if isinstance(each, _TAKES_IN) else self._factor(each) for each in front
        ]
        own = last.bound_symbols if isinstance(last, Sum) else getattr(last, "variables", ())
        clash = any({*own} & each.free_symbols for each in below)
        return [*bracketed, f"({self._print(last)})" if clash else self._factor(last)]

    def _factor(self, factor: Expr) -> str:
        printed = self._print(factor)
        return f"({printed})" if isinstance(factor, Add) else printed

    def _print_Sum(self, total: Sum) -> str:
        signs = "".join(
            f"Σ_{{{variable}={self._print(first)}}}^{self._exponent(last)} "
            for variable, first, last in reversed(total.limits)
        )
        return signs + self._factor(total.function)

    def _print_Inner(self, product: Inner) -> str:
        left, right = sides_of(product)
        return f"⟨{self._print(left)}, {self._print(right)}⟩"

    def _print_polygamma(self, function: polygamma) -> str:
        order, argument = function.args
        name = "ψ" + "′" * int(order) if order.is_Integer and order < 4 else f"ψ^({self._print(order)})"
        return f"{name}({self._print(together(argument))})"

    def _print_Abs(self, value: Abs) -> str:
        return f"|{self._print(value.args[0])}|"

    def _print_gamma(self, function: gamma) -> str:
        return f"Γ({self._print(together(function.args[0]))})"

    def _print_Integral(self, integral: Integral) -> str:
        variable, first, last = integral.limits[0]
        return (
            f"∫_{_braced(self._print(first))}^{self._exponent(last)} "
            f"{self._factor(integral.function)} d{self._print(variable)}"
        )

    def _print_Derivative(self, derivative: Derivative) -> str:
        powers = [
            (self._print(x), f"^{order}" if order > 1 else "") for x, order in derivative.variable_count
        ]
        rates = "".join(f"d{power}/d{x}{power} " for x, power in powers)
        return f"{rates}{self._factor(derivative.expr)}"

    def _print_Subs(self, value: Subs) -> str:
        function, variable, point = map(self._print, (value.expr, *value.variables, *value.point))
        return f"({function})_{{{variable}={point}}}"

    def _print_Chance(self, number: Chance) -> str:
        return number.templates[0].format(*map(self._print, number.args))

    def _print_Infinity(self, number: Expr) -> str:
        return "∞" if number.is_infinite else "π"

    _print_Pi = _print_Infinity

    def _print_KroneckerDelta(self, delta: KroneckerDelta) -> str:
        return f"[{delta.args[0]} = {delta.args[1]}]"

    def _print_D(self, derivative: D) -> str:
        inside = self._print(derivative.args[0])
        return f"d/dt {inside}" if isinstance(derivative.args[0], Inner) else f"d/dt({inside})"


class _LatexPrinter(LatexPrinter):  # type: ignore[misc]
    def _as_ordered_terms(self, total: Add, order: str | None = None) -> list[Expr]:
        return positive_first(super()._as_ordered_terms(total, order))

    def _print_Symbol(self, symbol: Symbol, style: str = "plain") -> str:
        """A name of several letters is a word: SymPy reads |x|_1 in xabs_1."""
        if symbol == epsilon:
            return r"\varepsilon"
        stem, *below = symbol.name.split("_")
        below = [*filter(None, [stem[len(stem.rstrip(digits)) :]]), *below]
        name, *indices = [
            rf"\mathit{{{part}}}" if _is_word(part) else LatexPrinter._print_Symbol(self, Symbol(part), style)
            for part in (stem.rstrip(digits), *below)
        ]
        return f"{name}_{{{' '.join(indices)}}}" if indices else name

    def _print_Function(self, atom: AppliedUndef, exp: str | None = None) -> str:
        head = head_of(atom)
        if head is None:
            return super()._print_Function(atom, exp)  # type: ignore[no-any-return]
        printed = head.latex.format(*map(self._print, atom.args))
        base = rf"\left({printed}\right)" if is_raised(atom) else printed
        return printed if exp is None else f"{base}^{{{exp}}}"

    def _print_Mul(self, product: Mul) -> str:
        negative, above, below = in_order(product)
        printed = side_by_side(self._factors(above), in_latex=True)
        special = any(isinstance(factor, polygamma | gamma | log) for factor in above)
        if special and below and all(factor.is_Integer for factor in below):
            number = Mul(*(factor for factor in above if factor.is_Integer))
            others = self._factors([factor for factor in above if not factor.is_Integer])
            printed = side_by_side((rf"\tfrac{{{number}}}{{{Mul(*below)}}}", *others), in_latex=True)
        elif below:
            # The bar brackets a single factor by itself.
            if len(above) == 1:
                printed = self._print(above[0])
            alone = self._print if len(below) == 1 else self._factor
            divisor = side_by_side(map(alone, below), in_latex=True)
            printed = rf"\frac{{{printed}}}{{{divisor}}}"
        return f"-{printed}" if negative else printed

    def _factors(self, factors: Sequence[Expr]) -> list[str]:
        *front, last = factors or [Integer(1)]
        return [*map(self._in_front, front), self._factor(last)]

    def _in_front(self, factor: Expr) -> str:
        """A factor that takes in no other: a logarithm of x y is none of x times y."""
        if isinstance(factor, log):
            return rf"\log\left({self._print(factor.args[0])}\right)"
        return (
            rf"\left({self._print(factor)}\right)" if isinstance(factor, _TAKES_IN) else self._factor(factor)
        )

    def _factor(self, factor: Expr) -> str:
        printed = self._print(factor)
        return rf"\left({printed}\right)" if isinstance(factor, Add) else printed

    def _print_Sum(self, total: Sum) -> str:
        return sums_latex(total) + self._factor(total.function)

    def _print_polygamma(self, function: polygamma, exp: str | None = None) -> str:
        order, argument = function.args
        primes = "'" * int(order) if order.is_Integer and order < 4 else rf"^{{({self._print(order)})}}"
        printed = rf"\psi{primes}\left({self._print(together(argument))}\right)"
        return printed if exp is None else rf"{printed}^{{{exp}}}"

    def _print_bernoulli(self, number: Expr, exp: str | None = None) -> str:
        printed = rf"\operatorname{{Bernoulli}}\left({self._print(number.args[0])}\right)"
        return printed if exp is None else rf"{printed}^{{{exp}}}"

    def _print_gamma(self, function: gamma, exp: str | None = None) -> str:
        printed = rf"\Gamma\left({self._print(together(function.args[0]))}\right)"
        return printed if exp is None else rf"{printed}^{{{exp}}}"

    def _print_log(self, function: log, exp: str | None = None) -> str:
        argument = function.args[0]
        inside = self._print(argument)
        bare = argument.is_Atom or head_of(argument) is not None
        printed = rf"\log {inside}" if bare else rf"\log\left({inside}\right)"
        return printed if exp is None else rf"\left({printed}\right)^{{{exp}}}"

    def _print_Integral(self, integral: Integral) -> str:
        variable, first, last = integral.limits[0]
        return (
            rf"\int_{{{self._print(first)}}}^{{{self._print(last)}}} "
            rf"{self._factor(integral.function)} \, \mathrm{{d}}{self._print(variable)}"
        )

    def _print_Derivative(self, derivative: Derivative) -> str:
        powers = [(self._print(x), f"^{{{o}}}" * (o != 1)) for x, o in derivative.variable_count]
        rate = " ".join(rf"\frac{{\mathrm{{d}}{power}}}{{\mathrm{{d}}{x}{power}}}" for x, power in powers)
        inside = self._print(derivative.expr)
        return rf"{rate} \left({inside}\right)" if isinstance(derivative.expr, Add) else f"{rate} {inside}"

    def _print_Subs(self, value: Subs) -> str:
        function, (variable,), (point,) = value.args
        at = f"{self._print(variable)}={self._print(point)}"
        return rf"\left({self._print(function)}\right)_{{{at}}}"

    def _print_Inner(self, product: Inner, exp: str | None = None) -> str:
        left, right = sides_of(product)
        printed = rf"\langle {self._print(left)}, {self._print(right)} \rangle"
        return printed if exp is None else f"{printed}^{{{exp}}}"

    def _print_KroneckerDelta(self, delta: KroneckerDelta, exp: str | None = None) -> str:
        # Not δ_ij: in this theory δ is the intercept of depth scaling.
        printed = rf"[{delta.args[0]} = {delta.args[1]}]"
        return printed if exp is None else f"{printed}^{{{exp}}}"

    def _print_Pow(self, power: Pow) -> str:
        if isinstance(power.base, D | Derivative) and not power.exp.could_extract_minus_sign():
            return rf"\left({self._print(power.base)}\right)^{{{self._print(power.exp)}}}"
        below = power.exp.is_Rational and power.exp.is_negative and 1 not in (-power.exp.p, power.exp.q)
        standard = self._helper_print_standard_power
        return str(standard(power, "%s^{%s}") if below else super()._print_Pow(power))

    def _print_D(self, derivative: D) -> str:
        shown = "{}" if isinstance(derivative.args[0], Inner) else r"\left({}\right)"
        return rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}}t}} {shown.format(self._print(derivative.args[0]))}"

    def _print_Chance(self, number: Chance) -> str:
        return number.templates[1].format(*map(self._print, number.args))

    _print_Probability = _print_Chance  # SymPy has one of that name
