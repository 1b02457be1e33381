"""The measures beside a picture: those of the library, and what one answer has computed the next one finds."""

from typing import Any

import numpy as np
import pytest

import netwarp as nw
from explorer.asked import HOME, SMALL, pixels_of
from netwarp.explorer import measuring
from netwarp.explorer.measuring import measures
from netwarp.explorer.opening import open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import Measure, beside, find
from netwarp.measures.specimen import Specimen
from netwarp.plane import Plane


def test_measures_have_meanings_and_floors(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.measured(pane=0, **HOME)
    whole = nw.measure(field, ["lz_complexity"], raster=nw.Raster(128, 128))
    assert found["lz_complexity"]["value"] == whole["lz_complexity"].value
    assert found["lz_complexity"]["ramp"] < found["lz_complexity"]["noise"]
    assert found["regions"]["value"] == len(field.tessellate())
    assert all(one["meaning"] and (one["value"] is not None or one["reason"]) for one in found.values())


def test_measures_come_a_few_an_answer_until_all_are_there(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page.ask("open", pane=0, state=SMALL)
    monkeypatch.setattr("netwarp.explorer.measuring.TURN", 60.0)
    whole = page.ask("measure", pane=0, **HOME)
    assert whole["rest"] == []
    monkeypatch.setattr("netwarp.explorer.measuring.TURN", 0.0)  # a machine that is busy
    page.ask("open", pane=0, state={**SMALL, "seed": 1})
    page.ask("open", pane=0, state=SMALL)
    found, rest = [], ()
    while not found or rest:
        answer = page.ask("measure", pane=0, names=rest, **HOME)
        assert len(answer["measures"]) == 1
        found, rest = found + answer["measures"], answer["rest"]
    assert found == whole["measures"]
    assert "none of that name" in page.ask("measure", pane=0, names=["nope"], **HOME)["message"]


def test_a_channels_measures_and_colours_are_its_own(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.measured(pane=0, show="layer:2:channel:3", **HOME)
    channel = field.after(2).sample(nw.Raster(128, 128))[3].astype(float)
    image = (channel - channel.mean()) / channel.std()
    for name in ("total_variation", "lz_complexity", "components"):
        assert found[name]["value"] != page.measured(pane=0, **HOME)[name]["value"]
    assert found["lz_complexity"]["value"] == pytest.approx(find("lz_complexity").function(image).value)
    dense = nw.Raster(512, 512)
    gradients = field.after(2).tangent(dense)[3]
    variation = np.hypot(*gradients).mean() / field.after(2).sample(dense)[3].std()
    assert found["total_variation"]["value"] == pytest.approx(variation, rel=0.02)
    seen = page.ask("view", pane=0, columns=60, rows=40, show="layer:2:channel:3", colour="lab", **HOME)
    bar, colours = seen["tone"]["colours"], set(map(tuple, pixels_of(seen).reshape(-1, 4)[:, :3].tolist()))
    home = field.after(2).sample()[3]
    assert (seen["tone"]["low"], seen["tone"]["high"]) == ([home.min()], [home.max()])
    assert (bar[0], bar[-1]) == ("#440154", "#fde725")  # viridis, whose ends its authors publish
    assert tuple(bytes.fromhex(bar[0][1:])) in colours  # a rectified channel is 0 somewhere
    assert page.ask("view", pane=0, columns=60, rows=40, **HOME)["tone"]["colours"] == []


def test_a_server_takes_every_measure_once_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    take = measuring.taken_of

    def noted(one: Measure, specimen: Specimen) -> Measurement:
        taken.append(one.name)
        return take(one, specimen)

    monkeypatch.setattr(measuring, "taken_of", noted)
    measuring.warm_up(Cancellation("later", 60))
    assert taken == [one.name for one in beside()]


@pytest.mark.slow
def test_measures_say_what_rounding_makes_of_the_values(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    assert not page.ask("measure", pane=0, **HOME)["rounding"]["reported"]
    page.ask("open", pane=0, state={"arch": "conv(5) * 100", "act": "sin"})
    found = page.ask("measure", pane=0, **HOME)["rounding"]
    assert found["reported"]
    assert "rounding: off by about" in found["sentence"]


# of kernels that read several pixels the raster's plane is not just the one that is asked for
@pytest.mark.parametrize("arch", ["conv(4) * 2", "conv(4, 3) * 2"])
def test_the_next_answer_draws_nothing_anew(arch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = Cancellation("later", 60)
    opened = open_pane(Pane(arch=arch), Files(), cancel)
    plane = Plane(0.01, 0.02, 0.73, 0.51)
    measures(opened, plane, ["mean_frequency"], cancel)
    drawn: list[object] = []
    sample = Field.sample
    monkeypatch.setattr(Field, "sample", lambda *given, **how: drawn.append(given) or sample(*given, **how))
    measures(opened, plane, ["lz_complexity"], cancel)
    assert drawn == []
    measures(opened, Plane(0.01, 0.02, 0.74, 0.51), ["lz_complexity"], cancel)
    assert drawn != []
    drawn.clear()
    measures(opened, Plane(0.01, 0.02, 0.74, 0.51), ["lz_complexity"], cancel, show="layer:1:channel:0")
    assert drawn != []
