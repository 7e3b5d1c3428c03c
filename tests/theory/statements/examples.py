"""An expression, or a comparison, for every operation: tables with an entry for each are tried on all."""

from jacspec import factors, left_vector, right_vector
from jacspec.theory.statements import vocabulary as v
from jacspec.theory.statements.symbols import symbol
from jacspec.theory.statements.tree import Op

A, B, x, w = v.matrix("A"), v.matrix("B"), v.scalar("x"), v.whole("w")
i, n = v.index("i"), v.size("n")
F = factors("F")

EXAMPLES = {
    Op.NUMBER: v.number("3/2"),
    Op.SCALAR: x,
    Op.WHOLE: w,
    Op.INDEX: i,
    Op.SIZE: n,
    Op.MATRIX: A,
    Op.IDENTITY: v.identity(),
    Op.ZERO: (A == 0).args[1],
    Op.ADD: A + B,
    Op.SUB: A - B,
    Op.NEG: -A,
    Op.MUL: 2 * x,
    Op.DIV: x / (1 + x * x),
    Op.POW: (1 + x * x) ** v.number("1/3"),
    Op.ABS: abs(x),
    Op.MIN: v.minimum(x, 1),
    Op.MAX: v.maximum(x, 1, 2),
    Op.LOG: v.log(1 + x * x),
    Op.EXP: v.exp(x),
    Op.POLYGAMMA: v.polygamma(1, 1 + x * x),
    Op.DELTA: v.delta(i, 1),
    Op.SUM: v.total(v.s(i, A), i, 1, n),
    Op.PRODUCT: v.product(v.s(i, A), i, 2, n),
    Op.MATMUL: A @ B,
    Op.SCALE: x * A,
    Op.TRANSPOSE: A.T,
    Op.INVERSE: A.inv,
    Op.HADAMARD: v.hadamard(A, B),
    Op.KRONECKER: v.kronecker(A, B),
    Op.DIRECT: v.direct_sum(A, B),
    Op.BLOCK: v.block(A, (1, n - 1), (2, n)),
    Op.TRIU: v.triu(A),
    Op.MODULUS: v.modulus(A),
    Op.EXPM: v.expm(A),
    Op.CHAIN: F.chain,
    Op.SYMBOL: symbol("sA", 1, i),
    Op.FACTOR: F[i + 1],
    Op.SPAN: F.B(3),
    Op.LEFT_VECTOR: left_vector(i, A),
    Op.RIGHT_VECTOR: right_vector(i, A),
    Op.SINGULAR: v.s(i, A @ B),
    Op.EIGENVALUE: v.eig(i, A + A.T),
    Op.EIGENMODULUS: v.eigenmodulus(i, A),
    Op.DET: v.det(A),
    Op.TRACE: v.tr(A),
    Op.RANK: A.rank,
    Op.NORM: v.norm(A, "schatten", 3),
    Op.ENTRY: A[1, 2],
    Op.LARGEST: v.largest_entry(A),
    Op.OVERLAP: v.overlap(1, A, i, B),
    Op.LE: x <= 1,
    Op.LT: x < 1,
    Op.GE: A >= B,
    Op.GT: x > 1,
    Op.EQ: A == B,
    Op.NE: x != 1,
}
