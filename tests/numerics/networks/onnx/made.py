"""Parts of models that are made by hand."""

import numpy as np

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


def whole(*numbers):
    return np.array(numbers, dtype=np.int64)


def one(name, *inputs, **how):
    """A model of one operator."""
    return [(name, ["x", *inputs], ["y"], how)]


W, B, K, K1, V = drawn(5, 4), drawn(5), drawn(3, 2, 2, 3), drawn(3, 2, 3), drawn(4)
GRID, ROW, TOKENS = (1, 2, 5, 6), (1, 4), (1, 3, 4)
BN = {"s": drawn(2), "b": drawn(2), "m": drawn(2), "v": drawn(2) ** 2 + 1}


def saved(made, folder, name="model.onnx"):
    (folder / name).write_bytes(made.SerializeToString())
    return folder / name
