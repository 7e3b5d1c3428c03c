"""Symbols of a user's own: heads of the notation that are declared by whoever needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_letters, digits
from typing import Any, TypedDict, Unpack, overload
from unicodedata import normalize

from sympy import Expr, Symbol, sympify

from jacspec.documents.signs import ACCENTS, GREEK, SIGNS
from jacspec.theory.notation.heads import HEADS, Argument, Head, Kind, UserSymbol, pair, scalar, written
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l, n

_KINDS = {"number": Kind.SCALAR, "matrix": Kind.MATRIX, "column": Kind.COLUMN}
_COUNTS = {l: Argument.FACTOR, i: Argument.DIRECTION, j: Argument.DIRECTION, k: Argument.DIRECTION}
_PRIMES = {"'", "′"}
LETTERS = {*ascii_letters, *GREEK}
_LETTERS = LETTERS | _PRIMES
_COUNTED = ("an index", "a size")
_FUNCTIONS = (
    *("log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs", "min", "max"),
    *("det", "tr", "diag", "lim", "Γ", "ψ"),
)
READ = {
    **dict.fromkeys("ijklr", _COUNTED[0]),
    **dict.fromkeys("Nn", _COUNTED[1]),
    **dict.fromkeys(_FUNCTIONS, "a function"),
    "ε": "the level of misalignment",
    "e": "the base of exponentials",
    "d": "derivatives",
}
_STYLED = re.compile(r"\\(?:math(?:rm|bf|it|sf|tt|cal|frak|scr|bb)|boldsymbol)\{(.*)\}")
_DOT = "\N{COMBINING DOT ABOVE}"


class _Particulars(TypedDict, total=False):
    meaning: str
    latex: str
    kind: str
    positive: bool
    moves: bool
    on_chains: Expr | None


@overload
def declare(name: str, /, **particulars: Unpack[_Particulars]) -> Expr: ...


@overload
def declare(name: str, index: Symbol, /, *more: Symbol, **particulars: Unpack[_Particulars]) -> Head: ...


def declare(name: str, /, *indices: Symbol, **particulars: Any) -> Expr | Head:
    """A symbol of your own, to be used in assumptions, steps and claims like those of the notation.

    Without indices it is an expression; with them it is applied to them: ``R = declare("R", l, …)`` to R(l).
    Of a matrix or a column, ``R.transpose`` is the transpose, and ``R.derivative`` the velocity if it
    ``moves``.

    Parameters
    ----------
    name:
        How it is written: letters, with accents or primes.
    indices:
        What it depends on: ``l`` a layer, ``i``, ``j`` or ``k`` a direction.
    meaning:
        What it stands for, in words; mathematics between dollar signs.
    latex:
        The name in LaTeX, where that is to be in an alphabet such as ``mathbf``.
    kind:
        ``"number"``, ``"matrix"`` (n×n) or ``"column"``.
    positive:
        Whether it is a number that is positive by definition.
    moves:
        Whether it has a velocity of its own, written with a dot.
    on_chains:
        What it is on a chain, in the notation, such as ``M(l) - 1``; a symbol without is free: an example
        says what it is.

    Raises ValueError for a name that stands for something else already, naming both, for one that is
    no letters, or looks like others, and for LaTeX that is not that name in some alphabet.
    """
    name, kind = normalize("NFC", name).replace("'", "′"), particulars.get("kind", "number")
    if kind not in _KINDS:
        message = f"kind={kind!r}: expected one of {', '.join(map(repr, _KINDS))}"
        raise ValueError(message)
    strangers = [str(each) for each in indices if each not in _COUNTS]
    if strangers:
        message = f"{name} depends on {strangers[0]}: expected l for a layer, or i, j, k for directions"
        raise ValueError(message)
    if not particulars.get("meaning"):
        message = f"{name}: expected meaning=, what it stands for in words"
        raise ValueError(message)
    _refuse_sign(name)
    meant = sympify(particulars.get("on_chains") or 0)
    for other in sorted(map(str, meant.free_symbols - {*indices, N, n})):
        message = (
            f"{name} depends on {other} on chains, and is written without it: expected its indices, N and n"
        )
        raise ValueError(message)
    own = UserSymbol(
        name,
        particulars["meaning"],
        tuple(indices),
        _latex(name, particulars.get("latex", "")),
        _KINDS[kind],
        particulars.get("positive", False),
        particulars.get("moves", False),
        None if particulars.get("on_chains") is None else sympify(particulars["on_chains"]),
    )
    head = _known(own) or _made(own)
    return head if indices else head()


def _latex(name: str, asked: str) -> str:
    plain = inside = "".join(SIGNS.get(letter, letter) for letter in name)
    if asked:
        inside = asked
        while styled := _STYLED.fullmatch(inside):
            inside = styled[1]
    if inside != plain:
        raise ValueError(f"{name}: latex={asked!r} writes another name; expected \\mathbf{{{plain}}}, say")
    return asked or plain


def _refuse_sign(name: str) -> None:
    """Raise ValueError for what is no name, or is read as a size, an index, a function, ε or a product."""
    letters = [letter for letter in normalize("NFD", name) if letter not in ACCENTS]
    if not name or not all(letter in _LETTERS for letter in letters) or letters[0] in _PRIMES:
        message = f"{name!r} is no name: expected Latin or Greek letters, with accents or primes"
        raise ValueError(message)
    if name in READ:
        message = f"{name} stands for {READ[name]} already; choose another name"
        raise ValueError(message)
    if len(name) > 1 and _standing_alone().issuperset(name):
        raise ValueError(f"{name} is read as the product of {', '.join(name)}; choose another name")


def _standing_alone() -> set[str]:
    """The letters of the notation that stand for something without an index."""
    counted = {name for name, role in READ.items() if role in _COUNTED}
    heads = (each for each in HEADS.values() if not (each.takes or isinstance(each.quantity, UserSymbol)))
    return counted | {"ε"} | {each.text for each in heads}


def _known(own: UserSymbol) -> Head | None:
    """The head of the same declaration, made before; raises ValueError if the name has another meaning."""
    for head in HEADS.values():
        if head.quantity == own and not head.velocity and not head.transposed:
            return head
        if _written(head.text) == own.name or head.name == own.name:
            before = head.quantity.meaning if isinstance(head.quantity, UserSymbol) else head.quantity.value
            message = (
                f"two definitions of {own.name}: it stands for '{before}' already, and cannot stand for "
                f"'{own.meaning}'; choose another name"
            )
            raise ValueError(message)
    return None


def _written(template: str) -> str:
    """The name in a head's template, without its indices."""
    return template.partition("_{0}")[0].partition("(")[0]


