"""The page that needs no server, opened from the disk: it draws what the library draws, and asks nobody anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.explorer.seeds import number_of, seed_of
from netwarp.fields.calibration import calibrate
from netwarp.films.film import film
from netwarp.measures.measure import measure
from netwarp.measures.measurements import number
from netwarp.measures.spectra import mean_frequency
from netwarp.network.network import Network
from netwarp.orders.drawing import draw
from netwarp.pages.site import site
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster
from netwarp.posters.poster import poster
from tests.browser.desk import ready, until
from tests.browser.pixels import picture

Visit = Callable[..., Any]
# architecture, seed, what else the address says
DRAWN = (
    ("conv(10) * 10", 9, {}),
    ("conv(100)", 3, {"colour": "lab-clipped"}),
    ("conv(8) * 3", -5, {"act": "tanh", "colour": "rgb", "x": "0.1", "y": "-0.2", "w": "0.3", "h": "0.3"}),
    ("residual(conv(6) * 2) * 2", 1, {"out": "1", "colour": "viridis"}),
    ("gated(conv(6)) >> maxout(5, 3)", 2, {"inputs": "x y r", "out": "1", "colour": "gray"}),
    ("conv(8) * 3", 4, {"colour": "oklab"}),
    ("conv(8) * 3", 5, {"colour": "oklch"}),
    ("conv(8) * 3", 6, {"colour": "hsv"}),
    ("conv(8) * 3", 7, {"colour": "duotone"}),
    ("conv(8) * 3", 8, {"colour": "palette(#102030,#c04060,#fe8)"}),
    ("dense(conv(4)) * 3", 12345678901, {"act": "sin", "init": "orthogonal"}),
)


@pytest.fixture
def visit(offline: Any, tmp_path: Path) -> Visit:
    """Opens the page at an address and waits until its picture is final."""
    site(tmp_path)
    offline.set_default_timeout(60_000)

    def open_page(query: dict[str, Any], name: str = "netwarp.html") -> Any:
        offline.goto((tmp_path / name).as_uri() + (f"?{urlencode(query)}" if query else ""))
        ready(offline)
        return offline

    return open_page


def painted(text: str, seed: int, asked: dict[str, str], raster: Raster) -> np.ndarray:
    """The library's picture, its numbers in float64 as the page's."""
    options = {key: asked[key] for key in ("act", "init", "inputs") if key in asked}
    architecture = parse(text, out=int(asked.get("out", 3)), **options)
    field = calibrate(Network.draw(architecture, seed), Raster())
    tone = Tone.fit(field.sample(Raster(), dtype="float64"), asked.get("colour", "lab"))
    return paint(field.sample(raster, dtype="float64"), tone).pixels


@pytest.mark.parametrize(("text", "seed", "asked"), DRAWN)
def test_pictures(visit: Visit, text: str, seed: int, asked: dict[str, str]) -> None:
    page = visit({"arch": text, "seed": seed, **asked})
    pixels, plane = picture(page)
    assert pixels.shape[0] > 200
    assert pixels.shape[1] > 400
    wanted = painted(text, seed, asked, Raster(pixels.shape[1], pixels.shape[0], plane))
    assert int(np.abs(pixels.astype(int) - wanted).max()) <= 1
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() > 40


@pytest.mark.parametrize(
    ("seed", "inputs"),
    [
        ("rose", "x y"),
        (str(2**200 + 1), "wallpaper(p4g)"),
        ("7", "x*x sin(3*x+y) gauss(r)"),
        ("-5", "dihedral(5) z(2)"),
    ],
)
def test_words_and_large_numbers_are_seeds(visit: Visit, seed: str, inputs: str) -> None:
    page = visit({"v": 2, "arch": "conv(6) * 3", "seed": seed, "inputs": inputs})
    pixels, plane = picture(page)
    wanted = painted("conv(6) * 3", number_of(seed_of(seed)), {"inputs": inputs}, Raster(*pixels.shape[1::-1], plane))
    assert int(np.abs(pixels.astype(int) - wanted).max()) <= 1
    assert page.input_value("#seed") == seed
    assert f"seed={seed}" in page.url


def test_numbers(visit: Visit) -> None:
    found = visit({"arch": "conv(3)"}, "index.html").evaluate("netwarp.fold('conv(5) * 2', 7)")
    program = calibrate(Network.draw(parse("conv(5) * 2"), 7), Raster()).program
    assert [one["kind"] for one in found["operations"]] == [type(one).__name__.lower() for one in program.operations]
    for one, wanted in zip(found["operations"], program.operations, strict=True):
        if one["kind"] == "conv":
            weight = np.array(one["weight"])
            assert np.array_equal(weight, np.ravel(wanted.weight))


def test_errors_at_their_place(visit: Visit) -> None:
    page = visit({"arch": "conv(10) * 2"})
    before, _ = picture(page)
    page.fill("#arch", "conv(10) * 2 >> cnov(3)")
    until(page, "document.getElementById('arch-error').textContent !== ''")
    lines = page.text_content("#arch-error").split("\n")
    assert lines[0] == "conv(10) * 2 >> cnov(3)"
    assert lines[1] == " " * 16 + "^^^^"
    assert 'did you mean "conv"?' in lines[2]
    page.fill("#arch", "folding(2)")
    until(page, "document.getElementById('arch-error').textContent.includes('no network of layers')")
    ready(page)
    assert np.array_equal(picture(page)[0], before)


def test_what_it_cannot_do_is_not_there(visit: Visit) -> None:
    page = visit({"arch": "conv(8) * 2"})
    assert page.locator("#alone").is_visible()
    assert page.text_content("#precision") == "float64, this page"


def test_measures_are_the_librarys(visit: Visit) -> None:
    page = visit({"arch": "conv(10) * 4", "act": "tanh", "seed": "9"})
    names = (
        "total_variation", "mean_frequency", "lz_complexity", "level_set_length", "box_dimension", "components",
        "holes",
    )  # fmt: skip
    until(page, f"document.querySelectorAll('#measures .measure .value b').length === {len(names)}")
    raster = Raster(128, 128, Plane(0, 0, 1, 1))
    field = calibrate(Network.draw(parse("conv(10) * 4", act="tanh"), 9), Raster())
    wanted = measure(field, names, raster=raster)
    for name in names:
        assert page.text_content(f"[data-measure={name}] .value b") == number(wanted[name].value), name


def test_measures_of_a_channel_are_its_own(visit: Visit) -> None:
    page = visit({"arch": "conv(10) * 4", "act": "tanh", "seed": "9", "show": "layer:2:channel:3"})
    until(page, "document.querySelector('[data-measure=mean_frequency] .value b') !== null")
    assert page.text_content("#measured").startswith("of layer 2, unit 4 of 10, in the frame")
    field = calibrate(Network.draw(parse("conv(10) * 4", act="tanh"), 9), Raster()).after(2)
    image = field.sample(Raster(128, 128, Plane(0, 0, 1, 1)), dtype="float64")[3]
    wanted = mean_frequency((image - image.mean()) / image.std())
    assert page.text_content("[data-measure=mean_frequency] .value b") == number(wanted)


def test_where_rounding_puts_the_values_off_it_is_said(visit: Visit) -> None:
    asked = {"arch": "conv(10) * 60", "act": "sin", "norm": "spatial(scale=6, shift=normal(2))", "seed": "3"}
    page = visit(asked)
    page.locator("figcaption .rounding").wait_for()
    said = page.text_content("figcaption .rounding")
    assert said.startswith("rounding: off by about ")
    assert said.endswith("what is shown is not its function")


def test_a_surprise_is_a_picture(visit: Visit) -> None:
    page = visit({"arch": "conv(4)"})
    page.click("#surprise")
    until(page, "!location.search.includes('arch=conv%284%29&')")
    ready(page)
    assert picture(page)[0].std() > 0


def test_sliders_gallery_and_comparison(visit: Visit) -> None:
    page = visit({})
    page.locator("#gallery .card").first.wait_for()
    assert page.locator("#gallery .card").count() >= 10
    page.locator("#gallery .card", has_text="Units that are on or off").click()
    ready(page)
    assert "act=step" in page.url
    page.locator("#depth").fill("2")
    ready(page)
    assert "conv%2812%29+*+2" in page.url
    page.click("[data-compare='2']")
    ready(page)
    one, other = picture(page, 0)[0], picture(page, 1)[0]
    assert one.shape == other.shape
    assert not np.array_equal(one, other)


def test_zoom_beyond_float64(visit: Visit) -> None:
    deep = {"x": "0.0123456789012345678901", "y": "0.02", "w": "1e-18", "h": "1e-18", "tone": "view"}
    page = visit({"arch": "conv(8) * 2", "act": "tanh", **deep})
    assert "GPU" in page.text_content("#precision")
    assert np.ptp(picture(page)[0].reshape(-1, 3), axis=0).max() > 40


def test_pasted(visit: Visit) -> None:
    page = visit({"arch": "conv(8) * 2", "seed": "4"})
    page.click("#open-share")
    address = page.input_value("#form-address")
    assert address.startswith("file:")
    until(page, "document.getElementById('form-cli').value.startsWith('netwarp draw')")
    assert (
        page.input_value("#form-cli")
        == "netwarp draw 'conv(8) * 2' --seed 4 --plane -0.5,0.5,-0.5,0.5 -o conv8x2-4.png"
    )
    for text, seed in ((address.replace("seed=4", "seed=5"), "5"), ("conv(4) * 3", "9")):
        page.fill("#paste", text)
        page.click("#share button:has-text('Show it')")
        until(page, f"document.getElementById('seed').value === '{seed}'")
        ready(page)
        page.click("#open-share")


def test_pictures_and_films_are_taken_back(visit: Visit, tmp_path: Path) -> None:
    """What netwarp wrote, of every kind, shows its network; of what it cannot show one line says why."""
    raster = Raster(60, 40, Plane(0.1, -0.2, 0.6, 0.4))
    draw("conv(8) * 2", raster, seed=21, colour="rgb", y="up").picture.save(tmp_path / "a.png")
    poster("conv(8) * 2", tmp_path / "b.tif", seed=22, size=(60, 40))
    poster("conv(8) * 2", tmp_path / "c.exr", seed=23, size=(60, 40))
    for seed, ending in enumerate(("mp4", "webm", "gif", "webp", "apng"), 24):
        film("conv(8) * 2", "seed", seed, 99, frames=3, size=(60, 40)).save(tmp_path / f"d.{ending}")
    assert status_of(["regions", "conv(8) * 2", "--seed", "29", "--svg", str(tmp_path / "e.svg")]) == 0
    page = visit({"arch": "conv(3)"})
    names = ["a.png", "b.tif", "c.exr", "d.mp4", "d.webm", "d.gif", "d.webp", "d.apng", "e.svg"]
    for seed, name in enumerate(names, 21):
        page.click("#open-share")
        page.set_input_files("#file", tmp_path / name)
        until(page, f"document.getElementById('seed').value === '{seed}'")
        ready(page)
        if name == "a.png":
            state = dict(parse_qsl(urlsplit(page.url).query))
            said = {
                "arch": "conv(8) * 2",
                "x": "0.1",
                "y": "-0.2",
                "w": "0.6",
                "h": "0.4",
                "colour": "rgb",
                "grows": "up",
            }
            assert {key: state[key] for key in said} == said
    draw("conv(8) * 2", raster, seed=1, calibration=Raster(60, 40)).picture.save(tmp_path / "own.png")
    film("conv(8) * 2", "depth", frames=5, size=(60, 40)).frame(2).save(tmp_path / "between.png")
    Image.new("RGB", (20, 10)).save(tmp_path / "other.webp")
    (tmp_path / "cut.png").write_bytes((tmp_path / "a.png").read_bytes()[:300])
    refused = {
        "own.png": "statistics were taken on pixels of its own",
        "between.png": "a frame between two networks",
        "other.webp": "carries no recipe",
        "cut.png": "carries no recipe",
    }
    page.click("#open-share")
    for name, why in refused.items():
        page.set_input_files("#file", tmp_path / name)
        until(page, f"document.querySelector('#share .error').textContent.includes('{why}')")


def test_in_a_frame_without_origin(offline: Any, tmp_path: Path) -> None:
    """As learning platforms show it: no storage, no history of its own."""
    site(tmp_path)
    page = tmp_path / "lesson.html"
    page.write_text(
        '<!doctype html><iframe sandbox="allow-scripts" width="800" height="600"'
        ' src="netwarp.html?arch=conv(6)&amp;seed=3&amp;embed=1"></iframe>'
    )
    offline.goto(page.as_uri())
    frame = offline.frames[-1]
    until(frame, "'netwarp' in window")
    frame.evaluate("netwarp.ready")
    assert frame.evaluate("netwarp.pixels(0).width") > 300
    frame.press(".view", "n")
    until(frame, "document.getElementById('seed').value === '4'")
    frame.evaluate("netwarp.ready")


def test_one_file_of_bounded_size(tmp_path: Path) -> None:
    one, folder = site(tmp_path / "out")
    assert one.read_bytes() == folder.read_bytes()
    assert len(one.read_bytes()) <= 600_000
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "netwarp.html"]


@pytest.mark.parametrize("width", [760, 900, 1280])
def test_what_is_said_below_a_picture_leaves_its_size(visit: Visit, width: int) -> None:
    page = visit({"arch": "conv(3)"})
    page.set_viewport_size({"width": width, "height": 800})
    measured = "document.querySelector('#stage').getBoundingClientRect().width"
    before = page.evaluate(measured)
    page.evaluate("document.querySelector('.badges').textContent = 'no answer for 5 s, '.repeat(9)")
    assert page.evaluate(measured) == before
