"""Networks without their matrices: against the dense chain of the same network; needs PyTorch."""

import copy

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, leading_modes, max_memory, spectrum

torch = pytest.importorskip("torch")
nn = torch.nn


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a, self.b = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, z):
        y = self.norm(self.a(z)).relu_()
        return torch.nn.functional.gelu(z + self.b(y))


class Attention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.qkv, self.out, self.norm = nn.Linear(size, 3 * size), nn.Linear(size, size), nn.LayerNorm(size)

    def forward(self, z):
        q, k, v = self.qkv(self.norm(z)).chunk(3, dim=-1)
        return z + self.out(torch.softmax(q @ k.transpose(-1, -2) / 2, dim=-1) @ v)


NETWORKS = {
    "convolutional": (
        lambda: nn.Sequential(
            *(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(4, 6, 3, padding=1), nn.LeakyReLU(0.1), nn.AvgPool2d(2)),
            *(nn.Flatten(), nn.Linear(24, 12), nn.Tanh(), nn.Linear(12, 12)),
        ),
        (1, 2, 8, 8),
    ),
    "residual": (
        lambda: nn.Sequential(Residual(2), Residual(2), nn.Flatten(), nn.Linear(50, 11)),
        (1, 2, 5, 5),
    ),
    "attention": (lambda: nn.Sequential(Attention(4), Attention(4)), (1, 5, 4)),
}


@pytest.fixture(params=NETWORKS)
def network(request):
    torch.manual_seed(0)
    make, shape = NETWORKS[request.param]
    return make().eval(), torch.randn(*shape)


def assert_agree(free, dense):
    assert not free.is_dense
    assert "matrix-free" in repr(free)
    assert all(origin.error for origin in free.origins)
    found = leading_modes(free, 10)
    np.testing.assert_allclose(found, spectrum(dense, top=10), rtol=0, atol=1e-10)
    assert not found.shortfall


def test_a_module_agrees_with_its_dense_chain(network):
    module, x = network
    assert_agree(Chain.from_torch(module, x, matrix_free=True), Chain.from_torch(module, x))


def test_so_do_its_blocks(network):
    module, x = network
    blocks = list(module)
    assert_agree(Chain.from_blocks(blocks, x, matrix_free=True), Chain.from_blocks(blocks, x))


def test_so_does_an_exported_file(network, tmp_path):
    module, x = network
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "model.pt2")
    free = Chain.from_exported(tmp_path / "model.pt2", x, matrix_free=True)
    assert_agree(free, Chain.from_exported(tmp_path / "model.pt2", x))
    assert free.depth > 1
    assert free.depth == len(free.origins)


def test_memory_decides_unless_one_says():
    torch.manual_seed(0)
    module, x = (
        nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 3)),
        torch.randn(1, 2, 8, 8),
    )
    assert Chain.from_torch(module, x).is_dense
    with max_memory("2 MB"):
        for chain in (Chain.from_torch(module, x), Chain.from_blocks(list(module), x)):
            assert not chain.is_dense
            assert len(leading_modes(chain, 3)) == 3
        with pytest.raises(InputError, match="takes about"):
            Chain.from_torch(module, x, matrix_free=False)


def test_a_function_is_a_block_of_its_own():
    W = torch.randn(6, 6, dtype=torch.float64)
    chain = Chain.from_blocks([lambda z: torch.sin(W @ z), lambda z: z**3], np.ones(6), matrix_free=True)
    dense = Chain.from_blocks([lambda z: torch.sin(W @ z), lambda z: z**3], np.ones(6))
    np.testing.assert_allclose(leading_modes(chain, 6), spectrum(dense), rtol=0, atol=1e-9)


def test_the_module_is_left_as_it_was(network):
    module, x = network
    before = copy.deepcopy(module.state_dict())
    Chain.from_torch(module, x, matrix_free=True)
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda x: Chain.from_blocks([lambda z: z[:0]], x, matrix_free=True), "block 1, <lambda>"),
        (lambda x: Chain.from_blocks([lambda _: 1 / 0], x, matrix_free=True), "division by zero"),
        (
            lambda x: Chain.from_blocks([nn.ReLU()], x, matrix_free=True, kinks="right"),
            "expected one of refuse, left",
        ),
        (lambda x: Chain.from_torch(Detached(), x, matrix_free=True), "detach"),
    ],
)
def test_what_has_no_matrix_free_jacobian_is_one_line(make, says):
    with pytest.raises(InputError) as refused:
        make(torch.ones(1, 4))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


class Detached(nn.Module):
    def forward(self, z):
        return z * z.detach()
