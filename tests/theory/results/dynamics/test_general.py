"""The derivations of section 1: every step, what each assumption carries, and wrong variants of all.

The results are then compared with finite differences of actual chains, in mpmath at 120 digits: no
code is shared with the derivations, apart from the final formula itself.
"""

from dataclasses import replace
from functools import cache

import pytest
from mpmath.ctx_mp import MPContext
from sympy import Float, Integer, Sum, exp

from jacspec.theory import Relation
from jacspec.theory.notation.symbols import G, Mdot, N, delta, gamma, k, l, s, sA, sB, u, v, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.dynamics import general

DERIVATIONS = {
    "velocity-identity": general.velocity_identity,
    "decoupled-velocity": general.decoupled_velocity,
    "general-dynamics": general.general,
    "depth-scaling-boundary": general.depth_scaling_boundary,
    "gradient-flow-dynamics": general.gradient_flow,
}
STEPS = [
    pytest.param(step, id=f"{label}-{position}")
    for label, make in DERIVATIONS.items()
    for position, step in enumerate(make().steps, 1)
]
USES = [
    pytest.param(step, used, id=f"{label}-{position}-{used.name}")
    for label, make in DERIVATIONS.items()
    for position, step in enumerate(make().steps, 1)
    for used in step.uses
]


# --- the steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", DERIVATIONS)
def test_the_label_is_the_ledger_s(label):
    assert DERIVATIONS[label]().label == label


@pytest.mark.parametrize("step", STEPS)
def test_every_step_holds(step):
    assert step.holds()


@pytest.mark.parametrize("label", DERIVATIONS)
def test_every_derivation_holds(label):
    assert DERIVATIONS[label]().holds()


@pytest.mark.parametrize(("step", "used"), USES)
def test_a_step_fails_without_an_assumption_that_it_uses(step, used):
    without = replace(step, uses=tuple(other for other in step.uses if other is not used))
    # Differentiability licenses a d/dt; it has no equation whose loss a normal form could notice.
    assert without.holds() is (used.name == "simple")
    assert (used.name == "simple") is (not used.rules)


def test_without_depth_scaling_exactly_the_steps_that_name_it_fail():
    steps = list(general.gradient_flow().steps)
    failing = []
    for step in steps:
        kept = tuple(used for used in step.uses if not used.name.startswith("depth-scaling"))
        if not replace(step, uses=kept).holds():
            failing.append(step.rule)
    assert failing == [
        "two layers hold one intercept, $N-2$ hold two",
        "eliminate $γ_k$ in favour of $s_k$",
    ]


@pytest.mark.parametrize(
    ("label", "assumptions"),
    [
        ("velocity-identity", ["simple"]),
        ("decoupled-velocity", ["simple", "strong-alignment"]),
        ("general-dynamics", ["simple", "strong-alignment", "depth-scaling"]),
        ("depth-scaling-boundary", ["depth-scaling", "depth-scaling-non-empty"]),
        (
            "gradient-flow-dynamics",
            ["simple", "strong-alignment", "gradient-flow", "depth-scaling-non-empty"],
        ),
    ],
)
def test_the_computed_assumptions(label, assumptions):
    assert [used.name for used in DERIVATIONS[label]().assumptions] == assumptions


def test_the_results_are_those_of_the_ledger():
    drives = Sum(inner(vA(k, l + 1), Mdot(l) * general.uB(k, l)), (l, 1, N))
    found = general.general().result
    assert found.relation is Relation.LIMIT
    assert found.after == exp((1 + 1 / N) * delta(k)) * s(k) ** (1 - 1 / N) * drives
    flow = general.gradient_flow().result
    paper = -N * exp(2 * (1 + 1 / N) * delta(k)) * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k))
    assert (flow.after / paper).expand() == 1 - 2 / N + 2 * exp(-2 * delta(k)) / N


# --- wrong variants -----------------------------------------------------------------------------

K = Sum(inner(vA(k, l + 1), Mdot(l) * general.uB(k, l)), (l, 1, N))
GRADIENT = inner(u(k), G * v(k))
_e = exp(delta(k))


