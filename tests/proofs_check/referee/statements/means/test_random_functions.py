"""Means of functions that nobody chose, in balls and by the midpoint rule."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flint import arb
from scipy.special import ndtri

from jacspec import exp, log, maximum, minimum, number, scalar, sqrt
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.referee.statements.means.exact_mean import exact_mean
from jacspec.theory.statements.tree import Op

X = scalar("x")
UNIFORM = (np.arange(200_000) + 0.5) / 200_000
NODES = {"uniform": UNIFORM, "gaussian": ndtri(UNIFORM)}
TWO = {
    "+": (lambda u, v: u + v, np.add),
    "-": (lambda u, v: u - v, np.subtract),
    "·": (lambda u, v: u * v, np.multiply),
    "/": (lambda u, v: u / v, np.divide),
    "max": (maximum, np.maximum),
    "min": (minimum, np.minimum),
}
ONE = {
    "abs": (abs, np.abs),
    "sqrt": (sqrt, np.sqrt),
    "log": (lambda u: log(1 + abs(u)), lambda a: np.log1p(np.abs(a))),
    "exp": (lambda u: exp(-abs(u)), lambda a: np.exp(-np.abs(a))),  # grows no tail that a grid misses
    **{
        f"^{power}": (lambda u, p=power: u ** number(str(p)), lambda a, p=power: a ** float(p))
        for power in map(Fraction, ("2", "3", "-1", "-2", "1/3", "-1/2"))
    },
}


def function(dice, depth):
    """A random function of x, as a statement writes it, and its values at nodes."""
    if depth == 0:
        value = dice.choice([None, None, Fraction(1, 2), 2, -1])
        return (X, lambda at: at) if value is None else (number(str(value)), lambda at: float(value) + 0 * at)
    u, f = function(dice, depth - 1)
    if dice.random() < 0.5:
        v, g = function(dice, depth - 1)
        made, evaluated = TWO[dice.choice(list(TWO))]
        return made(u, v), lambda at: evaluated(f(at), g(at))
    made, evaluated = ONE[dice.choice(list(ONE))]
    return made(u), lambda at: evaluated(f(at))


@pytest.mark.parametrize("law", NODES)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_what_is_computed_is_what_a_grid_finds(law, depth):
    dice, compared = Random(f"{law} {depth}"), 0  # noqa: S311 -- dice
    while compared < 60:
        try:
            body, f = function(dice, depth)
        except (ValueError, ZeroDivisionError):  # a quotient by the number 0
            continue
        with np.errstate(all="ignore"):
            values = f(NODES[law])
        if not any(part.op is Op.SCALAR for part in body.walk()) or np.isnan(values).any():
            continue
        with balls(128):
            mean = exact_mean(body, law, {"x": ()}, {}, {})
        if mean is None:
            continue
        compared += 1
        error = 6 * values.std() / len(values) ** 0.5 + 1e-5 * abs(values).max()
        assert abs(float(arb(mean).mid()) - values.mean()) < error + 1e-9, body
