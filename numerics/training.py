r"""Full-batch gradient descent on a fixed-gates linear network (FGLN).

The network is ``J = W_N D_{N-1} W_{N-1} ⋯ D_1 W_1``: ``N`` square weights of width ``n``, and
between them fixed diagonal 0/1 gates ``D_l`` that are drawn once, are never trained and do not
depend on the input, so that the network *is* the matrix ``J``. Because ``D² = D`` it equals the
product of the absorbed factors ``M_l = D_l W_l D_{l-1}`` (``D_0 = D_N = I``), and that is the
chain we hand on.

The loss is the squared one, over ``P`` samples ``x_p`` with targets ``y_p`` in ``R^n``:

    L(J) = 1/(2P) Σ_p ‖J x_p - y_p‖² = ½ ⟨J, J Σ_xx⟩ - ⟨J, Σ_yx⟩ + ½ E‖y‖²,
    G = ∂L/∂J = J Σ_xx - Σ_yx,        Σ_xx = E[x xᵀ],  Σ_yx = E[y xᵀ],

and not cross-entropy, for three reasons: ``L`` needs the data only through two ``n × n`` moments,
so a full-batch step costs some thirty ``n × n`` products however many samples there are; its
gradient is polynomial in the weights, so the tests check it with *exact* rational arithmetic; and
it has a minimum at finite ``J``, which training reaches and the experiment can be held against.
The price is that a mode which has reached its least-squares value stops, and slower ones catch up
with it.

With ``A_l = M_N ⋯ M_l`` and ``B_l = M_{l-1} ⋯ M_1`` the gradient is ``∂L/∂W_l = D_l A_{l+1}ᵀ G B_lᵀ
D_{l-1}``: weights of closed gates stay exactly at their initial value. (Arora, Cohen, Hu, Luo 2019,
eq. 5, for ungated networks.)

Everything here is float64: an estimate, not an enclosure. What is recorded along training is
nevertheless never noise: see `resolved_log_singular_values`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.chain import Chain
from numerics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray


LOG_RESOLUTION: Final = 1e-6
"""Largest error (in nats) that a log singular value may have and still be recorded."""


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """What determines a training run, apart from its data.

    Parameters
    ----------
    depth, width
        Number ``N`` of weights and their size ``n × n``.
    gate_probability
        Each gate is open with this probability, independently; 1 gives a deep linear network.
    gain
        Initial weights are i.i.d. ``N(0, gain/width)``.
    learning_rate, steps
        Step size and number of steps of gradient descent.
    record_every
        A record is taken at step 0, then every so many steps, and after the last.
    top
        How many singular values of ``J`` a record holds, from the largest.
    seed
        Seeds NumPy's PCG64, from which gates are drawn first, then weights from the input to the
        output.

    Raises
    ------
    InputError
        If a value is outside its range.
    """

    depth: int = 10
    width: int = 64
    gate_probability: float = 0.5
    gain: float = 1.0
    learning_rate: float = 0.2
    steps: int = 5000
    record_every: int = 25
    top: int = 15
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("depth", 1), ("width", 1), ("steps", 1), ("record_every", 1), ("top", 1), ("seed", 0)
        ):  # fmt: skip
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise InputError(f"{name} is {value!r}: expected an integer of at least {least}")
        if self.top > self.width:
            raise InputError(
                f"top is {self.top}: expected at most the width, {self.width}, "
                "as J has no more singular values"
            )
        for name in ("gate_probability", "gain", "learning_rate"):
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 < value < math.inf:
                raise InputError(f"{name} is {value!r}: expected a positive finite number")
        if self.gate_probability > 1:
            raise InputError(
                f"gate_probability is {self.gate_probability!r}: expected at most 1, a probability"
            )


@dataclass(frozen=True)
class Record:
    """What was measured at one step of training.

    `loss` is ``L(J)``; `accuracy` the share of samples whose largest output is where their
    largest target is; `log_singular_values` are natural logs in descending order, shape
    ``(top,)``, NaN where float64 does not resolve them (the singular value may then be exactly
    zero).
    """

    step: int
    loss: float
    accuracy: float
    log_singular_values: NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """A recorded step together with the network at that step.

    `weights` has shape ``(N, n, n)`` with ``weights[l-1] = W_l``; `gates` has shape ``(N-1, n)``
    with ``gates[l-1]`` the diagonal of ``D_l``, as booleans.
    """

    record: Record
    weights: NDArray[np.float64] = field(repr=False)
    gates: NDArray[np.bool_] = field(repr=False)

    @property
    def factors(self) -> NDArray[np.float64]:
        """Absorbed factors ``M_l = D_l W_l D_{l-1}``, shape ``(N, n, n)``."""
        return absorb(self.weights, self.gates)

    def chain(self) -> Chain:
        """Give the absorbed factors as a chain, so that its product is ``J``."""
        return Chain(list(self.factors))


@dataclass(frozen=True)
class TrainingResult:
    """Everything that a training run leaves behind.

    `steps`, `losses` and `accuracies` have shape ``(R,)`` for ``R`` records,
    `log_singular_values` has shape ``(R, top)``; the meaning of each is that of `Record`. `final`
    is the network at the last record.
    """

    config: TrainingConfig
    steps: NDArray[np.int64] = field(repr=False)
    losses: NDArray[np.float64] = field(repr=False)
    accuracies: NDArray[np.float64] = field(repr=False)
    log_singular_values: NDArray[np.float64] = field(repr=False)
    final: Snapshot

    @classmethod
    def of(cls, config: TrainingConfig, records: Sequence[Record], final: Snapshot) -> TrainingResult:
        """Collect the records of a run, complete or cut short, in the order they were taken."""
        return cls(
            config=config,
            steps=np.array([record.step for record in records], dtype=np.int64),
            losses=np.array([record.loss for record in records]),
            accuracies=np.array([record.accuracy for record in records]),
            log_singular_values=np.stack([record.log_singular_values for record in records]),
            final=final,
        )

    @property
    def complete(self) -> bool:
        """Whether the run reached the last step it was configured for."""
        return self.final.record.step == self.config.steps

    def chain(self) -> Chain:
        """Give the trained network as the chain of its absorbed factors."""
        return self.final.chain()


@dataclass(frozen=True)
class SquaredLoss:
    """``L(J) = 1/(2P) Σ_p ‖J x_p - y_p‖²``, from the moments of the data alone.

    `input_moment` is ``Σ_xx``, `cross_moment` is ``Σ_yx``, both ``n × n``; `target_moment` is
    ``E‖y‖²``.
    """

    input_moment: NDArray[np.float64] = field(repr=False)
    cross_moment: NDArray[np.float64] = field(repr=False)
    target_moment: float

    @classmethod
    def of(cls, inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> SquaredLoss:
        """Take the moments of samples in rows: `inputs` and `targets` have shape ``(P, n)``."""
        samples = len(inputs)
        return cls(
            input_moment=inputs.T @ inputs / samples,
            cross_moment=targets.T @ inputs / samples,
            target_moment=float(np.sum(targets**2) / samples),
        )

    def value(self, J: NDArray[np.float64]) -> float:
        """``½⟨J, J Σ_xx⟩ - ⟨J, Σ_yx⟩ + ½E‖y‖²``."""
        quadratic = np.sum(J * (J @ self.input_moment))
        linear = np.sum(J * self.cross_moment)
        return float(0.5 * quadratic - linear + 0.5 * self.target_moment)

    def gradient(self, J: NDArray[np.float64]) -> NDArray[np.float64]:
        """``G = J Σ_xx - Σ_yx``."""
        return np.asarray(J @ self.input_moment - self.cross_moment)


def initial_network(config: TrainingConfig) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Draw the weights ``(N, n, n)`` and the gates ``(N-1, n)`` of a network, from its seed.

    Raises
    ------
    InputError
        If a layer is drawn with no open gate: then ``J = 0`` whatever the weights, and nothing
        trains.
    """
    rng = np.random.default_rng(config.seed)
    depth, width = config.depth, config.width
    gates = rng.random((depth - 1, width)) < config.gate_probability
    weights = math.sqrt(config.gain / width) * rng.standard_normal((depth, width, width))
    dead = np.flatnonzero(~gates.any(axis=1))
    if dead.size:
        raise InputError(
            f"layer {dead[0] + 1} has no open gate with seed {config.seed} at gate_probability "
            f"{config.gate_probability}: expected at least one; take another seed, or a larger "
            "probability or width"
        )
    return weights, gates


