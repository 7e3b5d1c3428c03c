"""Single-site mutants of an expression: slips of the pen, to show that a check can fail.

The family: a sign, a factor 2, N or N-1, a term dropped, an exponent off by 1 or by 1/N, a layer
index off by one, a direction index swapped, the end of a sum off by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, Sum, exp
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, i, k, l

__all__ = ["Mutant", "mutants"]


@dataclass(frozen=True)
class Mutant:
    """An expression altered at one place, and how."""

    change: str
    expression: Expr


def mutants(expression: Expr) -> tuple[Mutant, ...]:
    """All single-site mutants of an expression, without repetition, in a fixed order."""
    seen = {_with_one_index(expression)}
    found = []
    for mutant in _everywhere(expression):
        read = _with_one_index(mutant.expression)
        if read not in seen:
            seen.add(read)
            found.append(mutant)
    return tuple(found)


def _with_one_index(expression: Expr) -> Expr:
    """As it is read: δ_ik f(k) is δ_ik f(i), so that i for k in f is no slip."""
    return expression.replace(lambda part: part.is_Mul and part.has(KroneckerDelta), _contracted)


def _contracted(product: Mul) -> Expr:
    read = product
    for delta in product.args:
        if isinstance(delta, KroneckerDelta):
            first, second = delta.args
            read = Mul(*(each if each == delta else each.xreplace({second: first}) for each in read.args))
    return read


def _everywhere(expression: Expr) -> Iterator[Mutant]:
    yield from _factors(expression)
    yield from _below(expression)


def _below(expression: Expr) -> Iterator[Mutant]:
    """Mutants at this node, then inside each argument."""
    yield from _at(expression)
    if isinstance(expression, Sum):
        for mutant in _below(expression.function):
            yield Mutant(mutant.change, Sum(mutant.expression, *expression.limits))
        return
    for position, argument in enumerate(expression.args):
        if isinstance(expression, exp | AppliedUndef) or not isinstance(argument, Expr):
            continue
        if isinstance(expression, Pow) and position == 1:
            continue
        for mutant in _below(argument):
            arguments = (*expression.args[:position], mutant.expression, *expression.args[position + 1 :])
            yield Mutant(mutant.change, expression.func(*arguments))


def _at(expression: Expr) -> Iterator[Mutant]:
    if expression.is_zero:
        yield Mutant("1 instead of 0", Integer(1))
    if isinstance(expression, Add):
        yield from _terms(expression)
    elif isinstance(expression, Pow):
        yield from _exponents(expression)
    elif isinstance(expression, exp):
        yield from _rates(expression)
    elif isinstance(expression, AppliedUndef):
        yield from _indices(expression)
    elif isinstance(expression, Sum):
        yield from _ends(expression)


def _factors(expression: Expr) -> Iterator[Mutant]:
    yield Mutant("sign changed", -expression)
    for factor in (Integer(2), N, N - 1):
        yield Mutant(f"factor ${factor}$", Mul(factor, expression))


def _terms(total: Add) -> Iterator[Mutant]:
    for term in total.args:
        rest = total - term
        yield Mutant(f"term ${text(term)}$ dropped", rest)
        yield Mutant(f"sign of term ${text(term)}$ changed", rest - term)
        yield Mutant(f"factor $2$ on term ${text(term)}$", rest + 2 * term)


def _exponents(power: Pow) -> Iterator[Mutant]:
    base, exponent = power.args
    # A matrix has whole powers only.
    parts = (1 / N, -1 / N) if base.is_commutative else ()
    for change in (Integer(1), Integer(-1), *parts):
        yield Mutant(
            f"exponent ${text(exponent)}$ of ${text(base)}$ changed by ${change}$",
            base ** (exponent + change),
        )


def _rates(exponential: exp) -> Iterator[Mutant]:
    exponent = exponential.args[0]
    for atom in sorted(exponent.atoms(AppliedUndef), key=str):
        for change in (Integer(1), Integer(-1), 1 / N, -1 / N):
            yield Mutant(
                f"coefficient of ${text(atom)}$ in an exponent changed by ${change}$",
                exp(exponent + change * atom),
            )


def _indices(atom: AppliedUndef) -> Iterator[Mutant]:
    for position, index in enumerate(atom.args):
        before, after = atom.args[:position], atom.args[position + 1 :]
        if index.free_symbols & {k}:
            yield Mutant(f"index ${index}$ of ${text(atom)}$ swapped", atom.func(*before, i, *after))
        elif index.free_symbols & {l, N}:
            for shift in (1, -1):
                yield Mutant(
                    f"index ${index}$ of ${text(atom)}$ changed by ${shift}$",
                    atom.func(*before, index + shift, *after),
                )


def _ends(total: Sum) -> Iterator[Mutant]:
    for position, (variable, first, last) in enumerate(total.limits):
        if variable != l:
            continue
        for limit in ((variable, first + 1, last), (variable, first, last - 1)):
            limits = (*total.limits[:position], limit, *total.limits[position + 1 :])
            yield Mutant(
                f"sum over ${variable}$ from ${limit[1]}$ to ${limit[2]}$", Sum(total.function, *limits)
            )
