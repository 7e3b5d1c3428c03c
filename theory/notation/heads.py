"""Heads: the symbols of the notation before their indices, with what they stand for as fields.

A head says what it is by its fields: which quantity, of which product, inverted, transposed or moving. Its
name is SymPy's alone, and nothing reads it. Matrices and vectors are non-commutative, so that a SymPy product
of them is a matrix product of unspecified width.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.functions import function


class _Named(Enum):
    """One of few, of which each is one object."""

    __hash__ = object.__hash__  # heads are looked up at every evaluation; Enum hashes names, in Python


class Kind(_Named):
    """What a head stands for; decides how words of heads multiply."""

    SCALAR = "scalar"
    MATRIX = "n×n matrix"
    COLUMN = "column of length n"
    ROW = "row of length n"


class Argument(_Named):
    """What an index of a head counts; theory/notation/index_ranges.py says between which ends."""

    FACTOR = "layer of a factor"
    PRODUCT = "layer at which a partial product begins or ends"
    GATE = "layer of a gate, the input's included"
    DIRECTION = "direction"
    LEADING = "leading direction"
    POWER = "power"


class Product(_Named):
    """The products of a chain that have singular values and vectors of their own."""

    J = "the product of all factors"
    A = "the factors from layer l on"
    B = "the factors before layer l"


class Quantity(_Named):
    """What a head measures."""

    FACTOR = "factor of a layer"
    PRODUCT = "product of factors"
    GRADIENT = "gradient of the loss"
    SINGULAR_VALUE = "singular value"
    LEFT_VECTOR = "left singular vector"
    RIGHT_VECTOR = "right singular vector"
    RATE = "rate of depth scaling"
    INTERCEPT = "intercept of depth scaling"
    MISALIGNMENT = "bounded misalignment"
    GRAM = "Gram matrix of a factor"
    LEFT_POWER = "power of the last factor's left Gram matrix"
    RIGHT_POWER = "power of the first factor's Gram matrix"
    COMMON_VALUE = "singular value of every factor"
    FRAME = "orthonormal frame between two factors"
    WEIGHT = "raw weights of a layer"
    GATE = "gate behind a layer"
    LEFT_OF_WEIGHT = "what stands left of a weight"
    RIGHT_OF_WEIGHT = "what stands right of a weight"
    STRENGTH = "strength of the drive"
    POWER = "power of the drive"
    LEAST_OF_ROWS = "least singular value of the leading rows"
    LEAST_OF_COLUMNS = "least singular value of the leading columns"
    RIGHT_INVERSE = "column of the right inverse of the leading rows"
    COMBINATION = "combination of the leading right vectors"
    ELIMINATED = "right vector with those before it eliminated"
    BEYOND = "partial product without its leading modes"
    SPEED = "norm of the velocity of a factor"
    LEFT_COMMON = "vector in the span of the first left vectors of one product, orthogonal to the other's"
    RIGHT_COMMON = "vector in the span of the first right vectors of one product, orthogonal to the other's"
    LEFT_OVERLAP = "left overlap in units of ratios"
    RIGHT_OVERLAP = "right overlap in units of ratios"


@dataclass(frozen=True)
class UserSymbol:
    """What a user's own symbol stands for; ``on_chains`` is what it is on a chain, in the notation."""

    name: str
    meaning: str
    indices: tuple[Symbol, ...]
    latex: str
    kind: Kind
    positive: bool
    moves: bool
    on_chains: Expr | None

    @property
    def described(self) -> str:
        """The symbol with its indices, and what it means, as prose."""
        indices = ",".join(map(str, self.indices))
        return f"${self.name}{f'_{indices}' if indices else ''}$: {self.meaning}"


