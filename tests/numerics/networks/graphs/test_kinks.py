"""Where a network switches there is no Jacobian: refused by name, unless one says kinks='left'."""

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, open_source

torch = pytest.importorskip("torch")
F = torch.nn.functional


class Network(torch.nn.Module):
    """Twice a function of three numbers."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, z):
        return 2 * self.function(z)


def two(z):
    return torch.stack([z, z.flip(0)])


SWITCHES = {
    "maximum": (lambda z: torch.maximum(z, torch.zeros_like(z)), [0.0, 1, -2]),
    "maximum of two": (lambda z: torch.maximum(z, z.flip(0)), [0.5, 1, 0.5]),
    "minimum": (lambda z: torch.minimum(z, z.roll(1)), [0.5, 0.5, -2]),
    "max over all": (lambda z: z.max().reshape(1), [0.5, 1, 1]),
    "max over an axis": (lambda z: two(z).max(0).values, [0.5, 1, 0.5]),
    "min over an axis": (lambda z: two(z).min(1).values, [0.5, 1, 0.5]),
    "amax": (lambda z: two(z).amax(1), [2, 1, 2.0]),
    "amin": (lambda z: two(z).amin((0, 1)).reshape(1), [2, 1, 1.0]),
    "largest index": (lambda z: z * z.argmax(), [2, 1, 2.0]),
    "sort": (lambda z: z.sort().values, [0.5, 1, 0.5]),
    "topk": (lambda z: z.topk(2).values, [0.5, 1, 0.5]),
    "threshold": (lambda z: F.threshold(z, 0.25, 0.0), [0.25, 1, 2]),
    "hardsigmoid": (F.hardsigmoid, [1, 3.0, 0]),
    "hardswish": (F.hardswish, [1, -3.0, 0]),
    "softshrink": (F.softshrink, [0.5, 2, 3]),
    "hardshrink": (F.hardshrink, [0.1, 2, -0.5]),
    "ELU": (lambda z: F.elu(z, 2.0), [0.0, 1, 2]),
    "SELU": (F.selu, [0.0, 1, 2]),
    "where": (lambda z: torch.where(z > 0, z, 0.1 * z), [0.0, 1, 2]),
    "where of two": (lambda z: torch.where(z > z.flip(0), z, 0.5 * z), [0.25, 1, 0.25]),
    "mask": (lambda z: z * (z >= 1), [0.0, 1, 2]),
    "equal": (lambda z: z * (z == 1), [0.0, 1, 2]),
    "truth value": (lambda z: (z - 1) * z.bool(), [0.0, 1, 2]),
    "whole number": (lambda z: z * z.long(), [0.5, -1, 2.5]),
    "floor": (lambda z: z * z.floor(), [0.5, -1, 2.5]),
    "round": (lambda z: z * z.round(), [0.25, 2.5, 1]),
    "sign": (lambda z: z.sign() * z**2 + z.sign(), [0.25, 0, 1]),
    "ends that are tensors": (lambda z: z.clamp(torch.zeros(3), torch.ones(3)), [0.25, 1, 2]),
    "ends that are computed": (lambda z: z.clamp(max=z.flip(0) / 2), [0.5, 1, 1]),
    "abs": (torch.abs, [0.0, 1, 2]),
    "max pooling in three axes": (lambda z: F.max_pool3d(z.reshape(1, 1, 1, 1, 3), (1, 1, 2)), [1, 1.0, 2]),
    "adaptive max pooling": (
        lambda z: F.adaptive_max_pool2d(two(z).reshape(1, 1, 2, 3), (2, 1)),
        [0.5, 1, 1],
    ),
    "norm": (lambda z: (z * torch.tensor([1.0, 1, 0])).norm().reshape(1), [0.0, 0, 3]),
    "norm of order 1": (lambda z: torch.linalg.vector_norm(z, 1).reshape(1), [0.0, 1, 3]),
    "norm of order ∞": (lambda z: torch.linalg.vector_norm(z, torch.inf).reshape(1), [1.0, -1, 0.5]),
    "median": (lambda z: z.median().reshape(1), [0.5, 0.5, 1]),
    "cumulative maximum": (lambda z: z.cummax(0).values, [0.5, 0.5, 1]),
    "remainder": (lambda z: torch.remainder(z, 0.5) * z, [1.0, 0.2, 0.3]),
}  # fmt: skip
NOT_IN_FILES = (
    "largest index", "floor", "round", "sign", "median", "cumulative maximum", "remainder",
    "max pooling in three axes",
)  # fmt: skip
WAYS = {
    "module": lambda network, x, _, **how: Chain.from_torch(network, x, **how),
    "blocks": lambda network, x, _, **how: Chain.from_blocks([network], x, **how),
    "matrix-free": lambda network, x, _, **how: Chain.from_torch(network, x, matrix_free=True, **how),
    "matrix-free blocks": lambda network, x, _, **how: Chain.from_blocks(
        [lambda z: 3 * z, network.function], 1 / 3 * np.array(x), matrix_free=True, **how
    ),
    "file": lambda network, x, folder, **how: Chain.from_exported(exported(network, folder), x, **how),
}


def exported(network, folder):
    path = folder / "network.pt2"
    torch.export.save(torch.export.export(network, (torch.zeros(3),)), path)
    return path


CASES = [(name, way) for name in SWITCHES for way in WAYS if way != "file" or name not in NOT_IN_FILES]


@pytest.mark.parametrize(("name", "way"), CASES)
def test_a_point_on_a_switch_is_refused_and_the_advice_works(name, way, tmp_path, jacobian_of):
    function, x = SWITCHES[name]
    network = Network(function)
    with pytest.raises(InputError, match="kink") as refused:
        WAYS[way](network, x, tmp_path)
    assert "\n" not in str(refused.value)
    for advised in ("move the input", "kinks='left'"):
        assert advised in str(refused.value)
    WAYS[way](network, np.add(x, [0.0131, 0.0057, -0.0073]), tmp_path)  # moved
    if "matrix-free" in way and name == "ends that are computed":
        return  # PyTorch's derivatives, forward and back, are not those of one matrix there
    left = WAYS[way](network, x, tmp_path, kinks="left")
    if left.is_dense and all(origin.error for origin in left.origins):
        at = torch.tensor(np.array(x, dtype=float))
        J = torch.autograd.functional.jacobian(lambda z: network(z).reshape(-1), at)
        np.testing.assert_allclose(jacobian_of(left), J.numpy(), rtol=0, atol=1e-12)


BESIDE = {
    "gates that are all closed": lambda z: torch.maximum(torch.relu(z - 9), torch.zeros(3)),
    "a pooling over closed gates": lambda z: torch.amax(two(torch.relu(z - 9)), 1),
    "the same entry twice": lambda z: torch.stack([z, z]).max(0).values,
    "a comparison with itself": lambda z: torch.where(z >= z, z, 2 * z),
    "a sorted copy": lambda z: torch.cat([z, z]).sort().values,
    "zeros that are smooth": lambda z: torch.tanh(z * 0) + (z - z.detach().clone() * 0) ** 2,
    "a square at its zero": lambda z: (z - torch.tensor([0.5, 1, 2])) ** 2,
    "a cube at its zero": lambda z: (z - torch.tensor([0.5, 1, 2])) ** 3 + z.sum(),
    "steep, and smooth": lambda z: torch.tanh(1e6 * (z - 0.5)),
}  # fmt: skip


@pytest.mark.parametrize("matrix_free", [False, True])
@pytest.mark.parametrize("name", BESIDE)
def test_what_is_equal_on_a_whole_neighbourhood_is_no_kink(name, matrix_free):
    found, left = (
        Chain.from_blocks([BESIDE[name]], [0.5, 1.0, 2.0], matrix_free=matrix_free, kinks=kinks).maps[0]
        for kinks in ("refuse", "left")
    )
    columns = (each.times(np.eye(3)).numpy() if matrix_free else each for each in (found, left))
    np.testing.assert_array_equal(*columns)


def test_a_kink_that_no_export_shows_is_seen_beside_the_point():
    def deciding(z):
        return z if z.sum() > 0 else 2 * z

    for matrix_free in (False, True):
        with pytest.raises(InputError, match="kink"):
            Chain.from_blocks([deciding], [1.0, -1.0], matrix_free=matrix_free)
        Chain.from_blocks([deciding], [1.0, -0.5], matrix_free=matrix_free)


def test_a_recurrent_network_of_gates_is_looked_at_from_both_sides():
    module = torch.nn.RNN(1, 1, nonlinearity="relu", bias=False)
    with pytest.raises(InputError, match="kink"):
        Chain.from_blocks([lambda z: module(z)[0]], [[0.0]])


def test_probe_refuses_a_switch_in_a_file(tmp_path):
    path = exported(Network(SWITCHES["maximum"][0]), tmp_path)
    np.save(tmp_path / "x.npy", np.array([0.0, 1, 2]))
    with pytest.raises(InputError, match=r"operator 'maximum'.*switches at 1 of its entries"):
        open_source(str(path), input_file=str(tmp_path / "x.npy"))
    open_source(str(path), input_file=str(tmp_path / "x.npy"), kinks="left")