def _drives(first, last):
    return Sum(general.drive(l), (l, first, last))


def _boundary(ends, inside, prefactor=1):
    both = general.drive(Integer(1)) + general.drive(N)
    return prefactor * s(k) ** (1 - 1 / N) * _e ** (1 + 1 / N) * (ends * both + inside * _drives(2, N - 1))


def _flow(correction=1 - 2 * (1 - _e**-2) / N, power=2 - 2 / N, intercept=2 + 2 / N, factor=-N):
    return factor * exp(intercept * delta(k)) * s(k) ** power * GRADIENT * correction


def _identity(sign=1, first=1, left=1, right=0, factor=1):
    word = general.A(l + left) * Mdot(l) * general.B(l + right) * v(k)
    return sign * factor * Sum(inner(u(k), word), (l, first, N))


def _decoupled(factor=1, power_of_A=1, mode=k, layer=1):
    summand = sA(k, l + layer) ** power_of_A * sB(mode, l) * general.drive(l)
    return factor * Sum(summand, (l, 1, N))


WRONG = {
    "velocity-identity": {
        "minus": _identity(sign=-1),
        "factor 2": _identity(factor=2),
        "factor 1/N": _identity(factor=1 / N),
        "first layer missing": _identity(first=2),
        "A_l for A_{l+1}": _identity(left=0),
        "B_{l+1} for B_l": _identity(right=1),
    },
    "decoupled-velocity": {
        "minus": _decoupled(factor=-1),
        "factor N": _decoupled(factor=N),
        "s_k(A)²": _decoupled(power_of_A=2),
        "another mode": _decoupled(mode=general.i),
        "s_k(A_l)": _decoupled(layer=0),
    },
    "general-dynamics": {
        "s_k^{1+1/N}": _e ** (1 + 1 / N) * s(k) ** (1 + 1 / N) * K,
        "s_k^{2-2/N}": _e ** (1 + 1 / N) * s(k) ** (2 - 2 / N) * K,
        "s_k": _e ** (1 + 1 / N) * s(k) * K,
        "e^{(1-1/N)δ_k}": _e ** (1 - 1 / N) * s(k) ** (1 - 1 / N) * K,
        "e^{-(1+1/N)δ_k}": _e ** (-1 - 1 / N) * s(k) ** (1 - 1 / N) * K,
        "no intercept": s(k) ** (1 - 1 / N) * K,
        "factor 2": 2 * _e ** (1 + 1 / N) * s(k) ** (1 - 1 / N) * K,
        "factor N": N * _e ** (1 + 1 / N) * s(k) ** (1 - 1 / N) * K,
        "minus": -(_e ** (1 + 1 / N)) * s(k) ** (1 - 1 / N) * K,
    },
    "depth-scaling-boundary": {
        "minus": _boundary(1 / _e, 1, -1),
        "e^{+δ_k} at the ends": _boundary(_e, 1),
        "e^{-2δ_k} at the ends": _boundary(_e**-2, 1),
        "no correction": _boundary(1, 1),
        "factor 2 inside": _boundary(1 / _e, 2),
        "correction inside": _boundary(1, 1 / _e),
    },
    "gradient-flow-dynamics": {
        "the poster's N equal layers": _flow(correction=1),
        "plus": _flow(factor=N),
        "N - 1 for N": _flow(factor=1 - N),
        "factor 2": _flow(factor=-2 * N),
        "s_k^{2-1/N}": _flow(power=2 - 1 / N),
        "s_k^{2+2/N}": _flow(power=2 + 2 / N),
        "s_k^{1-1/N}": _flow(power=1 - 1 / N),
        "e^{(1+1/N)δ_k}": _flow(intercept=1 + 1 / N),
        "e^{-δ_k} at the ends": _flow(correction=1 - 2 * (1 - 1 / _e) / N),
        "one end only": _flow(correction=1 - (1 - _e**-2) / N),
    },
}


@pytest.mark.parametrize(
    ("label", "variant"), [(label, variant) for label, variants in WRONG.items() for variant in variants]
)
def test_a_wrong_factor_exponent_or_sign_is_rejected(label, variant):
    last = list(DERIVATIONS[label]().steps)[-1]
    assert last.holds()
    assert not replace(last, after=WRONG[label][variant]).holds()


