"""The laws of random matrices are data: what is drawn for a claim is compared with them."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from sympy import Integer, Rational

from jacspec.documents.mathml import mathml
from jacspec.numerics import InputError
from jacspec.numerics.chains.batches import gaussian_batch, masked_batch
from jacspec.numerics.chains.ensembles import open_gate_law
from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.propositions.laws import DrawnAsSaid, Sampler, _behind_gates, departure
from jacspec.theory import Assumption
from jacspec.theory.derivations.derivation_blocks import assumption_blocks
from jacspec.theory.derivations.relation import Drawn
from jacspec.theory.notation.chance import Law
from jacspec.theory.notation.numbers import chance as p, deviation as sigma
from jacspec.theory.notation.symbols import G, M, l, n, r
from jacspec.theory.results.propositions.initialisation import GATED, GAUSSIAN, UNCONDITIONED
from jacspec.theory.results.propositions.loop import GAUSSIAN as AT_INITIALISATION

SAMPLED = [
    label
    for label, claim in LEDGER.items()
    if any(each.laws for said in claim.propositions for each in said.given)
]
WIDTH, SIGMA = 3, 2.0


@pytest.mark.parametrize("label", sorted({*SAMPLED} - {"lyapunov-masked-unconditioned"}))
def test_what_the_ledger_draws_has_the_laws_of_its_premises(label):
    (evidence,) = LEDGER[label].further_evidence
    assert isinstance(evidence, DrawnAsSaid)
    premises = {each for said in evidence.propositions for each in said.given if each.laws}
    assert set(LEDGER[label].propositions) == set(evidence.propositions)
    for premise, sampler in itertools.product(premises, evidence.samplers):
        assert departure(premise.laws, sampler) == ""


def gaussian(generator, count):
    return np.stack([*gaussian_batch(generator, count, depth=2, width=WIDTH, sigma=SIGMA)], axis=1)


def gated(generator, count, chance=0.5, least=1):
    batch = masked_batch(generator, count, depth=2, width=WIDTH, sigma=SIGMA, p=chance, min_active=least)
    return np.stack([*batch], axis=1)


def like(law):
    """Independent entries of another law, of the same variance."""
    return lambda generator, count: SIGMA * law(generator, (count, 2, WIDTH, WIDTH))


def symmetric(generator, count):
    x = gaussian(generator, count)
    upper = np.triu(x)
    return upper + np.triu(x, 1).swapaxes(2, 3)


def same_layers(generator, count):
    return gaussian(generator, count)[:, [0, 0]]


def dependent_signs(generator, count):
    """Entries in pairs of one size: uncorrelated, and normal one by one."""
    x = gaussian(generator, count)
    x[..., 1] = np.abs(x[..., 0]) * np.sign(x[..., 1])
    return x


def deep(changed):
    """Twelve layers, some of which are drawn otherwise."""

    def draw(generator, count):
        factors = gaussian_batch(generator, count, depth=12, width=WIDTH, sigma=SIGMA)
        x = np.stack([*factors], axis=1)
        changed(x, generator)
        return x

    return draw


def every_layer_but_two(x, generator):
    x[:, 2:] = SIGMA * generator.choice([-1.0, 1.0], x[:, 2:].shape)


def last_layer(x, generator):
    x[:, -1] *= 1.2


def layer_in_the_middle(x, generator):
    x[:, 6] = x[:, 7]


def first_and_last(x, generator):
    x[:, -1] = x[:, 0]


def no_number(x, generator):
    x[0, 3] = np.nan


VALUES = {n: Integer(WIDTH), sigma: Rational(SIGMA), p: Rational(1, 2), r: Integer(1)}


def departed(premise, draw, **others):
    return departure(premise.laws, Sampler(lambda *args: {M(l): draw(*args)}, {**VALUES, **others}))


def test_the_right_samplers_are_told_from_no_law():
    assert departed(GAUSSIAN, gaussian) == ""
    assert departed(GAUSSIAN, deep(lambda x, generator: None)) == ""
    assert departed(GATED, gated) == ""
    assert departed(UNCONDITIONED, lambda *args: gated(*args, least=0)) == ""


WRONG = {
    "variance": (GAUSSIAN, lambda *args: 1.15 * gaussian(*args)),
    "mean": (GAUSSIAN, lambda *args: 0.3 + gaussian(*args)),
    "Laplace": (GAUSSIAN, like(lambda rng, shape: rng.laplace(size=shape) / 2**0.5)),
    "uniform": (GAUSSIAN, like(lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape))),
    "two values": (GAUSSIAN, like(lambda rng, shape: rng.choice([-1.0, 1.0], shape))),
    "symmetric": (GAUSSIAN, symmetric),
    "layers that are the same": (GAUSSIAN, same_layers),
    "two values from the third layer on": (GAUSSIAN, deep(every_layer_but_two)),
    "variance of the last layer": (GAUSSIAN, deep(last_layer)),
    "neighbours that are the same": (GAUSSIAN, deep(layer_in_the_middle)),
    "ends that are the same": (GAUSSIAN, deep(first_and_last)),
    "no number": (GAUSSIAN, deep(no_number)),
    "entries that are uncorrelated and dependent": (GAUSSIAN, dependent_signs),
    "gates": (GAUSSIAN, gated),
    "no gates": (GATED, gaussian),
    "gates of another probability": (GATED, lambda *args: gated(*args, chance=0.65)),
    "gates without the condition": (GATED, lambda *args: gated(*args, least=0)),
    "gates with the condition": (UNCONDITIONED, gated),
    "columns for rows": (GATED, lambda *args: gated(*args).swapaxes(2, 3)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_sampler_is_told_by_a_mean(name):
    premise, draw = WRONG[name]
    assert "of its entries is" in departed(premise, draw)


@pytest.mark.parametrize("name", ["normal", "Laplace", "uniform", "two values"])
def test_each_law_is_told_from_the_others(name):
    draws = {
        "normal": lambda rng, shape: rng.standard_normal(shape),
        "Laplace": lambda rng, shape: rng.laplace(size=shape) / 2**0.5,
        "uniform": lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape),
        "two values": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
    }
    premise = Assumption("own", "own", laws=(Drawn(M(l), Law(name, sigma**2)),))
    fitting = {other for other, draw in draws.items() if not departed(premise, like(draw))}
    assert fitting == {name}


def test_the_gates_of_the_law_are_exactly_those_that_are_drawn():
    """Discrete, so that nothing has to be sampled: over all gates, in fractions."""
    chance, least = Fraction(3, 8), 2
    rows = [Fraction(1, 3), Fraction(-1, 2), Fraction(2, 5), Fraction(7, 9)]
    width, total, weight = len(rows), Fraction(0), Fraction(0)
    sizes = dict.fromkeys(range(least, width + 1), Fraction(0))
    for gates in itertools.product((0, 1), repeat=width):
        if sum(gates) >= least:
            share = chance ** sum(gates) * (1 - chance) ** (width - sum(gates))
            total += share * math.prod(row for row, is_open in zip(rows, gates, strict=True) if is_open)
            weight += share
            sizes[sum(gates)] += share
    said = _behind_gates(np.array([float(each) for each in rows]), float(chance), least)
    assert said == pytest.approx(float(total / weight), rel=1e-14)
    counts, weights = open_gate_law(width, float(chance), least)
    assert list(counts) == list(sizes)
    assert list(weights) == pytest.approx([float(each / weight) for each in sizes.values()], rel=1e-14)


def test_a_claim_whose_sample_has_another_law_is_an_error_that_says_so():
    claim = LEDGER["dead-layers"]
    (evidence,) = claim.further_evidence
    (sampler,) = evidence.samplers
    other = replace(sampler, values={**sampler.values, p: Rational(3, 5)})
    report = verify(replace(claim, further_evidence=(replace(evidence, samplers=(other,)),)), effort="quick")
    assert report.verdict is Verdict.ERROR
    assert "what is drawn is not what the premise 'Gaussian factors behind independent gates' says" in (
        report.error
    )
    wrong = Assumption("other", "Gaussian factors", laws=(Drawn(M(l), Law("normal", 2 * sigma**2)),))
    said = tuple(replace(each, given=(wrong,)) for each in evidence.propositions)
    with pytest.raises(InputError, match="'Gaussian factors' says: E"):
        replace(evidence, evidence=None, propositions=said).gather(effort=None, seed=0)


def test_evidence_is_on_what_the_claim_says_and_on_nothing_else():
    claim = LEDGER["dead-layers"]
    (evidence,) = claim.further_evidence
    for other in (evidence.evidence, replace(evidence, propositions=LEDGER["alignment"].propositions)):
        with pytest.raises(InputError, match="its statistics evidence is not on its propositions"):
            replace(claim, further_evidence=(other,))
    twice = tuple(replace(each, right=2 * each.right) for each in claim.propositions)
    report = verify(
        replace(
            claim,
            statement="",
            propositions=twice,
            further_evidence=(replace(evidence, propositions=twice),),
        )
    )
    assert report.verdict is Verdict.ERROR
    assert "what is sampled is not what the propositions say" in report.error


def test_what_is_shown_of_a_law_is_read_off_it():
    shown = {
        GAUSSIAN: ["entries of M_l ~ 𝒩(0, σ^2), independent"],
        GATED: [
            "entries of M_l ~ 𝒩(0, σ^2), independent; rows open with probability p, independently, given r "
            "or more, else 0"
        ],
        UNCONDITIONED: [
            "entries of M_l ~ 𝒩(0, σ^2), independent; rows open with probability p, independently, else 0"
        ],
        AT_INITIALISATION: [
            "entries of M_l ~ 𝒩(0, 1/n), independent",
            "entries of G ~ 𝒩(0, 1), independent",
        ],
    }
    for premise, words in shown.items():
        _, *formulas = assumption_blocks(premise.title, premise)
        assert [each.text for each in formulas] == words
        assert all(r" \sim \mathcal{N}" in each.latex[0] for each in formulas)
        assert all(mathml(each.latex[0]).startswith("<math") for each in formulas)


@pytest.mark.parametrize("word", ["Gaussian", "independent", "normal", "random"])
def test_a_premise_that_says_a_law_in_words_alone_is_refused(word):
    fault = f"the premise '{word} factors' says '{word.lower()}', which its equations do not"
    assert Assumption("own", f"{word} factors", distinct=(n, r)).faults == (fault,)
    assert Assumption("own", f"{word} factors", laws=GAUSSIAN.laws).faults == ()
    assert Drawn(G, Law("normal", 1)) in AT_INITIALISATION.laws
