"""Operators in uncommon use: the product is autograd's Jacobian, or the network is refused."""

import copy

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError

torch = pytest.importorskip("torch")
F = torch.nn.functional
X = [0.3, -0.7, 1.2, 0.45]


class Network(torch.nn.Module):
    """A function of two linear maps a and b, a vector c and the input."""

    def __init__(self, function):
        super().__init__()
        torch.manual_seed(0)
        self.a, self.b = torch.nn.Linear(4, 4), torch.nn.Linear(4, 4)
        self.c = torch.nn.Parameter(torch.randn(4))
        self.function = function

    def forward(self, z):
        return self.function(self, z)


def autograd(network, x=X):
    x = torch.tensor(x, dtype=torch.float64)
    return torch.autograd.functional.jacobian(copy.deepcopy(network).double(), x).numpy()


def base_changed(m, z):
    y = m.a(z)
    view = y.reshape(2, 2)
    F.relu_(y)
    return m.b(view.reshape(-1))


def view_changed(m, z):
    y = m.a(z)
    y[1:3] = 3 * y[1:3]
    y[0] = 0
    return y


def ones_written(m, z):
    mask = torch.zeros(2, 2)
    mask[:, 0] = 1
    return m.a(z) * mask.reshape(-1)


def waves_written(m, z):
    waves, position = torch.zeros(4), torch.arange(2, dtype=torch.float32)
    waves[0::2], waves[1::2] = torch.sin(position), torch.cos(position)
    return torch.relu(m.a(z) + 10 * waves)


def mask_of_weights(m, z):
    mask = torch.zeros(4, 4)
    mask[0, 1:] = 1
    return (m.a.weight * mask) @ z


def stored_base_changed(m, z):
    base = m.c.clone()
    view = base.view(2, 2)
    base.mul_(3)
    return m.a(z) * view.reshape(-1)


def input_written(m, z):
    base = torch.zeros(4, dtype=z.dtype)
    base.copy_(z)
    return m.a(z) + base


def transposed_changed(m, z):
    y = m.a(z).reshape(2, 2)
    view = y.t()
    y.add_(view.clone())
    return view.reshape(-1)


def normalised_after_a_change(m, z):
    y = m.a(z)
    view = y.reshape(1, 2, 2)
    y += 1
    return F.batch_norm(view, m.c.detach()[:2], m.c.detach()[2:] ** 2 + 1).reshape(-1)


SHARED = [
    base_changed, view_changed, ones_written, waves_written, mask_of_weights, stored_base_changed,
    transposed_changed, normalised_after_a_change,
]  # fmt: skip


@pytest.mark.parametrize("function", [*SHARED, input_written])
@pytest.mark.parametrize("made", [Chain.from_torch, lambda m, x: Chain.from_blocks([m], x)])
def test_a_change_in_place_is_seen_under_every_name(function, made, jacobian_of):
    network = Network(function)
    np.testing.assert_allclose(jacobian_of(made(network, X)), autograd(network), rtol=0, atol=1e-12)


@pytest.mark.parametrize("function", SHARED)
def test_a_file_in_which_a_view_is_changed_is_refused(function, tmp_path):
    network, file = Network(function), tmp_path / "network.pt2"
    torch.export.save(torch.export.export(network, (torch.tensor(X),)), file)
    with pytest.raises(InputError, match="in place of which there is a view"):
        Chain.from_exported(file, X)


