"""Exported modules: read without PyTorch, nothing unpickled, one clear error each.

The archive in examples/ is PyTorch's own; the others are made from it by one change each.
"""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, open_source
from jacspec.numerics.support.progress import watching

EXAMPLES = Path(__file__).parents[3] / "examples"
MODEL, INPUT = EXAMPLES / "conv-relu.pt2", EXAMPLES / "conv-relu-input.npy"
X = np.load(INPUT)
GRAPH, WEIGHTS = "models/model.json", "data/weights/model_weights_config.json"


def edit(*keys, value):
    """A change of one entry, reached by these keys, of a JSON member."""

    def change(content):
        place = content
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value
        return content

    return change


def in_graph(*keys, value):
    return edit("graph_module", *keys, value=value)


# --- what is read --------------------------------------------------------------------------------


def weight(number, shape):
    with zipfile.ZipFile(MODEL) as archive:
        return np.frombuffer(archive.read(f"conv-relu/data/weights/weight_{number}"), "<f4").reshape(shape)


def forward(x):
    """The network, written out in NumPy: convolve, normalise, gate, pool, twice; two layers more."""

    def convolve(image, kernel, bias):
        padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
        views = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
        return np.einsum("cyxij,ocij->oyx", views, kernel) + bias[:, None, None]

    def blocks(image):
        channels, rows, columns = image.shape
        return image.reshape(channels, rows // 2, 2, columns // 2, 2)

    w = [array.astype(float) for array in WEIGHT_ARRAYS]
    h = convolve(x.reshape(1, 8, 8), w[0], w[1]) / np.sqrt(1 + 1e-5)
    h = blocks(np.maximum(h, 0)).max(axis=(2, 4))
    h = blocks(np.maximum(convolve(h, w[2], w[3]), 0)).mean(axis=(2, 4)).ravel()
    return w[6] @ np.maximum(w[4] @ h + w[5], 0) + w[7]


WEIGHT_ARRAYS = [
    weight(*each)
    for each in [
        *((0, (4, 1, 3, 3)), (1, (4,)), (4, (8, 4, 3, 3)), (5, (8,))),
        *((6, (16, 32)), (7, (16,)), (8, (10, 16)), (9, (10,))),
    ]
]


def test_the_product_is_the_difference_quotient_of_the_network(jacobian_of):
    """Affine around x: a central difference is exact but for rounding, about 1e-16/step."""
    x, step = X.astype(float).ravel(), 1e-5
    quotient = np.stack([(forward(x + e) - forward(x - e)) / (2 * step) for e in step * np.eye(64)], axis=1)
    chain = Chain.from_exported(MODEL, X)
    J = jacobian_of(chain)
    assert chain.shape == (10, 64)
    assert np.abs(J).max() > 1e-3
    np.testing.assert_allclose(J, quotient, rtol=0, atol=1e-9)


def test_the_batch_axis_may_be_left_out():
    assert Chain.from_exported(str(MODEL), X[0]) == Chain.from_exported(MODEL, X)


def test_a_source_takes_its_input_from_a_file():
    assert open_source(str(MODEL), input_file=str(INPUT)) == Chain.from_exported(MODEL, X)


def test_each_operator_is_told_when_it_is_read():
    told = []
    with watching(told.append):
        Chain.from_exported(MODEL, X)
    assert told == [len(told)] * len(told) != []


def test_the_file_says_what_the_archive_says_again(changed):
    assert Chain.from_exported(changed(), X) == Chain.from_exported(MODEL, X)


def test_a_strided_weight_is_read_as_a_view(changed):
    """A transposed weight is stored as it lies in memory."""
    config = changed(
        WEIGHTS, edit("config", "8.weight", "tensor_meta", "strides", value=[{"as_int": 1}, {"as_int": 16}])
    )
    chain = Chain.from_exported(config, X)
    expected = WEIGHT_ARRAYS[4].reshape(32, 16).T
    kept = chain.factors[-2].any(axis=1)
    assert kept.any()
    assert np.array_equal(chain.factors[-2][kept], expected[kept])


# --- refusals ------------------------------------------------------------------------------------

NODE = ("graph", "nodes", 2)


@pytest.mark.parametrize(
    ("member", "change", "parts"),
    [
        (
            GRAPH,
            in_graph(*NODE, "target", value="torch.ops.aten.from_file.default"),
            ("relu", "aten.from_file", "not supported", "conv2d"),
        ),
        (
            GRAPH,
            in_graph(*NODE, "target", value="torch.ops.mine.relu.default"),
            ("relu", "ops.mine.relu", "not supported"),
        ),
        (
            GRAPH,
            in_graph(*NODE, "inputs", 0, "arg", value={"as_tensor": {"name": "nowhere"}}),
            ("'nowhere'", "no operator before it"),
        ),
        (
            GRAPH,
            in_graph("graph", "outputs", 0, value={"as_tensor": {"name": "p_0_weight"}}),
            ("return its last layer",),
        ),
        (
            GRAPH,
            in_graph("graph", "nodes", 1, "inputs", 5, "arg", value={"as_bool": True}),
            ("batch_norm", "eval()"),
        ),
        (
            GRAPH,
            in_graph("graph", "nodes", 0, "inputs", 3, "arg", value={"as_sym_ints": []}),
            ("fixed shapes",),
        ),
        (
            GRAPH,
            in_graph("graph", "tensor_values", "input", "sizes", 0, value={"as_expr": {}}),
            ("varying shape",),
        ),
        (GRAPH, in_graph("signature", "output_specs", 0, value={"buffer_mutation": {}}), ("eval()",)),
        (
            GRAPH,
            in_graph("signature", "input_specs", 0, value={"custom_obj": {}}),
            ("custom_obj", "tensors only"),
        ),
        (
            GRAPH,
            in_graph("signature", "input_specs", 0, value={"parameter": {}}),
            ("cannot be read", "again"),
        ),
        (GRAPH, edit("schema_version", "major", value=9), ("schema version 9", "expected 8")),
        (GRAPH, edit("graph_module", value=None), ("cannot be read", "export the module again")),
        (GRAPH, lambda _: [], ("cannot be read", "export the module again")),
        (
            WEIGHTS,
            edit("config", "0.weight", "tensor_meta", "dtype", value=9),
            ("0.weight has element type 9",),
        ),
        (
            WEIGHTS,
            edit("config", "0.weight", "tensor_meta", "strides", 0, value={"as_int": 99}),
            ("cannot be read",),
        ),
        (
            WEIGHTS,
            edit("config", "0.weight", "tensor_meta", "strides", 0, value={"as_int": -1}),
            ("does not fit",),
        ),
        (
            WEIGHTS,
            edit("config", "0.weight", "tensor_meta", "sizes", 0, value={"as_int": 10**9}),
            ("does not fit",),
        ),
        (
            WEIGHTS,
            edit("config", "0.weight", "tensor_meta", "storage_offset", value={"as_int": -3}),
            ("does not fit",),
        ),
        ("byteorder", lambda _: b"big", ("byte order",)),
        ("data/weights/weight_0", lambda data: data[:-1], ("cannot be read", "export the module again")),
        (
            "data/weights/weight_0",
            lambda _: np.full(36, np.nan, "<f4").tobytes(),
            ("'conv2d", "is nan", "finite"),
        ),
    ],
)
def test_a_module_that_is_not_understood_is_one_clear_error(changed, member, change, parts):
    with pytest.raises(InputError) as caught:
        Chain.from_exported(changed(member, change), X)
    for part in parts:
        assert part in str(caught.value).replace("operator conv2d", "'conv2d")
    assert "\n" not in str(caught.value)


def archive_of(*names):
    def write(path):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "{}")

    return write


