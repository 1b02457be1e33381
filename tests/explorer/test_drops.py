"""What is taken away and brought back: every form of a state draws the same picture, and nothing else is read."""

import io
import json
import shlex
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.errors import InputError
from netwarp.explorer.address import to_address
from netwarp.explorer.pasted import page_of, page_of_text
from netwarp.explorer.reading import Files, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.network.source import Graph

PANES = {
    "plain": Pane(arch="conv(6) * 3", seed=4),
    "options": Pane(arch="conv(6) * 3", act="tanh", norm="none", init="normal(2)", out_act="sin", seed=-3),
    "placed": Pane(arch="conv(6) * 3", x="0.1", y="-0.2", w="0.25", h="0.125", colour="rgb"),
    "deep": Pane(arch="conv(6) * 3", x="0.12345678901234567890123456789", w="1e-25", h="1e-25", tone="view"),
    "fitted": Pane(arch="conv(6) * 3", w="0.3", tone="view"),
    "one": Pane(arch="conv(6) * 3", out=1, colour="magma"),
    "layer": Pane(arch="conv(6) * 3", show="layer:2:channel:3", colour="viridis"),
}


@pytest.mark.parametrize("pane", PANES.values(), ids=PANES)
def test_every_form_that_is_copied_can_be_pasted(pane: Pane) -> None:
    files = Files()
    pane = read(pane, files)[1]
    page = Page((pane,))
    found = share(page, files)
    for form in ("address", "json", "python", "cli"):
        text = str(found[form])
        back = page_of_text("?" + text if form == "address" else text, files)
        again = replace(back.panes[0], x=pane.x, y=pane.y, w=pane.w, h=pane.h)
        assert again == pane, form
        for key in ("x", "y", "w", "h"):
            assert float(getattr(back.panes[0], key)) == pytest.approx(float(getattr(pane, key)), rel=1e-14)
    assert page_of_text(f"http://127.0.0.1:8047/?{found['address']}", files) == page
    if pane.x == PANES["deep"].x:
        assert page_of_text(str(found["cli"]), files).panes[0].x == pane.x


@pytest.mark.parametrize("shown", [("options", "layer"), ("fitted", "one", "placed", "layer")])
def test_pictures_side_by_side_are_copied_and_pasted_together(shown: tuple[str, ...]) -> None:
    files = Files()
    page = Page(tuple(read(PANES[name], files)[1] for name in shown))
    found = share(page, files)
    assert len(str(found["cli"]).splitlines()) == len(shown)
    for form in ("python", "cli"):
        back = page_of_text(str(found[form]), files)
        again = [
            replace(one, x=pane.x, y=pane.y, w=pane.w, h=pane.h)
            for one, pane in zip(back.panes, page.panes, strict=True)
        ]
        assert tuple(again) == page.panes, form


@pytest.mark.parametrize("name", ["options", "placed", "deep", "fitted", "layer"])
def test_the_script_and_the_command_draw_what_is_downloaded(server: Any, tmp_path: Path, name: str) -> None:
    files = Files()
    page = Page((PANES[name],))
    found = share(page, files)
    made = server.request("GET", f"/download/png?columns=600&rows=400&{to_address(page)}")
    assert made.status == 200, made.data
    wanted = np.asarray(Image.open(io.BytesIO(made.data)))
    # the way its own reader goes, in this process: `exec` of what was written here
    code = compile(str(found["python"]).replace('.save("', f'.save("{tmp_path}/'), "shared", "exec")
    exec(code, {})
    (file,) = tmp_path.glob("*.png")
    assert np.array_equal(np.asarray(Image.open(file)), wanted)
    file.unlink()
    if name != "layer":
        from netwarp.cli.main import status_of

        words = shlex.split(str(found["cli"]))
        words[-1] = str(tmp_path / "drawn.png")
        assert status_of(words[1:]) == 0
        assert np.array_equal(np.asarray(Image.open(tmp_path / "drawn.png")), wanted)
        assert page_of(made.data, files).panes[0].arch == page.panes[0].arch


