"""Experiments that ``jacspec reproduce`` runs, by name.

An experiment is a function ``run(out_dir, *, seed, console)`` (and keyword-only options of its
own, with defaults) that writes its data and pictures into `out_dir` and returns an
`ExperimentReport`. The first line of its docstring is what ``--help`` says of it. It goes

    prepared(out_dir) → with Progress(…): compute → Outcome(…) → written(out_dir, outcome, figures)

in `outcome` and `progress`; `pictures` has what the figures share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jacspec.proofs_check.experiments.depth_scaling import experiment as depth_scaling
from jacspec.proofs_check.experiments.feedback import experiment as feedback
from jacspec.proofs_check.experiments.frame.report import Experiment, ExperimentReport
from jacspec.proofs_check.experiments.overlap import experiment as overlap
from jacspec.proofs_check.experiments.separation import experiment as separation
from jacspec.proofs_check.experiments.velocities import experiment as velocities

__all__ = ["EXPERIMENTS", "Experiment", "ExperimentReport"]

EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "training": separation.run,
    "overlap": overlap.run,
    "depth-scaling": depth_scaling.run,
    "feedback": feedback.run,
    "velocities": velocities.run,
}
