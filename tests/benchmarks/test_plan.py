"""The plan: every measurement once, the reference first, and nothing beyond a peer's reach."""

from __future__ import annotations

from benchmarks.measure import Measurement
from benchmarks.peers import JACSPEC, PEERS
from benchmarks.plan import GROUPS, Plan, beyond_reach

EVERYTHING = Plan(
    widths=(16, 64),
    depths=(20, 1000),
    peers=tuple(GROUPS),
    slope_depths=(500, 1000),
    float64_cells=((64, 1000), (256, 20)),
    batch_cell=(8, 50),
    stream_depths=(1000,),
)


def test_every_measurement_once() -> None:
    keys = EVERYTHING.tasks()
    assert len(keys) == len(set(keys))
    assert (JACSPEC, 16, 500) in keys
    assert (JACSPEC, 16, 1000) in keys


def test_the_certified_engine_comes_first_on_every_chain() -> None:
    keys = Plan(widths=(16, 64), depths=(20, 1000), peers=tuple(GROUPS)).tasks()
    for cell in {key[1:] for key in keys}:
        assert next(key for key in keys if key[1:] == cell)[0] == JACSPEC


def test_every_method_exists() -> None:
    methods = {method for method, _, _ in EVERYTHING.tasks()}
    assert methods - {
        f"eigen-{one} {what}" for one in ("bdc", "jacobi") for what in ("values", "vectors")
    } == set(PEERS)


def test_jacobi_only_where_it_can_win() -> None:
    keys = EVERYTHING.tasks()
    assert ("eigen-jacobi values", 16, 20) in keys
    assert ("eigen-jacobi values", 64, 20) not in keys


def test_digits_of_float64_are_looked_at_where_that_is_cheap() -> None:
    keys = EVERYTHING.tasks()
    assert keys.index((JACSPEC, 64, 1000)) < keys.index(("float64", 64, 1000))
    assert ("float64", 256, 20) in keys
    assert (JACSPEC, 256, 20) not in keys


def test_a_peer_is_not_tried_beyond_its_limit() -> None:
    made = [
        Measurement("mpmath values", 32, 100, "over limit"),
        Measurement("flint values", 16, 20, "failed"),
    ]
    assert beyond_reach(("mpmath values", 64, 100), made) == "over the limit at n=32, N=100"
    assert beyond_reach(("mpmath vectors", 32, 100), made) == "over the limit at n=32, N=100"
    assert beyond_reach(("mpmath values", 64, 20), made) == ""
    assert beyond_reach(("mpmath values", 16, 1000), made) == ""
    assert beyond_reach(("flint values", 64, 1000), made) == ""


def test_vectors_over_the_limit_say_nothing_about_values() -> None:
    made = [Measurement("mpmath vectors", 32, 100, "over limit")]
    assert beyond_reach(("mpmath values", 32, 1000), made) == ""
