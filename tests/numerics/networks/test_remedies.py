"""What a refusal advises works: each case is refused, and the same network is read as the refusal says."""

import copy

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, leading_modes

torch = pytest.importorskip("torch")
nn = torch.nn
F = nn.functional
V = torch.tensor([[0.3, -0.7, 1.2]])
SEQUENCE = torch.linspace(-1, 1, 15).reshape(1, 5, 3)
TOKENS = torch.tensor([[3, 1]])


class Own(nn.Module):
    """A module whose forward method is the given function, with a linear map and a buffer."""

    def __init__(self, function):
        super().__init__()
        torch.manual_seed(0)
        self.a, self.function = nn.Linear(3, 3), function
        self.register_buffer("count", torch.zeros(3))

    def forward(self, *z):
        return self.function(self, *z)


def saved(module, x, folder, **how):
    path = folder / "module.pt2"
    torch.export.save(torch.export.export(module, (x,), **how), path)
    return path


def counting(m, z):
    if m.training:
        m.count.add_(1)
    return m.a(z) + m.count


def in_file(function, x=V):
    """A function of a folder that reads the module from a file; and its module."""
    return lambda folder: Chain.from_exported(saved(function(), x, folder), x)


LSTM, EMBEDDED = (
    nn.LSTM(3, 4, batch_first=True),
    nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 2)),
)
BATCH = nn.BatchNorm1d(3)
FLAT = nn.Linear(3, 3)
SUM = Own(lambda m, z, y: m.a(z) + y)
DOUBLE = copy.deepcopy(FLAT).double()
CASES = {
    "an LSTM": (
        lambda _: Chain.from_torch(LSTM, SEQUENCE), r"gives 3 output\(s\).*lambda z: module\(z, …\)\[0\]",
        lambda _: Chain.from_blocks([lambda z: LSTM(z)[0]], SEQUENCE),
    ),
    "an LSTM in a file": (
        in_file(lambda: LSTM, SEQUENCE), r"gives 3 output\(s\).*lambda z: module\(z, …\)\[0\]",
        lambda _: Chain.from_blocks([lambda z: LSTM(z)[0]], SEQUENCE),
    ),
    "two inputs": (
        lambda folder: Chain.from_exported(two_inputs(folder), V), r"takes 2 input\(s\).*module\(z, …\)",
        lambda _: Chain.from_blocks([lambda z: SUM(z, V)], V),
    ),
    "an embedding": (
        lambda _: Chain.from_torch(EMBEDDED, TOKENS), r"whole numbers.*\(module_behind, embedding\(x\)\)",
        lambda _: Chain.from_torch(EMBEDDED[1:], EMBEDDED[0](TOKENS)),
    ),
    "an embedding in blocks": (
        lambda _: Chain.from_blocks([EMBEDDED], TOKENS), r"whole numbers.*embedding\(x\)",
        lambda _: Chain.from_torch(EMBEDDED[1:], EMBEDDED[0](TOKENS)),
    ),
    "dropout": (
        lambda _: Chain.from_torch(nn.Sequential(nn.Linear(3, 3), nn.Dropout()), V), r"call module\.eval\(\)",
        lambda _: Chain.from_torch(nn.Sequential(nn.Linear(3, 3), nn.Dropout()).eval(), V),
    ),
    "randomness in a forward method": (
        lambda _: Chain.from_torch(Own(lambda m, z: F.dropout(m.a(z), training=m.training)), V),
        r"(random|training mode).*call module\.eval\(\)",
        lambda _: Chain.from_torch(Own(lambda m, z: F.dropout(m.a(z), training=m.training)).eval(), V),
    ),
    "batch statistics": (
        lambda _: Chain.from_torch(BATCH, V), r"call module\.eval\(\)",
        lambda _: Chain.from_torch(copy.deepcopy(BATCH).eval(), V),
    ),
    "no running statistics": (
        lambda _: Chain.from_torch(nn.BatchNorm1d(3, track_running_stats=False).eval(), V),
        "build it with track_running_stats=True",
        lambda _: Chain.from_torch(nn.BatchNorm1d(3, track_running_stats=True).eval(), V),
    ),
    "a buffer that changes": (
        lambda folder: Chain.from_exported(decomposed(folder, counting), V), r"call module\.eval\(\)",
        in_file(lambda: Own(counting).eval()),
    ),
    "indices": (
        lambda _: Chain.from_torch(nn.MaxPool1d(2, return_indices=True), V), "return_indices=False",
        lambda _: Chain.from_torch(nn.MaxPool1d(2, return_indices=False), V),
    ),
    "detach": (
        lambda _: Chain.from_torch(Own(lambda m, z: m.a(z) * z.detach()), V), r"leave out detach\(\)",
        lambda _: Chain.from_torch(Own(lambda m, z: m.a(z) * z), V),
    ),
    "a decision by values": (
        lambda _: Chain.from_torch(Own(lambda m, z: m.a(z) if z.sum() > 0 else z), V),
        r"cannot be traced.*Chain\.from_blocks\(\[module\], x\)",
        lambda _: Chain.from_blocks([Own(lambda m, z: m.a(z) if z.sum() > 0 else z)], V),
    ),
    "complex numbers": (
        lambda _: Chain.from_torch(Own(lambda m, z: torch.fft.fft(z).abs()), V),
        r"complex.*as one block, Chain\.from_blocks\(\[part_1, …\], x\)",
        lambda _: Chain.from_blocks([Own(lambda m, z: torch.fft.fft(z).abs())], V),
    ),
    "an operator that files may not have": (
        in_file(lambda: Own(lambda m, z: torch.special.i0(m.a(z)))), r"give the module itself",
        lambda _: Chain.from_torch(Own(lambda m, z: torch.special.i0(m.a(z))), V),
    ),
    "a division by zero": (
        lambda _: Chain.from_torch(Own(lambda m, z: z / m.count), V), "add what keeps them away from 0",
        lambda _: Chain.from_torch(Own(lambda m, z: z / (m.count + 1e-3)), V),
    ),
    "a mask by infinity": (
        lambda _: Chain.from_torch(Own(lambda m, z: (z + torch.tensor([0, 0, -torch.inf])).softmax(-1)), V),
        "mask by a large number",
        lambda _: Chain.from_torch(Own(lambda m, z: (z + torch.tensor([0, 0, -1e9])).softmax(-1)), V),
    ),
    "no finite derivative": (
        lambda _: Chain.from_torch(Own(lambda m, z: z.abs().sqrt()), V * (V > 0)), "move the input",
        lambda _: Chain.from_torch(Own(lambda m, z: z.abs().sqrt()), V),
    ),
    "a shape that varies": (
        lambda folder: Chain.from_exported(saved(FLAT, V.repeat(2, 1), folder, dynamic_shapes=varying()), V),
        "export it without dynamic shapes",
        in_file(lambda: FLAT),
    ),
    "an input of another shape": (
        lambda folder: Chain.from_exported(saved(FLAT, V, folder), V.reshape(3, 1)), "reshape it",
        lambda folder: Chain.from_exported(saved(FLAT, V, folder), V.reshape(3, 1).reshape(1, 3)),
    ),
    "no batch axis": (
        lambda _: Chain.from_torch(nn.Sequential(nn.Flatten(), nn.Linear(3, 2)), V[0]), "batch axis of one",
        lambda _: Chain.from_torch(nn.Sequential(nn.Flatten(), nn.Linear(3, 2)), V[:1]),
    ),
    "kernels as JAX keeps them": (
        lambda _: Chain.from_weights([np.ones((3, 2)), np.ones((2, 3))], [1, 2, 3]), "transposed=True",
        lambda _: Chain.from_weights([np.ones((3, 2)), np.ones((2, 3))], [1, 2, 3], transposed=True),
    ),
    "a layer without a bias": (
        lambda _: Chain.from_weights([np.eye(2)] * 2, [1, 2], biases=[[1, 1]]), "give None",
        lambda _: Chain.from_weights([np.eye(2)] * 2, [1, 2], biases=[[1, 1], None]),
    ),
    "a function, not a module": (
        lambda _: Chain.from_torch(torch.tanh, V), r"Chain\.from_blocks\(\[f_1, …\], x\)",
        lambda _: Chain.from_blocks([torch.tanh], V),
    ),
    "float32 without matrices": (
        lambda _: Chain.from_blocks([lambda z: FLAT(z)], V, matrix_free=True), r"module\.double\(\)",
        lambda _: Chain.from_blocks([lambda z: DOUBLE(z)], V, matrix_free=True),
    ),
    "a change of a view in a file": (
        in_file(lambda: Own(changing)), r"run_decompositions\(\{\}\)",
        lambda folder: Chain.from_exported(decomposed(folder, changing), V),
    ),
}  # fmt: skip


def changing(m, z):
    y = m.a(z)
    y[0, 1] += 1
    return y


def decomposed(folder, function):
    path = folder / "decomposed.pt2"
    torch.export.save(torch.export.export(Own(function), (V,)).run_decompositions({}), path)
    return path


def varying():
    return ({0: torch.export.Dim("batch", min=1)},)


def two_inputs(folder):
    path = folder / "two.pt2"
    torch.export.save(torch.export.export(SUM, (V, V)), path)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_the_advice_of_a_refusal_works(name, tmp_path):
    refused, advice, followed = CASES[name]
    with pytest.raises(InputError, match=advice) as caught:
        refused(tmp_path)
    assert "\n" not in str(caught.value)
    chain = followed(tmp_path)
    assert np.isfinite(np.asarray(leading_modes(chain, 1))).all()
