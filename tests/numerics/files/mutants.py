"""Valid files, and what becomes of them: bits flipped, ends cut off, numbers blown up, names made hostile."""

import copy
import importlib.util
import io
import json
import math
import random
import re
import struct
import warnings
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from jacspec.numerics import Chain, depth_scaling, left_overlap, spectrum
from jacspec.numerics.measures.sweeps import spectra

EXAMPLES = Path(__file__).parents[3] / "examples"
INTEGERS = [b"0", b"-1", b"1", b"99999999999", b"9" * 5000, b"1e999", b"NaN", b"null", b"[]", b'"x"', b"2.5"]
NAMES = [
    "/",
    "../../x.npy",
    "M_0.npy",
    "M_9999999999.npy",
    "M_1.npy",
    "\x1b[2J.npy",
    "²",
    "x" * 5000,
    "a\nb",
]
VALUES = [0, -1, 1, 10**9, 2**64, 10**20, 1e308, -math.inf, math.nan, "", "x", "inf", "1/0", "1p0", "1p0 0p0",
          "1p999999999", "1p0 1p99999", None, True, [], {}, [[]], {"float": "nan"}, {"ball": "1p0 inf"},
          {"array": [1.0], "shape": [1]}, {"as_int": 10**12}]  # fmt: skip
WORDS = [
    b"True",
    b"False",
    b"None",
    b"(",
    b"{",
    b"]",
    b"<U99999999",
    b"|O",
    b"<c16",
    b"\xff\xfe",
    b"\0" * 9,
    b"",
]


def valid_files(folder):
    """One file of every kind that is read, by name."""
    chain = Chain([[[1.5, -2], [0, 1e-300]], [[Fraction(1, 3), 2]]])
    chain.save(folder / "rational.npz")
    Chain.gaussian(depth=12, width=3, seed=0).save(folder / "floats.npz")
    np.savez(folder / "stored.npz", layer_2=np.eye(2, dtype="<i8"), layer_10=np.ones((2, 2), "<f2"))
    vector = io.BytesIO()
    np.save(vector, np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    kept = {
        "jacspec": "counterexample", "format": 1, "label": "alignment-as-stated", "statement": "s",
        "file": None,
        "counterexample": {
            "kind": "counterexample", "values": {"n": 2, "A": [["1/2", 0], [0, 1]], "c": [[[1]], [[2]]]},
            "types": {"n": "int", "A": "fmpq_mat", "c": "Chain"}, "text": "n = 2", "margin": "-1",
            "precision_bits": 64, "witness": "",
        },
    }  # fmt: skip
    small = Chain.gaussian(depth=3, width=2, seed=0)
    results = {
        "spectrum.result": spectrum(small, vectors=True, digits=12),
        "overlap.result": left_overlap(small, layer=2),
        "scaling.result": depth_scaling(small),
        "table.result": spectra(lambda _: small, np.eye(2)),
    }
    for name, result in results.items():
        result.save(folder / name)
    return {
        **{name: (folder / name).read_bytes() for name in results},
        **_models(),
        "rational.npz": (folder / "rational.npz").read_bytes(),
        "floats.npz": (folder / "floats.npz").read_bytes(),
        "stored.npz": (folder / "stored.npz").read_bytes(),
        "chain.safetensors": save({f"w{k}.weight": np.eye(2) * k for k in (1, 2, 10)}),
        "x.npy": vector.getvalue(),
        "model.pt2": (EXAMPLES / "conv-relu.pt2").read_bytes(),
        "kept.json": json.dumps(kept).encode(),
    }


def _models():
    """A model in ONNX, where the package is installed."""
    if importlib.util.find_spec("onnx") is None:
        return {}
    import onnx

    helper, of = onnx.helper, onnx.numpy_helper.from_array
    kernel, weight = np.arange(8, dtype=np.float32).reshape(2, 1, 2, 2), np.arange(98, dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "k"], ["h"], pads=[0, 0, 0, 0], strides=[1, 1]),
            helper.make_node("LeakyRelu", ["h"], ["g"], alpha=0.5),
            helper.make_node("Reshape", ["g", "s"], ["f"]),
            helper.make_node("Gemm", ["f", "w"], ["y"], transB=1),
        ],
        "small",
        [helper.make_tensor_value_info("x", 1, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("y", 1, None)],
        [of(kernel, "k"), of(weight.reshape(1, 98), "w"), of(np.array([0, -1]), "s")],
    )
    return {
        "model.onnx": helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 18)]
        ).SerializeToString()
    }


def mutant(dice: random.Random, data: bytes, *, inside: bool = True) -> bytes:
    """One change, or a few, of a file; of an archive also within a member, packed again as it should be."""
    if inside and data[:2] == b"PK" and dice.random() < 0.6:
        return _repacked(dice, data)
    if data[:1] == b"{" and dice.random() < 0.5:
        return _exchanged(dice, data)
    for _ in range(dice.choice([1, 1, 1, 2, 4])):
        data = dice.choice([_flipped, _cut, _doubled, _overwritten, _renumbered, _reworded])(dice, data)
    return data


def _exchanged(dice, data):
    """Of JSON a part, or a few, becomes an extreme one, or another part of it, or is left out."""
    whole = [json.loads(data)]
    places = list(_places(whole))
    parts = [holder[key] for holder, key in places]
    for _ in range(dice.choice([1, 1, 1, 2, 4])):
        holder, key = dice.choice(places)
        if isinstance(holder, dict) and dice.random() < 0.2:
            holder.pop(key, None)
        else:
            holder[key] = copy.deepcopy(dice.choice([*VALUES, dice.choice(parts)]))
    return json.dumps(whole[0]).encode()


def _places(holder):
    """Each part of lists and dicts within each other: what holds it, and where."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])


def _flipped(dice, data):
    changed = bytearray(data)
    for _ in range(dice.choice([1, 1, 3, 20]) if data else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(dice, data):
    start, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return dice.choice([data[:end], data[start:], data[:start] + data[end:]])


def _doubled(dice, data):
    start, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] + data[end:]


def _overwritten(dice, data):
    """A number in binary becomes an extreme one, where headers keep theirs or anywhere."""
    size, value = dice.choice(
        [("<H", 0xFFFF), ("<I", 0xFFFFFFFF), ("<I", 0), ("<Q", 2**63), ("<q", -1), ("<I", 10**9)]
    )
    at = dice.choice([8, dice.randrange(len(data) + 1), max(0, len(data) - dice.randrange(1, 60))])
    return data[:at] + struct.pack(size, value) + data[at + struct.calcsize(size) :]


def _renumbered(dice, data):
    """A number in text becomes another one, or something else."""
    found = list(re.finditer(rb"-?\d+(?:\.\d+)?", data))
    if not found:
        return data
    match = dice.choice(found)
    return data[: match.start()] + dice.choice(INTEGERS) + data[match.end() :]


def _reworded(dice, data):
    found = list(re.finditer(rb"[A-Za-z_<|]\w{1,20}|[(){}\[\]:,']", data))
    if not found:
        return data
    match = dice.choice(found)
    word = dice.choice([*WORDS, dice.choice(found)[0]])
    return data[: match.start()] + word + data[match.end() :]


def _repacked(dice, data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    at = dice.randrange(len(members))
    name, content = members[at]
    match dice.randrange(4):
        case 0:
            members[at] = (dice.choice([*NAMES, dice.choice(members)[0]]), content)
        case 1:
            del members[at]
        case _:
            members[at] = (name, mutant(dice, content, inside=False))
    packed = io.BytesIO()
    method = dice.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
    with zipfile.ZipFile(packed, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there already
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()
