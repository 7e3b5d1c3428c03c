"""Many spectra at once: one table, whoever computes it, and along a training loop."""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from jacspec import Chain, InputError, Spectra, SpectraAlong, max_memory, spectra, spectrum
from jacspec.numerics.networks import torch_modules

rng = np.random.default_rng(0)
WEIGHTS = {name: [rng.normal(size=(4, 4)) for _ in range(3)] for name in ("first", "second")}
X = rng.normal(size=(3, 4))


def network(name):
    return lambda x: Chain.from_weights(WEIGHTS[name], x[0])


NETWORKS = {name: network(name) for name in WEIGHTS}


def test_each_network_at_each_input_in_order():
    seen = []
    table = spectra(NETWORKS, X, progress=lambda done, of: seen.append((done, of)))
    assert list(zip(table.networks, table.inputs, strict=True)) == [(n, k) for n in WEIGHTS for k in range(3)]
    for name, number, found in zip(table.networks, table.inputs, table.found, strict=True):
        assert found == spectrum(Chain.from_weights(WEIGHTS[name], X[number]), engine="float64")
    assert seen == [(k, 6) for k in range(1, 7)]
    assert np.asarray(table).shape == (6, 4)
    rows = table.to_records()
    assert len(rows) == 24
    assert rows[4] == {"network": "first", "input": 1, **table.found[1].to_records()[0]}
    json.dumps(rows)
    assert "second" in str(table)


def test_engine_digits_and_top_are_those_of_a_spectrum():
    table = spectra(network("first"), X[:1], engine="certified", digits=5, top=2)
    assert table.found == (spectrum(Chain.from_weights(WEIGHTS["first"], X[0]), digits=5, top=2),)


def test_worker_processes_find_the_same_and_the_table_travels(tmp_path):
    alone = spectra(NETWORKS, X)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert spectra(NETWORKS, X, executor=executor) == alone
    alone.save(tmp_path / "table.json")
    assert Spectra.load(tmp_path / "table.json") == alone
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.close(alone.plot().figure)


@pytest.mark.parametrize(
    ("networks", "inputs", "part"),
    [
        ({}, X, "0 networks"),
        (NETWORKS, X[0], "along the first axis"),
        (3, X, "networks is a int"),
        ([3], X, "network 0 is a int"),
        ({"0.weight": np.eye(2)}, X, r"network 0.weight is a ndarray.*module\.load_state_dict\(state\)"),
        ([lambda x: 3], X, "network 0 gives a int at input 0"),
        ([lambda x: Chain.from_weights([[[1.0, -1.0]]], x)], X[:, :3], "network 0 at input 0: the input x"),
    ],
)
def test_what_is_no_sweep_is_refused_by_name(networks, inputs, part):
    with pytest.raises(InputError, match=part) as caught:
        spectra(networks, inputs)
    assert "\n" not in str(caught.value)


def test_a_callback_in_a_training_loop():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(8, 2)
    )
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    along = SpectraAlong(X, every=2, top=1)
    for step in range(5):
        optimiser.zero_grad()
        module(torch.randn(16, 4)).square().mean().backward()
        optimiser.step()
        along(step, module)
    assert module.training
    table = along.found()
    assert table.networks == tuple(str(step) for step in (0, 2, 4) for _ in X)
    assert table.found[-3:] == spectra(module.eval(), X, top=1).found


def test_a_callback_leaves_every_module_in_its_mode():
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout())
    module[1].eval()  # frozen statistics
    SpectraAlong(X, top=1)(0, module)
    assert [each.training for each in module.modules()] == [True, True, False, True]


@pytest.mark.parametrize("own_forward", [False, True])
def test_a_module_is_read_or_exported_once_for_all_inputs(monkeypatch, own_forward):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)

    class Residual(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.Linear(4, 4)

        def forward(self, x):
            return x + self.inner(x).relu()

    layers = (torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3))
    module = torch.nn.Sequential(*([Residual()] if own_forward else []), *layers).double()
    alone = [spectrum(Chain.from_torch(module, x[None]), engine="float64") for x in X]
    counted = []
    for name in ("exported", "_readers"):
        function = getattr(torch_modules, name)
        monkeypatch.setattr(
            torch_modules, name, lambda *given, f=function, n=name: counted.append(n) or f(*given)
        )
    assert spectra(module, X).found == tuple(alone)
    assert counted == ["_readers", "exported"][: 1 + own_forward]


def test_what_does_not_fit_as_matrices_is_refused_as_one_chain_is(monkeypatch):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 3, padding=1))
    with max_memory("1 MB"), pytest.raises(InputError, match="ask leading_modes") as caught:
        spectra(module, np.ones((2, 1, 16, 16)))
    assert "\n" not in str(caught.value)
