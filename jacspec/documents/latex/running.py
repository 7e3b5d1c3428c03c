r"""Formulas in LaTeX as they stand in a line: fractions with a slash, letters of reasons beside relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase

from jacspec.documents.blocks import Formula

_RELATION = re.compile(r"(?:\\xrightarrow\[.*?\]\{\}|\\[a-z]+|[=<>])(?= )")
"""With which a step of a calculation begins."""
_SIGN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_ENDS = {"", "+", "-", "=", ",", ")", "]", "}", r"\right", r"\rangle", r"\biggr", r"\le", r"\ge"}
"""What follows on a term, behind which a slash divides nothing else."""
_FUNCTIONS = {r"\log", r"\exp", r"\sinh", r"\psi"}
_TERMS, _SEVERAL = r"[+-]|\\sum|\\int", r"[+ -]|\\,"
_SPACED = r"\1\;"
_TALL = re.compile(r"\\(?:sum|int|binom|frac)(?![A-Za-z])")
_STEERING = re.compile(r"\\(?:left|right|,)(?![A-Za-z])|[\s{}^_]")
_FITS = 76
"""Signs that can be seen of a line of a formula up to which its fractions have a slash."""


def letters() -> Iterator[str]:
    """The letters a to z, then pairs of them, without an end."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def running(formula: Formula, letter: str) -> str:
    """On a line with others; the letter of its reason stands beside the sign with which it begins."""
    first, *others = map(sloped, formula.latex)
    begun = _RELATION.match(first)
    if letter and formula.continues and begun:
        first = rf"\by{{{letter}}}{{{begun[0]}}}{first[begun.end() :]}"
    elif letter:
        first = rf"\text{{({letter})}}\ {first}"
    # It may be broken between its lines, and not behind the sign with which one begins.
    return "\n".join(f"${re.sub(r'^([+-]) ', _SPACED, each)}$" for each in (first, *others))


def sloped(written: str) -> str:
    """With a slash in each fraction that ends a term, or in those within braces, or in none, as it fits."""
    signs = _SIGN.findall(written)
    ways = ("".join(_sloped(signs, outside=outside)) for outside in (True, False))
    return next((each for each in ways if len(_SIGN.findall(_STEERING.sub("", each))) <= _FITS), written)


def _sloped(signs: list[str], *, outside: bool) -> Iterator[str]:
    place, before, depth = 0, "", 0
    while place < len(signs):
        sign = signs[place]
        place += 1
        if sign != r"\frac":
            yield sign
            depth += {"{": 1, "}": -1}.get(sign, 0)
            before = sign if sign.strip() else before
            continue
        inside = outside or depth > 0
        above, place = _group(signs, place, outside=inside)
        below, place = _group(signs, place, outside=inside)
        following = next(filter(str.strip, signs[place:]), "")
        if inside and following in _ENDS and before not in _FUNCTIONS and not _TALL.search(below):
            yield f"{_bracketed(above, _TERMS)}/{_bracketed(below, _SEVERAL)}"
        else:
            yield rf"\frac{{{above}}}{{{below}}}"
        before = "}"


def _group(signs: list[str], place: int, *, outside: bool) -> tuple[str, int]:
    """What stands in braces from there on, and where what follows begins."""
    depth, end = 0, place
    while end == place or depth > 0:
        depth += {"{": 1, "}": -1}.get(signs[end], 0)
        end += 1
    return "".join(_sloped(signs[place + 1 : end - 1], outside=outside)), end


def _bracketed(half: str, several: str) -> str:
    """In brackets if one of the signs stands outside of all brackets in it."""
    depth, outside = 0, ""
    for sign in _SIGN.findall(half):
        depth -= sign in ("}", ")", "]", r"\rangle")
        outside += sign if depth == 0 else ""
        depth += sign in ("{", "(", "[", r"\langle")
    return f"({half})" if re.search(several, outside.strip()) else half
