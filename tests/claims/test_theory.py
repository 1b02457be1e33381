"""The plain-numpy networks of claims 1 to 6: gradients and lengths against differences, crossings against roots."""

import numpy as np
import pytest

from netwarp.claims import yang2019
from netwarp.claims.lengths import Case, lengths
from netwarp.claims.schoenholz2017 import _crossing
from netwarp.claims.streams import stream
from netwarp.claims.yang2019 import _normalised, _parts, _through


def test_a_gradient_goes_through_the_statistics() -> None:
    random = stream(0)
    parts = _parts([4, 7])
    h, c = random.standard_normal((3, 11)), random.standard_normal((3, 11))
    y, deviation = _normalised(h, parts)
    for part in parts:
        assert y[:, part].mean(axis=1) == pytest.approx(np.zeros(3), abs=1e-14)
        assert y[:, part].var(axis=1) == pytest.approx(np.ones(3))
    found = _through(c, y, deviation, parts)
    step = 1e-6
    for i, j in ((0, 0), (1, 5), (2, 10)):
        moved = [h.copy(), h.copy()]
        moved[0][i, j] -= step
        moved[1][i, j] += step
        below, above = ((c * _normalised(one, parts)[0]).sum() for one in moved)
        assert found[i, j] == pytest.approx((above - below) / (2 * step), rel=1e-6)


def test_batches_side_by_side_do_not_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of several batches has the growth that it has on its own weights and inputs."""
    monkeypatch.setattr(yang2019, "WIDTH", 40)
    monkeypatch.setattr(yang2019, "BATCHES", (8, 16))
    both = yang2019._gradients("linear", 4, 1)
    assert len(both) == 2
    # a linear network of 16 has (B - 2) / (B - 3) = 14/13 on average; this one is small, not that far off
    assert np.exp(both[1]) == pytest.approx(14 / 13, rel=0.4)


def test_lengths_are_those_of_differences() -> None:
    case = Case("tanh", 1.5, 0.3, 0.8)
    found = lengths([Case("relu", 1.0), case], 20, 3, 5)
    # the same stream, written out: width x inputs, then the biases, layer after layer
    random = stream(5)
    x = (np.arange(4) + 0.5) / 4 - 0.5
    square = 0.8 * np.stack(np.meshgrid(x, x)).reshape(2, -1)
    step = 1e-6
    aside = np.array([[step], [0]])
    low, high = square - aside, square + aside
    for layer in range(3):
        inputs = len(low)
        base = random.standard_normal((20, inputs)) / np.sqrt(inputs)
        bias = random.standard_normal((20, 1))
        low, high = (1.5 * base @ h + 0.3 * bias for h in (low, high))
        length = np.linalg.norm(high - low, axis=0).mean() / (2 * step)
        assert found[1, layer] == pytest.approx(np.log(length), abs=1e-7)
        low, high = np.tanh(low), np.tanh(high)


def test_relu_scales_with_its_weights() -> None:
    one, two = lengths([Case("relu", 1.0), Case("relu", 2.0)], 30, 5, 0)
    assert two - one == pytest.approx(np.log(2) * np.arange(1, 6))


def test_a_crossing_is_the_root_within() -> None:
    weights = (1.2, 1.35, 1.5, 1.65)
    x = np.log(weights)
    growth = (x - np.log(1.4)) * (x + 3)
    assert _crossing(weights, growth) == pytest.approx(1.4)
