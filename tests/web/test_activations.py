"""The page's activations: each one's value, held to mpmath's; and the numbers beside their names."""

from __future__ import annotations

import mpmath
import numpy as np

from known import ACTIVATIONS, PARAMETERS
from netwarp.activations.registry import FACES, NAMES
from web.arrays import floats, packed
from web.conftest import Run

UNITS = 8  # in the last place: that much a browser's exp, expm1 or tanh, and what is made of them, may be off


def test_activations(node: Run) -> None:
    random = np.random.default_rng(1)
    z = np.concatenate([random.normal(0, scale, 100) for scale in (1e-8, 0.1, 1, 5, 30)])
    z = np.concatenate([z, [-1.0, 0.0, 1.0, 3.0, -3.0, 6.0, 2.0, -2.0, 40.0, -40.0, 800.0, -800.0]])
    special = np.array([np.nan, np.inf, -np.inf])
    found = node("activations", {"z": packed(np.concatenate([z, special])), "parameters": PARAMETERS})
    assert [one["name"] for one in found] == list(NAMES)
    for one in found:
        name, values = one["name"], floats(one["values"])
        known, p = ACTIVATIONS[name], PARAMETERS.get(name, 0.0)
        with mpmath.workdps(60):
            exact = [mpmath.mpf(0) + known.exact(mpmath.mpf(float(u)), p) for u in z]
            share = [abs(mpmath.mpf(float(v)) - e) for v, e in zip(values, exact, strict=False)]
        # a bounded one is judged by its error, others by their share; below 1e-300 nothing is left to judge
        size = np.ones_like(z) if known.bounded else np.maximum(np.abs([float(e) for e in exact]), 1e-300)
        assert (np.array([float(s) for s in share]) <= UNITS * 2.0**-53 * size).all(), name
        assert np.isnan(values[-3]), name


def test_numbers_beside_the_names(node: Run) -> None:
    for one in node("activations", {"z": packed([0.0]), "parameters": {}}):
        told, known = one["parameter"], FACES[one["name"]].parameter
        assert (told is None) == (known is None)
        if known is not None:
            assert (told["name"], told["usual"], told.get("learned", False)) == (
                known.name,
                known.default,
                known.learned,
            )
            random = told.get("random")
            assert (random and (random["low"], random["high"])) == known.random