@pytest.mark.parametrize("label", WRONG)
def test_the_wrong_variants_are_rejected_for_what_is_wrong_with_them(label):
    """Written with the right values, the very same templates hold."""
    right = {
        "velocity-identity": _identity(),
        "decoupled-velocity": _decoupled(),
        "general-dynamics": _e ** (1 + 1 / N) * s(k) ** (1 - 1 / N) * K,
        "depth-scaling-boundary": _boundary(1 / _e, 1),
        "gradient-flow-dynamics": _flow(),
    }
    last = list(DERIVATIONS[label]().steps)[-1]
    assert replace(last, after=right[label]).holds()


@pytest.mark.parametrize("step", STEPS)
def test_a_wrong_sign_or_factor_at_any_step_is_rejected(step):
    wrong = [Integer(1)] if step.after == 0 else [-step.after, 2 * step.after, N * step.after]
    assert not any(replace(step, after=after).holds() for after in wrong)


def test_a_step_made_wrong_makes_its_derivation_fail():
    derivation = general.general()
    (part,) = derivation.calculations
    *good, last = part.steps
    wrong = replace(last, after=WRONG["general-dynamics"]["s_k^{1+1/N}"])
    broken = replace(derivation, calculations=(replace(part, steps=(*good, wrong)),))
    assert derivation.holds()
    assert not broken.holds()


# --- against finite differences -----------------------------------------------------------------

