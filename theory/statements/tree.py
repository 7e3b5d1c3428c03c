"""The tree that a statement is: immutable nodes, of which equal ones are the same object.

A node is an operation, its arguments, its data (a name, a number, a kind) and, of a matrix, its shape: two
nodes again, as sizes are symbols. What can be done with nodes stands elsewhere, in tables with one entry
per operation.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, ClassVar, Self
from weakref import WeakValueDictionary


class Op(Enum):
    """What a node is; the value is how messages call it."""

    __hash__ = object.__hash__  # every evaluation looks operations up; Enum hashes names, in Python

    NUMBER = "number"
    SCALAR = "scalar"
    WHOLE = "whole number"
    INDEX = "index"
    SIZE = "size"
    MATRIX = "matrix"
    CHAIN = "chain"
    SYMBOL = "symbol of the ledger"
    IDENTITY = "identity"
    ZERO = "zero matrix"

    ADD = "+"
    SUB = "-"
    NEG = "negative"
    MUL = "·"
    DIV = "/"
    POW = "power"
    ABS = "absolute value"
    MIN = "min"
    MAX = "max"
    LOG = "log"
    EXP = "exp"
    POLYGAMMA = "polygamma"
    GAMMA = "Γ"
    SINH = "sinh"
    BINOMIAL = "binomial coefficient"
    BERNOULLI = "Bernoulli number"
    MOMENT = "moment"
    DELTA = "Kronecker delta"
    SUM = "Σ"
    PRODUCT = "∏"
    DERIVATIVE = "derivative"
    AT = "value at"

    MATMUL = "@"
    SCALE = "multiple"
    TRANSPOSE = "transpose"
    INVERSE = "inverse"
    HADAMARD = "∘"
    KRONECKER = "⊗"
    DIRECT = "⊕"
    BLOCK = "block"
    TRIU = "upper triangular part"
    MODULUS = "modulus"
    EXPM = "matrix exponential"
    FACTOR = "factor of a chain"
    SPAN = "product of neighbouring factors"
    LEFT_VECTOR = "left singular vector"
    RIGHT_VECTOR = "right singular vector"

    SINGULAR = "singular value"
    SPEED = "velocity of a singular value"
    EIGENVALUE = "eigenvalue"
    EIGENMODULUS = "modulus of an eigenvalue"
    DET = "determinant"
    TRACE = "trace"
    RANK = "rank"
    NORM = "norm"
    ENTRY = "entry"
    LARGEST = "largest modulus of an entry"
    OVERLAP = "overlap"

    LE = "≤"
    LT = "<"
    GE = "≥"
    GT = ">"
    EQ = "="
    NE = "≠"
    IFF = "⟺"
    EXISTS = "∃"
    TENDS = "→"
    MEAN = "mean"


COMPARISONS = frozenset({Op.LE, Op.LT, Op.GE, Op.GT, Op.EQ, Op.NE})
COMPOUND = frozenset({Op.IFF, Op.EXISTS})
"""Relations that are made of relations."""
MEASURED = frozenset({Op.TENDS, Op.MEAN})
"""Relations that no example decides: limits and means."""
RELATIONS = COMPARISONS | COMPOUND | MEASURED
BINDERS = frozenset({Op.SUM, Op.PRODUCT})
"""Operations whose data name an index that is bound in their last argument."""
VARIABLES = frozenset({Op.SCALAR, Op.WHOLE, Op.MATRIX, Op.CHAIN})
LEAVES = VARIABLES | {Op.NUMBER, Op.INDEX, Op.SIZE, Op.IDENTITY, Op.ZERO}

WHOLE_PLACES: dict[Op, tuple[int, ...]] = {
    Op.SINGULAR: (0,),
    Op.SPEED: (0,),
    Op.EIGENVALUE: (0,),
    Op.EIGENMODULUS: (0,),
    Op.OVERLAP: (0, 2),
    Op.ENTRY: (1, 2),
    Op.BLOCK: (1, 2, 3, 4),
    Op.FACTOR: (1,),
    Op.SYMBOL: (0, 1),
    Op.SPAN: (1, 2),
    Op.LEFT_VECTOR: (0,),
    Op.RIGHT_VECTOR: (0,),
    Op.DELTA: (0, 1),
    Op.BINOMIAL: (0, 1),
    Op.BERNOULLI: (0,),
    Op.SUM: (0, 1),
    Op.PRODUCT: (0, 1),
}
"""Which arguments of an operation are whole numbers (indices, corners, ends), known before any example."""

_Key = tuple[type, Op, tuple[int, ...], Any, tuple[int, ...] | None]


class Node:
    """One node of a tree; two nodes that are equal in all parts are one object."""

    __slots__ = ("__weakref__", "args", "data", "indices", "op", "ordered", "shape")
    _known: ClassVar[WeakValueDictionary[_Key, Node]] = WeakValueDictionary()

    op: Op
    args: tuple[Node, ...]
    data: Any
    shape: tuple[Node, Node] | None
    indices: frozenset[str]
    """The names of its free indices."""
    ordered: tuple[str, ...]
    """The same in their order."""

    def __new__(
        cls, op: Op, args: tuple[Node, ...] = (), data: Any = None, shape: tuple[Node, Node] | None = None
    ) -> Self:
        """The one node of these parts."""
        key = (cls, op, tuple(map(id, args)), data, None if shape is None else tuple(map(id, shape)))
        known = cls._known.get(key)
        if known is not None:
            return known  # type: ignore[return-value]
        node = object.__new__(cls)
        node.op, node.args, node.data, node.shape = op, args, data, shape
        free = frozenset[str]().union(*(argument.indices for argument in args))
        if op in BINDERS:  # the ends of its range lie outside of what it binds
            free = args[0].indices | args[1].indices | (args[2].indices - {data})
        node.indices = free | {data} if op is Op.INDEX else free
        node.ordered = tuple(sorted(node.indices))
        cls._known[key] = node
        return node

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.op, self.args, self.data, self.shape)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def walk(self) -> Iterator[Node]:
        """The node and all below it, each as often as it stands there."""
        yield self
        for argument in self.args:
            yield from argument.walk()
