"""A factor says truly whether it is exact: against rational arithmetic, operator by operator."""

from fractions import Fraction

import numpy as np
import pytest

from jacspec.numerics import Chain

torch = pytest.importorskip("torch")
F = torch.nn.functional


class Network(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        torch.manual_seed(0)
        self.w = torch.nn.Parameter(torch.randn(4, 4))
        self.k = torch.nn.Parameter(torch.randn(1, 4, 2, 2))
        self.c = torch.nn.Parameter(torch.randn(4))
        self.function = function

    def forward(self, z):
        return self.function(self, z)


def grid(z):
    return z.reshape(1, 1, 2, 2)


EXACT = {
    "transposed convolution": lambda m, z: F.conv_transpose2d(grid(z), m.k, m.c, stride=2, padding=1),
    "transposed, longer, dilated": lambda m, z: F.conv_transpose2d(
        grid(z), m.k, None, stride=3, output_padding=2, dilation=2
    ),
    "transposed, longer than it strides": lambda m, z: F.conv_transpose2d(
        grid(z), m.k, None, dilation=3, output_padding=2
    ),
    "transposed in groups": lambda m, z: F.conv_transpose2d(
        z.reshape(1, 4, 1, 1), m.k.reshape(4, 1, 2, 2), None, groups=2
    ),
    "transposed in one axis": lambda m, z: F.conv_transpose1d(z.reshape(1, 1, 4), m.k.reshape(1, 4, 4), m.c),
    "transposed in three axes": lambda m, z: F.conv_transpose3d(
        z.reshape(1, 1, 1, 2, 2), m.k.reshape(1, 2, 2, 2, 2)
    ),
    "convolution in three axes": lambda m, z: F.conv3d(z.reshape(1, 1, 1, 2, 2), m.k.reshape(8, 1, 1, 2, 1)),
    "average pooling in three axes": lambda m, z: F.avg_pool3d(z.reshape(1, 1, 1, 2, 2), (1, 2, 1)),
    "max pooling in three axes": lambda m, z: F.max_pool3d(z.reshape(1, 1, 1, 2, 2), (1, 2, 1)),
    "padding": lambda m, z: F.pad(z, (1, 2)),
    "padding by a number": lambda m, z: F.pad(z, (1, 2), value=0.3),
    "padding by reflection": lambda m, z: F.pad(grid(z), (1, 1, 0, 1), mode="reflect"),
    "circular padding": lambda m, z: F.pad(grid(z), (1, 1, 0, 1), mode="circular"),
    "nearest": lambda m, z: F.interpolate(grid(z), scale_factor=2),
    "pixel shuffle": lambda m, z: F.pixel_shuffle(z.reshape(1, 4, 1, 1), 2),
    "einsum": lambda m, z: torch.einsum("ij,j->i", m.w, z),
    "batches": lambda m, z: torch.bmm(m.w.reshape(2, 2, 4), z.reshape(1, 4, 1).expand(2, 4, 1)),
    "outer": lambda m, z: torch.outer(z, m.c),
    "index": lambda m, z: z[torch.tensor([2, 0, 0])],
    "gather": lambda m, z: z.gather(0, torch.tensor([2, 0, 0])),
    "index select": lambda m, z: z.index_select(0, torch.tensor([2, 0, 0])),
    "triangle": lambda m, z: z.reshape(2, 2).tril(),
    "cumulative sum": lambda m, z: z.cumsum(0),
    "repeated": lambda m, z: z.repeat_interleave(2),
    "mask of a buffer": lambda m, z: torch.where(m.c > 0, z, m.c),
    "filled": lambda m, z: z.masked_fill(m.c > 0, 0.25),
    "beside stored": lambda m, z: torch.cat([m.c, z]),
    "computed weight": lambda m, z: F.linear(m.w, z.reshape(1, 4), None),
}
ROUNDED = {
    "bilinear": lambda m, z: F.interpolate(grid(z), scale_factor=3, mode="bilinear"),
    "product of weights": lambda m, z: torch.einsum("ij,jk,k->i", m.w, m.w, z),
    "scaled": lambda m, z: torch.addmm(m.w, m.w, z.reshape(4, 1).expand(4, 4), alpha=0.3),
    "a weight that is computed": lambda m, z: (m.w * m.c) @ z,
    "pool of uneven windows": lambda m, z: F.adaptive_avg_pool1d(z.reshape(1, 1, 4), 3),
    "tanh": lambda m, z: z.tanh(),
    "square": lambda m, z: z**2,
}
X = [0.3, -0.7, 1.2, 0.45]


def autograd(network, x):
    at = torch.tensor(x, dtype=torch.float64)
    return torch.autograd.functional.jacobian(network.double(), at).reshape(-1, 4).numpy()


@pytest.mark.parametrize("name", EXACT)
def test_what_places_entries_says_exact_and_is(name):
    network = Network(EXACT[name])
    chain = Chain.from_torch(network, X)
    assert [origin.error for origin in chain.origins] == [0.0] * len(chain)
    J = autograd(network, X)
    if len(chain) == 1:
        assert (np.array(chain.factors[0], dtype=float) == J).all()
    rows, columns = J.shape
    product = chain.product()
    assert [
        [Fraction(int(product[i, j].p), int(product[i, j].q)) for j in range(columns)] for i in range(rows)
    ] == [[Fraction(entry) for entry in row] for row in J.tolist()]
    for matrix_free in (None, True):
        assert Chain.from_blocks([network], X, matrix_free=matrix_free).shape == J.shape


@pytest.mark.parametrize("name", ROUNDED)
def test_what_computes_says_rounded(name):
    chain = Chain.from_torch(Network(ROUNDED[name]), X)
    assert any(origin.error > 0 for origin in chain.origins)


def test_a_transposed_convolution_of_a_file_needs_no_pytorch(tmp_path, monkeypatch):
    network = Network(EXACT["transposed convolution"])
    torch.export.save(torch.export.export(network, (torch.tensor(X),)), tmp_path / "m.pt2")
    chain = Chain.from_torch(network, X)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    assert Chain.from_exported(tmp_path / "m.pt2", X) == chain
