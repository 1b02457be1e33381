"""What plays: every number of the panel, the autopilot, the full screen; on the served page and on the one without."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import av
import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from tests.browser.desk import FOUNDING, picture, until

SMALL = "?v=2&arch=conv(6)+*+3&seed=9"
DRAWN = "Number(document.body.dataset.drawn)"


def state(page: Any) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(page.evaluate("location.search")[1:]).items()}


def begin(either: Callable[[str], Any], query: str) -> Any:
    page = either(query)
    page.evaluate("netwarp.ready")
    return page


def play(page: Any, name: str) -> None:
    page.evaluate(f"document.querySelector('[data-plays={name}]').click()")


def playing(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-plays][aria-pressed=true]')].map((one) => one.dataset.plays)"
    )
    return found


def test_a_number_plays_and_space_leaves_it_there(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    before = page.evaluate(DRAWN)
    play(page, "depth")
    assert playing(page) == ["depth"]
    until(page, f"{DRAWN} > {before} + 3")
    play(page, "scale")
    assert playing(page) == ["scale"], "one thing at a time"
    until(page, f"{DRAWN} > {before} + 6")
    page.keyboard.press(" ")
    assert playing(page) == []
    page.evaluate("netwarp.ready")
    assert page.locator(".badge.preview").is_hidden()
    found = state(page)
    page.wait_for_timeout(500)
    assert state(page) == found, "a value that is paused stays"
    assert int(found["arch"].split("*")[1]) > 3
    assert "scale=3," not in found["norm"]
    # space goes on
    page.locator(".view").first.focus()
    page.keyboard.press(" ")
    assert playing(page) == ["scale"]
    page.mouse.click(300, 300)
    assert playing(page) == [], "any other gesture pauses"


@pytest.mark.parametrize("key", ["Enter", " "])
def test_space_pauses_what_the_button_with_the_focus_began(either: Callable[[str], Any], key: str) -> None:
    page = begin(either, SMALL)
    page.locator("[data-plays=depth]").focus()
    page.keyboard.press(key)
    until(page, f"{DRAWN} > 3")
    assert playing(page) == ["depth"]
    page.keyboard.press(" ")
    assert playing(page) == []
    page.wait_for_timeout(300)
    assert playing(page) == []


def test_what_is_paused_is_the_very_picture_of_its_address(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    play(page, "seed")
    until(page, "new URLSearchParams(location.search).get('bred') !== null")
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    until(page, "new URLSearchParams(location.search).get('bred')?.startsWith('9 10 0-1_0.')")
    assert page.locator("#seed").get_attribute("placeholder") == "9 \u2192 10"
    page.wait_for_timeout(400)
    paused = picture(page)
    page.reload()
    page.evaluate("netwarp.ready")
    page.wait_for_timeout(400)
    assert np.abs(picture(page) - paused).max() <= 3 / 255


def test_the_autopilot_zooms_on_and_stops_where_nothing_is(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    page.locator(".view").first.focus()
    page.keyboard.press("z")
    assert playing(page) == ["autopilot"]
    until(page, "Number(new URLSearchParams(location.search).get('w') ?? 1.5) < 1")
    page.keyboard.press("z")
    assert playing(page) == []
    # one plane without an edge
    page.goto(page.url.split("?")[0] + "?v=2&arch=conv(1)&act=linear&norm=none&out=1&colour=gray")
    page.evaluate("netwarp.ready")
    page.locator(".view").first.focus()
    page.keyboard.press("z")
    until(page, "document.getElementById('moved').textContent.startsWith('Nothing more is to be seen')", 60)
    assert playing(page) == []


def test_the_picture_alone(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    page.locator(".view").first.focus()
    page.keyboard.press("f")
    assert page.locator(".panel").is_hidden()
    box = page.locator(".view").first.bounding_box()
    size = page.evaluate("[innerWidth, innerHeight]")
    assert box["width"] * box["height"] > 0.8 * size[0] * size[1]
    page.keyboard.press("z")
    assert playing(page) == ["autopilot"]
    until(page, "document.body.classList.contains('faded')", 10)
    page.keyboard.press("Escape")
    assert page.locator(".panel").is_visible()


def test_little_motion_is_steps_one_by_one(chromium: Any, server: tuple[str, int]) -> None:
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1000, "height": 700})
    page = context.new_page()
    page.goto(server[0] + SMALL)
    page.evaluate("netwarp.ready")
    play(page, "depth")
    page.wait_for_timeout(3300)
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    assert page.evaluate("new URLSearchParams(location.search).get('arch')") in (
        "conv(6) * 5",
        "conv(6) * 6",
        "conv(6) * 7",
    )
    context.close()


def test_the_latent_inputs_walk(either: Callable[[str], Any]) -> None:
    page = begin(either, "?v=2&arch=conv(8)+*+2&act=tanh&norm=none&inputs=x+y+z(3)&seed=4")
    play(page, "latent")
    until(page, "new URLSearchParams(location.search).get('bred')?.startsWith('4 4 5 0z1-2_0.')")
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    page.goto(page.url.split("?")[0] + FOUNDING)
    page.evaluate("netwarp.ready")
    play(page, "latent")
    assert "no latent inputs" in page.locator("#moved").text_content()


# what Shadertoy puts around a shader, and its picture as the page's: RGBA, row 0 the smallest y
SHADERTOY = """(text) => {
  const { width, height, data } = netwarp.pixels(0);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const gl = canvas.getContext("webgl2");
  const compiled = (kind, source) => {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    return shader;
  };
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl.VERTEX_SHADER, `#version 300 es
    void main() {
      gl_Position = vec4(vec2((gl_VertexID & 1) << 2, (gl_VertexID & 2) << 1) - 1.0, 0.0, 1.0);
    }`));
  gl.attachShader(program, compiled(gl.FRAGMENT_SHADER, `#version 300 es
    precision highp float;
    precision highp int;
    uniform vec3 iResolution;
    uniform float iTime;
    out vec4 shadertoy;
    ${text}
    void main() { vec4 colour = vec4(1e20); mainImage(colour, gl_FragCoord.xy); shadertoy = vec4(colour.rgb, 1.0); }`));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  gl.useProgram(program);
  gl.uniform3f(gl.getUniformLocation(program, "iResolution"), width, height, 1);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  const drawn = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, drawn);
  // the one counts rows from below, and y grows downwards
  const apart = [];
  for (let y = 0; y < height; y++)
    for (let i = 0; i < 4 * width; i++)
      apart.push(Math.abs(drawn[4 * width * (height - 1 - y) + i] - data[4 * width * y + i]));
  apart.sort((a, b) => a - b);
  return { most: apart.at(-1), nearly: apart[Math.floor(0.999 * apart.length)], flat: new Set(data).size };
}"""


@pytest.mark.parametrize(
    "query",
    [
        SMALL,
        "?v=2&arch=conv(8)+*+2&act=sin&norm=none&seed=4&out=1&colour=viridis",
        "?v=2&arch=conv(10)+*+10&seed=7&y=0.05&w=0.2&colour=oklch",
        "?v=2&arch=conv(6)+*+3&seed=9&colour=hsv&grows=down&tone=view&w=0.3",
    ],
)
def test_the_shader_draws_the_picture(either: Callable[[str], Any], query: str) -> None:
    page = begin(either, query)
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.locator("#motion summary").click()
    page.get_by_role("button", name="Copy as a shader").click()
    until(page, "document.getElementById('moved').textContent.startsWith('Copied, ')")
    page.evaluate("netwarp.ready")
    found = page.evaluate(SHADERTOY, page.evaluate("window.copied"))
    assert found["flat"] > 30
    assert found["nearly"] <= 1
    # float32 in another order
    assert found["most"] <= 3


def test_a_network_too_large_for_a_shader_is_refused(either: Callable[[str], Any]) -> None:
    page = begin(either, "?v=2&arch=conv(80)+*+4&seed=9")
    page.locator("#motion summary").click()
    page.get_by_role("button", name="Copy as a shader").click()
    until(page, "document.getElementById('moved').textContent.startsWith('No shader: ')")
    said = page.locator("#moved").text_content()
    assert re.fullmatch(r"No shader: this network has [\d,]+ numbers, and a shader holds at most 16,384\.", said)


def test_what_plays_is_recorded(either: Callable[[str], Any], tmp_path: Path) -> None:
    page = begin(either, SMALL)
    page.locator("#motion summary").click()
    page.get_by_role("button", name="Record what is seen").click()
    assert page.evaluate("document.body.classList.contains('recording')")
    play(page, "scale")
    assert playing(page) == ["scale"], "recording goes on"
    page.wait_for_timeout(1500)
    with page.expect_download() as kept:
        page.get_by_role("button", name="End the recording").click()
    file = tmp_path / kept.value.suggested_filename
    kept.value.save_as(file)
    assert file.name == "netwarp.webm"
    assert file.read_bytes()[:4] == b"\x1aE\xdf\xa3"
    assert file.stat().st_size > 5000
    with av.open(str(file)) as video:
        frames = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    assert len(frames) > 5
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 1, "something moves"


def test_a_palette_from_a_picture(either: Callable[[str], Any], tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 30), "#203060")
    image.paste("#e0b050", (0, 0, 40, 12))
    image.paste("#c04060", (0, 12, 20, 20))
    image.save(tmp_path / "three.png")
    page = begin(either, "?v=2&arch=conv(6)+*+3&seed=9&out=1")
    page.locator("#palette-file").set_input_files(tmp_path / "three.png")
    until(page, "new URLSearchParams(location.search).get('colour') !== null")
    assert state(page)["colour"] == nw.palette(str(tmp_path / "three.png"))
    page.evaluate("netwarp.ready")
    shown = {tuple(one) for one in (255 * picture(page)).round().astype(int).reshape(-1, 3)}
    assert min(abs(np.array(one) - (0x20, 0x30, 0x60)).max() for one in shown) < 20
    (tmp_path / "none.png").write_text("no picture")
    page.locator("#palette-file").set_input_files(tmp_path / "none.png")
    until(page, "document.getElementById('moved').textContent.startsWith('This is no picture')")