@pytest.mark.parametrize("arch", ["folding(4, 4)", "sawtooth(6)"])
@pytest.mark.parametrize("view", [("0", "0", "1"), ("0.5", "0.5", "1"), ("0.125", "-0.25", "0.5")])
def test_a_network_of_a_formula_comes_back_by_its_name(arch: str, view: tuple[str, str, str]) -> None:
    files = Files()
    x, y, w = view
    # one output is shown through a map
    colour = "viridis" if arch.startswith("sawtooth") else "lab"
    page = Page((Pane(arch=arch, x=x, y=y, w=w, h=w, colour=colour),))
    found = share(page, files)
    for form in ("address", "json", "python"):
        text = str(found[form])
        assert page_of_text("?" + text if form == "address" else text, files) == page, form
    # the command leaves out the plane that is the network's own
    assert page_of_text(str(found["cli"]), files).panes[0].arch == arch


def test_a_hidden_channels_picture_carries_its_recipe(server: Any, tmp_path: Path) -> None:
    pane = PANES["layer"]
    made = server.request("GET", f"/download/png?columns=90&rows=60&{to_address(Page((pane,)))}")
    back = page_of(made.data, Files()).panes[0]
    assert (back.arch, back.seed, back.show, back.colour) == (pane.arch, pane.seed, pane.show, pane.colour)
    (tmp_path / "channel.png").write_bytes(made.data)
    from netwarp.cli.main import status_of

    assert status_of(["draw", str(tmp_path / "channel.png"), "-o", str(tmp_path / "again.png")]) == 0
    assert np.array_equal(
        np.asarray(Image.open(tmp_path / "again.png")), np.asarray(Image.open(tmp_path / "channel.png"))
    )
    # of another seed and place the same channel, through the same map
    words = ["draw", str(tmp_path / "channel.png"), "--seed", "9", "--plane=-.2,.2,-.1,.1", "--size", "30x20"]
    assert status_of([*words, "-o", str(tmp_path / "other.png")]) == 0
    field = nw.Network.draw(nw.parse(pane.arch), 9).calibrate().after(2)
    tone = nw.Tone.fit(field.sample(), "viridis", channel=3)
    raster = nw.Raster(30, 20, nw.Plane.between(-0.2, 0.2, -0.1, 0.1))
    wanted = nw.paint(field.sample(raster), tone).pixels
    assert np.array_equal(np.asarray(Image.open(tmp_path / "other.png")), wanted)


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_what_else_is_downloaded_comes_back_too(server: Any, kind: str) -> None:
    pane = Pane(arch="conv(6) * 3", act="abs", seed=4, x="0.1", y="-0.25", w="0.5", h="0.25")
    made = server.request("GET", f"/download/{kind}?columns=90&rows=60&{to_address(Page((pane,)))}")
    assert made.status == 200
    back = json.loads(server.request("POST", "/drop", made.data).data)["panes"][0]
    assert {key: back[key] for key in ("arch", "act", "seed", "x", "y")} == {
        key: getattr(pane, key) for key in ("arch", "act", "seed", "x", "y")
    }
    assert float(back["w"]) == 0.5


def test_a_pictures_recipe_is_a_state(server: Any, tmp_path: Path) -> None:
    plane = nw.Plane(0.1, "0.1234567890123456789", 0.5, 0.25)
    architecture = nw.parse("conv(6) * 2", act="sin")
    field = nw.Network.draw(architecture, 3).calibrate()
    raster = nw.Raster(30, 20, plane)
    tone = nw.Tone.fit(field.sample())
    recipe = nw.Recipe(str(architecture), 3, raster, field.raster, tone)
    nw.paint(field.sample(raster), tone, recipe=recipe).save(tmp_path / "old.png")
    found = server.request("POST", "/drop", (tmp_path / "old.png").read_bytes())
    (pane,) = json.loads(found.data)["panes"]
    assert {key: pane[key] for key in ("arch", "act", "seed", "x", "y", "w", "h", "tone")} == {
        "arch": "conv(6) * 2",
        "act": "sin",
        "seed": 3,
        "x": "0.1",
        "y": "0.1234567890123456789",
        "w": "0.5",
        "h": "0.25",
        "tone": "whole",
    }
    assert page_of(recipe.to_json().encode(), Files()).panes[0].to_data() == pane
    # what version 0.1 called lab keeps its colours
    old = recipe.to_data()
    old["tone"] = {key: value for key, value in tone.to_data().items() if key not in ("tone", "compressed")}
    assert pane["colour"] == "lab"
    assert page_of(json.dumps(old).encode(), Files()).panes[0].colour == "lab-clipped"
    other = replace(recipe, calibration=nw.Raster(300, 200))
    with pytest.raises(InputError, match="300x200"):
        page_of(other.to_json().encode(), Files())


