"""What normalising does to gradients, ranks and lines: known answers, and networks that refute it."""

import numpy as np
import pytest

from netwarp.claims import balduzzi2017, balestriero2022, daneshmand2020
from netwarp.claims.daneshmand2020 import Variant
from netwarp.claims.streams import stream


def nothing(done: int, total: int) -> None:
    pass


def test_gradients_shatter_with_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balduzzi2017, "WIDTH", 60)
    assert balduzzi2017.gradients_shatter(True, nothing).verdict == "holds"
    # a network of two layers is not yet white
    monkeypatch.setitem(balduzzi2017.LINES, "24 layers", (2, None))
    assert balduzzi2017.gradients_shatter(True, nothing).verdict == "refuted"


def test_a_derivative_along_the_line_is_that_of_differences() -> None:
    """Of one normalised layer the statistics are those of the points: the tangent gives a kinked curve's slopes."""
    random = stream(3)
    first = random.standard_normal((balduzzi2017.WIDTH, 1))
    along = np.linspace(-2, 2, balduzzi2017.POINTS)[None]
    x = first @ along + random.standard_normal((balduzzi2017.WIDTH, 1))
    z, deviation = balduzzi2017._normalised(x)
    slopes = np.diff(np.maximum(z, 0), axis=1) / np.diff(along)
    tangents = (z > 0) * first / deviation
    same = (z[:, 1:] > 0) == (z[:, :-1] > 0)
    assert slopes[same] == pytest.approx(tangents[:, 1:][same], abs=1e-9)


@pytest.mark.parametrize(("share", "verdict"), [(0.5, "holds"), (0.75, "refuted")])
def test_gradient_correlations_halve(share: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balduzzi2017, "SHARE", share)
    monkeypatch.setattr(balduzzi2017, "WIDE", 300)
    assert balduzzi2017.gradient_correlations_halve(True, nothing).verdict == verdict


def test_the_effective_rank_is_between_one_and_the_rank() -> None:
    assert daneshmand2020.effective(np.eye(5, 8)) == pytest.approx(5)
    assert daneshmand2020.effective(np.ones((4, 3))) == pytest.approx(1)
    assert daneshmand2020.effective(np.zeros((4, 3))) == 0
    two = np.diag([3.0, 1.0])
    assert daneshmand2020.effective(two) == pytest.approx(100 / 82)


@pytest.mark.slow
def test_ranks_collapse_without_normalisation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daneshmand2020, "WIDTHS", (12, 24, 48))
    assert daneshmand2020.rank_collapses(True, nothing).verdict == "holds"
    assert daneshmand2020.batch_norm_keeps_rank(True, nothing).verdict == "holds"
    ranks = daneshmand2020.ranks_of
    monkeypatch.setattr(daneshmand2020, "ranks_of", lambda kind, *shape: ranks(Variant(kind.act, "divided"), *shape))
    assert daneshmand2020.rank_collapses(True, nothing).verdict == "refuted"
    monkeypatch.setattr(daneshmand2020, "ranks_of", lambda kind, *shape: ranks(Variant(kind.act), *shape))
    assert daneshmand2020.batch_norm_keeps_rank(True, nothing).verdict == "refuted"


def test_the_mean_is_the_best_shift_and_no_other_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert balestriero2022.batch_norm_moves_lines(True, nothing).verdict == "holds"
    monkeypatch.setattr(balestriero2022, "shift", lambda z: np.median(z, axis=1, keepdims=True))
    found = balestriero2022.batch_norm_moves_lines(True, nothing)
    # the median lies between the data as well, but not where the squares are least
    assert [one.verdict for one in found.checks] == ["refuted", "holds", "holds"]
    random = stream(0)

    def drawn(z: np.ndarray) -> np.ndarray:
        away = 2 * random.standard_normal((len(z), 1)) * z.std(axis=1, keepdims=True)
        return np.asarray(z.mean(axis=1, keepdims=True) + away)

    monkeypatch.setattr(balestriero2022, "shift", drawn)
    assert not balestriero2022.batch_norm_moves_lines(True, nothing).checks[1].holds
