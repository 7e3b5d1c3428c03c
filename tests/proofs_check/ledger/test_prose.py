"""Every string of the ledger is prose: its mathematics, and nothing else, stands between dollar signs."""

import re
from collections.abc import Iterator

import pytest

from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.limits import Limit
from jacspec.proofs_check.referee.powers import Powers
from jacspec.proofs_check.referee.propositions.laws import DrawnAsSaid
from jacspec.proofs_check.referee.propositions.sampled import SampledPropositions
from jacspec.proofs_check.referee.statistics import Statistics

CODE = re.compile(r"`[^`]*`")
MATHEMATICS = re.compile(
    r"[_^=≤≥≠<>~→⟨⟩‖|+/²³⁴ᵀ′·½¼√∞…⋯Α-Ωα-ωḀ-ỿ\u0300-\u036f]|(?<![\w'’])[B-Zb-z](?![\w'’.])"
)
"""A sign, a Greek letter, an accent, or a letter that stands alone (a name such as "E." aside)."""

NAMES = {
    *("log", "min", "max", "det", "sinh", "cos", "sin", "exp", "tanh", "lim"),
    *("Bin", "Var", "binom", "Bernoulli", "room", "root"),
}
WORD = re.compile(r"[A-Za-z]{3,}")


def prose_of(claim: Claim) -> Iterator[str]:
    """Whatever of a claim a reader sees."""
    yield from (claim.statement, claim.source, claim.remark)
    for names in (claim.hypotheses, claim.mutants, claim.trivial, claim.relaxed):
        yield from names
    for source in claim.further_evidence:
        evidence = source.evidence if isinstance(source, DrawnAsSaid) else source
        if isinstance(evidence, SampledPropositions):
            yield from (*evidence.others, *(each.name for each in evidence.quantities()), evidence.assumes)
            continue
        assert isinstance(evidence, Statistics | Limit | Powers)
        yield from evidence.mutants
        if isinstance(evidence, Powers):
            yield from evidence.powers
        else:
            yield from evidence.predicted() if isinstance(evidence, Statistics) else evidence.limits
        yield getattr(evidence, "assumes", "")


def outside_and_inside(prose: str) -> tuple[str, list[str]]:
    pieces = CODE.sub("", prose).split("$")
    assert len(pieces) % 2, f"a dollar sign without its partner: {prose}"
    return " ".join(pieces[::2]), pieces[1::2]


@pytest.mark.parametrize("claim", LEDGER.values(), ids=list(LEDGER))
def test_mathematics_stands_between_dollar_signs_and_nothing_else_does(claim):
    for prose in prose_of(claim):
        words, formulas = outside_and_inside(prose)
        assert formulas or not set("`*") & set(prose), f"without a formula it is shown as it stands: {prose}"
        assert not MATHEMATICS.search(words), prose
        for formula in formulas:
            assert formula == formula.strip() != "", prose
            assert set(WORD.findall(formula)) <= NAMES, prose


@pytest.mark.parametrize("claim", LEDGER.values(), ids=list(LEDGER))
def test_every_claim_says_whose_it_is(claim):
    assert claim.whose is not None
    assert claim.source or claim.whose in (Whose.POSTER, Whose.OURS), "a reference says where it stands"
    assert "paper" not in claim.source + claim.statement + claim.remark


@pytest.mark.parametrize(
    "slip", ["s_k simple", "at ε = 0", "for every n", "$s_k$ and B", "less than γ", "A ≤ B", "ṡ moves"]
)
def test_mathematics_outside_would_be_noticed(slip):
    assert MATHEMATICS.search(outside_and_inside(slip)[0])


def test_a_word_inside_would_be_noticed():
    assert not set(WORD.findall("|x - decoupled|")) <= NAMES
