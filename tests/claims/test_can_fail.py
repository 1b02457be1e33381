"""Every claim can fail: its measurement replaced by numbers that obey the claim, and by numbers that do not."""

from collections.abc import Callable, Iterable
from importlib import import_module

import numpy as np
import pytest

from netwarp.claims import arrangements, hanin2019, poole2016, rahaman2019, ranges, schoenholz2017, teney2024, yang2019
from netwarp.claims.perceptrons import Key, Table
from netwarp.claims.registry import Progress
from netwarp.claims.streams import stream
from netwarp.theory import growth, meanfield
from netwarp.theory.bounds import arrangement

Array = np.ndarray


def nothing(done: int, total: int) -> None:
    pass


def noise(seed: int, size: int | tuple[int, ...] = ()) -> Array:
    """A hundredth of a percent, another for every seed."""
    return 1e-4 * stream(seed).standard_normal(size)


@pytest.mark.parametrize(
    ("claim", "law"),
    [
        (yang2019.relu_gradients_explode, growth.batch_relu),
        (yang2019.linear_gradients_explode, growth.batch_linear),
    ],
)
@pytest.mark.parametrize(("times", "verdict"), [(1.0, "holds"), (1.015, "holds"), (1.03, "refuted"), (0.97, "refuted")])
def test_gradients_at_other_rates(
    claim: Callable, law: Callable[[int], float], times: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = np.log([times * law(batch) for batch in yang2019.BATCHES])
    monkeypatch.setattr(yang2019, "_gradients", lambda name, depth, seed: logs + noise(seed, logs.size))
    assert claim(True, nothing).verdict == verdict


@pytest.mark.parametrize(("times", "verdict"), [(1.0, "holds"), (1.05, "refuted")])
def test_growth_by_activation_at_another_rate(times: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = np.log([times * growth.factor(name) for name in yang2019.ACTIVATIONS])
    monkeypatch.setattr(yang2019, "_tangents", lambda names, batch, depth, seed: logs + noise(seed, logs.size))
    assert yang2019.gradient_growth_by_activation(True, nothing).verdict == verdict


@pytest.mark.parametrize(("power", "verdict"), [(0.5, "holds"), (1.0, "refuted")])
def test_lengths_that_follow_chi_itself(power: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = power * np.log([meanfield.chi("tanh", weight, poole2016.BIAS) for weight in poole2016.WEIGHTS])

    def lengths(cases: object, width: int, depth: int, seed: int) -> Array:
        return rates[:, None] * np.arange(depth) + noise(seed, (len(rates), depth))

    monkeypatch.setattr(import_module("netwarp.claims.lengths"), "lengths", lengths)
    assert poole2016.lengths_follow_chi(True, nothing).verdict == verdict


@pytest.mark.parametrize(("times", "verdict"), [(1.0, "holds"), (1.04, "refuted")])
def test_another_critical_line(times: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [(weights, times * meanfield.critical(act, bias)) for act, bias, weights, _ in schoenholz2017.LINES]
    rates = np.concatenate([np.log(np.array(weights) / critical) for weights, critical in lines])

    def lengths(cases: object, width: int, depth: int, seed: int) -> Array:
        return rates[:, None] * np.arange(depth) + noise(seed, (len(rates), depth))

    monkeypatch.setattr(schoenholz2017, "lengths", lengths)
    assert schoenholz2017.critical_lines(True, nothing).verdict == verdict


@pytest.mark.parametrize(("kinks", "verdict"), [(1.0, "holds"), (1.1, "refuted")])
def test_more_kinks_than_units(kinks: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanin2019, "_kinks", lambda width, depth, seed: kinks + noise(seed))
    assert hanin2019.kinks_equal_units(True, nothing).verdict == verdict


@pytest.mark.parametrize(("share", "verdicts"), [(1.0, ("holds", "refuted")), (0.7, ("refuted", "holds"))])
def test_other_counts_of_regions(share: float, verdicts: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanin2019, "_regions", lambda width, depth, seed: share + noise(seed))
    found = (hanin2019.regions_follow_units, hanin2019.narrow_networks_have_fewer_regions)
    assert tuple(one(True, nothing).verdict for one in found) == verdicts


@pytest.mark.parametrize(
    ("without", "shifted", "verdict"), [(0, 10.0, "holds"), (1, 10.0, "refuted"), (0, 2.0, "refuted")]
)
def test_lines_that_do_not_meet(without: int, shifted: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def square(n: int, shift: str, seed: int) -> int:
        return 2 * n + without * (seed == 3) if shift == "0" else int(2 * n * shifted)

    monkeypatch.setattr(arrangements, "_square", square)
    assert arrangements.shift_makes_the_regions(True, nothing).verdict == verdict
    assert arrangement(5) > 10


@pytest.mark.parametrize(("exponent", "verdict"), [(-2, "holds"), (-2.5, "refuted")])
def test_a_faster_decay(exponent: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    k = np.maximum(np.arange(rahaman2019.LAST + 1.0), 1)

    def power(text: str, act: str, seed: int) -> Array:
        return np.asarray(k ** (2 * exponent) * (1 + noise(seed)) * (1e-9 if act == "tanh" else 1))

    monkeypatch.setattr(rahaman2019, "_power", power)
    assert rahaman2019.spectrum_decays(True, nothing).verdict == verdict


@pytest.mark.parametrize(("times", "verdict"), [(1.0, "holds"), (1.05, "refuted")])
def test_a_range_that_grows_otherwise(times: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = np.arange(1.0, 51)

    def logs(gain: float | None, seed: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        rate = 0.0 if gain is None else np.log10(gain * ranges.SHRINKS * times)
        return tuple(layers), tuple(rate * layers + noise(seed, layers.size))

    monkeypatch.setattr(ranges, "_logs", logs)
    assert ranges.ranges_explode_or_vanish(True, nothing).verdict == verdict


def frequencies(value: Callable[[Key], float]) -> Callable[..., Table]:
    def measured(keys: Iterable[Key], network: object, seeds: range, progress: Progress) -> Table:
        return {key: value(key) * np.exp([noise(seed + 100 * n) for seed in seeds]) for n, key in enumerate(keys)}

    return measured


@pytest.mark.parametrize(
    ("claim", "value", "verdict"),
    [
        (teney2024.depth_raises_tanh, lambda key: 1 + key[2], "holds"),
        (teney2024.depth_raises_tanh, lambda key: 2 / (1 + key[2]), "refuted"),
        (teney2024.residuals_lower_complexity, lambda key: 1 - 0.5 * ("residual" in key[1]), "holds"),
        (teney2024.residuals_lower_complexity, lambda key: 1 + 0.5 * ("residual" in key[1]), "refuted"),
        (teney2024.gating_raises_complexity, lambda key: 1 + 0.5 * ("gated" in key[1]), "holds"),
        (teney2024.gating_raises_complexity, lambda key: 1 - 0.5 * ("gated" in key[1]), "refuted"),
        (teney2024.width_does_not_matter, lambda key: 1.0, "holds"),
        (teney2024.width_does_not_matter, lambda key: key[2], "refuted"),
        (teney2024.layer_norm_removes_magnitude, lambda key: 1.0, "holds"),
        (teney2024.layer_norm_removes_magnitude, lambda key: 1 + 0.002 * key[2], "refuted"),
        (teney2024.layer_norm_removes_weight_magnitude, lambda key: 1.0, "holds"),
    ],
)
def test_other_complexities(
    claim: Callable, value: Callable[[Key], float], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teney2024, "frequencies", frequencies(value))
    assert claim(True, nothing).verdict == verdict