@pytest.mark.parametrize(
    ("name", "make", "parts"),
    [
        ("m.pt2", None, ("is not there", "check the path")),
        ("m.txt", lambda path: path.touch(), ("ends in .pt2 or .onnx",)),
        ("m.pt2", lambda path: path.write_bytes(b"junk"), ("not a zip file", "export the module again")),
        ("m.pt2", archive_of("x"), ("0 graphs", "export the module again")),
        ("m.pt2", archive_of("serialized_exported_program.json"), ("2.7 or earlier", "could run code")),
    ],
)
def test_what_is_no_exported_module_is_one_clear_error(tmp_path, name, make, parts):
    if make:
        make(tmp_path / name)
    with pytest.raises(InputError) as caught:
        Chain.from_exported(tmp_path / name, X)
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "input_file", "parts"),
    [
        (str(MODEL), None, ("depends on the input", "--input x.npy")),
        ("gaussian:depth=2,width=2,seed=0", "x.npy", ("takes no input ('x.npy')", "leave --input out")),
        (str(MODEL), "x.npz", ("ends in .npy", "numpy.save")),
        (str(MODEL), "nowhere.npy", ("'nowhere.npy' is not there", "check the path")),
    ],
)
def test_a_source_and_its_input_must_fit(source, input_file, parts):
    with pytest.raises(InputError) as caught:
        open_source(source, input_file=input_file)
    for part in parts:
        assert part in str(caught.value)


def test_kinks_are_for_networks():
    with pytest.raises(InputError, match=r"takes no kinks \('left'\).*leave --kinks out"):
        open_source("gaussian:depth=2,width=2,seed=0", kinks="left")
    assert open_source(str(MODEL), input_file=str(INPUT), kinks="left") == Chain.from_exported(MODEL, X)


def test_an_input_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"shape \(8, 8\); expected \(1, 1, 8, 8\)"):
        Chain.from_exported(MODEL, X[0, 0])
