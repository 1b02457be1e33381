"""Single parameters: the streams, the scales of every initialiser, the distributions."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.specs import Constant, Initialiser, Normal, Uniform
from netwarp.network.initialise import spread, stream, weights


def test_a_stream_is_the_same_for_ever() -> None:
    """These numbers may never change: every picture's recipe rests on them."""
    assert stream(7, "0", "weight").standard_normal(3).tolist() == FIRST
    assert stream(7, "0", "shift").random_sample(1).tolist() != stream(7, "0", "scale").random_sample(1).tolist()
    assert stream(7, "1", "weight").standard_normal(1)[0] not in FIRST
    assert stream(8, "0", "weight").standard_normal(1)[0] not in FIRST


FIRST = [0.8167650609207918, 0.9526280915817651, 0.47284663167038843]


# fan_in = 6 * 9 = 54 with groups = 2 of 12 inputs; fan_out = 400 / 2 * 9 = 1800
@pytest.mark.parametrize(
    ("initialiser", "std"),
    [
        (Initialiser("he"), (2 / 54) ** 0.5),
        (Initialiser("he", gain=0.5), 0.5 * (2 / 54) ** 0.5),
        (Initialiser("xavier"), (2 / (54 + 1800)) ** 0.5),
        (Initialiser("lecun"), (1 / 54) ** 0.5),
        (Initialiser("normal", 0.3, gain=2), 0.6),
        (Initialiser("uniform", 0.3, gain=2), 0.6 / 3**0.5),
        (Initialiser("orthogonal", gain=3), 3 / 400**0.5),
    ],
)
def test_scales(initialiser: Initialiser, std: float) -> None:
    drawn = weights(initialiser, (400, 6, 3, 3), 2, stream(1, "0", "weight"))
    assert drawn.shape == (400, 6, 3, 3)
    # 21,600 numbers: their standard deviation is known to 0.5%, their mean to 0.7% of it
    assert drawn.std() == pytest.approx(std, rel=0.03)
    assert abs(drawn.mean()) < 0.04 * std


def test_uniform_fills_its_interval() -> None:
    drawn = weights(Initialiser("uniform", 0.5), (100, 100, 1, 1), 1, stream(1, "0", "weight"))
    assert -0.5 <= drawn.min() < -0.499
    assert 0.499 < drawn.max() <= 0.5


@pytest.mark.parametrize("shape", [(5, 20, 1, 1), (20, 5, 1, 1), (6, 2, 3, 3), (4, 4, 1, 1), (1, 1, 1, 1)])
def test_orthogonal_is_orthogonal(shape: tuple[int, int, int, int]) -> None:
    matrix = weights(Initialiser("orthogonal", gain=2), shape, 1, stream(1, "0", "weight")).reshape(shape[0], -1) / 2
    small = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(small, np.eye(len(small)), atol=1e-12)


def test_orthogonal_is_uniform() -> None:
    """Without the sign, LAPACK's reflections give some entries one sign only."""
    traces = [
        np.trace(weights(Initialiser("orthogonal"), (3, 3, 1, 1), 1, stream(s, "", ""))[:, :, 0, 0]) for s in range(300)
    ]
    assert abs(np.mean(traces)) < 0.25
    assert np.var(traces) == pytest.approx(1, abs=0.3)


def test_distributions() -> None:
    assert spread(Constant(2.5), 3, stream(1, "0", "scale")).tolist() == [2.5] * 3
    drawn = spread(Normal(10, 2), 10_000, stream(1, "0", "scale"))
    assert drawn.mean() == pytest.approx(10, abs=0.1)
    assert drawn.std() == pytest.approx(2, rel=0.03)
    drawn = spread(Uniform(-1, 3), 10_000, stream(1, "0", "scale"))
    assert -1 <= drawn.min() < -0.99
    assert 2.99 < drawn.max() < 3


def test_one_seed_under_another_scale() -> None:
    """The base numbers are the same: only their scale differs."""
    narrow, wide = (spread(Normal(0, std), 5, stream(1, "0", "shift")) for std in (1, 2))
    np.testing.assert_array_equal(2 * narrow, wide)
    he, small = (weights(Initialiser("he", gain=g), (3, 2, 1, 1), 1, stream(1, "0", "weight")) for g in (1, 0.25))
    np.testing.assert_array_equal(he / 4, small)
    he, lecun = (weights(Initialiser(name), (3, 2, 1, 1), 1, stream(1, "0", "weight")) for name in ("he", "lecun"))
    np.testing.assert_allclose(he, lecun * 2**0.5, rtol=1e-15)
