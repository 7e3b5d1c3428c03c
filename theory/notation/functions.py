"""The SymPy functions of heads, whose hashes and sort keys are computed once.

SymPy computes both anew whenever an expression is looked up, and most of what is looked up holds heads.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable
from typing import Any

from sympy import Function
from sympy.core.function import AppliedUndef, UndefinedFunction


class _HeadFunction(UndefinedFunction):  # type: ignore[misc]
    """An undefined function, equal to SymPy's of the same name and assumptions."""

    def __new__(mcl, name: str, **assumptions: bool | None) -> Any:
        """Make the function; ``assumptions`` are SymPy's."""
        key = Function(name).class_key()
        made = super().__new__(
            mcl, name, (AppliedUndef,), {"class_key": staticmethod(lambda: key)}, **assumptions
        )
        made._hash = UndefinedFunction.__hash__(made)
        return made

    def __hash__(self) -> int:
        return self._hash  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        alike = isinstance(other, UndefinedFunction) and self.name == other.name
        return alike and self._kwargs == other._kwargs  # type: ignore[attr-defined]

    def __ne__(self, other: object) -> bool:
        return not self == other


def function(name: str, **assumptions: bool | None) -> Callable[..., Any]:
    """The function of a head."""
    return _HeadFunction(name, **assumptions)  # type: ignore[no-any-return]


def _reduced(made: _HeadFunction) -> tuple[Callable[..., Any], tuple[str, dict[str, bool | None]]]:
    return _again, (made.name, made._kwargs)


def _again(name: str, assumptions: dict[str, bool | None]) -> Callable[..., Any]:
    return function(name, **assumptions)


copyreg.pickle(_HeadFunction, _reduced)
