"""A document with every kind of block, and what in it could be taken for a mark."""

from __future__ import annotations

from jacspec.documents.blocks import (
    Block,
    Bullets,
    Columns,
    Figure,
    Folded,
    Formula,
    Heading,
    Matrix,
    Note,
    Paragraph,
    Preformatted,
    Section,
    Table,
)
from jacspec.documents.prose import literal

RAW = 'a_b *c* <i> & 50 % of #1 {x} ~ \\d ^2 "q" it\'s -- $ | [z](#z) é ≤ 漢'
"""What a user may have written."""

LONG = " + ".join(f"s_{k}(A_{{l+{k}}})" for k in range(1, 30))

EVERYTHING: tuple[Block, ...] = (
    Heading("The whole, for $N ≥ 2$", level=1),
    Paragraph("See [`the-claim`](#the-claim) and [nowhere](#nowhere). " + "Many words follow. " * 12),
    Heading("The claim of $ṡ_k$", level=2, anchor="the-claim"),
    Paragraph(literal(RAW), lead="As it stands"),
    Formula("s_k(J)", ("s_{k}(J)",)),
    Formula("= ⟨u_k, J v_k⟩", (r"= \langle u_{k}, J v_{k} \rangle",), "singular pair [$J v_k$, `label`]",
            continues=True),
    Formula(f"≤ {LONG}", (r"\le x_{1}", "+ x_{2}"), "a bound", (r"1 \le k \le n", "1 ≤ k ≤ n"),
            continues=True),
    Bullets(("one with $ε$", (Paragraph("of $A_l$", lead="two"), Formula("A_l = I", ("A_{l} = I",)))),
            ordered=True),
    Table(
        ("claim", "verdict", "what was found"),
        (("`a-long-label`", "**proved**", "for $|R_{ik}| ≤ 1$ " + "in words " * 20), ("b", "refuted", "1.5")),
        caption="All of them",
        right=(1,),
    ),
    Columns((Matrix("M_1", (("1", "-1/2"), ("10", "3"))), Matrix("Ṁ_2", (("0",),)))),
    Matrix("", (("1/3",),)),
    Figure("How $γ_k$ grows", "a line that rises", svg="<svg viewBox='0 0 1 1'></svg>"),
    Preformatted("as  it <stands>,\n\n``` 1_000"),
    Note("not as $expected", kind="warning"),
    Folded("2 steps of $J$", (Heading("Inside", level=3), Paragraph("folded away"))),
    Section((Heading("Last", level=4), Paragraph("the end")), anchor="A3", kind="proved"),
)  # fmt: skip
