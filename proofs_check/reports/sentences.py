r"""A line of words and Unicode mathematics, as claims state themselves, taken apart into words and LaTeX.

``ṡ_k = Σ_l ⟨u_k, B_l v_k⟩ for every l`` gives the mathematics ``\dot{s}_{k}``, ``= \sum_{l} …``, the words
`` for every `` and the mathematics ``l``. What stands in a line that is no mathematics of this kind (markup,
code, brackets that do not close) leaves the line as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

__all__ = ["Piece", "is_readable", "pieces"]

Piece = tuple[bool, str]
"""Whether it is mathematics, and its LaTeX or its words."""

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "prod", "Σ": "sum", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
_RELATIONS = {
    "=": "=", "<": "<", ">": ">", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "→": r"\to",
    "~": r"\sim", "∼": r"\sim", "∈": r"\in", "⪰": r"\succeq",
}  # fmt: skip
_OPERATORS = {
    "+": "+", "-": "-", "−": "-", "·": r"\cdot", "×": r"\times", "±": r"\pm", "⋯": r"\cdots", "/": "/",
    "…": r"\dots", "*": "*",
}  # fmt: skip
_ATOMS = {
    "∞": r"\infty",
    "∂": r"\partial",
    "½": r"\tfrac{1}{2}",
    "¼": r"\tfrac{1}{4}",
    "|": "|",
    "‖": r"\Vert",
}
_BRACKETS = {"⟨": r"\langle", "⟩": r"\rangle", "(": "(", ")": ")", "[": "[", "]": "]", "{": r"\{", "}": r"\}"}
_PAIRS = {")": "(", "]": "[", "⟩": "⟨", "}": "{"}
_ACCENTS = {"\u0307": r"\dot", "\u0304": r"\bar", "\u0302": r"\hat", "\u0303": r"\tilde"}
_RAISED = {"⁻": "-", "⁺": "+", "ᵀ": r"\top"} | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_NAMED = {"log", "exp", "sinh", "cosh", "tanh", "det", "min", "max", "lim", "sup", "inf"}
_FUNCTIONS = {"diag", "rank", "tr", "Var", "Bin", "Cov", "Re"}
_ALWAYS = {"log", "det", "Var"}
"""The names that are functions whatever follows; the others are, before a bracket."""
_SHORT_WORDS = {"DS", "SA", "QR", "LU", "in", "of", "is", "or", "to", "if", "at", "on", "by", "as", "up"}
_WORD_AHEAD = re.compile(r"(?!(?:log|exp|det|min|max|sinh|diag|rank|Var)\b)(?:[A-Za-z]{3,}|[a-z]{2}\s)")
_LONG = 24
"""Characters of LaTeX before which a formula is not broken at a relation."""
_NOT_MATHEMATICS = re.compile(r"[\\`\"$%&#@]|</?[A-Za-z]\w*>|://|\w\(\)|==|\*\*|\[\[")
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<derivative>\bd/dt\b)"
    r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![A-Za-z]{3}))"
    r"|(?P<name>[A-Za-z]{3,}(?:[._-][A-Za-z0-9]+)*(?![_^])|[A-Za-z]+(?:['’][a-z]+|-[A-Za-z][A-Za-z-]+))"
    r"|(?P<pair>[A-Za-z]{2}(?![_^A-Za-z]))"
    r"|(?P<raised>[⁻⁺ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<script>[_^](?:[{(]|[0-9A-Za-zα-ωΑ-Ω]+|[∞⊤>*+−]))"
    r"|(?P<root>√)"
    r"|(?P<prime>['′]+)"
    r"|(?P<character>.[\u0300-\u036f]*)",
    re.DOTALL,
)


def is_readable(line: str) -> bool:
    """Whether a line is words and mathematics, and nothing that would be spoilt by being set."""
    return _NOT_MATHEMATICS.search(line) is None and _closes(line)


def _closes(line: str) -> bool:
    opened: list[str] = []
    for character in line:
        if character in _PAIRS.values():
            opened.append(character)
        elif character in _PAIRS and (not opened or opened.pop() != _PAIRS[character]):
            return False
    return not opened


def pieces(line: str, unknown: Callable[[str], str]) -> list[Piece]:
    """Words and mathematics in turn, whose concatenation is the line; a relation begins a new formula.

    ``unknown`` gives the LaTeX of a character of which nothing is known here.
    """
    return _Reader(line, unknown).read() if is_readable(line) else [(False, line)]


class _Reader:
    """One pass over the tokens of a line, with the formula that is being put together."""

    def __init__(self, line: str, unknown: Callable[[str], str], *, inside: bool = False) -> None:
        self._inside = inside
        """Whether the line is an index or an exponent."""
        self._line = normalize("NFC", line).replace("+/-", "±")
        self._unknown = unknown
        self._found: list[Piece] = []
        self._formula = ""
        self._gap = ""
        """The space since the last token, which belongs to the formula only if it goes on."""
        self._brackets: list[bool] = []
        """Whether each bracket that is open belongs to a formula."""
        self._operand = False
        self._raised = self._lowered = False

    def read(self) -> list[Piece]:
        position = 0
        while position < len(self._line):
            token = _TOKEN.match(self._line, position)
            assert token is not None  # noqa: S101 -- the last alternative takes anything
            position = self._take(token, token.lastgroup or "", token[0])
        self._words("")
        return self._found

    def _take(self, token: re.Match[str], kind: str, shown: str) -> int:
        following = self._line[token.end() : token.end() + 1]
        if kind == "space":
            self._gap += shown
        elif kind == "script":
            return self._script(token)
        elif kind == "root":
            return self._root(token.end())
        elif kind == "raised":
            self._attach("^", "".join(_RAISED[each] for each in shown))
        elif kind == "prime" and self._formula and not self._gap:
            self._formula += "'" * len(shown)
        elif kind == "derivative":
            self._operate(r"\tfrac{\mathrm{d}}{\mathrm{d}t}")
        elif kind == "number":
            self._operate(_number(shown))
        elif kind == "name":
            self._name(shown, following)
        elif kind == "pair":
            self._pair(shown, following)
        else:
            self._character(shown, token.end())
        return token.end()

    # --- words and operands -------------------------------------------------------------------------

    def _name(self, name: str, following: str) -> None:
        always = name in _ALWAYS
        if name in _NAMED and (always or following == "("):
            self._function("\\" + name)
        elif name in _FUNCTIONS and (always or following == "("):
            self._function(rf"\operatorname{{{name}}}")
        else:
            self._words(name)

    def _function(self, latex: str) -> None:
        self._join(latex, operand=True)
        self._operand = False  # no space before what it is applied to

    def _pair(self, pair: str, following: str) -> None:
        """Two letters are a product where they are capitals or stand by a digit; otherwise a word."""
        product = pair not in _SHORT_WORDS if self._inside else pair.isupper() and pair not in _SHORT_WORDS
        if product or (self._operand and not self._gap and self._formula):
            self._operate(pair)
        else:
            self._name(pair, following)

    def _character(self, shown: str, end: int) -> None:
        base, *marks = [shown] if shown in _RELATIONS else list(normalize("NFD", shown))
        accent = _ACCENTS.get(marks[0]) if len(marks) == 1 else None
        if base in ",;:.!?–—’'":
            self._punctuate(shown)
        elif base in "([{⟨" and not marks:
            self._open(base, end)
        elif base in ")]}⟩" and not marks:
            self._close(base)
        elif base in _RELATIONS and not marks:
            self._relate(_RELATIONS[base])
        elif base in _OPERATORS and not marks:
            self._combine(base)
        elif base in "aA" and not marks and self._is_article(base, end):
            self._words(shown)
        elif base in _GREEK or base in _ATOMS or (base.isascii() and base.isalnum()):
            known = _GREEK.get(base)
            latex = "\\" + known if known else _ATOMS.get(base, base)
            self._operate(rf"{accent}{{{latex}}}" if accent else latex)
            self._operand = base not in "ΣΠ∂"
        else:
            self._operate(self._unknown(shown))

    def _is_article(self, letter: str, end: int) -> bool:
        if letter == "a":
            return re.match(r"\s+[A-Za-z]{2}", self._line[end:]) is not None
        return self._line[:end].endswith(". A") and self._line[end : end + 1] == " "

    def _punctuate(self, mark: str) -> None:
        if any(self._brackets) and self._formula and mark in ",;":
            self._join(mark, operand=False)
        else:
            self._words(mark)

    def _open(self, bracket: str, end: int) -> None:
        words = not any(self._brackets) and bracket in "([" and _WORD_AHEAD.match(self._line, end) is not None
        self._brackets.append(not words)
        if words:
            self._words(bracket)
        else:
            self._join(_BRACKETS[bracket] + (" " if bracket == "⟨" else ""), operand=True)
            self._operand = False

    def _close(self, bracket: str) -> None:
        if self._brackets.pop():
            self._gap = ""
            self._join((" " if bracket == "⟩" else "") + _BRACKETS[bracket], operand=True)
        else:
            self._words(bracket)

    # --- the formula ----------------------------------------------------------------------------------

    def _join(self, latex: str, *, operand: bool) -> None:
        """Go on with the formula, or begin one."""
        if not self._formula:
            self._words("")
        elif self._gap and self._operand and operand:
            self._formula += r" \, "
        elif self._formula[-1:].isalpha() and latex[:1].isalnum():
            self._formula += " "
        self._gap = ""
        self._formula += latex
        self._operand = operand
        self._raised = self._lowered = False

    def _operate(self, latex: str) -> None:
        self._join(latex, operand=True)

    def _relate(self, latex: str) -> None:
        if not any(self._brackets) and len(self._formula) > _LONG:
            self._words("" if self._gap else " ")
        self._join(f"{latex} ", operand=False)

    def _combine(self, sign: str) -> None:
        if sign == "*" and self._formula and not self._gap:
            self._attach("^", "*")
            return
        tight = sign == "/" or not self._gap
        latex = _OPERATORS[sign]
        if sign in "-−" and not self._operand:
            latex = "{-}"  # a sign, not a difference
        elif not tight:
            latex = f" {latex} "
        self._join(latex, operand=sign == "…")

    def _script(self, token: re.Match[str]) -> int:
        """An index or an exponent: what is in its brackets, or one run of letters and digits."""
        if not self._formula or self._gap:
            self._words(token[0])
            return token.end()
        mark, inside, end = token[0][0], token[0][1:], token.end()
        if inside in "{(":
            end = _closing(self._line, token.end() - 1)
            inside = self._line[token.end() : end]
            end += 1
        self._attach(mark, self._inner(inside))
        return end

    def _attach(self, mark: str, inside: str) -> None:
        raised = mark == "^"
        if (raised and self._raised) or (not raised and self._lowered):
            self._formula += "{}"  # TeX refuses a second exponent
        self._formula += f"{mark}{{{inside}}}"
        self._raised, self._lowered = self._raised or raised, self._lowered or not raised

    def _root(self, position: int) -> int:
        """The root of the next thing, with the bracket that follows it at once."""
        match = re.match(r"[^\s(]?[\u0300-\u036f]*(?:_\{[^}]*\}|_\w)?", self._line[position:])
        end = position + (match.end() if match else 0)
        if self._line.startswith("(", end):
            inside_only = end == position
            closed = _closing(self._line, end)
            inside = self._line[end + 1 : closed] if inside_only else self._line[position : closed + 1]
            end = closed + 1
        else:
            inside = self._line[position:end]
        self._operate(rf"\sqrt{{{self._inner(inside)}}}")
        return end

    def _inner(self, line: str) -> str:
        """What is all mathematics: words in it are set as words, or as indices one after another."""
        if re.fullmatch("[A-Za-z]{2}", line):
            return line
        return "".join(
            piece if mathematics else (rf"\text{{{piece}}}" if piece.strip(" ,") else piece)
            for mathematics, piece in _Reader(line, self._unknown, inside=True).read()
        )

    # --- what was found -------------------------------------------------------------------------------

    def _end_formula(self) -> None:
        formula = self._formula.rstrip()
        self._formula = ""
        self._operand = self._raised = self._lowered = False
        if formula.isdigit() and not self._inside:  # a number by itself is one of the words
            self._say(formula)
        elif formula:
            # What is taken from, or added to, words is a difference nevertheless.
            self._found.append((True, formula + " {}" if formula.endswith((" +", " -")) else formula))

    def _words(self, words: str) -> None:
        self._end_formula()
        text, self._gap = self._gap + words, ""
        if text:
            self._say(text)

    def _say(self, text: str) -> None:
        if self._found and not self._found[-1][0]:
            self._found[-1] = (False, self._found[-1][1] + text)
        else:
            self._found.append((False, text))


def _number(shown: str) -> str:
    digits, exponent, power = shown.partition("e")
    if not exponent:
        return shown
    raised = f"10^{{{int(power)}}}"
    return raised if digits == "1" else rf"{digits} \cdot {raised}"


def _closing(line: str, opening: int) -> int:
    """Where the bracket closes; brackets of a readable line do."""
    depth = 0
    for position in range(opening, len(line)):
        depth += (line[position] in _PAIRS.values()) - (line[position] in _PAIRS)
        if depth == 0:
            return position
    return len(line)
