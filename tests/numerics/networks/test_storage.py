"""Chains in files: exact round trips, the order of factors, nothing executed, one clear error each."""

import pickle
import struct
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from safetensors.numpy import save_file

from jacspec.numerics import Chain, InputError, Origin

RATIONAL = Chain([[[Fraction(1, 3), 2], [Fraction(-7, 5), Fraction(10) ** 400]], [[1, Fraction(1, 10**400)]]])
EXTREME = Chain([np.array([[1e300, 5e-324], [-1e-300, 0.1]]), np.array([[1.0, -3.0]])])


def plant(marker):
    """Run by whoever unpickles a `Trap`."""
    marker.write_text("executed")


class Trap:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return plant, (self.marker,)


# --- round trips -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_floats_round_trip_exactly(tmp_path, suffix):
    path = tmp_path / f"chain.{suffix}"
    EXTREME.save(path)
    assert Chain.load(path) == EXTREME
    assert Chain.load(str(path)) == EXTREME


def test_rationals_round_trip_exactly_in_npz(tmp_path):
    RATIONAL.save(tmp_path / "chain.npz")
    assert Chain.load(tmp_path / "chain.npz") == RATIONAL


def test_rationals_of_any_length_round_trip(tmp_path):
    """Python's own text of an integer stops at 4300 digits."""
    chain = Chain([[[Fraction(10**5000 + 1, 3)]]])
    chain.save(tmp_path / "chain.npz")
    assert Chain.load(tmp_path / "chain.npz") == chain


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_the_order_survives_more_than_nine_factors(tmp_path, suffix):
    chain = Chain([[[float(k)]] for k in range(1, 13)])
    chain.save(tmp_path / f"chain.{suffix}")
    assert Chain.load(tmp_path / f"chain.{suffix}") == chain


# --- order of the factors ----------------------------------------------------------------------


def test_npz_numbered_names_win_over_the_stored_order(tmp_path):
    np.savez(tmp_path / "c.npz", M_2=[[2.0]], M_3=[[3.0]], M_1=[[1.0]])
    assert Chain.load(tmp_path / "c.npz") == Chain([[[1]], [[2]], [[3]]])


def stored(path, names):
    """A file of 1×1 factors in that order; each is the position of its name."""
    arrays = {name: np.array([[float(place)]]) for place, name in enumerate(names, 1)}
    np.savez(path, **arrays) if path.suffix == ".npz" else save_file(arrays, str(path))
    return path


def applied(chain):
    return [int(factor[0, 0]) for factor in chain.factors]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["M_1", "M_10", "M_2"], None),  # with M_3 … M_9 missing
        (["layer_0", "layer_1", "layer_10", "layer_2"], [1, 2, 4, 3]),  # sorted as text
        (["arr_0", "arr_1", "arr_2"], [1, 2, 3]),
        (["blocks.2.weight", "blocks.0.weight", "blocks.10.weight"], [2, 1, 3]),
        (["net.0.weight", "net.2.weight", "net.4.weight"], [1, 2, 3]),  # activations between them
        (["params/Dense_1/kernel", "params/Dense_0/kernel"], [2, 1]),
        (["stage3.conv1", "stage3.conv2"], [1, 2]),
        (["W"], [1]),
        (["decoder", "encoder", "head"], None),
        (["q", "k", "o"], None),
        (["M_2", "M_1", "extra"], None),
        (["W1", "W2", "W1_ema"], None),
        (["b0.l0", "b0.l1", "b1.l0", "b1.l1"], None),
        (["W1", "W01"], None),
        (["W٢", "W١"], None),
        (["w1", "W2"], None),
        (["fc1.weight", "fc1.bias", "fc2.weight"], None),
    ],
)
def test_the_order_is_that_of_one_number_or_is_not_guessed(tmp_path, suffix, names, order):
    path = stored(tmp_path / f"c{suffix}", names)
    if order is None:
        with pytest.raises(InputError, match=r"expected") as refused:
            Chain.load(path)
        assert all(name in str(refused.value) for name in names) or "no M_3" in str(refused.value)
        backwards = Chain.load(path, order=names[::-1])
        assert applied(backwards) == list(range(len(names), 0, -1))
        return
    assert applied(Chain.load(path)) == order
    assert Chain.load(path).names == tuple(names[place - 1] for place in order)


def test_a_file_says_nothing_of_how_its_entries_were_rounded(tmp_path):
    Chain([[[1.0]]], [Origin(("tanh",), 1e-16)]).save(tmp_path / "c.npz")
    assert Chain.load(tmp_path / "c.npz").origins == ()


def test_an_order_leaves_out_what_it_does_not_name(tmp_path):
    np.savez(tmp_path / "c.npz", **{"fc1.weight": [[2.0]], "fc1.bias": [1.0], "fc2.weight": [[3.0]]})
    assert applied(Chain.load(tmp_path / "c.npz", order=["fc1.weight", "fc2.weight"])) == [2, 3]


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (["layer2", "layer3"], r"holds no 'layer3', which is named in the order; did you mean layer"),
        (["layer2", "other"], r"holds no 'other', which is named in the order; it holds layer1, layer2"),
        (["layer2", "layer2"], r"the order names 'layer2' twice"),
        ([], r"the order names no factor"),
    ],
)
def test_an_order_names_factors_once(tmp_path, order, message):
    path = stored(tmp_path / "c.npz", ["layer1", "layer2"])
    with pytest.raises(InputError, match=message):
        Chain.load(path, order=order)


