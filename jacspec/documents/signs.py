"""The one table from the signs of the Unicode notation to LaTeX, by what a sign does in a formula."""

from __future__ import annotations

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
"""The Greek letters and their names in LaTeX. Σ and Π are the signs of a sum and of a product."""

RELATIONS = {
    "=": "=", "<": "<", ">": ">", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "→": r"\to",
    "~": r"\sim", "∼": r"\sim", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq",
    "⪰": r"\succeq", "≽": r"\succeq", "⪯": r"\preceq", "≼": r"\preceq", "≺": r"\prec", "≻": r"\succ",
    "≡": r"\equiv", "≪": r"\ll", "≫": r"\gg", "∝": r"\propto", "⊥": r"\perp", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "←": r"\leftarrow",
}  # fmt: skip
OPERATORS = {
    "+": "+", "-": "-", "−": "-", "±": r"\pm", "∓": r"\mp", "·": r"\cdot", "×": r"\times", "/": "/", "*": "*",
    "∘": r"\circ", "⊙": r"\odot", "⊗": r"\otimes", "⊕": r"\oplus", "∧": r"\wedge", "∨": r"\vee",
    "∩": r"\cap", "∪": r"\cup", "∗": "*", "⋆": r"\star", "⋅": r"\cdot", "∖": r"\setminus", "÷": r"\div",
}  # fmt: skip
LARGE = {"Σ": r"\sum", "∑": r"\sum", "Π": r"\prod", "∏": r"\prod", "∫": r"\int", "∂": r"\partial"}
"""What acts on what follows: no space between the two."""
_ATOMS = {
    "∞": r"\infty", "ℓ": r"\ell", "∅": r"\emptyset", "∇": r"\nabla", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}",
    "ℚ": r"\mathbb{Q}", "ℤ": r"\mathbb{Z}", "ℂ": r"\mathbb{C}", "½": r"\tfrac{1}{2}", "¼": r"\tfrac{1}{4}",
    "⅓": r"\tfrac{1}{3}", "¾": r"\tfrac{3}{4}", "⋯": r"\cdots", "…": r"\dots", "⋮": r"\vdots", "⋱": r"\ddots",
    "|": "|", "‖": r"\Vert", "⊤": r"\top", "✓": r"\checkmark", "∀": r"\forall", "∃": r"\exists",
    "√": r"\surd", "𝒩": r"\mathcal{N}",
}  # fmt: skip
OPENING = {"⟨": r"\langle", "(": "(", "[": "[", "{": r"\{", "⌊": r"\lfloor", "⌈": r"\lceil"}
CLOSING = {"⟩": r"\rangle", ")": ")", "]": "]", "}": r"\}", "⌋": r"\rfloor", "⌉": r"\rceil"}
ACCENTS = {"\u0307": r"\dot", "\u0308": r"\ddot", "\u0304": r"\bar", "\u0302": r"\hat", "\u0303": r"\tilde"}
RAISED = {"⁻": "-", "⁺": "+", "ᵀ": r"\top", "ⁿ": "n"} | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))

SIGNS: dict[str, str] = {
    **{letter: f"\\{name}" for letter, name in GREEK.items()},
    **RELATIONS, **OPERATORS, **LARGE, **_ATOMS, **OPENING, **CLOSING,
    **{sign: f"^{{{inside}}}" for sign, inside in RAISED.items()},
    **{sign: f"_{{{inside}}}" for sign, inside in LOWERED.items()},
    "′": "'",
}  # fmt: skip
"""What a single sign of the notation is in LaTeX, in mathematics mode."""