def test_a_picture_of_a_network_that_was_made_is_shown_by_its_weights(server: Any, tmp_path: Path) -> None:
    film = nw.film("conv(6) * 2", "seed", 1, 2, frames=3, size=(30, 20))
    film.frame(1).save(tmp_path / "half.png")
    assert nw.Recipe.read(tmp_path / "half.png").made is not None
    found = server.request("POST", "/drop", (tmp_path / "half.png").read_bytes())
    (pane,) = json.loads(found.data)["panes"]
    assert pane["arch"].startswith("npz:")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.gif", "film.webp", "poster.tif", "poster.exr"])
def test_films_and_posters_are_pictures_too(server: Any, tmp_path: Path, name: str) -> None:
    if name.startswith("film"):
        nw.film("conv(6) * 2", "seed", 5, 6, frames=3, size=(60, 40)).save(tmp_path / name)
    else:
        nw.poster("conv(6) * 2", tmp_path / name, seed=5, size=(60, 40))
    data = (tmp_path / name).read_bytes()
    (pane,) = json.loads(server.request("POST", "/drop", data, X_File_Name=name).data)["panes"]
    assert (pane["arch"], pane["seed"], pane["colour"]) == ("conv(6) * 2", 5, "lab")
    # cut anywhere it is one line
    for end in (13, 40, len(data) // 2):
        found = server.request("POST", "/drop", data[:end], X_File_Name=name)
        if found.status != 200:
            assert "\n" not in json.loads(found.data)["message"]


GRAPH = nw.Network(Graph(nw.Network.draw(nw.parse("residual(conv(2)) >> conv(3)"), 1).calibrate().program))


@pytest.mark.slow
@pytest.mark.parametrize(("network", "in_the_page"), [(nw.Network.folding(2, 4), False), (GRAPH, True)])
def test_weights_that_are_dropped_are_shown_and_given_back(server: Any, network: nw.Network, in_the_page: bool) -> None:
    stream = io.BytesIO()
    network.save(stream)
    dropped = server.request("POST", "/drop", stream.getvalue(), X_File_Name="my%20folds.npz")
    (pane,) = json.loads(dropped.data)["panes"]
    assert pane["arch"].startswith("npz:")
    with server.page() as page:
        field = page.ask("open", pane=0, state=pane)
        assert field["kind"] == "field"
        assert field["text"] == "myfolds"
        assert (field["gpu"] is not None) == in_the_page, "float32 numbers are all a graphics card needs"
        at = page.ask("at", pane=0, x="0.3", y="0.4")["values"]
        assert at == network.calibrate().at([[0.3, 0.4]])[0].tolist()
    back = server.request("GET", f"/download/npz?arch={quote(pane['arch'])}")
    again = nw.Network.load(io.BytesIO(back.data))
    assert all(np.array_equal(again.parameters[name], array) for name, array in network.parameters.items())
    picture = server.request("GET", f"/download/png?columns=30&rows=20&arch={quote(pane['arch'])}")
    (redrawn,) = json.loads(server.request("POST", "/drop", picture.data).data)["panes"]
    assert redrawn["arch"] == pane["arch"], "the weights travel in the picture"


def test_downloads(server: Any) -> None:
    address = to_address(Page((Pane(arch="conv(4) * 2", seed=2), Pane(arch="conv(5)", seed=2))))
    png = server.request("GET", f"/download/png?pane=1&columns=90&rows=60&{address}")
    assert png.headers["Content-Disposition"] == 'attachment; filename="conv5-2.png"'
    assert Image.open(io.BytesIO(png.data)).size == (90, 60)
    svg = server.request("GET", f"/download/svg?{address}")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert b"activation regions" in svg.data
    html = server.request("GET", f"/download/html?{address}")
    assert html.status == 200
    assert html.data.startswith(b"<!doctype html>") or html.data.startswith(b"<!DOCTYPE html>")
    network = nw.Network.load(io.BytesIO(server.request("GET", f"/download/npz?{address}").data))
    assert str(network.architecture) == "conv(4) * 2"
    data = json.loads(server.request("GET", f"/download/json?{address}").data)
    assert Page.from_data(data) == page_of(json.dumps(data).encode(), Files())
    state = quote(address)
    assert (
        server.request("GET", f"/download/json?state={state}").data
        == server.request("GET", f"/download/json?{address}").data
    )


@pytest.mark.parametrize(
    ("path", "needle"),
    [
        ("exe", "must be png"),
        ("png?columns=0", "columns"),
        ("png?columns=99999999999", "columns"),
        ("png?columns=999999&rows=999999", "pixels"),
        ("png?pane=3", "panes 0 to 0"),
        ("png?evil=1", "no key"),
        ("png?arch=conv(10", "never closed"),
        ("png?w=1e-300", "1e-240"),
        ("svg?act=tanh", "tanh"),
        ("png?arch=conv(800)*5", "at most"),
    ],
)
def test_bad_downloads_are_one_line(server: Any, path: str, needle: str) -> None:
    found = server.request("GET", f"/download/{path}")
    assert found.status in (400, 413)
    message = json.loads(found.data)["message"]
    assert needle in message
    assert "\n" not in message


def bomb() -> bytes:
    """An npz of a kilobyte whose array would take 200 MB."""
    stream = io.BytesIO()
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (25_000_000,)})
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("W0.npy", "w") as one,
    ):
        one.write(header.getvalue())
        for _ in range(200):
            one.write(bytes(1_000_000))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "needle"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "cut short"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "cut short"),
        (b"PK\x03\x04 nothing", "npz"),
        (b"\xff\xfe\x00", "of no kind that is known"),
        (b'{"panes": [{"seed": NaN}]}', "NaN"),
        (b'{"panes": ' + b"[" * 50_000, "nested"),
        (b"netwarp draw ../secret.png", "drop the file"),
        (b"netwarp draw 'conv(3)' --samples x.npy --evil", "--evil"),
        (b"python -c 'import os; os.system(1)'", "calls no parse"),
        (b"import netwarp as nw\nnw.parse(open('/etc/passwd').read())", "needs a text"),
        (b"import netwarp as nw\nnw.parse('conv(3)', evil=1)", "evil"),
        (b"import netwarp as nw\nnw.Network.load('x.npz')", "drop its NPZ"),
        (b"<script>alert(1)</script>", "architecture"),
        (b"conv(3) >> __import__('os')", "architecture"),
        (b"a" * 100_000, "characters"),
    ],
)
def test_hostile_drops_are_one_line(server: Any, data: bytes, needle: str) -> None:
    found = server.request("POST", "/drop", data)
    assert found.status in (400, 413)
    message = json.loads(found.data)["message"]
    assert needle in message, message
    assert "\n" not in message
    assert len(message) < 400


@pytest.mark.slow
def test_large_drops_are_refused_before_they_are_kept(server: Any) -> None:
    assert server.request("POST", "/drop", b"x" * (2 << 20) + b"y").status == 413
    found = server.request("POST", "/drop", bomb())
    assert found.status == 413
    assert "MiB" in json.loads(found.data)["message"]


@pytest.mark.slow
def test_a_shared_command_runs_in_a_shell(tmp_path: Path) -> None:
    """Of a hidden channel there is no `netwarp draw`: the line is Python's."""
    line = str(share(Page((PANES["layer"],)), Files())["cli"])
    words = shlex.split(line)
    assert words[:2] == ["python", "-c"]
    done = subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.png"))) == 1
