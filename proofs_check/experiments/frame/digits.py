"""The data of the training experiments: 8×8 digits, and what is left when labels or inputs mean nothing.

scikit-learn's 1797 handwritten digits of 8×8 pixels have as many coordinates as the network is wide (64), so
that no adapter is needed: pixels ``0 … 16`` have their mean image subtracted and are divided by one number,
the root mean square length of what remains, which makes ``tr Σ_xx = 1``. Targets are one-hot in ``R^64``:
digit ``d`` is coordinate ``d``, and the last 54 coordinates are to be zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.errors import InputError

Floats = NDArray[np.float64]
Samples = tuple[Floats, Floats]


def load_digits(width: int = 64) -> Samples:
    """Give inputs, shape ``(1797, 64)``, and one-hot targets ``(1797, width)``, scaled as the module says.

    Raises
    ------
    InputError
        If scikit-learn is not installed.
    """
    try:
        from sklearn import datasets
    except ImportError as error:
        raise InputError(
            "the training experiments need the digits of scikit-learn, which is not installed: "
            "pip install 'jacspec[experiments]'"
        ) from error
    pixels, digits = datasets.load_digits(return_X_y=True)
    return unit_second_moment(pixels), np.eye(width)[digits]


def permuted_labels(samples: Samples, generator: np.random.Generator) -> Samples:
    """The same inputs with the targets of others: what they have to do with each other is chance."""
    inputs, targets = samples
    return inputs, targets[generator.permutation(len(targets))]


def random_inputs(samples: Samples, generator: np.random.Generator) -> Samples:
    """Gaussian inputs in place of the images, for the same targets, centred and of unit second moment."""
    inputs, targets = samples
    return unit_second_moment(generator.standard_normal(inputs.shape)), targets


def principal_digits(width: int) -> Samples:
    """Digits for a network of that width, at least 10: the images' leading principal components."""
    inputs, targets = load_digits(width)
    _, _, axes = np.linalg.svd(inputs, full_matrices=False)
    # The sign of an axis is LAPACK's choice: ours is that its largest entry is positive.
    leading = axes[:width]
    largest = np.abs(leading).argmax(axis=1)
    leading = leading * np.sign(leading[np.arange(width), largest])[:, None]
    return unit_second_moment(inputs @ leading.T), targets


def unit_second_moment(inputs: Floats) -> Floats:
    """Inputs in rows, centred and divided by one number so that ``E‖x‖² = 1``."""
    centred = inputs - inputs.mean(axis=0)
    return np.asarray(centred / np.sqrt(np.mean(np.sum(centred**2, axis=1))))


def least_squares_loss(inputs: Floats, targets: Floats) -> float:
    """Smallest loss that any matrix ``J`` reaches: what training can be held against."""
    transposed = np.linalg.lstsq(inputs, targets, rcond=None)[0]
    return float(0.5 * np.mean(np.sum((inputs @ transposed - targets) ** 2, axis=1)))
