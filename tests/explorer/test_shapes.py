"""The messages' declared shapes: the page's copy is current, and a running session asks and answers nothing else."""

from __future__ import annotations

import json
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from explorer.asked import HOME, SMALL
from netwarp.explorer import export, protocol
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from toolbox import is_current

POINT = {"x": "0.25", "y": "-0.125"}
SIZE = {"columns": 60, "rows": 40}
DEEP = {"x": "0.1234567890123456789012345678901", "y": "0.05", "w": "1e-20", "h": "1e-20"}
# every key that a request of a kind can have
FULL: dict[str, dict[str, Any]] = {
    "open": {"state": SMALL, "preview": True},
    "view": {**HOME, **SIZE, "contrast": "view", "show": "output", "colour": "lab", "coarse": True},
    "orbit": POINT,
    "at": {**POINT, "show": "layer:1:channel:0"},
    "measure": {**HOME, "names": ["total_variation"], "show": "output"},
    "evidence": {
        **HOME,
        "cases": [{"state": SMALL, "layer": 1}, {"state": {"arch": "foo"}}],
        "names": ["holes"],
        "side": 32,
    },
    "cells": {**HOME, "limit": 10_000},
    "cell": POINT,
    "complexity": {**HOME, "arch": "conv(8)"},
    "nearest": DEEP,
    "regions": HOME,
    "points": {},
    "agree": {**HOME, "panes": 2},
    "strip": HOME | {"size": 96},
    "unit": {"layer": 2, "channel": 3},
    "neighbours": {"columns": 90, "rows": 60},
    "children": {"states": [SMALL, {**SMALL, "bred": "9 0_1"}], "columns": 30, "rows": 20},
    "gallery": {},
    "surprise": {},
    "share": {"state": Page().to_data()},
    "parse": {"text": "vgg"},
    "estimate": {**HOME, **SIZE, "format": "npz", "show": "output", "tone": "view", "colour": "lab"},
}
KINDS = [pytest.param(kind, marks=pytest.mark.slow) if kind == "gallery" else kind for kind in protocol.EXCHANGES]


def hints(shape: Any) -> dict[str, tuple[Any, bool]]:
    """Key -> its type and whether it may be absent."""
    found = get_type_hints(shape, include_extras=True)
    return {
        key: (get_args(hint)[0], True) if get_origin(hint) is NotRequired else (hint, False)
        for key, hint in found.items()
    }


