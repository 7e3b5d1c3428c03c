"""Models in the format ONNX: nothing is trusted, and what is not understood is one line."""

import sys

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, leading_modes, open_source, spectrum
from tests.numerics.networks.onnx.made import BN, GRID, ROW, K, V, drawn, one, saved, whole

onnx = pytest.importorskip("onnx")
RESIDUAL = [("Gemm", ["x", "w"], ["h"], {}), ("Relu", ["h"], ["g"], {}), ("Add", ["g", "x"], ["y"], {})]


def test_a_model_is_probed_with_its_input(model, tmp_path):
    path = saved(model(RESIDUAL, ROW, {"w": drawn(4, 4)}), tmp_path)
    np.save(tmp_path / "x.npy", drawn(1, 4))
    chain = open_source(str(path), input_file=str(tmp_path / "x.npy"))
    assert chain == Chain.from_exported(path, np.load(tmp_path / "x.npy"))
    assert "operator 'Gemm 0' (Gemm)" in chain.origins[0].layers
    with pytest.raises(InputError, match=r"--input x\.npy"):
        open_source(str(path))


def test_a_kink_is_refused_by_the_name_of_its_operator(model, tmp_path):
    path = saved(model(one("Relu"), ROW), tmp_path)
    with pytest.raises(InputError, match=r"'Relu 0' \(Relu\).*kinks='left'"):
        Chain.from_exported(path, [[0.0, 1, 2, 3]])
    assert Chain.from_exported(path, [[0.0, 1, 2, 3]], kinks="left").factors[0][0, 0] == 0


def test_it_is_the_module_and_matrix_free_too(model, tmp_path):
    torch = pytest.importorskip("torch")
    nodes = [
        ("Conv", ["x", "k"], ["h"], {}), ("Relu", ["h"], ["g"], {}),
        ("MaxPool", ["g"], ["p"], {"kernel_shape": [2, 2]}), ("Flatten", ["p"], ["f"], {}),
        ("Gemm", ["f", "w"], ["y"], {"transB": 1}),
    ]  # fmt: skip
    weight, x = drawn(2, 27), drawn(*GRID)
    path = saved(model(nodes, GRID, {"k": K, "w": weight}), tmp_path)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, (2, 3), bias=False), torch.nn.ReLU(), torch.nn.MaxPool2d(2, 1),
        torch.nn.Flatten(), torch.nn.Linear(27, 2, bias=False),
    )  # fmt: skip
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor(K))
        network[4].weight.copy_(torch.tensor(weight))
    chain = Chain.from_exported(path, x)
    assert chain == Chain.from_torch(network, torch.tensor(x))
    free = Chain.from_exported(path, x, matrix_free=True)
    np.testing.assert_allclose(leading_modes(free, 2), spectrum(chain, top=2), rtol=0, atol=1e-10)


def test_sizes_that_vary_take_the_input_s(model, tmp_path):
    path = saved(model(one("Gemm", "w"), ("batch", 4), {"w": drawn(4, 3)}), tmp_path)
    for x in (np.ones((1, 4)), np.ones(4)):
        assert Chain.from_exported(path, x).shape == (3, 4)
    with pytest.raises(InputError, match=r"shape \(1, 5\); expected \(-1, 4\).*-1: any size"):
        Chain.from_exported(path, np.ones((1, 5)))


def external(folder, location, **how):
    weight = drawn(4, 3)
    (folder / "weights.bin").write_bytes(b"12345678" + weight.tobytes())
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[4, 3], data_location=1)
    for key, value in {"location": location, "offset": "8", "length": "48", **how}.items():
        tensor.external_data.add(key=key, value=value)
    return weight, tensor


def with_tensor(model, tensor):
    made = model(one("Gemm", "w"), ROW)
    made.graph.initializer.append(tensor)
    return made


def test_tensors_in_a_file_beside_the_model_are_read(model, tmp_path):
    weight, tensor = external(tmp_path, "weights.bin")
    chain = Chain.from_exported(saved(with_tensor(model, tensor), tmp_path), np.ones(4))
    assert chain == Chain([weight.T])


@pytest.mark.parametrize(
    ("location", "how", "part"),
    [
        ("../weights.bin", {}, "expected a file in the same folder"),
        ("/etc/passwd", {}, "expected a file in the same folder"),
        ("link.bin", {}, "expected a file in the same folder"),
        ("nowhere.bin", {}, "is not there"),
        ("weights.bin", {"offset": "9"}, "47 bytes"),
        ("weights.bin", {"length": "4"}, "not 48"),
        ("weights.bin", {"offset": "-1"}, "cannot be read"),
    ],
)
def test_tensors_elsewhere_are_refused(location, how, part, model, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "weights.bin").write_bytes(bytes(100))
    (inside / "link.bin").symlink_to(tmp_path / "weights.bin")
    _, tensor = external(inside, location, **how)
    with pytest.raises(InputError, match=part) as refused:
        Chain.from_exported(saved(with_tensor(model, tensor), inside), np.ones(4))
    assert "\n" not in str(refused.value)


