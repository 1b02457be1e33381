"""The cheapest claims are measured, and can be refuted; what the dearer ones count is checked on single networks."""

from collections.abc import Callable

import numpy as np
import pytest

from netwarp.claims import arrangements, hanin2019, mingard2019, rahaman2019
from netwarp.claims.registry import Finding, choose
from netwarp.claims.running import run
from netwarp.claims.streams import stream


def nothing(done: int, total: int) -> None:
    pass


@pytest.mark.slow
@pytest.mark.parametrize("number", [9, 11, 20])
def test_a_claim_gives_the_verdict_on_record(number: int) -> None:
    (found,) = run(choose([str(number)]), quick=True).entries
    assert found.agrees
    assert found.finding.plot is not None
    assert found.finding.checks
    assert all(check.holds for check in found.finding.checks)


def refute(measure: Callable[[bool, Callable[[int, int], None]], Finding]) -> Finding:
    found = measure(True, nothing)
    assert found.verdict == "refuted"
    return found


@pytest.mark.slow
def test_a_wrong_count_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    count = arrangements._lines
    # one seed of one width alone
    monkeypatch.setattr(arrangements, "_lines", lambda n, seed: count(n, seed) + (n == 50 and seed == 1))
    found = refute(arrangements.counts_are_exact)
    assert [check.what for check in found.checks if not check.holds] == ["regions of 50 units of one layer"]


def test_a_perceptron_with_a_bias_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def biased(seed: int) -> np.ndarray:
        cube = (np.arange(32)[:, None] >> np.arange(5) & 1).astype(float)
        random = stream(seed)
        ones = (random.standard_normal((1 << 14, 5)) @ cube.T + random.standard_normal((1 << 14, 1)) > 0).sum(axis=1)
        return np.bincount(np.minimum(ones, 31), minlength=32)

    monkeypatch.setattr(mingard2019, "_counts", biased)
    refute(mingard2019.perceptron_entropy)


def test_perceptrons_are_counted() -> None:
    """One perceptron of positive weights says 1 everywhere but at the origin; one of negative weights nowhere."""
    counts = mingard2019._counts(0)
    assert counts.sum() == mingard2019.CHUNK
    share = counts[[0, 31]] / counts.sum()
    assert share == pytest.approx(np.full(2, 1 / 32), rel=0.05)


def test_first_layers_are_counted_exactly() -> None:
    # each unit's line through the origin crosses the other line once, and no two of them are parallel
    assert hanin2019._kinks(32, 1, 0) == 1
    assert hanin2019._regions(12, 1, 0) == 1
    assert arrangements._square(5, "0", 3) == 10
    assert arrangements._folds((2, 4)) == 16


def test_an_exponent_is_that_of_the_amplitude() -> None:
    k = np.arange(rahaman2019.LAST + 1)
    power = np.concatenate(([0.0], 3.0 * k[1:] ** -4.0))
    assert rahaman2019._exponent(power) == pytest.approx(-2)


def test_power_is_that_of_one_kink() -> None:
    """|t| has the power k^-4 far from 0: what the window cuts off is below it."""
    place = (np.arange(rahaman2019.POINTS) + 0.5) / rahaman2019.POINTS
    power = rahaman2019.power_of(np.abs(place - 0.4)[None])
    assert rahaman2019._exponent(power) == pytest.approx(-2, abs=0.01)
    # what is smooth but for the chord's ends is not seen
    smooth = rahaman2019.power_of(np.exp(place)[None])
    assert (smooth[rahaman2019.FIRST :] < 1e-6 * power[rahaman2019.FIRST :]).all()