def _made(own: UserSymbol) -> Head:
    takes = tuple(_COUNTS[index] for index in own.indices)
    made: list[Head] = []
    for velocity in (False, True) if own.moves else (False,):
        letters = normalize("NFC", f"{own.name[0]}{_DOT}{own.name[1:]}") if velocity else own.name
        name = f"{own.name}dot" if velocity else own.name
        plain = rf"\dot {{{own.latex}}}" if velocity else own.latex
        braces = plain.replace("{", "{{").replace("}", "}}")
        others = ",".join(f"{{{place}}}" for place in range(1, len(takes)))
        behind = f"_{{0}}({others})" if others else "_{0}" if takes else ""
        behind_latex = f"_{{{{{{0}}}}}}({others})" if others else "_{{{0}}}" if takes else ""
        shown = (letters + behind, braces + behind_latex)
        if own.kind is Kind.SCALAR:
            made.append(scalar(name, own, takes, *shown, positive=own.positive, velocity=velocity))
        else:
            made.append(pair(name, own, own.kind, takes, *shown, velocity=velocity)[0])
    return made[0]


def hidden(numbers: Iterable[Symbol]) -> Iterator[str]:
    """What numbers are declared to be and no range says, as that they are even, in words."""
    for each in sorted(numbers, key=str):
        said = [
            name for name in ("integer", "real", "nonnegative", "positive") if each.assumptions0.get(name)
        ]
        if each.assumptions0 != Symbol(each.name, **dict.fromkeys(said, True)).assumptions0:
            yield (
                f"{text(each)} is declared to be more than real, whole, ≥ 0 or > 0, which is not shown: "
                "state it as a premise or a range"
            )


def alike(numbers: Iterable[Symbol]) -> Iterator[str]:
    """Numbers that are written as others, or a product of them, are, in text or in LaTeX, in words."""
    written_as = [(text(each), latex(each)) for each in sorted(numbers, key=str)]
    for name, shown in written_as:
        if [other for other, in_latex in written_as if other == name or in_latex == shown][1:]:
            yield f"two numbers are called {name}: write one symbol for both"
        if len(name) > 1 and {each for each, _ in written_as}.issuperset(name):
            yield f"{name} is read as the product of {', '.join(name)}: choose another name"


def misnamed(numbers: Iterable[Symbol]) -> Iterator[str]:
    """Numbers that are written as something else that the notation writes, in words."""
    for name in sorted(map(text, {*numbers} - {epsilon})):
        letters = {*name[:1]} <= LETTERS and {*name} <= LETTERS | {*digits, "_"} and "__" not in name
        read = name in READ and READ[name] not in _COUNTED
        if read or not letters or written(name) is not None:
            yield f"a number is called '{name}': expected letters that stand for nothing else"