@pytest.mark.parametrize(
    "function",
    [
        lambda m, z: torch.rsub(m.a(z), 1.0, alpha=2),
        lambda m, z: F.linear(m.c, m.a.weight, m.b(z)),
        lambda m, z: F.conv1d(m.a.weight.reshape(1, 4, 4), m.b.weight.reshape(4, 4, 1), m.a(z)).reshape(-1),
        lambda m, z: F.batch_norm(m.a.weight, m.c.detach(), m.c.detach() ** 2, m.a(z), m.c).reshape(-1),
    ],
    ids=["rsub with alpha", "computed bias", "computed bias of a convolution", "computed scale"],
)
def test_every_argument_may_be_the_computed_one(function, jacobian_of):
    network = Network(function)
    np.testing.assert_allclose(
        jacobian_of(Chain.from_torch(network, X)), autograd(network), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("change", [lambda y: y, lambda y: y.reshape(2, 2).mul_(2).reshape(-1)])
def test_detach_is_refused_and_zero_in_a_block(change, jacobian_of):
    network = Network(lambda m, z: m.a(z) + change(2 * z).detach())
    with pytest.raises(InputError, match="leave out detach"):
        Chain.from_torch(network, X)
    np.testing.assert_allclose(
        jacobian_of(Chain.from_blocks([network], X)), autograd(network), rtol=0, atol=1e-12
    )


def scaled_by_root_mean_square(_, z):
    h = z.to(torch.float32)
    return (h * torch.rsqrt(h.pow(2).mean(-1, keepdim=True) + 1e-6)).to(z.dtype)


CASTS = [
    lambda m, z: m.a(z).to(torch.float64) * 2,
    lambda m, z: m.a(z) * m.a(z).bool(),
    lambda m, z: torch.softmax(m.a(z), -1, dtype=torch.float64),
    lambda m, z: m.a(z) + z * (3 * z).to(torch.int32),
    lambda m, z: m.a(z) * (3 * m.c).long(),
    lambda m, z: m.a(z) * (1 - (m.c > 0).to(z.dtype)),
]
CONSTANT = [
    lambda m, z: m.a(z) * (m.a(z) > 0),
    lambda m, z: torch.where(m.a(z) > 0, m.a(z), 0.1 * z),
    lambda m, z: m.a(z).masked_fill(m.a(z) < 0, 0.0),
    lambda m, z: m.a(z).reshape(2, 2).max(dim=1).values,
    lambda m, z: torch.sort(m.a(z)).values,
    lambda m, z: torch.topk(m.a(z), 2).values,
]


@pytest.mark.parametrize("function", CASTS + CONSTANT)
def test_whole_numbers_and_truth_values_are_locally_constant(function, jacobian_of):
    network = Network(function)
    expected = autograd(network)
    for chain in (Chain.from_torch(network, X), Chain.from_blocks([network], X)):
        np.testing.assert_allclose(jacobian_of(chain), expected, rtol=0, atol=1e-12)


def test_a_cast_to_float32_rounds_nothing(jacobian_of):
    network = Network(scaled_by_root_mean_square)
    J = jacobian_of(Chain.from_torch(network, X))
    x = torch.tensor(X, dtype=torch.float64)
    expected = torch.autograd.functional.jacobian(lambda z: z * torch.rsqrt((z**2).mean() + 1e-6), x)
    np.testing.assert_allclose(J, expected.numpy(), rtol=0, atol=1e-12)


def test_a_file_may_have_masks_of_the_input(tmp_path):
    network, file = Network(CONSTANT[1]), tmp_path / "network.pt2"
    torch.export.save(torch.export.export(network, (torch.tensor(X),)), file)
    assert Chain.from_exported(file, X) == Chain.from_torch(network, X)


def test_an_operator_without_a_derivative_is_refused_by_name():
    with pytest.raises(InputError, match=r"igamma.*cannot be differentiated"):
        Chain.from_torch(Network(lambda m, z: torch.igamma(m.a(z) ** 2, z**2)), X)
    with pytest.raises(InputError, match="complex"):
        Chain.from_torch(Network(lambda _, z: torch.fft.fft(z).real), X)


def causal(m, z):
    q = m.a(z.reshape(4, 1).expand(4, 4))
    mask = torch.tril(torch.ones(4, 4)) == 0
    return (torch.softmax((q @ q.T).masked_fill(mask, -torch.inf), -1) @ q).reshape(-1)


def causal_by_a_sum(m, z):
    q = m.a(z.reshape(4, 1).expand(4, 4))
    return (torch.softmax(q @ q.T + torch.full((4, 4), -torch.inf).triu(1), -1) @ q).reshape(-1)


def causal_by_a_buffer(m, z):
    q = m.a(z.reshape(4, 1).expand(4, 4))
    return (torch.softmax(q @ q.T + m.mask, -1) @ q).reshape(-1)


@pytest.mark.parametrize("function", [causal, causal_by_a_sum, causal_by_a_buffer])
def test_a_mask_by_infinity_is_refused_and_the_advice_works(function, jacobian_of):
    network = Network(function)
    network.register_buffer("mask", torch.full((4, 4), -torch.inf).triu(1))
    with pytest.raises(InputError, match=r"no finite value.*Chain\.from_blocks"):
        Chain.from_torch(network, X)
    np.testing.assert_allclose(
        jacobian_of(Chain.from_blocks([network], X)), autograd(network), rtol=0, atol=1e-12
    )


def test_a_division_by_zero_is_refused():
    with pytest.raises(InputError, match="divides by 0"):
        Chain.from_torch(Network(lambda m, z: m.a(z) / 0.0), X)
