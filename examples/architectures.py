"""Small architectures as chains, each product against PyTorch's own Jacobian: the table of docs/networks.md.

    python examples/architectures.py

Needs PyTorch: pip install 'jacspec[torch]'.
"""

import copy
from itertools import pairwise

import numpy as np
import torch
from torch import nn, relu
from torch.nn.functional import linear as apply_linear

from jacspec import Chain, InputError, spectrum


class Own(nn.Module):
    """A module whose forward method is the given function of it and the input."""

    def __init__(self, forward, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)
        self.function = forward

    def forward(self, x):
        """Apply it."""
        return self.function(self, x)


def bottleneck():
    convolutions = {"a": nn.Conv2d(4, 2, 1), "b": nn.Conv2d(2, 2, 3, padding=1), "c": nn.Conv2d(2, 4, 1)}
    norms = {"n": nn.BatchNorm2d(2), "m": nn.BatchNorm2d(2), "o": nn.BatchNorm2d(4)}

    def forward(net, x):
        h = relu(net.m(net.b(relu(net.n(net.a(x))))))
        return relu(x + net.o(net.c(h)))

    return Own(forward, **convolutions, **norms)


def squeeze_and_excitation():
    def forward(net, x):
        h = relu(net.conv(x))
        gate = torch.sigmoid(net.up(relu(net.down(h.mean((2, 3))))))
        return h * gate[:, :, None, None]

    return Own(forward, conv=nn.Conv2d(2, 4, 3), down=nn.Linear(4, 2), up=nn.Linear(2, 4))


def attention_of_one_head():
    def forward(net, x):
        q, k, v = net.qkv(x).chunk(3, dim=-1)
        weights = torch.softmax(q @ k.transpose(-2, -1) / 8**0.5, dim=-1)
        return weights @ v

    return Own(forward, qkv=nn.Linear(8, 24))


def transformer_block():
    def forward(net, x):
        h = net.first(x)
        x = x + net.attention(h, h, h, need_weights=False)[0]
        return x + net.mlp(net.second(x))

    return Own(
        forward,
        first=nn.LayerNorm(8),
        attention=nn.MultiheadAttention(8, 2, batch_first=True),
        second=nn.LayerNorm(8),
        mlp=nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8)),
    )


def mixer_block():
    def forward(net, x):
        x = x + net.tokens(net.first(x).transpose(1, 2)).transpose(1, 2)
        return x + net.channels(net.second(x))

    def mlp(size):
        return nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))

    return Own(forward, first=nn.LayerNorm(6), second=nn.LayerNorm(6), tokens=mlp(4), channels=mlp(6))


def unrolled_rnn():
    def forward(net, x):
        h = x.new_zeros(1, 5)
        for step in range(x.shape[1]):
            h = torch.tanh(net.into(x[:, step]) + net.again(h))
        return h

    return Own(forward, into=nn.Linear(3, 5), again=nn.Linear(5, 5))


def undecided():
    def forward(net, x):
        h = net.a(x)
        return net.b(relu(h)) if h.sum() > 0 else net.b(torch.tanh(h))

    return Own(forward, a=nn.Linear(8, 8), b=nn.Linear(8, 3))


def linear(*sizes):
    return [nn.Linear(m, n) for m, n in pairwise(sizes)]


def residual(net, x):
    return x + net.b(relu(net.a(x)))


def preactivated(net, x):
    for layers in (net.first, net.second):
        x = x + layers(x)
    return x


def preactivated_layers():
    return nn.Sequential(nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))


def pair():
    return dict(zip("ab", linear(8, 6, 8), strict=True))