GRAPH = {
    "no operator that is known": (
        one("Loop"), ROW, {}, None, r"'Loop 0' \(Loop\) is not supported.*from_torch",
    ),
    "another's operators": (
        one("Relu"), ROW, {}, lambda m: setattr(m.graph.node[0], "domain", "com.microsoft"),
        "is not supported",
    ),
    "an old version": (
        one("Relu"), ROW, {}, lambda m: setattr(m.opset_import[0], "version", 11), "convert_version",
    ),
    "several inputs": (
        one("Add", "z"), ROW, {}, lambda m: m.graph.input.append(onnx.ValueInfoProto(name="z")),
        "takes 2 input",
    ),
    "no operators": ([], ROW, {}, None, "holds no operators"),
    "a computed shape": (one("Reshape", "x"), (4,), {}, None, "constants folded"),
    "an unknown rank": (
        [("Reshape", ["x", "s"], ["h"], {}), ("GlobalAveragePool", ["h"], ["y"], {})], ROW,
        {"s": whole(1, 1, 2, 2)}, None, "infer_shapes",
    ),
    "a string": (one("Add", "z"), ROW, {"z": np.array(["a"], object)}, None, "element type 8"),
    "a negative size": (
        one("Add", "z"), ROW, {"z": V}, lambda m: m.graph.initializer[0].dims.append(-1), "cannot be read",
    ),
    "a huge size": (
        one("Add", "z"), ROW, {"z": V}, lambda m: m.graph.initializer[0].dims.append(2**40), "cannot be read",
    ),
    "sizes that no memory holds": (
        one("Tile", "r"), ROW, {"r": whole(10**6, 10**6)}, None, "takes about",
    ),
    "a constant that no memory holds": (
        [("ConstantOfShape", ["r"], ["c"], {}), ("Add", ["x", "c"], ["y"], {})], ROW,
        {"r": whole(10**8, 10**8)}, None, "takes about",
    ),
    "padding that no memory holds": (
        one("Pad", "r"), ROW, {"r": whole(10**7, 10**7, 10**7, 10**7)}, None, "takes about",
    ),
    "an expansion that no memory holds": (
        one("Expand", "r"), ROW, {"r": whole(10**12, 1, 4)}, None, "takes about",
    ),
    "a missing input": (one("Add"), ROW, {}, None, "lacks its input 2"),
    "what is nowhere": (one("Add", "z"), ROW, {}, None, "'z', which no operator before it gives"),
    "training": (
        one("BatchNormalization", "s", "b", "m", "v", training_mode=1), GRID, BN, None, r"module\.eval\(\)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPH)
def test_what_is_not_understood_is_one_clear_line(name, model, tmp_path):
    nodes, shape, stored, change, part = GRAPH[name]
    made = model(nodes, shape, stored)
    if change:
        change(made)
    with pytest.raises(InputError, match=part) as refused:
        Chain.from_exported(saved(made, tmp_path), np.ones(shape), matrix_free=False)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"junk", b"\xff" * 99, b"\x08" * 5000, b"\x3a\x02\x0a\x00"])
def test_what_is_no_model_is_one_clear_line(data, tmp_path):
    (tmp_path / "m.onnx").write_bytes(data)
    with pytest.raises(InputError, match=r"(cannot be read|version none)") as refused:
        Chain.from_exported(tmp_path / "m.onnx", [1.0])
    assert "\n" not in str(refused.value)


def test_the_advice_of_the_refusals_works(model, tmp_path):
    nodes, shape, stored, *_ = GRAPH["an unknown rank"]
    inferred = onnx.shape_inference.infer_shapes(model(nodes, shape, stored))
    assert Chain.from_exported(saved(inferred, tmp_path), np.ones(shape)).shape == (1, 4)
    old = model(one("Gemm", "w"), ROW, {"w": drawn(4, 4)}, opset=11)
    with pytest.raises(InputError, match=r"convert_version\(model, 18\)"):
        Chain.from_exported(saved(old, tmp_path), np.ones(ROW))
    newer = onnx.version_converter.convert_version(old, 18)
    assert Chain.from_exported(saved(newer, tmp_path), np.ones(ROW)).shape == (4, 4)


def test_without_the_package_it_says_what_to_install(model, tmp_path, monkeypatch):
    path = saved(model(one("Relu"), ROW), tmp_path)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InputError, match=r"onnx is not installed.*jacspec\[onnx\]"):
        Chain.from_exported(path, np.ones(ROW))
