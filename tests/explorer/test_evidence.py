"""Evidence: measures of networks that no pane shows are the library's own, some cases an answer, and are stopped."""

from __future__ import annotations

import time
from threading import get_ident
from typing import Any

import pytest

import netwarp as nw
from explorer.asked import HOME, SMALL
from netwarp.explorer import evidence as module
from netwarp.explorer import opening
from netwarp.explorer.evidence import Drawings, MeasuredNetwork, evidence
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation, Stopped
from netwarp.plane import Plane

FRAME = {"x": "0.1", "y": "-0.2", "w": "1.5", "h": "1"}
NAMES = ["mean_frequency", "total_variation", "regions"]


def asked(page: Any, cases: list[dict[str, Any]], **body: Any) -> list[dict[str, Any]]:
    """The rows of all cases, asked for until none is left."""
    rows: list[dict[str, Any]] = []
    while len(rows) < len(cases):
        answer = page.ask("evidence", cases=cases[len(rows) :], **{**FRAME, "names": NAMES, **body})
        assert answer["kind"] == "evidence", answer
        assert answer["rows"]
        rows += answer["rows"]
    return rows


def test_a_row_is_what_the_library_measures(page: Any) -> None:
    cases = [{"state": {**SMALL, "seed": seed}} for seed in range(3)]
    found = nw.ensemble(
        "conv(6) * 3", NAMES, seeds=3, raster=nw.Raster(64, 64, nw.Plane(0.1, -0.2, 1.5, 1)), calibration=nw.Raster()
    )
    for seed, row in enumerate(asked(page, cases, side=64)):
        assert row["values"] == [found.values(name)[seed] for name in NAMES]
        assert (row["text"], row["seed"], row["size"], row["calibration"]) == (
            "conv(6) * 3",
            seed,
            [64, 64],
            [600, 400],
        )
        assert {key: row[key] for key in FRAME} == FRAME


