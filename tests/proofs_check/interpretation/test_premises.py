"""Every premise of the ledger and of the documentation: where it holds, and where each part fails alone.

A part is one equation, bound, sign or choice of indices. Where it alone fails, the others do not say it.
"""

import runpy
from dataclasses import replace
from pathlib import Path

import mpmath
import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from sympy import Integer, Rational, Sum, Symbol, lambdify, oo
from sympy.core.function import AppliedUndef

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.scalar_steps import ScalarPoint
from jacspec.proofs_check.interpretation import AssumptionPoint
from jacspec.proofs_check.interpretation.propositions import holds_at
from jacspec.theory import Assumption, Rule
from jacspec.theory.notation.heads import Kind, head_of
from jacspec.theory.notation.symbols import A, Ainv, B, Binv, i, j, k, l, p, r, s, sA, sB, u, uA, v, vB
from jacspec.theory.results.alignment.first_order import BOUNDED
from jacspec.theory.results.alignment.first_order_constant import STEEPEST
from jacspec.theory.results.alignment.two_by_two import RIGHT_ANGLE
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.initialisation.exponents import GATES, MINORS, VOLUMES
from jacspec.theory.results.initialisation.gap_orders import EULER, POLES

EXAMPLES = Path(__file__).parents[3] / "examples"
DERIVATIONS = catalogue().values()


def heads(said):
    atoms = said.left.atoms(AppliedUndef) | said.right.atoms(AppliedUndef)
    return {head.upright for head in map(head_of, atoms) if head is not None}


def premises():
    made = [runpy.run_path(str(EXAMPLES / f"{name}.py")) for name in ("weight_decay", "residual_chain")]
    of_examples = [each for found in made for each in found.values() if isinstance(each, Assumption)]
    used = [each for derivation in DERIVATIONS for each in derivation.assumptions]
    lent = {each.name for derivation in DERIVATIONS for each in derivation.definitions}
    return {
        each.name: each for each in (*used, *of_examples) if each.name not in lent and each.name != "whole"
    }


PREMISES = premises()
ON_CHAINS = {name for name, each in PREMISES.items() if any(map(heads, each.says)) or not each.says}
ON_CHAINS -= {BOUNDED.name}
OF_NUMBERS = {name for name in PREMISES if name not in ON_CHAINS} - {BOUNDED.name}

LEVEL = fmpq(1, 2)
MODELS = {
    "nonsingular": (Rule(B(l), Integer(1), (l,)), Rule(Binv(l), Integer(1), (l,))),
    "nonsingular-transposed": (Rule(A(l), Integer(1), (l,)), Rule(Ainv(l), Integer(1), (l,))),
    "both-nonsingular": (Rule(B(l), Integer(1), (l,)), Rule(Binv(l), Integer(1), (l,))),
    "steepest": STEEPEST.rules,
    "right-angle": (
        *(Rule(head(1, l), Integer(4)) for head in (sA, sB)),
        *(Rule(head(2, l), Integer(1)) for head in (sA, sB)),
        Rule(s(1), Integer(5)),
        Rule(s(2), Integer(1)),
        Rule(u(1), RIGHT_ANGLE.rules[0].rhs * uA(1, l)),
    ),
    "power-drive": (Rule(p, Integer(1)),),
    "misalignment-level": (Rule(uA(k, l), u(k), (k, l)), Rule(vB(k, l), v(k), (k, l))),
}
FRAMES = {"right-angle": (uA,)}
"""Where a premise is about actual chains: what makes it hold at points of its own."""


def parts(assumed):
    """Each condition, choice or range as an assumption by itself."""
    bare = Assumption(assumed.name, assumed.title)
    found = [replace(bare, conditions=(each,)) for each in assumed.says]
    found += [replace(bare, restricts=(each,)) for each in assumed.restricts]
    found += [replace(bare, distinct=assumed.distinct)] if assumed.distinct else []
    return found + [replace(bare, differentiable=(head,)) for head in assumed.differentiable]


