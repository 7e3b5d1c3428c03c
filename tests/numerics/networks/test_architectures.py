"""Architectures that people use, against PyTorch's automatic differentiation, and as exported files."""

import importlib.util
import warnings
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError

torch = pytest.importorskip("torch")
nn = torch.nn
ROOT = Path(__file__).parents[3]


def loaded():
    spec = importlib.util.spec_from_file_location("architectures", ROOT / "examples" / "architectures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ARCHITECTURES = loaded()


DOCUMENTED = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ARCHITECTURES.ARCHITECTURES)
def test_the_product_is_autograd_s_and_the_documentation_says_so(name):
    assert ARCHITECTURES.row(name) in DOCUMENTED  # it fails where the product is another


def test_the_table_of_the_documentation_has_these_rows_only():
    (heading,) = (place for place, line in enumerate(DOCUMENTED) if line.startswith("| architecture |"))
    table = list(takewhile(lambda line: line.startswith("|"), DOCUMENTED[heading:]))
    assert len(table) == 2 + len(ARCHITECTURES.ARCHITECTURES)
    assert len(ARCHITECTURES.ARCHITECTURES) >= 24


@pytest.mark.parametrize(
    "name", ["residual", "attention, one head", "transformer block", "squeeze and excitation", "GroupNorm"]
)
def test_an_exported_file_is_the_module(name, tmp_path):
    module, x = ARCHITECTURES.made(name)
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "model.pt2")
    assert Chain.from_exported(tmp_path / "model.pt2", x) == Chain.from_torch(module, x)


def residual(size=4):
    torch.manual_seed(1)
    a, b = nn.Linear(size, size), nn.Linear(size, size)
    return lambda z: z + b(torch.relu(a(z)))


def test_blocks_are_a_factor_each_and_say_which_is_exact():
    blocks, x = [residual(), torch.tanh, nn.LayerNorm(4), nn.Identity()], torch.randn(1, 4)
    chain = Chain.from_blocks(blocks, x)
    exact = [origin.error == 0 for origin in chain.origins]
    assert exact == [True, False, False, True]
    assert [origin.layers[0] for origin in chain.origins][1:3] == ["block 2, tanh", "block 3, LayerNorm"]
    assert "2 factors rounded" in str(chain)
    at = x.double()
    for block, factor in zip(
        [lambda z: blocks[0](z.float()).double(), torch.tanh], chain.factors, strict=False
    ):
        expected = torch.autograd.functional.jacobian(block, at).reshape(4, 4).numpy()
        np.testing.assert_allclose(factor.astype(float), expected, rtol=0, atol=1e-6)
        at = block(at)


def test_a_residual_network_is_exact_a_block_a_factor(jacobian_of):
    torch.manual_seed(0)
    net, x = ARCHITECTURES.made("residual")
    chain = Chain.from_torch(net, x)
    assert len(chain) == 2
    assert not any(origin.error for origin in chain.origins)
    assert all("exact" in str(origin) for origin in chain.origins)


def test_what_blocks_cannot_be_is_refused_in_one_line():
    for blocks, part in (
        ([], "0 blocks"),
        ([3], "expected functions or modules"),
        ([lambda z: z.detach().numpy()], "block 1, <lambda>"),
        ([torch.sqrt], "no finite"),
    ):
        with pytest.raises(InputError, match=part) as caught:
            Chain.from_blocks(blocks, [[-1.0, 2.0]])
        assert "\n" not in str(caught.value)


def test_kinks_of_every_gate_are_refused_or_taken_from_the_left():
    for function, left in (
        (torch.relu, 0), (nn.PReLU(init=0.25), 0.25), (torch.abs, -1), (lambda z: z.clamp(0, 1), 0),
        (lambda z: (z + 1).clamp(0, 1), 1), (nn.Hardtanh(0.0, 2.0), 0),
    ):  # fmt: skip
        with pytest.raises(InputError, match="kink"):
            Chain.from_blocks([function], [0.0])
        assert Chain.from_blocks([function], [0.0], kinks="left") == Chain([[[left]]])


def test_what_is_changed_in_place_is_its_new_value(jacobian_of):
    def forward(z):
        y = z.clone()
        y += 2 * z
        y.mul_(3)
        return y + z

    np.testing.assert_array_equal(jacobian_of(Chain.from_blocks([forward], [1.0, 2.0])), 10 * np.eye(2))


class Views(nn.Module):
    def forward(self, z):
        y = 2 * z
        y[0] += 1
        return y


def test_the_advice_for_a_view_that_is_changed_in_place_works(tmp_path, jacobian_of):
    module, x, file = Views(), torch.tensor([1.0, 2.0]), tmp_path / "views.pt2"
    program = torch.export.export(module, (x,))
    torch.export.save(program, file)
    with pytest.raises(InputError, match=r"changes a tensor in place.*run_decompositions\(\{\}\)"):
        Chain.from_exported(file, x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PyTorch's own
        torch.export.save(program.run_decompositions({}), file)
    for chain in (
        Chain.from_exported(file, x), Chain.from_torch(module, x), Chain.from_blocks([module], x)
    ):  # fmt: skip
        np.testing.assert_array_equal(jacobian_of(chain), 2 * np.eye(2))


def test_batch_normalisation_in_training_says_eval(tmp_path):
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU())
    x = torch.randn(1, 1, 5, 5)
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "a.pt2")
    with pytest.raises(InputError, match=r"module\.eval\(\)"):
        Chain.from_exported(tmp_path / "a.pt2", x.numpy())


def test_what_is_random_is_refused():
    with pytest.raises(InputError, match="random"):
        Chain.from_blocks([lambda z: z * torch.rand_like(z)], [1.0, 2.0])
