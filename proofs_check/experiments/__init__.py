"""Experiments that ``jacspec reproduce`` runs, by name.

An experiment is a function ``run(out_dir, *, seed, console)`` (and keyword-only options of its
own, with defaults) that writes its data and pictures into `out_dir` and returns an
`ExperimentReport`. The first line of its docstring is what ``--help`` says of it. It goes

    prepared(out_dir) → with Progress(…): compute → Outcome(…) → written(out_dir, outcome, figures)

in `outcome` and `progress`; `pictures` has what the figures share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from proofs_check.experiments import depth_scaling, feedback, overlap, training, velocities
from proofs_check.experiments.report import Experiment, ExperimentReport

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXPERIMENTS", "Experiment", "ExperimentReport"]

EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "training": training.run,
    "overlap": overlap.run,
    "depth-scaling": depth_scaling.run,
    "feedback": feedback.run,
    "velocities": velocities.run,
}
