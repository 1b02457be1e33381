"""A model with a data set beside it: the shared command and script draw the points, names and axes that are seen."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.explorer.downloads import download
from netwarp.explorer.opening import described, open_pane
from netwarp.explorer.reading import Files, pane_of_subject, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page
from netwarp.explorer.work import Cancellation
from netwarp.models.files import Completion
from netwarp.models.sliced import first_slice
from netwarp.orders.subject import read_subject

RANDOM = np.random.RandomState(8)
COLUMNS = ("alcohol", "ash", "hue", "proline")
KINDS = np.array(["barbera", "barolo", "grignolino"])
BY_HAND = "Slice((0, 1, 0, 1), (1, 0, 0, 0), (0, 0, 1, 0))"
Take = Callable[..., tuple[Page, Files]]


def cancel() -> Cancellation:
    return Cancellation("later", 60)


def pixels(file: Any) -> np.ndarray:
    return np.asarray(Image.open(file).convert("RGB"))


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Take:
    """The page of a model of `inputs` numbers and 3 classes beside wine.csv, a row a bottle and its kind last."""
    monkeypatch.chdir(tmp_path)

    def taken(inputs: int = 4, kinds: int = 3, label: str = "kind", name: str = "", **shown: Any) -> tuple[Page, Files]:
        random = np.random.RandomState(3)
        first = random.randn(9, inputs)
        np.savez("net.npz", W0=first, b0=random.randn(9), W1=random.randn(3, 9))
        rows = random.randn(40, inputs) + np.arange(inputs)
        named = [
            ",".join((*COLUMNS[:inputs], "kind")),
            *(",".join((*map(repr, row.tolist()), KINDS[n % kinds])) for n, row in enumerate(rows)),
        ]
        Path("wine.csv").write_text("\n".join(named))
        data = nw.read_data("wine.csv", label=label)
        files = Files(data=data)
        completion = Completion(data=data, first=lambda shape: first_slice(shape, data))
        pane = pane_of_subject(read_subject("net.npz", completion), files, None)
        return Page((read(replace(pane, **shown), files)[1],)), files

    return taken


VIEWS: dict[str, dict[str, Any]] = {
    "first plane": {"show": "classes"},
    "median": {"show": "margin", "slice": "features('hue', 0, at=median)"},
    "by hand": {"show": "classes", "slice": "features(0, 2, at=(0, 1, 0, 1))"},
    "numbers": {"show": "classes", "slice": BY_HAND},
    "rows": {"show": "classes", "slice": "through(0, median, 9)"},
    "around": {"show": "margin", "slice": "around(3, radius=2, seed=5)"},
    "no points": {"show": "classes", "points": False},
    "no points by hand": {
        "show": "classes",
        "points": False,
        "slice": "Slice((0, 1, 0, 1), (1, 0, 0, 0), (0, 0, 1, 0))",
    },
    "no marks": {"show": "classes", "marks": False, "slice": "through(0, 7, 9)"},
    "two inputs": {"show": "classes", "inputs": 2},
    "two inputs, no points": {"show": "margin", "inputs": 2, "points": False},
    "two kinds": {"show": "classes", "kinds": 2},
    "output": {},
    "output by rows": {"slice": "through(0, 7, 9)", "grows": "down"},
    "output without marks": {"slice": "through(0, 7, 9)", "marks": False, "tone": "view"},
    "layer": {"show": "layer:1:channel:2"},
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_what_is_shared_beside_data_draws_what_is_seen(take: Take, view: dict[str, Any]) -> None:
    page, files = take(**view)
    wanted = pixels(io.BytesIO(download(page, 0, "png", (600, 400), files, cancel())))
    found = share(page, files)
    words = shlex.split(found["cli"])
    exec(compile(found["python"], "shared", "exec"), {})
    np.testing.assert_array_equal(pixels("net.png"), wanted)
    Path("net.png").unlink()
    if words[0] == "python":
        exec(compile(words[-1], "shared", "exec"), {})
    else:
        assert status_of(words[1:]) == 0
    np.testing.assert_array_equal(pixels("net.png"), wanted)


def test_the_command_names_the_data_where_it_can(take: Take) -> None:
    page, files = take(show="classes")
    words = shlex.split(share(page, files)["cli"])
    assert words[:3] == ["netwarp", "decision", "net.npz"]
    assert [words[words.index(name) + 1] for name in ("--slice", "--data", "--label")] == [
        page.panes[0].slice,
        "wine.csv",
        "kind",
    ]
    script = share(page, files)["python"]
    assert 'data = nw.read_data("wine.csv", label="kind")' in script
    assert "nw.features(" in script
    assert "X=data.X, y=data.y" in script


def test_two_inputs_are_called_as_the_data_call_them(take: Take) -> None:
    page, files = take(inputs=2, show="classes")
    (pane,) = page.panes
    opened = open_pane(pane, files, cancel())
    assert described(opened, opened.pane, cancel())["axes"] == ["alcohol", "ash"]
    svg = download(page, 0, "svg", (600, 400), files, cancel()).decode()
    assert ">alcohol</text>" in svg
    page, files = take(show="classes", slice="features(0, 2, at=median)")
    opened = open_pane(page.panes[0], files, cancel())
    assert described(opened, opened.pane, cancel())["axes"] == ["alcohol", "hue"]


def test_data_of_no_file_leave_their_names_of_classes(take: Take) -> None:
    page, files = take(show="classes", points=False, slice=BY_HAND)
    assert files.data is not None
    files.data = replace(files.data, file="")
    words = shlex.split(share(page, files)["cli"])
    assert words[words.index("--classes") + 1] == "barbera,barolo,grignolino"
    assert "--data" not in words


def test_every_model_that_is_compared_is_shared(take: Take) -> None:
    """One command a line and one script draw both pictures, each as it is seen."""
    page, files = take(show="classes", slice="features('ash', 'hue', at=mean)")
    (pane,) = page.panes
    random = np.random.RandomState(9)
    np.savez("other.npz", W0=random.randn(7, 4), b0=random.randn(7), W1=random.randn(3, 7))
    completion = Completion(data=files.data, first=lambda shape: first_slice(shape, files.data))
    arch = pane_of_subject(read_subject("other.npz", completion), files, None).arch
    page = Page((pane, read(replace(pane, arch=arch), files)[1]))
    wanted = [pixels(io.BytesIO(download(page, n, "png", (600, 400), files, cancel()))) for n in (0, 1)]
    assert not np.array_equal(*wanted)
    found = share(page, files)
    names = ("net-a.png", "other-b.png")
    exec(compile(found["python"], "shared", "exec"), {})
    for name, one in zip(names, wanted, strict=True):
        np.testing.assert_array_equal(pixels(name), one)
        Path(name).unlink()
    lines = found["cli"].splitlines()
    assert len(lines) == 2
    for line, name, one in zip(lines, names, wanted, strict=True):
        assert status_of(shlex.split(line)[1:]) == 0
        np.testing.assert_array_equal(pixels(name), one)
