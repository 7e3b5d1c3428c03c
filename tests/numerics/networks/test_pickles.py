"""Nothing that a file pickles is ever unpickled."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, open_source

EXAMPLES = Path(__file__).parents[3] / "examples"
MODEL = EXAMPLES / "conv-relu.pt2"
X = np.load(EXAMPLES / "conv-relu-input.npy")
WEIGHTS = "data/weights/model_weights_config.json"


def plant(marker):
    """Run by whoever unpickles a `Trap`."""
    marker.write_text("executed")


class Trap:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return plant, (self.marker,)


def test_sample_inputs_are_never_opened(changed, tmp_path):
    trap = pickle.dumps(Trap(tmp_path / "marker"))
    path = changed(extra=[("data/sample_inputs/model.pt", trap)])
    assert Chain.from_exported(path, X) == Chain.from_exported(MODEL, X)
    assert not (tmp_path / "marker").exists()


def test_pickled_weights_are_refused_unread(changed, tmp_path):
    trap = pickle.dumps(Trap(tmp_path / "marker"))

    def planted(config):
        config["config"]["0.weight"] |= {"use_pickle": True, "path_name": "trap"}
        return config

    with pytest.raises(InputError, match=r"stores 0\.weight as a pickle.*could run code"):
        Chain.from_exported(changed(WEIGHTS, planted, [("data/weights/trap", trap)]), X)
    assert not (tmp_path / "marker").exists()


def test_a_pickled_input_is_refused_unread(tmp_path):
    np.save(tmp_path / "x.npy", np.array([Trap(tmp_path / "marker")], dtype=object))
    (tmp_path / "y.npy").write_bytes(pickle.dumps(Trap(tmp_path / "marker")))
    for name in ("x.npy", "y.npy"):
        with pytest.raises(InputError, match=r"cannot be read.*could run code"):
            open_source(str(MODEL), input_file=str(tmp_path / name))
    assert not (tmp_path / "marker").exists()


def test_the_trap_would_work(tmp_path):
    """The tests above are not vacuous."""
    pickle.loads(pickle.dumps(Trap(tmp_path / "marker")))  # noqa: S301
    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.ckpt", "m.bin", "m.pkl", "m.pickle", "m.joblib"])
def test_pickles_are_refused_by_name(name):
    for load in (Chain.load, open_source):
        with pytest.raises(InputError, match=r"could run code.*torch\.export\.save"):
            load(name)