DIGITS = 120
mp = MPContext()
mp.dps = DIGITS
STEP = mp.mpf(10) ** -(DIGITS // 4)
TOLERANCE = mp.mpf(10) ** -(DIGITS // 2 - 15)
"""Central differences err by O(h²), 60 digits here, and rounding by 120 - 30 of them; the constants,
third derivatives at factors of order 1 and gaps of order 0.1, are granted 15 digits."""

WIDTH, DEPTH = 3, 4


def _random(seed):
    """Numbers of order 1 that nobody chose: digits of square roots."""
    return mp.matrix(
        [
            [mp.frac(mp.sqrt(seed * 97 + row * 13 + column * 7 + 2)) * 2 - 1 for column in range(WIDTH)]
            for row in range(WIDTH)
        ]
    )


def _orthogonal(seed):
    return mp.qr(_random(seed))[0]


def _product(factors):
    total = mp.eye(WIDTH)
    for factor in factors:
        total = factor * total
    return total


def _velocity(factors, motion, mode):
    """ṡ_k by central differences of mpmath's singular values of the moved product."""
    ahead, behind = (
        mp.svd_r(_product([M + h * dM for M, dM in zip(factors, motion, strict=True)]), compute_uv=False)
        for h in (STEP, -STEP)
    )
    return (ahead[mode - 1] - behind[mode - 1]) / (2 * STEP)


@cache
def _balanced(intercept=False):
    """Frames Q_0 … Q_N and factors M_l = Q_l S Q_{l-1}ᵀ, with E S at both ends if there is an intercept."""
    S = mp.diag([mp.mpf("1.7"), mp.mpf("1.2"), mp.mpf("0.6")])
    E = mp.diag([mp.mpf("1.9"), mp.mpf("1.3"), mp.mpf("1.1")]) if intercept else mp.eye(WIDTH)
    frames = [_orthogonal(seed) for seed in range(1, DEPTH + 2)]
    factors = []
    for layer in range(1, DEPTH + 1):
        middle = E * S if layer in (1, DEPTH) else S
        factors.append(frames[layer] * middle * frames[layer - 1].T)
    return frames, factors, S, E


def _numeric(expression, values):
    """Evaluate by SymPy's own evalf, after substitution; Inner products are values given."""
    number = expression.xreplace({N: Integer(DEPTH), **values}).doit()
    assert not number.free_symbols
    return mp.mpf(str(number.evalf(DIGITS)))


def _float(value):
    return Float(mp.nstr(value, DIGITS), DIGITS)


def _drive_values(frames, motion, mode):
    """⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩ for l = 1 … N: here v_k(A_{l+1}) = Q_l e_k, u_k(B_l) = Q_{l-1} e_k."""
    return [
        (frames[layer][:, mode - 1].T * motion[layer - 1] * frames[layer - 1][:, mode - 1])[0]
        for layer in range(1, DEPTH + 1)
    ]


@pytest.mark.parametrize("mode", [1, 2, 3])
def test_the_velocity_identity_on_a_chain_without_structure(mode):
    factors = [_random(seed) for seed in (3, 5, 8, 13)]
    motion = [_random(seed) for seed in (21, 34, 55, 89)]
    left, _, right_T = mp.svd_r(_product(factors))
    total = mp.mpf(0)
    for layer in range(1, DEPTH + 1):
        outer, inner_ = _product(factors[layer:]), _product(factors[: layer - 1])
        total += (left[:, mode - 1].T * outer * motion[layer - 1] * inner_ * right_T[mode - 1, :].T)[0]
    assert abs(_velocity(factors, motion, mode) - total) < TOLERANCE


@pytest.mark.parametrize("mode", [1, 2, 3])
def test_general_dynamics_on_balanced_factors_that_move_at_will(mode):
    frames, factors, S, _ = _balanced()
    motion = [_random(seed) for seed in (2, 4, 6, 9)]
    result = general.general().result.after
    (drives,) = result.atoms(Sum)
    values = {
        drives: _float(mp.fsum(_drive_values(frames, motion, mode))),
        s(k): _float(S[mode - 1, mode - 1] ** DEPTH),
        delta(k): Integer(0),
    }
    assert abs(_velocity(factors, motion, mode) - _numeric(result, values)) < TOLERANCE


@pytest.mark.parametrize("mode", [1, 2, 3])
def test_gradient_flow_dynamics_on_balanced_factors(mode):
    frames, factors, S, _ = _balanced()
    gradient = _random(7)
    motion = [
        -_product(factors[layer:]).T * gradient * _product(factors[: layer - 1]).T
        for layer in range(1, DEPTH + 1)
    ]
    # u_k(J) = Q_N e_k and v_k(J) = Q_0 e_k: ṡ_k = -N s_k^{2-2/N} ⟨G, u_k v_kᵀ⟩ (Arora et al. 2019).
    projected = (frames[DEPTH][:, mode - 1].T * gradient * frames[0][:, mode - 1])[0]
    result = general.gradient_flow().result.after
    values = {
        GRADIENT: _float(projected),
        s(k): _float(S[mode - 1, mode - 1] ** DEPTH),
        delta(k): Integer(0),
    }
    measured = _velocity(factors, motion, mode)
    assert abs(measured - _numeric(result, values)) < TOLERANCE
    value = S[mode - 1, mode - 1] ** DEPTH
    assert abs(measured + DEPTH * value ** (2 - mp.mpf(2) / DEPTH) * projected) < TOLERANCE
    assert abs(measured) > mp.sqrt(TOLERANCE)  # a zero velocity would show nothing


@pytest.mark.parametrize("mode", [1, 2, 3])
def test_the_boundary_terms_on_factors_with_an_intercept(mode):
    """J = E S^N E: every non-empty partial product short of J scales with the intercept log E."""
    frames, factors, S, E = _balanced(intercept=True)
    motion = [_random(seed) for seed in (2, 4, 6, 9)]
    first, *inside, last = _drive_values(frames, motion, mode)
    result = general.depth_scaling_boundary().calculations[-1].steps[-2].after
    (total,) = result.atoms(Sum)
    values = {
        total: _float(mp.fsum(inside)),
        general.drive(Integer(1)): _float(first),
        general.drive(N): _float(last),
        gamma(k): _float(mp.log(S[mode - 1, mode - 1])),
        delta(k): _float(mp.log(E[mode - 1, mode - 1])),
    }
    measured = _velocity(factors, motion, mode)
    assert abs(measured - _numeric(result, values)) < TOLERANCE
    uncorrected = {**values, delta(k): Integer(0)}
    assert abs(measured - _numeric(result, uncorrected)) > mp.sqrt(TOLERANCE)
