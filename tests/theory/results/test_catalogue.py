"""The whole theory: no unneeded assumption, and everything that a derivation rests on."""

from __future__ import annotations

import pytest

from jacspec.theory.results.catalogue import catalogue

CATALOGUE = catalogue()


@pytest.mark.parametrize("label", CATALOGUE)
def test_no_assumption_is_idle(label: str) -> None:
    explained = dict(CATALOGUE[label].explained)
    unneeded = {
        (step.rule, used.title) for step, used in CATALOGUE[label].unneeded if used.name not in explained
    }
    assert unneeded == set()


@pytest.mark.parametrize("label", CATALOGUE)
def test_what_a_derivation_rests_on_is_in_the_catalogue_before_it(label: str) -> None:
    labels = list(CATALOGUE)
    for lemma in CATALOGUE[label].rests_on:
        assert labels.index(lemma.label) < labels.index(label)
