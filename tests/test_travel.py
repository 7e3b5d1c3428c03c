"""Every public result arrives as it was sent: pickled, through spawned processes, joblib and a Dask cluster.

What the results are is found from the public names: every class among them, what the public functions say
that they return, the fields of all these, and their subclasses. A new one without an example here fails.
"""

import importlib
import inspect
import multiprocessing
import pickle
import pkgutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import itemgetter
from types import GenericAlias
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from flint import arb, fmpq_mat, fmpz
from hypothesis import strategies as st

import jacspec
from jacspec import (
    Chain,
    ChainPoint,
    Claim,
    Limit,
    MatrixFree,
    Prediction,
    SpectraAlong,
    Statistics,
    at_most,
    equal,
    exactly,
    find_claim,
    less_than,
    replay,
    verify,
)
from jacspec.numerics.files.results import Result
from jacspec.proofs_check.claims.evidence import Evidence
from jacspec.proofs_check.claims.evidence_source import EvidenceSource
from jacspec.proofs_check.claims.margin import Bound
from jacspec.proofs_check.referee.search import search
from jacspec.proofs_check.referee.statements.stated_claim import StatedClaim

CHAIN = Chain.gaussian(depth=3, width=2, seed=0)
ASKED = {Claim, StatedClaim, EvidenceSource, Limit, Statistics, ChainPoint, SpectraAlong, MatrixFree}
"""No results but what is asked of, with functions of the user's: workers are told of a claim by its label."""
NOT_MADE = {Evidence, Result}
"""Only subclasses of them are."""


# --- what the results are ----------------------------------------------------------------------------


def public() -> Iterator[Any]:
    for package in (jacspec.numerics, jacspec.proofs_check):
        yield from (getattr(package, name) for name in dir(package))
    yield jacspec.spectra
    yield search  # what the referee and its workers send one another


def classes_in(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and not isinstance(hint, GenericAlias):
        yield hint
    for part in get_args(hint):
        yield from classes_in(part)


def results() -> set[type]:
    """The classes of ours that are public, or returned, or parts of such, or subclasses."""
    for module in pkgutil.walk_packages(jacspec.proofs_check.__path__, "jacspec.proofs_check."):
        importlib.import_module(module.name)  # subclasses are known when they are imported
    left: list[type] = []
    for each in public():
        hints = get_type_hints(each) if inspect.isfunction(each) else {"return": each}
        left += classes_in(hints.get("return"))
    found: set[type] = set()
    while left:
        kind = left.pop()
        ours = kind.__module__.startswith(("jacspec.numerics", "jacspec.proofs_check"))
        if kind in found | ASKED or not ours:
            continue
        found.add(kind)
        left += kind.__subclasses__()
        if is_dataclass(kind):
            left += [part for hint in get_type_hints(kind).values() for part in classes_in(hint)]
    return found - NOT_MADE


def parts(value: Any) -> Iterator[Any]:
    """The value, and all that it is made of."""
    yield value
    inner: Any = ()
    if is_dataclass(value):
        inner = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, tuple | list):
        inner = value
    for part in inner:
        yield from parts(part)


# --- one of each -------------------------------------------------------------------------------------


def measured() -> list[Any]:
    """What each public function of a chain, or of a chain and a layer, makes of one; and sweeps."""
    flow = jacspec.gradient_flow(CHAIN, np.eye(2))
    overlap = jacspec.left_overlap(CHAIN, layer=2)
    return [
        CHAIN,
        Chain([[["1/3", 1], [0, 2]]]),
        Chain.from_weights([np.eye(2), -np.eye(2)], np.array([1.0, -1.0])),
        jacspec.rank(CHAIN),
        flow,
        overlap,
        jacspec.right_overlap(CHAIN, layer=2),
        jacspec.principal_angles(overlap, 1),
        jacspec.spectrum(CHAIN, vectors=True),
        jacspec.spectrum(CHAIN, engine="mpmath", vectors=True),
        jacspec.depth_scaling(CHAIN),
        jacspec.strong_alignment(CHAIN),
        jacspec.partial_spectra(CHAIN, vectors=True),
        jacspec.leading_modes(CHAIN, top=1),
        jacspec.velocities(CHAIN, flow),
        jacspec.spectra(lambda _: CHAIN, np.eye(2)),
    ]