def drawn(assumed, *, depth=3, width=2, level=LEVEL, **indices):
    at = {i: 2, j: 2, k: 1, l: 2, r: 1} | {
        Symbol(name, integer=True, positive=True): value for name, value in indices.items()
    }
    return AssumptionPoint((assumed,), depth=depth, width=width, indices=at, seed=3, level=level)


def altered(point, head, at, value):
    """The point where one head, at these indices or at all, is another value, or has none."""
    before = point.head

    def after(asked, indices):
        if asked is not head or at not in (None, indices):
            return before(asked, indices)
        if value is None:
            raise ValueError(head.name)
        return value

    point.head = after
    return point


def values(head):
    matrices = ([1, 1, 0, 0], [1, 2, 2, 5], [1, 0, 0, 0])  # the first is idempotent, not symmetric
    return {
        Kind.SCALAR: [fmpq(0), fmpq(7, 5), fmpq(-3), fmpq(40)],
        Kind.MATRIX: [fmpq_mat(2, 2, each) for each in matrices],
        Kind.COLUMN: [fmpq_mat(2, 1, [3, 4]), None],
        Kind.ROW: [fmpq_mat(1, 2, [3, 4])],
    }[head.kind]


def points(assumed):
    """As the models say; without one of their equations or frames; with one head or index altered."""
    model = (*assumed.model, *MODELS.get(assumed.name, ()))
    modelled = replace(assumed, model=model, frames=assumed.frames or FRAMES.get(assumed.name, (u, v)))
    yield drawn(modelled)
    for less in model:
        yield drawn(replace(modelled, model=tuple(each for each in model if each != less)))
    for less in modelled.frames:
        yield drawn(replace(modelled, frames=tuple(each for each in modelled.frames if each is not less)))
    yield drawn(modelled, level=fmpq(2))
    for indices in ({"j": 1}, {"k": 2}, {"r": 2}, {"i": 1}, {"depth": 2}, {"width": 3}):
        yield drawn(modelled, **indices)
    for head in sorted(
        set().union(*map(heads, assumed.says), assumed.differentiable), key=lambda each: each.name
    ):
        for value in values(head):
            for at in (None, *((first,) for first in range(4)), *((first, 2) for first in (1, 2))):
                yield from (altered(drawn(modelled, depth=depth), head, at, value) for depth in (2, 3))


def truth(assumed, point):
    try:
        return holds_at(assumed, point, point.indices)
    except (InputError, TypeError):  # two models of one head, or a velocity that none gives
        return Truth.FAILS


@pytest.mark.parametrize("name", sorted(ON_CHAINS))
def test_a_premise_holds_at_points_and_each_part_of_it_fails_alone_at_others(name):
    assumed = PREMISES[name]
    everything = parts(assumed)
    found, satisfied = set(), False
    with balls(400):
        for point in points(assumed):
            failing = [
                number for number, part in enumerate(everything) if truth(part, point) is not Truth.HOLDS
            ]
            assert (truth(assumed, point) is Truth.HOLDS) == (not failing)
            satisfied |= not failing
            found |= {*failing} if len(failing) == 1 else set()
            if satisfied and len(found) == len(everything):
                return
    # Of two modes of which one is larger, the indices differ: that is no part by itself.
    alone = [number for number, part in enumerate(everything) if not part.distinct or len(everything) == 1]
    missing = [everything[number] for number in alone if number not in found]
    assert satisfied
    assert missing == []


