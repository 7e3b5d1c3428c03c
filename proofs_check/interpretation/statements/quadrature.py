"""Integrals in balls, by rigorous quadrature."""

from __future__ import annotations

from flint import acb, arb

_LOWEST = -250
"""Where the integral over y = log x is cut; what is cut off is bounded, and below 2^-300 for p ≥ 0."""


def moment(p: arb, r: arb, q: arb) -> arb:
    """∫_0^∞ x^p e^{-r x^q} dx for p > -1 and r, q > 0, by quadrature in y = log x.

    Below e^Y the integrand is at most x^p. Beyond X it is at most
    d/dx[-x^{p-q+1} e^{-r x^q}/(rq)] / (1 - max(p-q+1, 0)/(rq X^q)).
    """
    exponent, rate, decay = acb(p + 1), acb(r), acb(q)
    # Where r x^q is far beyond what the power makes up for.
    highest = int(float(((400 * (1 + p.max(arb(0))) * (1 + 1 / r) * (1 + 1 / q)).log() / q).mid())) + 2
    middle = acb.integral(lambda y, _: (exponent * y - rate * (decay * y).exp()).exp(), _LOWEST, highest).real
    X = arb(highest).exp()
    slope = r * q * X**q
    above = X ** (p + 1) * (-r * X**q).exp() / (slope - (p - q + 1).max(arb(0)))
    below = ((p + 1) * _LOWEST).exp() / (p + 1)
    return middle + above.union(arb(0)) + below.union(arb(0))