def test_a_row_is_what_the_panel_shows(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    shown = page.measured(pane=0, **FRAME, show="layer:2:channel:1")
    names = list(shown)
    (row,) = asked(page, [{"state": {**SMALL, "show": "layer:2:channel:1"}}], names=names)
    assert dict(zip(names, row["values"], strict=True)) == {name: one["value"] for name, one in shown.items()}


def test_a_layer_is_measured_by_all_its_channels(page: Any) -> None:
    field = nw.Network.draw(nw.parse("conv(6) * 3"), 5).calibrate()
    raster = nw.Raster(128, 128, nw.Plane(0.1, -0.2, 1.5, 1))
    rows = asked(page, [{"state": SMALL, "layer": layer} for layer in (1, 2, 3, 0)])
    fields = [field.after(1), field.after(2), field.after(3), field]
    for row, one in zip(rows, fields, strict=True):
        found = nw.measure(one, NAMES, raster=raster)
        assert row["values"] == [found[name].value for name in NAMES]


def test_a_case_that_cannot_be_drawn_says_why_and_the_others_come(page: Any) -> None:
    cases: list[dict[str, Any]] = [
        {"state": {**SMALL, "arch": "conv(1000) * 40"}},
        {"state": {**SMALL, "arch": "foo"}},
        {"state": SMALL, "layer": 4},
        {"state": {**SMALL, "show": "layer:2:channel:6"}},
        {"state": {**SMALL, "act": "sin"}},
    ]
    rows = asked(page, cases)
    said = [row["reasons"][0] for row in rows[:4]]
    assert [row["values"] for row in rows[:4]] == [[None] * 3] * 4
    assert "at most 20,000" in said[0]
    assert "unknown name 'foo'" in said[1]
    assert said[2:] == [
        "case layer=4: the network has the layers 1 to 3",
        "show=layer:2:channel:6: layer 2 has the channels 0 to 5",
    ]
    # of what has no cells one measure is absent alone
    assert [one is None for one in rows[4]["values"]] == [False, False, True]
    assert rows[4]["reasons"][:2] == ["", ""]
    assert rows[4]["reasons"][2] != ""


def test_networks_are_drawn_once_for_several_measures(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    real = opening.calibrate
    monkeypatch.setattr(opening, "calibrate", lambda *given, **more: drawn.append(1) or real(*given, **more))
    cases = [{"state": {**SMALL, "seed": 100 + seed}} for seed in range(4)]
    asked(page, cases, names=["holes"])
    asked(page, cases, names=["components"])
    assert len(drawn) == 4


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    drawings = Drawings()
    cancel = Cancellation("later", 60.0)
    for seed in range(5):
        drawings.get(Pane(arch="conv(2)", seed=seed), Files(), cancel)
    assert len(drawings.kept) == 3
    monkeypatch.setattr(module, "KEPT_BYTES", 1)
    drawings.get(Pane(arch="conv(2)", seed=9), Files(), cancel)
    assert len(drawings.kept) == 1


def test_an_answer_has_as_many_cases_as_there_was_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [MeasuredNetwork(Pane(arch="conv(2)", seed=seed)) for seed in range(5)]
    cancel = Cancellation("later", 60.0)
    given: dict[str, Any] = {"files": Files(), "drawings": Drawings(), "side": 32}
    monkeypatch.setattr(module, "TURN", 0.0)
    assert len(evidence(cases, ["holes"], Plane(), cancel, **given)["rows"]) == 1
    monkeypatch.setattr(module, "TURN", 600.0)
    assert len(evidence(cases, ["holes"], Plane(), cancel, **given)["rows"]) == 5
    assert evidence([], ["holes"], Plane(), cancel, **given)["rows"] == []


def test_cases_that_are_computed_together_are_those_of_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [MeasuredNetwork(Pane(arch="conv(5) * 3", seed=seed % 5)) for seed in range(7)]
    monkeypatch.setattr(module, "TURN", 600.0)
    threads = set()
    real = module.calibrated_field
    monkeypatch.setattr(module, "calibrated_field", lambda *given: threads.add(get_ident()) or real(*given))

    def rows(share: int) -> list[Any]:
        threads.clear()
        cancel = Cancellation("later", 60.0, lambda: share)
        given: dict[str, Any] = {"files": Files(), "drawings": Drawings(), "side": 32}
        return evidence(cases, NAMES, Plane(), cancel, **given)["rows"]

    one = rows(1)
    assert threads == {get_ident()}
    assert rows(3) == one
    assert len(threads) > 1
    assert get_ident() not in threads


def test_what_one_of_several_raises_ends_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any) -> Any:
        raise Stopped

    monkeypatch.setattr(module, "calibrated_field", stopped)
    cases = [MeasuredNetwork(Pane(arch="conv(2)", seed=seed)) for seed in range(5)]
    cancel = Cancellation("later", 60.0, lambda: 2)
    with pytest.raises(Stopped):
        evidence(cases, NAMES, Plane(), cancel, files=Files(), drawings=Drawings(), side=32)


def test_asking_for_nothing_stops_what_is_under_way(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any, progress: Any, **__: Any) -> Any:
        while True:
            time.sleep(0.01)
            progress()

    monkeypatch.setattr(opening, "calibrate", slow)
    number = page.send("evidence", **FRAME, cases=[{"state": SMALL | {"seed": 77}}], names=["holes"])
    time.sleep(0.2)
    assert page.ask("evidence", **FRAME, cases=[], names=["holes"])["rows"] == []
    assert page.hear(number)["kind"] == "stale"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"cases": [{"state": SMALL}], "names": ["hole"]}, 'did you mean "holes"?'),
        ({"cases": [{}]}, "state is missing"),
        ({"cases": [{"state": SMALL, "layer": -1}]}, "case layer"),
        ({"cases": [{"state": {"sed": 3}}]}, "has no key 'sed'"),
        ({"cases": [{"state": SMALL}], "side": 4096}, "side"),
        ({"cases": "all"}, "cases"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_in_a_line(page: Any, body: dict[str, Any], said: str) -> None:
    answer = page.ask("evidence", **HOME, **body)
    assert answer["kind"] == "error"
    assert said in answer["message"]


def test_a_picture_comes_before_the_rest_of_the_cases(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    number = page.send(
        "evidence", **FRAME, cases=[{"state": {**SMALL, "seed": 500 + n}} for n in range(200)], names=["regions"]
    )
    picture = page.ask("view", pane=0, **HOME, columns=60, rows=40)
    assert picture["kind"] == "pixels"
    assert len(page.hear(number)["rows"]) < 200