@pytest.mark.parametrize("name", sorted(OF_NUMBERS))
def test_what_is_assumed_of_numbers_holds_at_points_and_fails_at_others(name):
    evaluated = [each for each in parts(PREMISES[name]) if not any(said.right.has(oo) for said in each.says)]
    given = {rule.lhs: rule.rhs for rule in PREMISES[name].rules}
    assert evaluated or name == POLES.name
    free = set().union(
        *(said.left.free_symbols | said.right.free_symbols for part in evaluated for said in part.says)
    )
    whole = {symbol: Integer(3 if symbol.name in "nmN" else 2) for symbol in free if symbol.is_integer}
    # g_12 is of any sign, and smaller than g_11 and g_22.
    inside = whole | {
        symbol: Rational(2 if symbol.is_positive else 1, 7) for symbol in free if not symbol.is_integer
    }
    with balls(400):
        at = ScalarPoint(inside, given)
        assert {holds_at(each, at, at.indices) for each in evaluated} <= {Truth.HOLDS}
        for part in evaluated:
            (said,) = part.says
            if said.left.is_Symbol:
                wrong = said.right + 1 if said.left in given else -Integer(1)
                at = ScalarPoint(inside, {**given, said.left: wrong})
            else:
                signless = {symbol for symbol in said.left.free_symbols if not symbol.is_positive}
                at = ScalarPoint(inside | dict.fromkeys(signless, Integer(3)), given)
            failing = [each for each in evaluated if holds_at(each, at, at.indices) is not Truth.HOLDS]
            assert failing == [part]


def test_the_sums_over_the_poles_are_what_the_premises_say():
    """Infinite sums, in floating point: Euler's, and Gauss' integral, at three widths."""
    (euler,) = EULER.conditions
    (number,) = EULER.rules
    order = next(iter(number.rhs.free_symbols))
    for value in range(4):
        left, right = (side.subs(order, value) for side in (number.rhs, euler.right))
        assert left.equals(right.doit())
    (poles,) = POLES.conditions
    z = next(iter(poles.left.free_symbols))
    (total,) = poles.right.atoms(Sum)
    integral, (index, _, _) = total.function, total.limits[0]
    for width in (2,):
        summand = lambdify((index, integral.limits[0][0]), integral.function.subs(z, width), "mpmath")
        with mpmath.workdps(15):
            summed = mpmath.nsum(
                lambda pole, of=summand: mpmath.quad(lambda t: of(pole, t), [0, 1, mpmath.inf]),
                [1, mpmath.inf],
            )
        whole = (poles.right - total).subs(z, width).evalf() + summed
        assert abs(poles.left.subs(z, width).evalf() - whole) < 1e-10


def test_the_volumes_of_gaussian_layers_are_what_the_premises_say():
    """Means of 40 000 samples, n = 4 and k = 2, at six and a half standard errors: 1e-10 of a false alarm."""
    random, n, k, sigma, p, r = np.random.default_rng(1), 4, 2, 0.7, 0.6, 2
    frames = sigma * random.normal(size=(40_000, n, k))
    gates = random.random((40_000, n)) < p
    kept = gates.sum(axis=1) >= r
    cut = np.where(gates[:, :, None], frames, 0)[kept]
    minors = np.log(np.abs(np.linalg.det(np.linalg.qr(random.normal(size=(40_000, n, n))).Q[:, :k, :k])))

    def volumes(of):
        return np.log(np.linalg.det(of.transpose(0, 2, 1) @ of)) / 2

    numbers = {"n": n, "k": k, "r": r, "p": p, "sigma": sigma}
    expected = {
        rule.lhs.name: float(
            rule.rhs.subs({each: numbers[each.name] for each in rule.rhs.free_symbols}).doit()
        )
        for premise in (VOLUMES, GATES, MINORS)
        for rule in premise.rules
    }
    whole = volumes(frames)
    squares = (whole - whole.mean()) ** 2
    for samples, value in (
        (whole, expected["V"]),
        (volumes(frames[:, :, :1]), expected["U"]),
        (squares, expected["S"]),
        (volumes(cut), expected["V"] + expected["K"]),
        (volumes(cut[:, :, :1]), expected["U"] + expected["L"]),
        (-minors, expected["Delta_k"]),
    ):
        assert abs(samples.mean() - value) < 6.5 * samples.std() / samples.size**0.5


def test_what_bounds_the_unknowns_is_the_domain_of_the_steps():
    used = [step for each in DERIVATIONS for step in each.steps if BOUNDED in step.uses]
    assert used
    for step in used:
        names = step.before.free_symbols & {each.symbol for each in BOUNDED.restricts}
        assert names <= {each.symbol for each in BOUNDED.restricts if each in step.domain.parameters}