# --- element types -----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u1", "?"])
def test_safetensors_element_types(tmp_path, dtype):
    values = np.array([[0, 1]], dtype=dtype)
    save_file({"w": values}, tmp_path / "c.safetensors")
    assert Chain.load(tmp_path / "c.safetensors") == Chain([[[0, 1]]])


def test_bfloat16_is_the_upper_half_of_a_float32(tmp_path):
    header = b'{"w":{"dtype":"BF16","shape":[1,3],"data_offsets":[0,6]}}'
    data = struct.pack("<3H", 0x3FC0, 0xC000, 0x0001)  # 1.5, -2, the least subnormal
    (tmp_path / "c.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    assert Chain.load(tmp_path / "c.safetensors") == Chain([[[1.5, -2, Fraction(1, 2**133)]]])


# --- nothing is executed -----------------------------------------------------------------------


def test_object_arrays_are_refused_unread(tmp_path):
    marker = tmp_path / "marker"
    np.savez(tmp_path / "c.npz", M_1=np.array([[Trap(marker)]], dtype=object))
    with pytest.raises(InputError, match="M_1 as Python objects"):
        Chain.load(tmp_path / "c.npz")
    assert not marker.exists()


def test_a_pickle_in_disguise_is_refused_unread(tmp_path):
    marker = tmp_path / "marker"
    (tmp_path / "c.npz").write_bytes(pickle.dumps(Trap(marker)))
    with pytest.raises(InputError, match="not a zip file"):
        Chain.load(tmp_path / "c.npz")
    assert not marker.exists()


def test_the_traps_would_work(tmp_path):
    """The two tests above are not vacuous."""
    pickle.loads(pickle.dumps(Trap(tmp_path / "marker")))  # noqa: S301
    assert (tmp_path / "marker").exists()


# --- refusals ----------------------------------------------------------------------------------


def empty_archive(path):
    with zipfile.ZipFile(path, "w"):
        pass


def archive_with(name, content):
    def write(path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)

    return write


def damaged_archive(path):
    np.savez_compressed(path, M_1=np.random.default_rng(0).random((30, 30)))
    data = bytearray(path.read_bytes())
    for position in range(400, 420):
        data[position] ^= 255
    path.write_bytes(data)


def single_array(path):
    with path.open("wb") as file:
        np.save(file, np.eye(2))


@pytest.mark.parametrize(
    ("name", "make", "parts"),
    [
        ("c.npz", None, ("is not there", "check the path")),
        ("c.npz", lambda path: path.mkdir(), ("is a folder", "expected a chain file")),
        ("c.txt", lambda path: path.touch(), ("expected a file that ends in .npz or .safetensors",)),
        ("c.npz", lambda path: path.touch(), ("not a zip file", "write it again")),
        ("c.npz", single_array, ("not a zip file", "write it again")),
        ("c.npz", damaged_archive, ("cannot be read", "write it again")),
        ("c.npz", archive_with("M_1.npy", "junk"), ("member M_1 is not an array", "write it again")),
        ("c.npz", archive_with("readme.txt", "hello"), ("readme.txt is not an array",)),
        ("c.npz", empty_archive, ("no arrays", "save it again")),
        ("c.npz", lambda path: np.savez(path, w=np.eye(2), b=np.ones(2)), ("holds b, w", "--order")),
        ("c.npz", lambda path: np.savez(path, w1=np.eye(2), w2=np.ones(2)), ("w2 with shape (2,)", "biases")),
        ("c.npz", lambda path: np.savez(path, w=[[np.nan]]), ("M_1[1,1] is nan", "finite")),
        ("c.npz", lambda path: np.savez(path, a1=np.eye(2), a2=np.eye(3)), ("M_2 (3×3)", "M_1 (2×2)")),
        ("c.safetensors", lambda path: path.write_bytes(b"junk"), ("cannot be read", "write it again")),
        ("c.safetensors", lambda path: save_file({}, path), ("no arrays", "save it again")),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(tmp_path, name, make, parts):
    path = tmp_path / name
    if make:
        make(path)
    with pytest.raises(InputError) as caught:
        Chain.load(path)
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("chain", "name", "parts"),
    [
        (RATIONAL, "c.safetensors", ("M_1", "exactly", ".npz")),
        (EXTREME, "c.pt", ("expected a file that ends in .npz or .safetensors",)),
        (EXTREME, "missing/c.npz", ("cannot write", "existing folder", "make it first")),
        (EXTREME, "folder.npz", ("folder",)),
    ],
)
def test_what_cannot_be_written_is_one_clear_error(tmp_path, chain, name, parts):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(InputError) as caught:
        chain.save(tmp_path / name)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("names", [("M_1", "M_3"), ("M_2", "M_3"), ("M_1", "M_3", "bias"), ("M_3",)])
@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_a_missing_factor_is_named(tmp_path, names, suffix):
    file = tmp_path / f"chain{suffix}"
    arrays = {name: np.eye(2) for name in names}
    np.savez(file, **arrays) if suffix == ".npz" else save_file(arrays, str(file))
    missing = "M_1" if "M_1" not in names else "M_2"
    with pytest.raises(InputError, match=rf"holds M_.* but no {missing}; expected M_1, …, M_N without a gap"):
        Chain.load(file)
