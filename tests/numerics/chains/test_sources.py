"""A source in one string: a file, or an ensemble with options."""

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, open_source


def test_an_ensemble_with_options():
    assert open_source("gaussian:depth=3,width=2,seed=5") == Chain.gaussian(depth=3, width=2, seed=5)
    assert open_source("gaussian:depth=3,width=2") == Chain.gaussian(depth=3, width=2, seed=0)
    assert open_source(" fgln: depth=3, width=4, seed=0, p=0.75 ".strip()) == Chain.fgln(
        depth=3, width=4, seed=0, p=0.75
    )


def test_a_file(tmp_path):
    chain = Chain([np.eye(2)])
    chain.save(tmp_path / "chain.npz")
    assert open_source(str(tmp_path / "chain.npz")) == chain


def test_a_file_with_a_colon_in_its_name(tmp_path):
    chain = Chain([np.eye(2)])
    chain.save(tmp_path / "run:lr=1.npz")
    assert open_source(str(tmp_path / "run:lr=1.npz")) == chain


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("gausian:depth=3,width=2,seed=0", ("'gausian'", "did you mean gaussian?")),
        ("cauchy:depth=3", ("'cauchy'", "expected one of", "haar")),
        ("gaussian:depht=3,width=2,seed=0", ("'depht=3'", "depth=…")),
        ("haar:depth=3,width=2,seed=0,p=1", ("'p=1'", "expected")),
        ("gaussian:depth=3", ("lacks width;", "e.g. gaussian:depth=")),
        ("gaussian", ("lacks depth, width;", "e.g.")),
        ("gaussian:depth=3,depth=4,width=2,seed=0", ("'depth'", "twice", "give it once")),
        ("gaussian:depth=three,width=2,seed=0", ("depth='three'", "not a number", "depth=8")),
        ("gaussian:depth,width=2,seed=0", ("'depth'", "depth=…")),
        ("gaussian:depth=2.5,width=2,seed=0", ("depth 2.5", "expected an integer")),
        ("gaussian:depth=0,width=2,seed=0", ("depth 0", "expected an integer from 1 to")),
        ("masked:depth=3,width=2,seed=0,p=nan", ("p nan", "probability")),
        ("nowhere.npz", ("'nowhere.npz'", "not there", "check the path")),
        ("nowhere", ("'nowhere'", ".npz or .safetensors", "gaussian:depth=")),
    ],
)
def test_a_bad_source_is_one_clear_error(source, parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        open_source(source)
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)
