"""The ledger as a document, docs/ledger.md: its notation, and every claim as it is stated and searched.

python -m jacspec.proofs_check.ledger.document docs/ledger.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from sympy import Expr

from jacspec.documents import markdown
from jacspec.documents.blocks import Block, Bullets, Formula, Heading, Paragraph, Table
from jacspec.documents.prose import code
from jacspec.numerics.files.writing import write_text
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.ledger import CHAPTERS, LEDGER
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.derivation_blocks import assumption_blocks, result_block
from jacspec.theory.derivations.proposition import Proposition, proof_of
from jacspec.theory.notation.glossary import meanings
from jacspec.theory.results.catalogue import catalogue

_OPENING = (
    "What this toolkit claims, and sets out to prove or to refute. It starts from the poster of Haas, "
    "Gatine, Cosse and Bouraoui (ICML 2026) on why the singular values of deep Jacobians separate; each "
    "claim says whose it is: **poster**, **classical** (with its reference), **follow-up** (the first "
    "author's public notes) or **ours**. What is refuted here is what we put up ourselves, to show where a "
    "hypothesis is needed, save `alignment-as-stated`. The expected verdict is compared with what was found "
    "only at the end. `jacspec verify LABEL` checks a claim, `jacspec derive LABEL` shows its derivation."
)

_CONVENTIONS = (
    "Factors are applied right to left. $N$ is the depth and $n$ the width, $l$ is a layer, $i$, $j$, $k$ "
    "are directions; $[i = k]$ is 1 if $i = k$ and else 0; a dot is the time derivative. A singular value "
    "decomposition is $X = U_X diag(s_1(X), s_2(X), …) V_Xᵀ$, $s_1(X) ≥ s_2(X) ≥ …$; without an argument, "
    "$s_k$, $u_k$ and $v_k$ belong to $J = M_N ⋯ M_1$."
)

_DEFINITIONS = (
    "gated network: $J = W_N D_{N-1} W_{N-1} ⋯ D_1 W_1$, absorbed as $M_l = D_l W_l D_{l-1}$",
    "$Γ$, $ψ$: the gamma and digamma functions; $E[…]$, $Var(…)$ and $P(…)$: mean, variance and "
    "probability; $𝒩(0, …)$: the normal law of mean 0",
)


def ledger_blocks() -> Iterator[Block]:
    """The document: notation, a table of all claims, and the claims by chapter."""
    yield Heading("The ledger", 1)
    yield Paragraph(_OPENING)
    yield Heading("0. Notation")
    yield Paragraph(_CONVENTIONS)
    yield Bullets((*meanings(ledger_expressions()), *_DEFINITIONS))
    yield Paragraph("What claims assume, by the name that stands before them:")
    yield Bullets(tuple(assumption_blocks(f"**{each.title}**", each) for each in _premises()))
    yield Paragraph(
        "Inequalities that derivations take as they stand, without a proof here (“level” is what the premise "
        "on misalignment states):"
    )
    yield Table(("inequality", "in the derivation of"), tuple(_unproved_lemmas().items()))
    yield Table(
        ("claim", "whose", "expected", "derivation"),
        tuple(_row(claim) for claims in CHAPTERS.values() for claim in claims),
    )
    for number, (title, claims) in enumerate(CHAPTERS.items(), 1):
        yield Heading(f"{number}. {title}")
        for claim in claims:
            yield from _entry(claim)


def _stated() -> Iterator[Proposition]:
    """The propositions of the ledger."""
    return (each for claims in CHAPTERS.values() for claim in claims for each in claim.propositions)


def _premises() -> Iterable[Assumption]:
    """What they assume, each once."""
    given = (premise for proposition in _stated() for premise in proposition.given)
    return {(each.title, each.says): each for each in given}.values()


def _unproved_lemmas() -> dict[str, str]:
    """By title, the derivations that use an inequality as it stands: by the notation, or from a premise."""
    users: dict[str, dict[str, None]] = {}
    for derivation in catalogue().values():
        for lemma in derivation.unproved_lemmas:
            users.setdefault(lemma.title, {})[code(derivation.label)] = None
    return {title: ", ".join(labels) for title, labels in users.items()}


def ledger_expressions() -> Iterator[Expr]:
    """Both sides of all that is stated or assumed, and what that is about."""
    for stated in _stated():
        yield from (stated.left, stated.right, *(each.symbol for each in stated.domain.parameters))
    for premise in _premises():
        yield from (side for each in premise.says for side in (each.left, each.right))
        yield from (each.symbol for each in premise.restricts)


def _row(claim: Claim) -> tuple[str, ...]:
    return f"[`{claim.label}`](#{claim.label})", claim.author, claim.expected.value, _derived(claim)


def _derived(claim: Claim) -> str:
    """Whether it has a derivation: in part if that ends in words, or is written out at explicit sizes."""
    if claim.derivation is None:
        return "–"
    whole = len(derived_ends(claim.label)) == len(claim.propositions) and not claim.derivation().checked_for
    return "yes" if whole else "in part"


def _entry(claim: Claim) -> Iterator[Block]:
    yield Heading(code(claim.label), 3)
    yield Paragraph(_sentence(claim.statement))
    ends = derived_ends(claim.label)
    if ends:
        yield Paragraph("Its derivation ends in")
        yield from (end for _, end in ends)
    derived = {"–": "", "yes": ", with a derivation", "in part": ", with one of a part"}[_derived(claim)]
    yield Paragraph(f"{_sentence(claim.credit)} Expected: {claim.expected.value}{derived}.", "Whose")
    if claim.remark:
        yield Paragraph(_sentence(claim.remark), "Remark")


@cache
def derived_ends(label: str) -> tuple[tuple[Formula, Formula], ...]:
    """Each proposition that the derivation of a claim ends in, and next to it that end."""
    claim = LEDGER[label]
    if claim.derivation is None:
        return ()
    derivation = claim.derivation()
    proofs = [proof_of(each, derivation) for each in claim.propositions]
    return tuple(
        (proof.proposition.formula, result_block(proof.calculation))
        for proof in proofs
        if proof.calculation is not None
    )


def _sentence(prose: str) -> str:
    return f"{prose[0].upper()}{prose[1:].removesuffix('.')}."


def ledger_document() -> str:
    """The document as Markdown."""
    return markdown.write(tuple(ledger_blocks())) + "\n"


if __name__ == "__main__":
    write_text(Path(sys.argv[1]), ledger_document())