@dataclass(frozen=True, eq=False)
class Head:
    """One symbol of the notation: applied to one integer for each of ``takes`` it is a SymPy expression.

    ``quantity`` of the product ``of``, where there is one; ``velocity`` marks a time derivative. No two heads
    agree in all of these fields, which is how a head finds its transpose and its derivative.
    ``text`` and ``latex`` are templates into which the printed indices go (``{0}``, ``{1}``).
    ``positive`` marks a scalar that is positive by definition (a non-zero singular value).
    """

    name: str
    quantity: Quantity | UserSymbol
    kind: Kind
    takes: tuple[Argument, ...]
    text: str
    latex: str
    of: Product | None = None
    inverse: bool = False
    transposed: bool = False
    velocity: bool = False
    positive: bool = False

    def __call__(self, *indices: Expr | int) -> Expr:
        """The head with its indices."""
        return self._function(*indices)

    def __reduce__(self) -> tuple[Callable[[str], Head], tuple[str]]:
        """A head is itself in another process too."""
        return HEADS.__getitem__, (self.name,)

    @cached_property
    def _function(self) -> Callable[..., Expr]:
        if self.kind is Kind.SCALAR:
            return function(self.name, real=True, positive=self.positive or None)
        return function(self.name, commutative=False)

    @cached_property
    def printed(self) -> re.Pattern[str]:
        """What is printed like it, with indices of ours."""
        return re.compile(re.escape(self.text).replace(r"\{0\}", _INDEX).replace(r"\{1\}", _INDEX))

    @property
    def transpose(self) -> Head | None:
        """The transpose of a matrix, a column or a row."""
        return find(self.quantity, self.of, self.inverse, not self.transposed, self.velocity)

    @property
    def derivative(self) -> Head | None:
        """The time derivative, where the notation has one."""
        return None if self.velocity else find(self.quantity, self.of, self.inverse, self.transposed, True)

    @property
    def upright(self) -> Head:
        """The head of which this is the transpose; any other is upright itself."""
        turned = self.transpose
        return turned if self.transposed and turned is not None else self

    @property
    def at_rest(self) -> Head:
        """The head of which this is the time derivative; any other is at rest itself."""
        return find(self.quantity, self.of, self.inverse, self.transposed, False) or self


HEADS: dict[str, Head] = {}
"""Every head by its SymPy name."""

_Fields = tuple[Quantity | UserSymbol, Product | None, bool, bool, bool]
_BY_FIELDS: dict[_Fields, Head] = {}


def find(
    quantity: Quantity | UserSymbol, of: Product | None, inverse: bool, transposed: bool, velocity: bool
) -> Head | None:
    """The head with these fields."""
    return _BY_FIELDS.get((quantity, of, inverse, transposed, velocity))


def _declared(head: Head) -> Head:
    fields = (head.quantity, head.of, head.inverse, head.transposed, head.velocity)
    if head.name in HEADS or fields in _BY_FIELDS:
        message = f"the symbol {head.name} is declared already, by its name or by what it stands for"
        raise ValueError(message)
    HEADS[head.name] = _BY_FIELDS[fields] = head
    return head


def scalar(
    name: str,
    quantity: Quantity | UserSymbol,
    takes: tuple[Argument, ...],
    text: str,
    latex: str,
    *,
    of: Product | None = None,
    positive: bool = False,
    velocity: bool = False,
) -> Head:
    """Declare a number."""
    return _declared(
        Head(name, quantity, Kind.SCALAR, takes, text, latex, of, positive=positive, velocity=velocity)
    )


def pair(
    name: str,
    quantity: Quantity | UserSymbol,
    kind: Kind,
    takes: tuple[Argument, ...],
    text: str,
    latex: str,
    *,
    of: Product | None = None,
    inverse: bool = False,
    velocity: bool = False,
) -> tuple[Head, Head]:
    """Declare a matrix or a column together with its transpose."""
    up, up_latex = ("⁻¹", "^{{-1}}") if inverse else ("", "")
    turned, turned_latex = ("⁻ᵀ", r"^{{-\top}}") if inverse else ("ᵀ", r"^{{\top}}")
    flipped = {Kind.MATRIX: Kind.MATRIX, Kind.COLUMN: Kind.ROW}[kind]
    return (
        _declared(
            Head(name, quantity, kind, takes, text + up, latex + up_latex, of, inverse, False, velocity)
        ),
        _declared(
            Head(
                f"{name}T",
                quantity,
                flipped,
                takes,
                text + turned,
                latex + turned_latex,
                of,
                inverse,
                True,
                velocity,
            )
        ),
    )


_INDEX = r"(?:[ijklrnN]|[1-9]\d*)"


def written(name: str) -> Head | None:
    """The matrix, the column or the symbol with indices of ours that is printed like a name, if any."""
    for head in HEADS.values():
        ours = not isinstance(head.quantity, UserSymbol) and (head.takes or head.kind is not Kind.SCALAR)
        if ours and head.printed.fullmatch(name):
            return head
    return None


def head_of(atom: Expr) -> Head | None:
    """Return the head of an applied symbol, or None for anything else."""
    # SymPy has functions of the same names: its Γ is no rate.
    return HEADS.get(atom.func.__name__) if isinstance(atom, AppliedUndef) else None


def is_raised(base: Expr) -> bool:
    """Whether it is a head that is written with an exponent already, as Q^i and Aᵀ are."""
    head = head_of(base)
    return head is not None and (head.transposed or head.inverse or "^" in head.text)
