"""PyTorch modules against PyTorch's own automatic differentiation, in float64; skipped without PyTorch."""

import copy

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, spectrum

torch = pytest.importorskip("torch")
nn = torch.nn


def jacobian(module, x):
    """Autograd's Jacobian of the module in float64."""
    double = copy.deepcopy(module).double()
    J = torch.autograd.functional.jacobian(double, x.double())
    return J.reshape(-1, x.numel()).numpy()


def digits_network():
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Sequential(nn.Conv2d(4, 8, 3, padding=1), nn.ReLU()),
        *(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 10)),
    ).eval()


@pytest.mark.parametrize("seed", range(3))
def test_a_convolutional_relu_network(seed, jacobian_of):
    torch.manual_seed(seed)
    module, x = digits_network(), torch.randn(1, 1, 8, 8)
    chain = Chain.from_torch(module, x)
    expected = jacobian(module, x)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(jacobian_of(chain), expected, rtol=0, atol=1e-12)
    result = spectrum(chain, digits=20)
    # Closed gates make exact zeros, of which LAPACK's are 1e-17.
    values = np.linalg.svd(expected, compute_uv=False)
    np.testing.assert_allclose(np.exp(result.log_singular_values), values, rtol=0, atol=1e-15)
    assert "certified to 20 digits" in str(result)


RELU = nn.ReLU()


@pytest.mark.filterwarnings("ignore:Using padding='same'")  # PyTorch copies; the case is meant
@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3, bias=False)], (5,)),
        ([nn.Linear(5, 7), RELU, nn.Linear(7, 7), RELU, nn.Linear(7, 3)], (1, 5)),
        (
            [
                nn.Conv1d(2, 4, 3, stride=2, padding=1, dilation=2, groups=2),
                nn.LeakyReLU(0.2),
                nn.MaxPool1d(2),
            ],
            (2, 15),
        ),
        ([nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), groups=2), nn.ReLU()], (4, 7, 6)),
        ([nn.Conv2d(1, 2, (2, 3), padding="same"), nn.LeakyReLU(), nn.Flatten(0), nn.Dropout()], (1, 5, 6)),
        ([nn.Conv2d(1, 3, 3), nn.MaxPool2d(3, 2, 1, ceil_mode=True)], (1, 1, 8, 8)),
        ([nn.Conv2d(1, 3, 3), nn.MaxPool2d(2, 1, dilation=2)], (1, 1, 8, 8)),
        ([nn.Conv2d(1, 3, 3), nn.AvgPool2d(3, 2, 1, ceil_mode=True)], (1, 1, 8, 8)),
        ([nn.Conv2d(1, 3, 3), nn.AvgPool2d(3, 2, 1, True, False), nn.Identity()], (1, 1, 8, 8)),
        ([nn.Conv2d(1, 3, 3), nn.AvgPool2d(2, divisor_override=3)], (1, 1, 8, 8)),
        ([nn.Conv1d(2, 3, 3), nn.AvgPool1d(3, 2, 1, ceil_mode=True)], (1, 2, 9)),
        ([nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 2)], (1, 5)),
        ([nn.Conv1d(2, 3, 3), nn.BatchNorm1d(3), nn.ReLU()], (1, 2, 9)),
        ([nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3, affine=False), nn.ReLU()], (1, 2, 5, 5)),
        ([nn.Conv2d(2, 3, 3, padding=1, padding_mode="circular"), nn.ReLU()], (1, 2, 5, 5)),
        ([nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect"), nn.ReLU()], (1, 2, 5, 5)),
        ([nn.ConvTranspose2d(2, 3, 3, stride=2, output_padding=1), nn.ReLU()], (1, 2, 5, 5)),
    ],
    ids=lambda value: "" if isinstance(value, tuple) else "-".join(type(layer).__name__ for layer in value),
)
def test_every_layer_is_autograd_s(layers, shape, jacobian_of):
    torch.manual_seed(0)
    module = nn.Sequential(*layers)
    for layer in module:
        if hasattr(
            layer, "reset_parameters"
        ):  # drawn anew: they were made as this file was read, with any seed
            layer.reset_parameters()
        if hasattr(layer, "running_var"):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    module, x = module.eval(), torch.randn(shape)
    expected = jacobian(module, x)
    assert np.abs(expected).max() > 1e-2
    np.testing.assert_allclose(jacobian_of(Chain.from_torch(module, x)), expected, rtol=0, atol=1e-12)


