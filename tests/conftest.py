"""Hypothesis profiles, chosen by the environment variable HYPOTHESIS_PROFILE.

``ci`` draws the same modest number of examples every time; ``dev``, the default, is the same;
``deep`` draws many, afresh on every run.
"""

import os

from hypothesis import HealthCheck, settings

# Exact chains are slow to draw compared with what Hypothesis is used to.
_SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=_SLOW_DRAWS,
)
settings.register_profile("dev", settings.get_profile("ci"))
settings.register_profile(
    "deep", deadline=None, database=None, max_examples=1000, suppress_health_check=_SLOW_DRAWS
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