S, GRID, VECTOR, TOKENS = nn.Sequential, (1, 3, 8, 8), (1, 8), (1, 4, 8)
ARCHITECTURES = {
    "MLP with bias": (lambda: S(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), VECTOR),
    "convolution, ReLU, max pooling": (
        lambda: S(nn.Conv2d(3, 5, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(45, 4)),
        GRID,
    ),
    "batch normalisation": (lambda: S(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()), GRID),
    "residual": (lambda: S(Own(residual, **pair()), Own(residual, **pair())), VECTOR),
    "residual, pre-activation": (
        lambda: Own(preactivated, first=preactivated_layers(), second=preactivated_layers()),
        VECTOR,
    ),
    "bottleneck": (bottleneck, (1, 4, 3, 3)),
    "depthwise, strided, dilated": (
        lambda: S(nn.Conv2d(3, 6, 3, groups=3, stride=2, dilation=2, padding=2), nn.ReLU()),
        GRID,
    ),
    "tied weights": (
        lambda: Own(
            lambda net, x: apply_linear(relu(net.e(x)), net.e.weight.t()), e=nn.Linear(8, 5, bias=False)
        ),
        VECTOR,
    ),
    "transposed convolution": (
        lambda: S(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.ConvTranspose2d(3, 2, 3, stride=2)),
        (1, 2, 5, 5),
    ),
    "leaky ReLU": (lambda: S(nn.Linear(8, 8), nn.LeakyReLU(0.2), nn.Linear(8, 3)), VECTOR),
    "PReLU": (lambda: S(nn.Conv2d(3, 4, 3), nn.PReLU(4), nn.Flatten(), nn.Linear(144, 3)), GRID),
    "ReLU6": (lambda: S(nn.Linear(8, 8), nn.ReLU6(), nn.Linear(8, 3)), VECTOR),
    "GELU": (lambda: S(nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 3)), VECTOR),
    "tanh": (lambda: S(*(layer for each in linear(8, 8, 8, 8) for layer in (each, nn.Tanh()))), VECTOR),
    "SiLU": (lambda: S(nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 3)), VECTOR),
    "LayerNorm": (lambda: S(nn.Linear(8, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 3)), VECTOR),
    "RMSNorm": (lambda: S(nn.Linear(8, 8), nn.RMSNorm(8), nn.Linear(8, 3)), VECTOR),
    "GroupNorm": (lambda: S(nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4), nn.ReLU()), (1, 3, 5, 5)),
    "softmax head": (lambda: S(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 5), nn.Softmax(-1)), VECTOR),
    "attention, one head": (attention_of_one_head, TOKENS),
    "attention, two heads": (
        lambda: Own(
            lambda net, x: net.a(x, x, x, need_weights=False)[0],
            a=nn.MultiheadAttention(8, 2, batch_first=True),
        ),
        TOKENS,
    ),
    "transformer block": (transformer_block, TOKENS),
    "mixer block": (mixer_block, (1, 4, 6)),
    "recurrent, unrolled": (unrolled_rnn, (1, 4, 3)),
    "squeeze and excitation": (squeeze_and_excitation, (1, 2, 6, 6)),
    "x @ W + b": (
        lambda: Own(
            lambda net, x: relu(x @ net.W + net.b),
            W=nn.Parameter(torch.randn(8, 6)),
            b=nn.Parameter(torch.randn(6)),
        ),
        VECTOR,
    ),
    "global average": (lambda: Own(lambda net, x: relu(net.c(x)).mean((2, 3)), c=nn.Conv2d(3, 4, 3)), GRID),
    "input normalisation": (lambda: Own(lambda net, x: net.f((x - 0.5) / 0.25), f=nn.Linear(8, 4)), VECTOR),
    "channels last": (
        lambda: Own(lambda net, x: net.f(x.permute(0, 2, 3, 1).flatten(1)), f=nn.Linear(192, 4)),
        GRID,
    ),
    "two branches, concatenated": (
        lambda: Own(lambda net, x: torch.cat([relu(net.a(x)), x.clamp(-1, 1)], 1), a=nn.Linear(8, 4)),
        VECTOR,
    ),
    "a decision that depends on values": (undecided, VECTOR),
}


def made(name):
    """The module, in evaluation, and an input."""
    torch.manual_seed(0)
    build, shape = ARCHITECTURES[name]
    module = build()
    for part in module.modules():
        if hasattr(part, "running_var"):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
    return module.eval(), torch.randn(shape)


def chain_of(module, x):
    """The chain, and how it was given: the module, or, where that is refused, as the refusal says."""
    try:
        return Chain.from_torch(module, x), "`from_torch`"
    except InputError as refusal:
        if "Chain.from_blocks([module], x)" not in str(refusal):
            raise
        return Chain.from_blocks([module], x), "`from_blocks`, as the refusal of `from_torch` says"


def deviation(chain, module, x):
    """How far the product of the chain is from autograd's Jacobian, relative to its largest entry."""
    double = copy.deepcopy(module).double()
    expected = torch.autograd.functional.jacobian(double, x.double()).reshape(-1, x.numel()).numpy()
    found = np.array([[int(e.p) / int(e.q) for e in row] for row in chain.product().tolist()])
    return abs(found - expected).max() / abs(expected).max()


def row(name):
    """The row of the table in Markdown; fails where the chain is not the network's."""
    module, x = made(name)
    chain, how = chain_of(module, x)
    if not deviation(chain, module, x) < 1e-12:
        message = f"{name}: the chain is not the network's"
        raise ArithmeticError(message)
    rounded = sum(origin.error > 0 for origin in chain.origins)
    found = spectrum(chain, digits=10)
    return f"| {name} | {how} | {len(chain)} | {rounded} | {found.log_singular_values[0]:.4f} |"


if __name__ == "__main__":
    print("| architecture | given by | factors | of these rounded | log s_1 |\n|---|---|--:|--:|--:|")
    for each in ARCHITECTURES:
        print(row(each))