def test_at_a_kink_left_is_what_autograd_takes(jacobian_of):
    module = nn.Sequential(nn.Linear(2, 2, bias=False), nn.LeakyReLU(0.25), nn.MaxPool1d(2))
    with torch.no_grad():
        module[0].weight.copy_(torch.tensor([[1.0, -1.0], [2.0, -2.0]]))
    x = torch.tensor([[1.0, 1.0]])
    with pytest.raises(InputError, match="LeakyReLU '1' has 2 pre-activation"):
        Chain.from_torch(module, x)
    np.testing.assert_array_equal(jacobian_of(Chain.from_torch(module, x, kinks="left")), jacobian(module, x))


def test_half_precision_and_shared_weights_are_exact(jacobian_of):
    torch.manual_seed(0)
    layer = nn.Linear(4, 4).to(torch.bfloat16)
    module, x = nn.Sequential(layer, nn.ReLU(), layer), torch.randn(4)
    np.testing.assert_allclose(
        jacobian_of(Chain.from_torch(module, x)), jacobian(module, x), rtol=0, atol=1e-12
    )


def test_an_archive_that_this_pytorch_writes_is_the_module(tmp_path):
    torch.manual_seed(0)
    module, x = digits_network(), torch.randn(1, 1, 8, 8)
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "model.pt2")
    assert Chain.from_exported(tmp_path / "model.pt2", x) == Chain.from_torch(module, x)


class Straight(nn.Module):
    """A module with a forward method of its own."""

    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Conv1d(1, 2, 3, bias=False), nn.Linear(6, 3)

    def forward(self, x):
        h = nn.functional.max_pool1d(nn.functional.leaky_relu(self.hidden(x), 0.3), 2)
        return self.out(torch.relu(h).view(x.size(0), -1))


def test_a_module_with_a_forward_method_goes_through_its_export(tmp_path, jacobian_of):
    torch.manual_seed(0)
    module, x = Straight().eval(), torch.randn(1, 1, 8)
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "model.pt2")
    chain = Chain.from_exported(tmp_path / "model.pt2", x)
    np.testing.assert_allclose(jacobian_of(chain), jacobian(module, x), rtol=0, atol=1e-12)


def hooked():
    module = nn.Sequential(nn.Linear(2, 2))
    module[0].register_forward_hook(lambda _module, _inputs, out: 2 * out)
    return module


def overridden():
    module = nn.Sequential(nn.Linear(2, 2))
    module[0].forward = lambda x: 2 * x
    return module


class OwnLinear(nn.Linear):
    def forward(self, x):
        return 3 * super().forward(x)


@pytest.mark.parametrize("make", [hooked, overridden, lambda: nn.Sequential(OwnLinear(2, 2))])
def test_what_changes_a_layer_is_seen(make, jacobian_of):
    torch.manual_seed(0)
    module, x = make(), torch.tensor([[1.0, 2.0]])
    expected = torch.autograd.functional.jacobian(module, x).reshape(2, 2).numpy()
    np.testing.assert_allclose(jacobian_of(Chain.from_torch(module, x)), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("module", "parts"),
    [
        (Straight(), ("module Straight fails at an input of shape (1, 2)", "expected one that it takes")),
        (nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Dropout()), ("training mode", "module.eval()")),
        (nn.Sequential(nn.Dropout(0.5)), ("Dropout '0'", "training mode", "module.eval()")),
        (nn.Sequential(nn.BatchNorm1d(2)), ("BatchNorm1d '0'", "statistics of the batch", "module.eval()")),
        (nn.BatchNorm1d(2, track_running_stats=False).eval(), ("BatchNorm1d", "running statistics")),
        (nn.MaxPool1d(2, return_indices=True), ("MaxPool1d", "return_indices=False")),
        ("model", ("a str is no PyTorch module", "expected torch.nn.Sequential")),
    ],
)
def test_what_is_not_understood_is_refused_by_name(module, parts):
    with pytest.raises(InputError) as caught:
        Chain.from_torch(module, torch.tensor([[1.0, 2.0]]))
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_and_inputs_may_be_tensors():
    W, x = torch.tensor([[1.0, 2.0]], requires_grad=True), torch.tensor([3.0, 4.0], dtype=torch.float16)
    assert Chain.from_weights([W], x) == Chain([[[1, 2]]])
    with pytest.raises(InputError, match="the input x"):
        Chain.from_weights([W], torch.tensor([1j, 2]))


def test_a_state_dict_is_refused_with_what_to_do_and_that_works():
    module, x = nn.Sequential(nn.Linear(2, 2)), torch.ones(1, 2)
    with pytest.raises(InputError, match=r"load it by module\.load_state_dict\(state\)"):
        Chain.from_torch(module.state_dict(), x)
    other = nn.Sequential(nn.Linear(2, 2))
    other.load_state_dict(module.state_dict())
    assert Chain.from_torch(other, x) == Chain.from_torch(module, x)