def growing(count: int, generator: np.random.Generator) -> dict[str, Any]:
    return {"mean": generator.standard_normal(count)}


def judged() -> list[Any]:
    """What the referee says of claims of every kind, and of margins."""
    false = Claim(
        "no-determinant-is-large",
        "|det A| ≤ 3",
        given={"a": st.integers(-9, 9), "A": st.just(fmpq_mat([[1, 2], [3, 4]]))},
        conclusion=lambda a, A: at_most(abs(a) * abs(A.det()), 3),
    )
    sampled = Claim(
        "mean",
        "E X = 0",
        further_evidence=[
            Statistics(growing, lambda: {"mean": Prediction(0.0, 0.1)}, {"one": lambda: {"mean": 1.0}}),
            Limit((2, 4, 8), lambda n, _: n, lambda n: {"1/n": arb(1) / n}, {"1/n": 0.0}),
        ],
    )
    bounded = Claim(
        "square",
        "a ≤ a² for a ≥ 1",
        given={"a": st.integers(-9, 9)},
        hypotheses={"a ≥ 1": lambda a: at_most(1, a)},
        conclusion=lambda a: at_most(a, a * a),
        mutants={"a²": lambda a: at_most(a * a, a)},
    )
    labels = ("alignment-as-stated", "alignment-forces-zero-intercept")
    x = jacspec.scalar("x")
    computed = jacspec.claim("fourth-moment", jacspec.mean(x**4, jacspec.gaussian(x)) == 3)
    claims = (false, sampled, bounded, computed, *map(find_claim, labels))
    ours = [verify(claim, effort="quick") for claim in claims]
    assert ours[0].counterexample is not None
    return [
        *ours,
        replay(false, {"a": 9, "A": fmpq_mat([[1, 2], [3, 4]])}),
        search(false.given, {}, false.conclusion, examples=40, seed=0),
        at_most(arb(1), fmpz(2), trivial=3),
        less_than(1, 2),
        equal(arb(2).sqrt(), arb(2)),
        equal(1, 1),
        exactly(condition=True),
        jacspec.psd(fmpq_mat([[1, 0], [0, 2]])),
        Prediction(1.0, 0.5),
    ]


@pytest.fixture(scope="module")
def sent() -> list[Any]:
    members = [member for kind in results() if issubclass(kind, Enum) for member in kind]
    errors = [kind("what, why and a remedy") for kind in results() if issubclass(kind, Exception)]
    return [*measured(), *judged(), *members, *errors]


def test_every_public_result_is_among_those_sent(sent):
    made = {type(part) for value in sent for part in parts(value)}
    assert {kind.__name__ for kind in results() - made} == set()
    found = {kind.__name__ for kind in results()}
    assert found >= {"Spectra", "Report", "DerivationEvidence", "Model", "Replay", "SearchResult", "Bound"}


def arrived(value: Any) -> Any:
    """What is compared: all of it, balls by midpoint and radius, exceptions by what they say."""
    if isinstance(value, arb):
        return value.mid().man_exp(), value.rad().man_exp()
    if isinstance(value, BaseException):
        return type(value), value.args
    if isinstance(value, Bound):
        return arrived(value.small), arrived(value.large), value.trivial, value.squares
    return value


def assert_equal(back: list[Any], sent: list[Any]) -> None:
    for mine, theirs in zip(sent, back, strict=True):
        assert type(theirs) is type(mine)
        assert arrived(theirs) == arrived(mine)


def test_a_pickle_holds_it(sent):
    assert_equal([pickle.loads(pickle.dumps(each)) for each in sent], sent)  # noqa: S301 -- our own


def test_a_spawned_process_sends_it_back(sent):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert_equal(list(pool.map(itemgetter(0), [[each] for each in sent])), sent)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # joblib's own, under newer versions of Python
def test_joblib_sends_it_back(sent):
    joblib = pytest.importorskip("joblib")
    assert_equal(joblib.Parallel(2)(joblib.delayed(itemgetter(0))([each]) for each in sent), sent)


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_a_cluster_sends_it_back(sent):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as local, distributed.Client(local) as client:
        executor = client.get_executor(pure=False)
        assert_equal(list(executor.map(itemgetter(0), [[each] for each in sent])), sent)