def absorb(weights: NDArray[np.float64], gates: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``M_l = D_l W_l D_{l-1}`` with ``D_0 = D_N = I``, exactly: entries are kept or become +0."""
    return np.where(_open_entries(gates), weights, 0.0)


def weight_gradients(
    weights: NDArray[np.float64], gates: NDArray[np.bool_], loss: SquaredLoss
) -> NDArray[np.float64]:
    """``∂L/∂W_l = D_l A_{l+1}ᵀ G B_lᵀ D_{l-1}`` for every ``l``, shape ``(N, n, n)``."""
    factors = absorb(weights, gates)
    # An exploding run overflows here; `descend` finds the infinity and says what to do about it.
    with np.errstate(over="ignore", invalid="ignore"):
        partial = _partial_products(factors)
        # Back-propagated gradient A_{l+1}ᵀ G, from l = N (where A_{N+1} = I) down to l = 1.
        backward = loss.gradient(partial[-1])
        gradients = np.empty_like(factors)
        gradients[-1] = backward @ partial[-2].T
        for index in range(len(factors) - 2, -1, -1):
            backward = factors[index + 1].T @ backward
            gradients[index] = backward @ partial[index].T
    return np.where(_open_entries(gates), gradients, 0.0)


def resolved_log_singular_values(factors: NDArray[np.float64], top: int) -> NDArray[np.float64]:
    """Log of the `top` largest singular values of ``M_N ⋯ M_1``, NaN where float64 cannot tell.

    With ``P_l`` the computed partial products and ``u = 2⁻⁵³``, ``γ = nu/(1 - nu)``, the error of
    the computed product is at most ``E_N``, where ``E_1 = 0`` and

        E_{l+1} = ‖M_{l+1}‖₂ E_l + γ ‖M_{l+1}‖_F ‖P_l‖_F + n²ω

    (Higham 2002, eq. 3.13; ``ω``, the smallest normal number, covers underflow); the SVD adds
    about ``nεs_1`` (LAPACK's backward stability, whose constant is an estimate). By Weyl's
    inequality every singular value is off by no more than the sum ``e`` of both, so ``log s_k``
    is off by less than ``2e/s_k`` once ``s_k > 2e``. A value is given when that is at most
    `LOG_RESOLUTION`; any other might be rounding noise, of a zero singular value for instance.
    For certified values of all of them use `numerics.spectrum`.

    Parameters
    ----------
    factors
        Shape ``(N, n, n)``, first applied first.
    top
        How many values are wanted; the result has shape ``(top,)`` and is descending.
    """
    width = factors.shape[-1]
    logs = np.full(top, np.nan)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        partial = _partial_products(factors)
        if not np.isfinite(partial).all():
            return logs
        spectral = np.linalg.norm(factors, ord=2, axis=(-2, -1))
        unit = np.finfo(np.float64).eps / 2
        gamma = width * unit / (1 - width * unit)
        underflow = width**2 * np.finfo(np.float64).tiny
        error = underflow
        for M, P, norm in zip(factors[1:], partial[1:-1], spectral[1:], strict=True):
            error = norm * error + gamma * _frobenius(M) * _frobenius(P) + underflow
        values = np.linalg.svd(partial[-1], compute_uv=False)[:top]
        error += 2 * width * unit * values[0]
        resolved = 2 * error <= LOG_RESOLUTION * values
    logs[resolved] = np.log(values[resolved])
    return logs


def descend(config: TrainingConfig, inputs: ArrayLike, targets: ArrayLike) -> Iterator[Snapshot]:
    """Run gradient descent ``W_l ← W_l - η ∂L/∂W_l``, yielding a snapshot at every recorded step.

    Whoever iterates decides what to keep and may stop at any time: after an interrupt, whatever
    was yielded is intact. The same configuration and data give the same bits on one machine;
    another BLAS, or another number of its threads, sums in another order and so differs by
    rounding.

    Parameters
    ----------
    config
        The network and the descent.
    inputs, targets
        Samples in rows, both of shape ``(P, n)``, ``n`` the width.

    Raises
    ------
    InputError
        If the samples do not fit the network or are not finite numbers, if a drawn layer is dead,
        or if the descent diverges.
    """
    # Checked here and not in a generator, which would delay the error to the first iteration.
    x = _samples("inputs", inputs, config.width)
    y = _samples("targets", targets, config.width)
    if len(x) != len(y):
        raise InputError(f"{len(x)} inputs but {len(y)} targets: expected one target per input")
    return _descend(config, x, y, *initial_network(config))


def train(config: TrainingConfig, inputs: ArrayLike, targets: ArrayLike) -> TrainingResult:
    """Train to the last step and collect the records: `descend` for those who can wait."""
    records = []
    for snapshot in descend(config, inputs, targets):
        records.append(snapshot.record)
        final = snapshot
    return TrainingResult.of(config, records, final)


def _descend(
    config: TrainingConfig,
    inputs: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    gates: NDArray[np.bool_],
) -> Iterator[Snapshot]:
    loss = SquaredLoss.of(inputs, targets)
    labels = targets.argmax(axis=1)
    for step in range(config.steps + 1):
        if step % config.record_every == 0 or step == config.steps:
            record = _measure(step, absorb(weights, gates), loss, inputs, labels, config)
            # A copy: the descent goes on in place.
            yield Snapshot(record, weights.copy(), gates)
        if step < config.steps:
            weights -= config.learning_rate * weight_gradients(weights, gates, loss)


def _measure(
    step: int,
    factors: NDArray[np.float64],
    loss: SquaredLoss,
    inputs: NDArray[np.float64],
    labels: NDArray[np.intp],
    config: TrainingConfig,
) -> Record:
    with np.errstate(over="ignore", invalid="ignore"):
        J = _partial_products(factors)[-1]
        value = loss.value(J)
    if not math.isfinite(value):
        raise InputError(
            f"training diverged before step {step} with learning_rate {config.learning_rate} "
            f"and gain {config.gain}: expected a finite loss; take a smaller learning_rate"
        )
    outputs = inputs @ J.T
    return Record(
        step=step,
        loss=value,
        accuracy=float(np.mean(outputs.argmax(axis=1) == labels)),
        log_singular_values=resolved_log_singular_values(factors, config.top),
    )


def _partial_products(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """``B_1 = I, B_2 = M_1, …, B_{N+1} = J``, shape ``(N+1, n, n)``."""
    depth, width, _ = factors.shape
    partial = np.empty((depth + 1, width, width))
    partial[0] = np.eye(width)
    for index in range(depth):
        np.matmul(factors[index], partial[index], out=partial[index + 1])
    return partial


def _frobenius(X: NDArray[np.float64]) -> float:
    """``‖X‖_F``, scaled first: squares of small entries would underflow."""
    largest = float(np.max(np.abs(X)))
    return largest * float(np.linalg.norm(X / largest)) if largest else 0.0


def _open_entries(gates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which entries of each ``W_l`` have an open row (in ``D_l``) and column (in ``D_{l-1}``)."""
    always = np.ones((1, gates.shape[1]), dtype=bool)
    rows = np.concatenate([gates, always])
    columns = np.concatenate([always, gates])
    return np.asarray(rows[:, :, None] & columns[:, None, :])


def _samples(name: str, values: ArrayLike, width: int) -> NDArray[np.float64]:
    """Check samples in rows at the boundary, so that nothing inside needs to."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} are not numbers ({error}): expected shape (P, {width})") from error
    if array.ndim != 2 or array.shape[1] != width or len(array) == 0:
        raise InputError(
            f"{name} have shape {array.shape}: expected (P, {width}) "
            "with one sample per row and at least one sample"
        )
    if not np.isfinite(array).all():
        raise InputError(f"{name} contain NaN or infinity: expected finite numbers")
    return array