def faults(value: Any, hint: Any, at: str = "") -> list[str]:
    """What a value of a message has that its type has not, or the other way round."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return faults(value, hint.__metadata__[0], at)
    if origin is UnionType:
        each = [faults(value, one, at) for one in inner]
        return [] if [] in each else min(each, key=len)
    if origin is Literal:
        return [] if value in inner else [f"{at}: {value!r} is not of {inner}"]
    if origin in (list, tuple):
        if not isinstance(value, list):
            return [f"{at}: {value!r} is no list"]
        return [one for n, item in enumerate(value) for one in faults(item, inner[0], f"{at}[{n}]")]
    if origin is dict:
        return [] if isinstance(value, dict) else [f"{at}: {value!r} is no object"]
    if is_typeddict(hint) or hint in (Pane, Page):
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no object"]
        # of a Pane's fields any, and so of a Page's
        declared = {key: (one, absent or hint in (Pane, Page)) for key, (one, absent) in hints(hint).items()}
        found = [f"{at}.{key}: undeclared" for key in value if key not in declared]
        for key, (each_hint, absent) in declared.items():
            if key in value:
                found += faults(value[key], each_hint, f"{at}.{key}")
            elif not absent:
                found.append(f"{at}.{key}: missing")
        return found
    kinds = {float: (float, int)}.get(hint, (hint,))
    assert set(kinds) <= {str, int, float, bool, NoneType}, hint
    return [] if type(value) in kinds else [f"{at}: {value!r} is no {hint.__name__}"]


def faults_of(answer: dict[str, Any], reply: Any, mark: Any = protocol.Mark, *, payload: bool = False) -> list[str]:
    """Of a whole answer: its mark, its own keys, and whether bytes follow it."""
    marks = {key: answer[key] for key in hints(mark) if key in answer}
    own = {key: value for key, value in answer.items() if key not in marks and key != "bytes"}
    found = faults(marks, mark) + faults(own, reply)
    # the answer to "estimate" says so many bytes
    carries = isinstance(answer.get("bytes"), bytes)
    if reply is protocol.EstimateReply:
        found = faults(marks, mark) + faults({**own, "bytes": answer["bytes"]}, reply)
    return found if carries == payload else [*found, f"bytes: {carries}, declared {payload}"]


def test_the_pages_copy_is_current() -> None:
    is_current("server")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_asked_and_answered_as_declared(page: Any, kind: str) -> None:
    ask, reply, payload = protocol.EXCHANGES[kind]
    full, declared = FULL[kind], hints(ask)
    assert faults(full, ask) == []
    assert set(full) == set(declared), "the example has every key"
    for pane in (0, 1):
        page.ask("open", pane=pane, state={**SMALL, "seed": pane})
    least = {key: value for key, value in full.items() if not declared[key][1]}
    for body in (full, least):
        assert faults_of(page.ask(kind, pane=0, **body), reply, payload=bool(payload)) == []
    for key in least:
        answer = page.ask(kind, pane=0, **{name: value for name, value in full.items() if name != key})
        assert faults_of(answer, protocol.ErrorReply) == []
        assert answer["message"] == f"message {key} is missing" or f"{key} is missing" in answer["message"]


@pytest.mark.parametrize(
    ("state", "kind", "body"),
    [
        ({"arch": "conv(4, 3) * 2"}, "open", {}),
        ({"arch": "conv(6)", "out": 1, "colour": "viridis"}, "open", {}),
        ({"arch": "maxout(4, 2) >> conv(4) >> conv(4)", "inputs": "x y r", "norm": "layer"}, "open", {}),
        (SMALL, "view", {**DEEP, **SIZE, "contrast": "view"}),
        ({"arch": "conv(4, 3) * 2"}, "view", {**HOME, **SIZE}),
        (SMALL, "view", {**HOME, **SIZE, "show": "classes"}),
        ({"arch": "conv(4, 3) * 2"}, "regions", HOME),
        (SMALL, "cells", {**HOME, "limit": 1}),
        (SMALL, "nearest", HOME),
        (SMALL, "unit", {"layer": 1, "channel": 0}),
        (SMALL | {"norm": "none"}, "unit", {"layer": 1, "channel": 0}),
        ({"arch": "conv(4, 3) * 2"}, "measure", HOME),
        (SMALL, "estimate", {**SIZE, "format": "png"}),
        (SMALL, "estimate", {**SIZE, "format": "svg"}),
    ],
)
def test_other_answers_of_a_kind_are_as_declared(
    page: Any, state: dict[str, Any], kind: str, body: dict[str, Any]
) -> None:
    opened = page.ask("open", pane=2, state=state)
    assert faults_of(opened, protocol.FieldReply) == []
    if kind != "open":
        _, reply, payload = protocol.EXCHANGES[kind]
        assert faults_of(page.ask(kind, pane=2, **body), reply, payload=bool(payload)) == []


def test_refusals_and_stale_requests_are_as_declared(page: Any) -> None:
    placed = page.ask("open", pane=1, state={"act": "sin(x)"})
    assert faults_of(placed, protocol.ErrorReply) == []
    assert {"key", "position", "length"} <= set(placed)
    assert faults_of(page.ask("parse", pane=1, text="conv(10) * * 3"), protocol.ErrorReply) == []
    page.socket.send("{")
    unread = page.listen()
    assert faults_of(unread, protocol.ErrorReply, protocol.Unmarked) == []
    assert unread["id"] == -1
    page.ask("open", pane=0, state=SMALL)
    answers = [page.hear(number) for number in [page.send("measure", pane=0, **HOME) for _ in range(5)]]
    stale = [one for one in answers if one["kind"] == "stale"]
    assert stale
    assert [faults_of(one, protocol.StaleReply) for one in stale] == [[]] * len(stale)
    assert faults_of(answers[-1], protocol.MeasuresReply) == []


@pytest.mark.slow
@pytest.mark.parametrize(("arch", "shape"), [("conv(4)", export.NetworkData), ("conv(4, 3)", export.TilesData)])
def test_what_a_page_by_itself_is_given_is_as_declared(arch: str, shape: Any) -> None:
    data, _ = export.data_of_pane(Pane(arch=arch, w="0.1", h="0.1"), None, Cancellation("later", 60.0))
    assert faults(json.loads(json.dumps(data)), shape) == []


def test_a_fault_is_found() -> None:
    good = {"id": 1, "pane": 0, "kind": "strip", "size": 64, "layers": [{"name": "a", "channels": 3, "shown": 3}]}
    reply = protocol.StripReply
    assert faults_of({**good, "bytes": b""}, reply, payload=True) == []
    assert faults_of(good, reply, payload=True) == ["bytes: False, declared True"]
    wrong: dict[str, dict[str, Any]] = {
        ".extra: undeclared": {"extra": 1},
        ".size: '64' is no int": {"size": "64"},
        ".size: True is no int": {"size": True},
        ".layers[0].shown: missing": {"layers": [{"name": "a", "channels": 3}]},
        ".kind: 'stripe' is not of ('strip',)": {"kind": "stripe"},
    }
    for fault, change in wrong.items():
        assert faults_of({**good, **change}, reply) == [fault]
    assert faults_of({key: value for key, value in good.items() if key != "pane"}, reply) == [".pane: missing"]
    assert faults({"arch": "conv(1)", "sed": 1, "out": "1"}, protocol.PaneData) == [
        ".sed: undeclared",
        ".out: '1' is no int",
    ]
