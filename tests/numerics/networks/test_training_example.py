"""The example in which three networks learn digits measures what it says, at the beginning of training."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from jacspec import Chain, depth_scaling, left_overlap, spectrum

pytest.importorskip("torch")
PATH = Path(__file__).parents[3] / "examples" / "digits_training.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("digits_training", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    module.MEASURED = 1
    module.torch.manual_seed(0)
    yield module
    del sys.modules[spec.name]


def test_what_is_measured_is_what_the_dense_chain_has(example):
    features, shape = example.networks()["transformer, 8×8"]
    x = example.torch.randn(1, *shape)
    along = example.Along([], [], [], [], [], [])
    along.measure(features, x)
    chain = Chain.from_torch(features.double().eval(), x.double())
    assert along.logs[0] == pytest.approx(spectrum(chain, engine="float64", top=15).array(), abs=1e-8)
    overlaps = abs(left_overlap(chain, 2).array()).diagonal()[:15]
    assert along.overlaps[0] == pytest.approx(overlaps, abs=1e-4)
    # A line in l is one in the number of factors; here it is fitted to A_1 … A_N alone, there to B_l too.
    assert max(along.residuals[0]) < 3 * max(depth_scaling(chain).rms[:15])


def test_a_network_is_trained_measured_without_matrices_and_drawn(example, tmp_path, monkeypatch):
    monkeypatch.setattr(example, "TOP", 3)
    features, shape = example.networks()["convolutional, 64×64"]
    along = example.trained(features, shape, seconds=0.0)
    assert along.steps == [0, 1]
    assert np.shape(along.logs) == np.shape(along.overlaps) == np.shape(along.residuals) == (2, 3)
    example.draw({"one": along, "the same": along}, tmp_path / "digits.png")
    assert (tmp_path / "digits.png").stat().st_size > 10**4
