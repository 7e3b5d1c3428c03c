r"""Trees as text and as LaTeX: one walk, and for each way of writing a table with one entry per operation.

>>> text(comparison)     # s_2(A B) ≤ s_1(A) s_1(B)
>>> latex(comparison)    # s_{2}(A B) \le s_{1}(A)\, s_{1}(B)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jacspec.documents.signs import SIGNS
from jacspec.theory.notation import symbols  # noqa: F401 -- declares the heads
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.statements.tree import BINDERS, COMPARISONS, WHOLE_PLACES, Node, Op

_OPEN, _BINDER, _SUM, _PRODUCT, _POWER, _ATOM = range(6)
"""How tightly what is printed holds together, from a comparison to what needs no brackets anywhere."""


@dataclass(frozen=True)
class Style:
    """A way of writing: for each operation a template into which its printed arguments go.

    ``{0}``, ``{1}``, … are the arguments, ``{data}`` the node's data. The templates of norms and of the
    polygamma functions stand under their kind and order, those of the Loewner order apart.
    """

    templates: Mapping[Op, str]
    norms: Mapping[str, str]
    polygamma: Mapping[int, str]
    order: str
    rate: str
    loewner: Mapping[Op, str]
    bracket: str
    root: str
    fraction: str


TEXT = Style(
    templates={
        Op.NUMBER: "{data}", Op.SCALAR: "{data}", Op.WHOLE: "{data}", Op.INDEX: "{data}", Op.SIZE: "{data}",
        Op.MATRIX: "{data}", Op.IDENTITY: "I", Op.ZERO: "0",
        Op.ADD: "{0} + {1}", Op.SUB: "{0} - {1}", Op.NEG: "-{0}", Op.MUL: "{0} {1}", Op.DIV: "{0}/{1}",
        Op.POW: "{0}^{1}", Op.ABS: "|{0}|", Op.MIN: "min({all})", Op.MAX: "max({all})", Op.LOG: "log({0})",
        Op.EXP: "exp({0})", Op.POLYGAMMA: "{kind}({0})", Op.DELTA: "δ_{{{0},{1}}}", Op.GAMMA: "Γ({0})",
        Op.SINH: "sinh({0})", Op.BINOMIAL: "C({0}, {1})", Op.BERNOULLI: "B_{0}",
        Op.MOMENT: "∫_0^∞ {data}^{0} exp(-{1} {data}^{2}) d{data}", Op.DERIVATIVE: "{kind} {0}",
        Op.AT: "{0}|_{{{data}={1}}}",
        Op.SUM: "Σ_{{{data}={0}}}^{{{1}}} {2}", Op.PRODUCT: "∏_{{{data}={0}}}^{{{1}}} {2}",
        Op.MATMUL: "{0} {1}", Op.SCALE: "{0} {1}", Op.TRANSPOSE: "{0}ᵀ", Op.INVERSE: "{0}⁻¹",
        Op.HADAMARD: "{0} ∘ {1}", Op.KRONECKER: "{0} ⊗ {1}", Op.DIRECT: "{0} ⊕ {1}",
        Op.BLOCK: "{0}[{1}…{2}, {3}…{4}]", Op.TRIU: "triu({0})", Op.MODULUS: "({0} {0}ᵀ)^{{1/2}}",
        Op.EXPM: "exp({0})", Op.CHAIN: "{data}", Op.SYMBOL: "{kind}", Op.FACTOR: "{0}_{1}",
        Op.SPAN: "{0}_{2} ⋯ {0}_{1}",
        Op.LEFT_VECTOR: "u_{0}({1})", Op.RIGHT_VECTOR: "v_{0}({1})",
        Op.SPEED: "ṡ_{0}({1}; {2})", Op.SINGULAR: "s_{0}({1})",
        Op.EIGENVALUE: "λ_{0}({1})", Op.EIGENMODULUS: "|λ|_{0}({1})",
        Op.DET: "det({0})", Op.TRACE: "tr({0})", Op.RANK: "rank({0})", Op.NORM: "{kind}",
        Op.ENTRY: "{0}_{{{1},{2}}}", Op.LARGEST: "max_{{ij}} |({0})_{{ij}}|",
        Op.OVERLAP: "|⟨u_{0}({1}), u_{2}({3})⟩|",
        Op.LE: "{0} ≤ {1}", Op.LT: "{0} < {1}", Op.GE: "{0} ≥ {1}", Op.GT: "{0} > {1}", Op.EQ: "{0} = {1}",
        Op.NE: "{0} ≠ {1}", Op.IFF: "{left} ⟺ {right}", Op.EXISTS: "∃ {0}: {right} ({0} = {1})",
        Op.TENDS: "{0} → {1} as {2} → {kind}", Op.MEAN: "E[{0}] = {1} with {kind}",
    },
    norms={
        "spectral": "‖{0}‖", "frobenius": "‖{0}‖_F", "nuclear": "‖{0}‖_*", "ky fan": "‖{0}‖_{{({1})}}",
        "schatten": "‖{0}‖_{{S_{1}}}",
    },
    polygamma={0: "ψ", 1: "ψ'", 2: "ψ''"}, order="ψ^({order})", rate="d/d{by}",
    loewner={Op.LE: "{0} ⪯ {1}", Op.GE: "{0} ⪰ {1}", Op.LT: "{0} ≺ {1}", Op.GT: "{0} ≻ {1}"},
    bracket="({0})", root="√({0})", fraction="{0}/{1}",
)  # fmt: skip
LATEX = Style(
    templates={
        Op.NUMBER: "{data}", Op.SCALAR: "{data}", Op.WHOLE: "{data}", Op.INDEX: "{data}", Op.SIZE: "{data}",
        Op.MATRIX: "{data}", Op.IDENTITY: "I", Op.ZERO: "0",
        Op.ADD: "{0} + {1}", Op.SUB: "{0} - {1}", Op.NEG: "-{0}", Op.MUL: r"{0}\, {1}",
        Op.DIV: r"\frac{{{0}}}{{{1}}}", Op.POW: "{0}^{{{1}}}", Op.ABS: r"\lvert {0}\rvert",
        Op.MIN: r"\min({all})", Op.MAX: r"\max({all})", Op.LOG: r"\log({0})", Op.EXP: r"\exp({0})",
        Op.POLYGAMMA: "{kind}({0})", Op.DELTA: r"\delta_{{{0},{1}}}", Op.GAMMA: r"\Gamma({0})",
        Op.SINH: r"\sinh({0})", Op.BINOMIAL: r"{{\binom{{{0}}}{{{1}}}}}", Op.BERNOULLI: "B_{{{0}}}",
        Op.MOMENT: r"\int_0^\infty {data}^{{{0}}}\exp(-{1}\, {data}^{{{2}}})\,d{data}",
        Op.DERIVATIVE: "{kind}\\, {0}", Op.AT: r"{0}\big|_{{{data}={1}}}",
        Op.SUM: r"\sum_{{{data}={0}}}^{{{1}}} {2}", Op.PRODUCT: r"\prod_{{{data}={0}}}^{{{1}}} {2}",
        Op.MATMUL: "{0} {1}", Op.SCALE: r"{0}\, {1}", Op.TRANSPOSE: r"{0}^{{\top}}", Op.INVERSE: "{0}^{{-1}}",
        Op.HADAMARD: r"{0} \circ {1}", Op.KRONECKER: r"{0} \otimes {1}", Op.DIRECT: r"{0} \oplus {1}",
        Op.BLOCK: r"{0}[{1}{{\dots}}{2}, {3}{{\dots}}{4}]", Op.TRIU: r"\operatorname{{triu}}({0})",
        Op.MODULUS: r"({0} {0}^{{\top}})^{{1/2}}", Op.EXPM: r"\exp({0})",
        Op.CHAIN: "{data}", Op.SYMBOL: "{kind}", Op.FACTOR: "{0}_{{{1}}}",
        Op.SPAN: r"{0}_{{{2}}} \cdots {0}_{{{1}}}",
        Op.LEFT_VECTOR: "u_{{{0}}}({1})", Op.RIGHT_VECTOR: "v_{{{0}}}({1})", Op.SINGULAR: "s_{{{0}}}({1})",
        Op.SPEED: r"\dot s_{{{0}}}({1};\, {2})",
        Op.EIGENVALUE: r"\lambda_{{{0}}}({1})",
        Op.EIGENMODULUS: r"\lvert\lambda\rvert_{{{0}}}({1})", Op.DET: r"\det({0})",
        Op.TRACE: r"\operatorname{{tr}}({0})", Op.RANK: r"\operatorname{{rank}}({0})", Op.NORM: "{kind}",
        Op.ENTRY: "{0}_{{{1},{2}}}", Op.LARGEST: r"\max_{{ij}} \lvert ({0})_{{ij}}\rvert",
        Op.OVERLAP: r"\lvert\langle u_{{{0}}}({1}), u_{{{2}}}({3})\rangle\rvert",
        Op.LE: r"{0} \le {1}", Op.LT: "{0} < {1}", Op.GE: r"{0} \ge {1}", Op.GT: "{0} > {1}",
        Op.EQ: "{0} = {1}", Op.NE: r"{0} \ne {1}", Op.IFF: r"{left} \iff {right}",
        Op.EXISTS: r"\exists\, {0}\colon\ {right}\ \ ({0} = {1})",
        Op.TENDS: r"{0} \to {1} \quad ({2} \to {kind})", Op.MEAN: r"\mathbb{{E}}[{0}] = {1} \quad ({kind})",
    },
    norms={
        "spectral": r"\lVert {0}\rVert", "frobenius": r"\lVert {0}\rVert_{{F}}",
        "nuclear": r"\lVert {0}\rVert_{{*}}", "ky fan": r"\lVert {0}\rVert_{{({1})}}",
        "schatten": r"\lVert {0}\rVert_{{S_{{{1}}}}}",
    },
    polygamma={0: r"\psi", 1: r"\psi'", 2: r"\psi''"}, order=r"\psi^{{({order})}}",
    rate=r"\frac{{d}}{{d{by}}}",
    loewner={
        Op.LE: r"{0} \preceq {1}", Op.GE: r"{0} \succeq {1}", Op.LT: r"{0} \prec {1}",
        Op.GT: r"{0} \succ {1}",
    },
    bracket=r"\left({0}\right)", root=r"\sqrt{{{0}}}",
    fraction=r"\tfrac{{{0}}}{{{1}}}",
)  # fmt: skip

_HOLDS = {
    Op.ADD: _SUM, Op.SUB: _SUM, Op.NEG: _SUM, Op.SUM: _BINDER, Op.PRODUCT: _BINDER, Op.HADAMARD: _SUM,
    Op.KRONECKER: _SUM, Op.DIRECT: _SUM, Op.MUL: _PRODUCT, Op.DIV: _PRODUCT, Op.SCALE: _PRODUCT,
    Op.MATMUL: _PRODUCT, Op.SPAN: _PRODUCT, Op.POW: _POWER, Op.TRANSPOSE: _POWER, Op.INVERSE: _POWER,
    Op.MODULUS: _POWER, Op.LARGEST: _BINDER, Op.MOMENT: _BINDER, Op.DERIVATIVE: _BINDER, Op.AT: _POWER,
    **dict.fromkeys(COMPARISONS, _OPEN),
}  # fmt: skip
"""How tightly each operation holds together; what is not here is an atom."""
_ASKS: Mapping[Op, tuple[int, ...]] = {
    Op.ADD: (_SUM, _SUM), Op.SUB: (_SUM, _PRODUCT), Op.NEG: (_PRODUCT,), Op.MUL: (_PRODUCT, _PRODUCT),
    Op.SCALE: (_PRODUCT, _PRODUCT), Op.MATMUL: (_PRODUCT, _PRODUCT), Op.DIV: (_PRODUCT, _POWER),
    Op.POW: (_ATOM, _BINDER), Op.TRANSPOSE: (_ATOM,), Op.INVERSE: (_ATOM,), Op.MODULUS: (_ATOM,),
    Op.HADAMARD: (_PRODUCT, _PRODUCT), Op.KRONECKER: (_PRODUCT, _PRODUCT), Op.DIRECT: (_PRODUCT, _PRODUCT),
    Op.BLOCK: (_ATOM, 0, 0, 0, 0), Op.ENTRY: (_ATOM, 0, 0), Op.SUM: (0, 0, _PRODUCT),
    Op.PRODUCT: (0, 0, _PRODUCT), Op.MOMENT: (_BINDER, _PRODUCT, _BINDER), Op.DERIVATIVE: (_PRODUCT,),
    Op.AT: (_ATOM, 0),
}  # fmt: skip
"""How tightly its arguments must hold together to stand without brackets; 0 where none are needed."""


def text(node: Node) -> str:
    """One line of Unicode, e.g. ``s_2(A B) ≤ s_1(A) s_1(B)``."""
    return _written(node, TEXT)[0]


def latex(node: Node) -> str:
    r"""LaTeX for mathematics mode, e.g. ``s_{2}(A B) \le s_{1}(A)\, s_{1}(B)``."""
    return _written(node, LATEX)[0]


def _written(node: Node, style: Style) -> tuple[str, int]:
    """What is printed, and how tightly it holds together."""
    if node.op is Op.NUMBER:
        return _number(node.data, style)
    if node.op in _NAMED and style is LATEX:
        return _name(str(node.data)), _ATOM
    if node.op is Op.POW and node.args[1].op is Op.NUMBER and node.args[1].data == Fraction(1, 2):
        return style.root.format(_written(node.args[0], style)[0]), _ATOM
    template = style.templates[node.op]
    if node.args and node.args[0].shape is not None:
        template = style.loewner.get(node.op, template)
    pairs = zip(node.args, _asks(node, style), strict=True)
    printed = [_within(argument, level, style) for argument, level in pairs]
    if style is TEXT:
        printed = _in_braces(node, printed)
    if node.op is Op.MUL and printed[1][0].isdigit():
        template = template.replace(" ", " · ") if style is TEXT else template.replace(r"\,", r"\cdot")
    if node.op is Op.MEAN:
        template = template.replace(" = ", style.templates[node.data[0]].format("", ""))
    kind = _kind(node, style, printed)
    cut = node.data if node.op is Op.IFF else 2
    left, right = (", ".join(part) for part in (printed[:cut], printed[cut:]))
    data = _name(node.data) if node.op in BINDERS and style is LATEX else node.data
    shown = template.format(*printed, data=data, all=", ".join(printed), kind=kind, left=left, right=right)
    fraction = style is LATEX and node.op is Op.DIV
    return shown, _POWER if fraction else _HOLDS.get(node.op, _ATOM)


def _asks(node: Node, style: Style) -> tuple[int, ...]:
    """How tightly each argument must hold together here."""
    asks = _ASKS.get(node.op, (0,) * len(node.args))
    if style is LATEX and node.op is Op.DIV:
        return 0, 0
    if style is LATEX and node.op is Op.POW:
        return asks[0], 0
    if node.op in (Op.ADD, Op.SUB) and _is_negative(node.args[1]):
        return asks[0], _PRODUCT
    if node.op in (Op.MUL, Op.SCALE, Op.MATMUL):  # neither a/b c nor A 2 B can be read
        left, right = node.args
        first = _POWER if _ends_in_a_quotient(left, style) else asks[0]
        return first, _POWER if right.op is Op.SCALE else asks[1]
    return asks


def _ends_in_a_quotient(node: Node, style: Style) -> bool:
    """Whether what follows would be read as part of what divides; no bar of a fraction is."""
    while style is TEXT and node.op in (Op.MUL, Op.SCALE):
        node = node.args[1]
    return node.op is Op.DIV or (node.op is Op.NUMBER and node.data.denominator > 1)


def _is_negative(node: Node) -> bool:
    return node.op is Op.NEG or (node.op is Op.NUMBER and node.data < 0)


def _within(node: Node, level: int, style: Style) -> str:
    printed, holds = _written(node, style)
    return printed if holds >= level else style.bracket.format(printed)


def _in_braces(node: Node, printed: list[str]) -> list[str]:
    """In text, an index or an exponent that is not one sign stands in braces."""
    places = _RAISED.get(node.op) or (WHOLE_PLACES[node.op] if node.op in _INDEXED else ())
    return [
        f"{{{each}}}" if place in places and len(each) > 1 else each for place, each in enumerate(printed)
    ]


_RAISED: Mapping[Op, tuple[int, ...]] = {Op.POW: (1,), Op.MOMENT: (0, 2)}
"""Arguments that are exponents."""
_INDEXED = (
    Op.BERNOULLI,
    Op.SINGULAR,
    Op.SPEED,
    Op.EIGENVALUE,
    Op.EIGENMODULUS,
    Op.OVERLAP,
    Op.FACTOR,
    Op.SYMBOL,
    Op.SPAN,
    Op.LEFT_VECTOR,
    Op.RIGHT_VECTOR,
)
"""Operations whose whole arguments are subscripts."""


def _kind(node: Node, style: Style, printed: list[str]) -> str:
    if node.op is Op.NORM:
        return style.norms[node.data].format(*printed)
    if node.op is Op.SYMBOL:
        head = HEADS[node.data]
        return (head.text if style is TEXT else head.latex).format(*printed)
    if node.op is Op.TENDS:
        infinity, above = ("∞", "⁺") if style is TEXT else (r"\infty", "^{+}")
        return infinity if node.data is None else _number(node.data, style)[0] + above
    if node.op is Op.MEAN:
        _, law, *names = node.data
        words = f"{law} {', '.join(names)}"
        return words if style is TEXT else rf"\text{{{words}}}"
    if node.op is Op.POLYGAMMA:
        return style.polygamma.get(node.data) or style.order.format(order=node.data)
    if node.op is Op.DERIVATIVE:
        return style.rate.format(by=node.data or "t")
    return ""


_LARGEST_DENOMINATOR = 12
"""Beyond it, a fraction that has a short decimal is printed as that: 0.95, as it was typed."""
_LARGEST_DECIMAL = Fraction(10**9)
_NAMED = (Op.SCALAR, Op.WHOLE, Op.INDEX, Op.SIZE, Op.MATRIX, Op.CHAIN)


def _name(name: str) -> str:
    """A name in LaTeX: of several letters it is no product, and all that stands below does so."""
    stem, *index = name.split("_")
    shown = SIGNS.get(stem, stem) if len(stem) == 1 else rf"\mathit{{{stem}}}"
    return "_".join([shown, *(f"{{{each}}}" for each in index)])


def _number(value: Fraction, style: Style) -> tuple[str, int]:
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size.denominator == 1:
        return f"{sign}{size}", _SUM if sign else _ATOM
    decimal = f"{float(min(size, _LARGEST_DECIMAL))!r}"
    if size.denominator > _LARGEST_DENOMINATOR and "e" not in decimal and Fraction(decimal) == size:
        return sign + decimal, _SUM if sign else _ATOM
    shown = style.fraction.format(size.numerator, size.denominator)
    return sign + shown, _SUM if sign else _PRODUCT if style is TEXT else _POWER
