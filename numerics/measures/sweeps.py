"""Many spectra at once: of a network at many inputs, of checkpoints, along training; one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.documents.prose import code, literal
from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.files.results import Result
from jacspec.numerics.networks import torch_factors_at_each
from jacspec.numerics.networks.inputs import as_array
from jacspec.numerics.spectra.compute import batches, spectrum_of_each
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.parallel import run
from jacspec.numerics.support.printing import mode_colours, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Spectra(Result):
    """Spectra of ``networks[i]`` at input ``inputs[i]``, numbered from 0; one long table."""

    units: ClassVar[dict[str, str]] = Spectrum.units

    networks: tuple[str, ...]
    inputs: tuple[int, ...]
    found: tuple[Spectrum, ...]

    def __post_init__(self) -> None:
        counts = len(self.networks), len(self.inputs), len(self.found)
        if len({*counts}) != 1:
            message = "{} networks, {} inputs, {} spectra: expected as many of each".format(*counts)
            raise ValueError(message)

    def array(self) -> NDArray[np.float64]:
        """The logs, a spectrum to a row; NaN beyond the modes that one has."""
        most = max((len(each) for each in self.found), default=0)
        logs = np.full((len(self.found), most), np.nan)
        for row, each in zip(logs, self.found, strict=True):
            row[: len(each)] = each.log_singular_values
        return logs

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode of each spectrum."""
        return [
            {"network": network, "input": number, **row}
            for network, number, each in zip(self.networks, self.inputs, self.found, strict=True)
            for row in each.to_records()
        ]

    def draw(self, axes: Axes) -> None:
        """Log s_k of every spectrum, one beside another; a line for each k."""
        logs = self.array()
        lines = np.where(np.isfinite(logs), logs, np.nan).T
        for mode, (values, colour) in enumerate(zip(lines, mode_colours(len(lines)), strict=True), 1):
            axes.plot(range(len(self)), values, ".-", color=colour, label=f"k = {mode}")
        if len(set(self.networks)) == len(self):
            axes.set_xticks(range(len(self)), self.networks)
        axes.set(xlabel="network" if len(set(self.networks)) > 1 else "input", ylabel="log $s_k$")

    def blocks(self) -> list[Block]:
        """The largest and the smallest non-zero singular value of each."""
        rows = [
            (
                literal(network),
                str(number),
                code(f"{each.log_singular_values[0]:.6f}"),
                code(f"{each.log_singular_values[max(min(each.rank, len(each)) - 1, 0)]:.6f}"),
            )
            for network, number, each in zip(self.networks, self.inputs, self.found, strict=True)
        ]
        return [Table(("network", "input", "$log s_1$", "$log s_r$"), shortened(rows), right=(1, 2, 3))]


def spectra(
    networks: Any,
    inputs: Any,
    *,
    engine: str = "float64",
    digits: int | None = None,
    top: int | None = None,
    kinks: str = "refuse",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Spectra:
    """The spectra of networks at inputs, each of each, in order.

    ``networks`` is a module, or what makes a chain of an input (a function that returns a Chain), or several:
    a list, numbered, or a dict by name (checkpoints). ``inputs`` is an array of examples along the first
    axis, each of which is given with a batch axis of one. The spectra go through the executor, any of
    ``concurrent.futures``, or Dask's ``client.get_executor()``; the results are those of one process.
    ``progress`` is called with how many are done, and of how many. Raises InputError for what a chain cannot
    be made of, with the network and the input.
    """
    named = _named(networks)
    examples = as_array(inputs, "the inputs")
    if examples.ndim < 2 or not len(examples) or not named:
        message = (
            f"{len(named)} networks at inputs of shape {examples.shape}; expected one or more, and examples "
            f"along the first axis: give x[None] for one example x"
        )
        raise InputError(message)
    chains = [chain for name in named for chain in _chains(named[name], name, examples, kinks)]
    tasks, start = [], 0
    for some in batches(chains, engine):
        tasks.append(_Task(start, some))
        start += len(some)
    compute = partial(_computed, engine=engine, digits=digits, top=top)
    found: dict[int, Spectrum] = {}
    for task, results in run(compute, tasks, executor):
        for position, result in enumerate(results, task.start):
            found[position] = result
            if progress is not None:
                progress(len(found), len(chains))
    places = [(name, number) for name in named for number in range(len(examples))]
    names, numbers = zip(*places, strict=True)
    return Spectra(names, numbers, tuple(found[position] for position in range(len(chains))))


@dataclass(frozen=True, eq=False)
class _Task:
    start: int
    chains: Sequence[Chain]


def _computed(task: _Task, *, engine: str, digits: int | None, top: int | None) -> list[Spectrum]:
    return spectrum_of_each(task.chains, engine=engine, digits=digits, top=top)


def _named(networks: Any) -> Mapping[str, Any]:
    if isinstance(networks, Mapping):
        named = {str(name): network for name, network in networks.items()}
    elif callable(networks):
        named = {"0": networks}
    elif isinstance(networks, Iterable):
        named = {str(number): network for number, network in enumerate(networks)}
    else:
        message = f"networks is a {type(networks).__name__}; expected a module, or several: give [module]"
        raise InputError(message)
    for name, network in named.items():
        if not callable(network):
            message = (
                f"network {name} is a {type(network).__name__}; expected a module, or a function that "
                f"returns a Chain: load a state_dict by module.load_state_dict(state), and give the module"
            )
            raise InputError(message)
    return named


def _chains(network: Any, name: str, examples: NDArray[Any], kinks: str) -> Iterator[Chain]:
    made = _made(network, examples[:, None], kinks)
    for number in range(len(examples)):
        try:
            chain = next(made)
        except InputError as error:
            message = f"network {name} at input {number}: {error}"
            raise InputError(message) from error
        if not isinstance(chain, Chain):
            message = (
                f"network {name} gives a {type(chain).__name__} at input {number}; expected a module, or a "
                f"function that returns a Chain: give lambda x: Chain.from_weights(weights, x)"
            )
            raise InputError(message)
        yield chain


def _made(network: Any, inputs: NDArray[Any], kinks: str) -> Iterator[Any]:
    if hasattr(network, "named_modules"):
        return (Chain(each, each.origins) for each in torch_factors_at_each(network, inputs, kinks=kinks))
    return map(network, inputs)


class SpectraAlong:
    """A callback for a training loop: the spectra of a network at fixed inputs, every so many steps.

    In a loop of PyTorch::

        along = SpectraAlong(X, every=100)
        for step, batch in enumerate(batches):
            ...
            along(step, network)
        table = along.found()
    """

    def __init__(self, inputs: Any, *, every: int = 1, **options: Any) -> None:
        self._inputs, self._options = inputs, options
        self._every = whole_number("every", every)
        self._kept: list[Spectra] = []

    def __call__(self, step: int, network: Any) -> None:
        """Measure, if it is time; a module is put into evaluation mode meanwhile."""
        if step % self._every:
            return
        before = [(each, each.training) for each in getattr(network, "modules", list)()]
        if before:
            network.eval()
        try:
            self._kept.append(spectra({str(step): network}, self._inputs, **self._options))
        finally:
            for module, training in before:  # some may be frozen
                module.training = training

    def found(self) -> Spectra:
        """All so far, as one table; the networks are named by their steps."""
        return _together(self._kept)


def _together(parts: Sequence[Spectra]) -> Spectra:
    return Spectra(
        tuple(name for part in parts for name in part.networks),
        tuple(number for part in parts for number in part.inputs),
        tuple(each for part in parts for each in part.found),
    )
