"""The `netwarp` logger: silent unless asked, and a step says what it took without the steps inside it."""

import logging
import subprocess
import sys

import pytest

import netwarp as nw
from netwarp.log import LOG, step


class Clock:
    """Goes on when it is told to: how long a busy machine takes for a step is not these tests' matter."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    def goes_on(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("netwarp.log.perf_counter", made)
    return made


def test_a_step_inside_another_is_not_counted_twice(caplog: pytest.LogCaptureFixture, clock: Clock) -> None:
    caplog.set_level(logging.DEBUG, "netwarp")
    with step("outer") as say:
        say("of %s", "two")
        clock.goes_on(0.25)
        for _ in range(2):
            with step("inner"):
                clock.goes_on(2.0)
    inner, again, outer = (vars(record) for record in caplog.records)
    assert [one["step"] for one in (inner, again, outer)] == ["inner", "inner", "outer"]
    assert (outer["seconds"], outer["own"]) == (4.25, 0.25)
    assert inner["own"] == inner["seconds"] == again["own"] == again["seconds"] == 2
    assert caplog.messages == ["inner: 2000.0 ms", "inner: 2000.0 ms", "outer of two: 4250.0 ms"]


def test_a_step_that_fails_is_not_said_but_its_time_is_not_its_callers(
    caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    caplog.set_level(logging.DEBUG, "netwarp")
    with step("outer"):
        try:
            with step("inner"):
                clock.goes_on(2.0)
                raise ValueError
        except ValueError:
            pass
    (outer,) = (vars(record) for record in caplog.records)
    assert outer["step"] == "outer"
    assert (outer["seconds"], outer["own"]) == (2, 0)


def test_what_takes_time_is_logged_with_what_it_was_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "netwarp")
    field = nw.Network.draw(nw.parse("conv(4)"), 7).calibrate(nw.Raster(30, 20))
    field.sample(nw.Raster(9, 6))
    cells = nw.tessellate(field)
    said = "\n".join(caplog.messages)
    assert "calibrate conv(4), seed 7, on 30x20: " in said
    assert "sample 9x6 in float32: " in said
    assert f"tessellate {len(cells)} cells on " in said


def test_the_library_is_silent_unless_asked() -> None:
    code = "import logging, netwarp; netwarp.draw('conv(4)', size=(9, 6)); print(logging.getLogger('netwarp').handlers)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[<NullHandler (NOTSET)>]\n"
    assert run.stderr == ""
    assert not LOG.isEnabledFor(logging.DEBUG)
