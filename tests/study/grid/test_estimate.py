"""estimate: by a clock that the test holds, and once by the real one."""

from pathlib import Path

import pytest

import netwarp as nw
from netwarp.errors import UnsupportedError
from netwarp.study.grid import estimate as module
from netwarp.study.grid.estimate import TimeEstimate, duration, estimate
from netwarp.study.grid.study import Study


def study(**given: object) -> Study:
    usual = {"seeds": 10, "raster": "32x32", "measures": ["mean_frequency"]}
    return Study("s", **{**usual, "factors": {"architecture": "conv({w}) * 2", "w": range(1, 31)}, **given})


@pytest.mark.parametrize("sample", [5, 30, 300])
def test_time_goes_by_operations(monkeypatch: pytest.MonkeyPatch, sample: int) -> None:
    """A run that takes exactly as long as its network has operations a pixel: all take their sum."""
    clock = [0.0]

    def evaluated(architecture: nw.Architecture, *given: object, **named: object) -> None:
        clock[0] += 1e-4 * module.operations(architecture)

    monkeypatch.setattr(module, "evaluate", evaluated)
    monkeypatch.setattr(module, "perf_counter", lambda: clock[0])
    one = study()
    exact = sum(10 * 1e-4 * module.operations(nw.parse(point.source.text)) for point in one.points())
    assert estimate(one, sample=sample, workers=2).seconds == pytest.approx(exact / 2, rel=0.05)


def test_it_stops_after_some_seconds_and_goes_by_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    seen = []

    def evaluated(architecture: nw.Architecture, *given: object, **named: object) -> None:
        seen.append(architecture)
        clock[0] += 0.1 * module.operations(architecture)

    monkeypatch.setattr(module, "evaluate", evaluated)
    monkeypatch.setattr(module, "perf_counter", lambda: clock[0])
    one = study()
    found = estimate(one)
    exact = sum(10 * 0.1 * module.operations(nw.parse(point.source.text)) for point in one.points())
    assert len(seen) == 2  # the first, twice
    assert found.seconds == pytest.approx(exact, rel=0.1)


def test_runs_that_fail_are_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    def evaluated(*given: object, **named: object) -> None:
        raise UnsupportedError("no")

    monkeypatch.setattr(module, "evaluate", evaluated)
    found = estimate(study())
    assert found == TimeEstimate(300, None, 1)
    assert str(found) == "300 runs on 1 worker; how long they take could not be estimated"


def test_real_runs_and_models(tmp_path: Path) -> None:
    found = estimate(study(), runs=188, workers=2)
    assert 0 < found.seconds_a_run < 5
    assert str(found).startswith("188 runs, about ")
    nw.Network.draw(nw.parse("conv(5)"), 1).save(tmp_path / "a.npz")
    models = study(seeds=None, factors={"model": "*.npz"}, folder=tmp_path)
    assert 0 < estimate(models).seconds < 5


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (60, "1 minute"),
        (240, "4 minutes"),
        (5400, "1.5 hours"),
        (3e6, "35 days"),
    ],
)
def test_durations_are_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
