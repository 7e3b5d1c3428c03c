r"""Mathematics from one line of Unicode, the notation of the ledger, to LaTeX: one table, one converter.

``ṡ_k = -N s_k^{2-2/N} ⟨u_k, G v_k⟩`` becomes ``\dot{s}_{k} = -N \, s_{k}^{2-2/N} \, \langle u_{k}, …``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from unicodedata import normalize

from jacspec.documents.signs import (
    ACCENTS,
    CLOSING,
    LARGE,
    LOWERED,
    OPENING,
    OPERATORS,
    RAISED,
    RELATIONS,
    SIGNS,
)

_ESCAPED = {each: f"\\{each}" for each in "#$%&_"} | {"\\": r"\backslash ", "^": r"\wedge ", '"': "''"}

_FUNCTIONS = {"log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "min", "max", "lim", "sup",
              "inf", "arg", "gcd", "ker", "dim", "deg"}  # fmt: skip
_NAMED = {"diag", "rank", "tr", "Var", "Cov", "Bin", "Re", "Im", "sign", "span", "vec", "eig", "psd", "Pr",
          "binom", "Bernoulli"}  # fmt: skip
_WORDS = {"DS", "SA", "QR", "LU", "in", "of", "is", "or", "to", "if", "at", "on", "by", "as", "up", "iff",
          "and"}  # fmt: skip
"""Words of few letters; any other two letters are a product."""
READ_AS_WORDS = frozenset(_FUNCTIONS | _NAMED | _WORDS | {*LARGE, "Γ", "ψ"})
"""What is no name of a number: a function of what follows, or a word."""
_LETTERS = 2
"""Letters up to which a name is a product of them, such as AB, and not a word."""

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<derivative>d/dt\b)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?![A-Za-z]{3}))"
    r"|(?P<name>[A-Za-z]{2,}(?:-[A-Za-z]{3,})*)"
    rf"|(?P<raised>[{''.join(RAISED)}]+)"
    rf"|(?P<lowered>[{''.join(LOWERED)}]+)"
    r"|(?P<script>[_^])"
    r"|(?P<root>√)"
    r"|(?P<prime>['’′]+)"
    r"|(?P<character>.[\u0300-\u036f]*)",
    re.DOTALL,
)
_SCRIPT = re.compile(r"[0-9]+|[A-Za-z]+|[^\s({][\u0300-\u036f]*")
"""An index or exponent without brackets: one number, one run of letters, or one sign."""
_ROOTED = re.compile(r"(?:[0-9]+|[^\s(\[{⟨][\u0300-\u036f]*)?(?:_\{[^{}]*\}|_\w)?")


def _code_points(sign: str) -> str:
    return f"[{' '.join(f'U+{ord(each):04X}' for each in sign)}]"


def latex_of(unicode: str, *, unknown: Callable[[str], str] = _code_points) -> str:
    """LaTeX, for mathematics mode, of a formula in the Unicode notation.

    ``unknown`` gives the words for a sign that is not in the notation: its code point, so that all is ASCII.
    """
    return _Formula(normalize("NFC", unicode).replace("+/-", "±"), unknown).read()


def matrix_latex(name: str, rows: Sequence[Sequence[str]], fraction: str = "frac") -> str:
    r"""A matrix in LaTeX, with its name if it has one; ``fraction`` is the command that sets p/q."""
    lines = r" \\ ".join(" & ".join(_entry(entry, fraction) for entry in row) for row in rows)
    named = f"{latex_of(name)} = " if name else ""
    return rf"{named}\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def _entry(entry: str, fraction: str) -> str:
    above, bar, below = entry.partition("/")
    sign = "-" if above.startswith("-") else ""
    return rf"{sign}\{fraction}{{{above.removeprefix('-')}}}{{{below}}}" if bar else above


class _Formula:
    """A formula that is being put together, token by token."""

    def __init__(self, line: str, unknown: Callable[[str], str], *, script: bool = False) -> None:
        self._line = line
        self._unknown = unknown
        self._script_only = script
        """Whether the line is an index or an exponent, in which letters stand for indices."""
        self._latex = ""
        self._gap = self._operand = self._raised = self._lowered = False

    def read(self) -> str:
        position = 0
        while position < len(self._line):
            token = _TOKEN.match(self._line, position)
            assert token is not None  # noqa: S101 -- the last alternative takes anything
            position = self._take(token.lastgroup or "", token[0], token.end())
        return self._latex.rstrip()

    def _take(self, kind: str, shown: str, end: int) -> int:
        """One token; where the next one begins."""
        if kind == "space":
            self._gap = True
        elif kind == "script":
            return self._script(shown, end)
        elif kind == "root":
            return self._root(end)
        elif kind == "raised":
            self._attach("^", "".join(RAISED[each] for each in shown))
        elif kind == "lowered":
            self._attach("_", "".join(LOWERED[each] for each in shown))
        elif kind == "prime":
            self._prime(len(shown))
        elif kind == "derivative":
            self._apply(r"\tfrac{\mathrm{d}}{\mathrm{d}t} ")
        elif kind == "number":
            self._join(_number(shown), operand=True)
        elif kind == "name":
            self._name(shown)
        else:
            self._character(shown)
        return end

    # --- tokens ---------------------------------------------------------------------------------------

    def _name(self, name: str) -> None:
        if name in _FUNCTIONS:
            self._apply(f"\\{name}")
        elif name in _NAMED:
            self._apply(rf"\operatorname{{{name}}}")
        elif name not in _WORDS and (
            len(name) <= _LETTERS or (self._script_only and len(name) == _LETTERS + 1)
        ):
            self._join(name, operand=True)
        else:
            spaced = rf"\text{{{' ' * bool(self._latex and self._gap)}{name} }}"
            self._gap = False
            self._join(spaced if not self._script_only else rf"\text{{{name}}}", operand=False)

    def _apply(self, latex: str) -> None:
        """A function; no space before what it is applied to."""
        self._join(latex, operand=True)
        self._operand = False

    def _character(self, shown: str) -> None:
        base, *marks = [shown] if shown in SIGNS else list(normalize("NFD", shown))
        if marks:
            accents = [ACCENTS.get(mark) for mark in marks]
            inside = SIGNS.get(base, base)
            if None not in accents and inside.isascii():
                for accent in accents:
                    inside = rf"{accent}{{{inside}}}"
                self._join(inside, operand=True)
            else:
                self._join(self._other(shown), operand=True)
        elif base in RELATIONS:
            self._join(f" {RELATIONS[base]} ", operand=False)
        elif base in OPERATORS:
            self._combine(base)
        elif base in LARGE:
            self._apply(LARGE[base])
        elif base in OPENING:
            self._apply(OPENING[base])
        elif base in CLOSING:
            self._close(CLOSING[base])
        elif base in ",;:.!?":
            self._punctuate(base)
        elif base in SIGNS or (base.isascii() and base.isalnum()):
            self._join(SIGNS.get(base, base), operand=True)
        else:
            self._join(self._other(base), operand=True)

    def _close(self, bracket: str) -> None:
        self._gap = False
        self._join(bracket, operand=True)

    def _punctuate(self, sign: str) -> None:
        self._gap = False
        self._join(f"{sign} " if sign in ",;" else sign, operand=False)

    def _combine(self, sign: str) -> None:
        latex = OPERATORS[sign]
        if sign == "*" and not self._gap and self._operand:
            self._attach("^", "*")  # t*: a particular t
        elif self._gap and self._operand:
            self._join(f" {latex} ", operand=False)
        else:
            self._join(latex, operand=False)

    def _other(self, shown: str) -> str:
        if shown.isascii():
            return _ESCAPED.get(shown, shown)
        return rf"\text{{{self._unknown(shown)}}}"

    # --- putting together -----------------------------------------------------------------------------

    def _join(self, latex: str, *, operand: bool) -> None:
        """Go on with the formula; two factors with a space between them are set apart."""
        if self._gap and self._operand and operand:
            self._latex += r" \, "
        elif re.search(r"\\[A-Za-z]+$", self._latex) and latex[:1].isalnum():
            self._latex += " "
        if self._latex.endswith(" ") or not self._latex:
            latex = latex.lstrip()
        self._latex += latex
        self._gap, self._operand = False, operand
        self._raised = self._lowered = False

    def _prime(self, count: int) -> None:
        if self._raised:
            self._latex += "{}"  # TeX refuses a second exponent, which a prime is
        # It belongs to a word, and not to the space that sets that apart.
        self._latex = re.sub(r" \}$", "}", self._latex) + "'" * count
        self._gap, self._operand = False, True

    def _attach(self, mark: str, inside: str) -> None:
        raised = mark == "^"
        if not self._latex.rstrip() or (self._raised if raised else self._lowered):
            self._latex += "{}"
        # An exponent belongs to what stands before it, and not to the space behind that.
        self._latex = f"{self._latex.rstrip()}{mark}{{{inside}}}"
        self._raised, self._lowered = self._raised or raised, self._lowered or not raised
        self._gap = False

    def _script(self, mark: str, position: int) -> int:
        """An index or an exponent: what is in its brackets, or one number, letter or sign."""
        after_large = self._latex.endswith(tuple(LARGE.values()))
        operand = self._operand and not after_large
        if self._line[position : position + 1] in ("{", "("):
            end = _closing(self._line, position)
            # The order of a derivative keeps its brackets: ψ^(4)(x).
            kept = self._line[position] == "(" and self._line[end : end + 1] == "("
            inside = self._line[position:end] if kept else self._line[position + 1 : end - 1]
        else:
            found = _SCRIPT.match(self._line, position)
            end = found.end() if found else position
            inside = self._line[position:end]
        self._attach(mark, _Formula(inside, self._unknown, script=True).read())
        self._operand = operand
        return end

    def _root(self, position: int) -> int:
        """The root of the next thing, with the bracket that follows it at once."""
        found = _ROOTED.match(self._line, position)
        end = found.end() if found else position
        inside = self._line[position:end]
        if self._line[end : end + 1] in ("(", "[", "⟨"):
            closed = _closing(self._line, end)
            only = end == position and self._line[end] != "⟨"
            inside = self._line[position + 1 : closed - 1] if only else self._line[position:closed]
            end = closed
        self._join(rf"\sqrt{{{_Formula(inside, self._unknown).read()}}}", operand=True)
        return end


def _number(shown: str) -> str:
    """A number, ``1e-30`` as a power of ten."""
    digits, exponent, power = shown.partition("e")
    if not exponent:
        return shown
    raised = f"10^{{{int(power)}}}"
    return raised if digits == "1" else rf"{digits} \cdot {raised}"


def _closing(line: str, opening: int) -> int:
    """The position behind the bracket that closes; the end of the line if none does."""
    depth = 0
    for position in range(opening, len(line)):
        depth += (line[position] in OPENING) - (line[position] in CLOSING)
        if depth == 0:
            return position + 1
    return len(line)
