"""The browser's GPU against mpmath, in numbers: every activation and every operation, at every depth of zoom."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest

import known
from fields import precise
from netwarp.architecture.language import parse
from netwarp.architecture.specs import ACTIVATIONS
from netwarp.explorer import export, folded
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.program import Activate
from netwarp.picture.colour import SMOOTH
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster

Y = "0.0517"
SHAPE = (15, 10)
# of the largest difference in view: what float32 leaves after a few layers
SHARE = 4e-6
VIEW = {"x": "0", "y": "0", "w": "1", "h": "1"}

DRAW = """async ([program, tone, view, columns, rows]) => {
  const renderer = (window.own ??= new netwarp.renderer.constructor(document.createElement("canvas")));
  const bytes = (array) => btoa(Array.from(new Uint8Array(array.buffer), (b) => String.fromCharCode(b)).join(""));
  renderer.resize(columns, rows);
  renderer.load(program, tone);
  const drawn = await renderer.draw(view);
  const { rgba, depth, centre } = await renderer.differences();
  const gl = renderer.canvas.getContext("webgl2");
  const pixels = new Uint8Array(4 * columns * rows);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, columns, rows, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return { ...drawn, rgba: bytes(rgba), depth, centre, pixels: bytes(pixels) };
}"""


@pytest.fixture(scope="module")
def sight(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page with the renderer, as the single file has it."""
    field = field_of("conv(2)")
    made = export.render(export.data_of(field, Tone.fit(field.sample()), title="", view=VIEW), "")
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_bytes(made)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def field_of(text: str, seed: int = 3, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), Raster(60, 40))


def drawn(sight: Any, field: Field, tone: Tone, view: dict[str, str], shape: tuple[int, int]) -> dict[str, Any]:
    """What the browser drew: `differences` (rows, columns, 3) in units of 2^-depth, `picture` (rows, columns, 3)."""
    # some are only asked of the shader here that the page would leave to the server
    program = {
        "version": folded.VERSION,
        "operations": [folded._operation(o) for o in field.program.operations],
        "layers": folded.layers(field.program),
    }
    asked = json.loads(json.dumps([program, folded.tone_data(tone), view, *shape]))
    found: dict[str, Any] = sight.evaluate(DRAW, asked)
    assert found["complete"]
    columns, rows = shape
    floats = np.frombuffer(base64.b64decode(found["rgba"]), np.float32).reshape(rows, columns, 4)
    assert (floats[..., 3] == 1).all()
    found["differences"] = floats[..., : len(tone.channels)].astype(np.float64)
    pixels = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).reshape(rows, columns, 4)
    found["picture"] = pixels[::-1, :, :3]
    return found


def miss(sight: Any, field: Field, plane: Plane, view: dict[str, str], shape: tuple[int, int] = SHAPE) -> float:
    """The largest error of the differences, as a share of the largest difference in view."""
    tone = Tone("lab", (0, 1, 2), (-1.0,) * 3, (1.0,) * 3)
    found = drawn(sight, field, tone, view, shape)
    raster = Raster(*shape, plane)
    pixels = [(row, column) for row in range(raster.rows) for column in range(raster.columns)]
    with mpmath.workdps(120):
        # in the shader's own units, so that float64 holds them however small they are
        exact = precise.around(field.program, raster, field.raster.pitch, pixels)
        right = np.array([[float(value * mpmath.mpf(2) ** found["depth"]) for value in one] for one in exact])
    error = found["differences"].reshape(right.shape) - right
    assert np.abs(right).max() > 0
    return float(np.abs(error).max() / np.abs(right).max())


def bend(field: Field, digits: int) -> str:
    """The x, on the line y = Y, where a unit of the second layer crosses a kink of its activation: decimal digits."""
    program = field.program
    at = [i for i, one in enumerate(program.operations) if isinstance(one, Activate)][1]
    activation = program.operations[at]
    assert isinstance(activation, Activate)
    kink = next(iter(known.ACTIVATIONS[activation.name].kinks), 0)
    before = type(program)(program.operations[:at])
    with mpmath.workdps(digits + 40):

        def height(unit: int, x: Any) -> Any:
            return precise.evaluate(before, x, mpmath.mpf(Y), field.raster.pitch)[unit] - kink

        ends = [mpmath.mpf(i) / 16 - mpmath.mpf(1) / 2 for i in range(17)]
        for unit in range(before.channels):
            heights = [height(unit, x) for x in ends]
            for i in range(16):
                if heights[i] * heights[i + 1] < 0:
                    low, high = ends[i], ends[i + 1]
                    rising = heights[i] < 0
                    for _ in range(int(3.33 * digits) + 20):
                        middle = (low + high) / 2
                        low, high = (middle, high) if (height(unit, middle) < 0) == rising else (low, middle)
                    return str(mpmath.nstr((low + high) / 2, digits + 20))
    raise AssertionError("no unit bends in view")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_at_every_depth(sight: Any, name: str) -> None:
    field = field_of("conv(5) * 2", act=name)
    x = "0.0123" if name == "linear" else bend(field, 60)
    sizes = ["1", "1e-4", "1e-30"]
    if name == "step":
        # beside the jump, not on it; below, all is flat
        x, sizes = str(float(x) + 0.003), ["1", "1e-2"]
    for size in sizes:
        side = float(size)
        share = miss(sight, field, Plane(x, Y, side, side), {"x": x, "y": Y, "w": size, "h": size})
        assert share < SHARE, (size, share)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("residual(conv(6)) * 2", {}),
        ("dense(conv(3)) * 3", {}),
        ("gated(conv(7)) * 2", {"act": "tanh"}),
        ("maxout(5, 3) * 2", {}),
        ("conv(6) * 2", {"norm": "layer(scale=2, shift=normal(1))", "act": "tanh"}),
        ("parallel(conv(3), conv(6)) >> conv(4)", {"act": "leaky(random)"}),
        ("conv(6) * 2", {"inputs": "x y r", "act": "sin(3)"}),
        ("conv(6) * 2", {"inputs": "fourier(3, 2)"}),
    ],
)
def test_every_operation_at_every_depth(sight: Any, text: str, options: dict[str, str]) -> None:
    field = field_of(text, **options)
    for size in ("1", "1e-20"):
        view = {"x": "0.0123", "y": Y, "w": size, "h": size}
        share = miss(sight, field, Plane("0.0123", Y, float(size), float(size)), view)
        assert share < 2 * SHARE, (size, share)


@pytest.mark.parametrize("text", ["conv(80) * 2", "conv(135) * 2"])
def test_large_networks_go_in_loops_and_larger_ones_into_textures(sight: Any, text: str) -> None:
    field = field_of(text, act="silu")
    view = {"x": "0.0123", "y": Y, "w": "1e-20", "h": "1e-20"}
    assert miss(sight, field, Plane("0.0123", Y, 1e-20, 1e-20), view, (4, 3)) < SHARE


def test_the_distance_from_the_origin_at_the_origin(sight: Any) -> None:
    field = field_of("conv(5)", inputs="x y r")
    for size in ("1", "1e-40"):
        view = {"x": "0", "y": "0", "w": size, "h": size}
        assert miss(sight, field, Plane(0.0, 0.0, float(size), float(size)), view) < SHARE


@pytest.mark.parametrize("colour", ["lab", "oklab", "oklch", "lab-clipped", "rgb", "hsv", "gray", "viridis", "duotone"])
def test_colours_are_the_picture_s(sight: Any, colour: str) -> None:
    field = field_of("conv(8) * 3")
    raster = Raster(150, 100)
    samples = field.sample(raster)
    tone = Tone.fit(samples, colour)
    found = drawn(sight, field, tone, VIEW, (150, 100))
    levels = np.abs(found["picture"].astype(int) - paint(samples, tone).pixels)
    assert levels.max() <= (1 if colour in SMOOTH else 2)
    assert levels.mean() < 0.02
    assert found["centre"] == pytest.approx(field.at([[0.0, 0.0]])[0], rel=1e-12)


@pytest.mark.parametrize("spread", [0.3, 3.0, 1e4])
def test_colours_of_lab_by_the_cpu_are_the_library_s_to_the_byte(sight: Any, spread: float) -> None:
    random = np.random.default_rng(7)
    samples = random.normal(0, spread, (3, 150, 200)).astype(np.float32)
    # on the axes of hue, on its diagonals, and grey
    samples[1, :20], samples[2, 20:40] = 0.5, -0.5
    samples[2, 40:60] = samples[1, 40:60] - 1
    samples[1, 60:62], samples[2, 60:62] = 0.5, -0.5
    tone = Tone("lab", (0, 1, 2), (-1.5, -0.5, -1.5), (1.0, 1.5, 0.5))
    pixels = np.ascontiguousarray(np.moveaxis(samples, 0, -1))
    found = sight.evaluate(
        """([values, low, high]) => {
          const bytes = Uint8Array.from(atob(values), (c) => c.charCodeAt(0));
          const made = netwarp.labColours(new Float32Array(bytes.buffer), low, high);
          return btoa(Array.from(made, (b) => String.fromCharCode(b)).join(""));
        }""",
        [base64.b64encode(pixels.tobytes()).decode(), list(tone.low), list(tone.high)],
    )
    painted = np.frombuffer(base64.b64decode(found), np.uint8).reshape(150, 200, 4)
    assert np.array_equal(painted[..., :3], paint(samples, tone).pixels)
    assert (painted[..., 3] == 255).all()


def test_colours_beyond_the_range_are_the_picture_s(sight: Any) -> None:
    field = field_of("conv(8) * 3")
    samples = field.sample(Raster(150, 100))
    fitted = Tone.fit(samples)
    middle, half = (np.array(fitted.low) + fitted.high) / 2, (np.array(fitted.high) - fitted.low) / 2
    for factor in (0.2, 0.01, 1e-6):
        tone = Tone("lab", (0, 1, 2), tuple(middle - factor * half), tuple(middle + factor * half))
        found = drawn(sight, field, tone, VIEW, (150, 100))
        levels = np.abs(found["picture"].astype(int) - paint(samples, tone).pixels)
        # a value's own float32 rounding counts 1 / factor times as much
        assert np.percentile(levels, 99.9) <= 1


def test_a_deep_view_fits_its_colours_to_itself(sight: Any) -> None:
    field = field_of("conv(8) * 3")
    x, size = bend(field, 60), "1e-30"
    tone = Tone.fit(field.sample())
    raster = Raster(96, 64, Plane(x, Y, 1e-30, 1e-30))
    view = {"x": x, "y": Y, "w": size, "h": size}
    whole = drawn(sight, field, tone, view | {"contrast": "whole"}, (96, 64))
    assert whole["flat"]
    assert len(np.unique(whole["picture"].reshape(-1, 3), axis=0)) == 1
    fitted = drawn(sight, field, tone, view | {"contrast": "auto"}, (96, 64))
    assert fitted["fitted"]
    _, added = field.around(raster)
    # the browser fits on fewer points: with its own range the colours are the picture's
    own = Tone("lab", (0, 1, 2), tuple(fitted["low"]), tuple(fitted["high"]))
    levels = np.abs(fitted["picture"].astype(int) - paint(added, own).pixels)
    assert levels.max() <= 2
    assert fitted["picture"].std() > 20


def test_it_survives_a_lost_context(sight: Any) -> None:
    field = field_of("conv(8) * 3")
    tone = Tone.fit(field.sample())
    first = drawn(sight, field, tone, VIEW, (60, 40))
    again = sight.evaluate("""async () => {
      const renderer = window.own, gl = renderer.canvas.getContext("webgl2");
      const told = [];
      const once = (name) => new Promise((done) => {
        renderer.addEventListener(name, () => { told.push(name); done(); }, { once: true });
      });
      const lost = once("lost"), restored = once("restored"), drawn = once("drawn");
      const context = gl.getExtension("WEBGL_lose_context");
      context.loseContext();
      await lost;
      await new Promise((done) => setTimeout(done, 50));
      context.restoreContext();
      await restored;
      await drawn;
      const pixels = new Uint8Array(4 * 60 * 40);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.readPixels(0, 0, 60, 40, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      return { told, pixels: Array.from(pixels) };
    }""")
    assert again["told"] == ["lost", "restored", "drawn"]
    pixels = np.array(again["pixels"], np.uint8).reshape(40, 60, 4)[::-1, :, :3]
    assert (pixels == first["picture"]).all()
    assert first["picture"].std() > 10


def test_a_newer_view_ends_an_older_one(sight: Any) -> None:
    field = field_of("conv(8) * 3")
    drawn(sight, field, Tone.fit(field.sample()), VIEW, (60, 40))
    both = sight.evaluate("""async () => {
      const view = (x) => window.own.draw({ x, y: "0", w: "1", h: "1" });
      return (await Promise.all([view("0.1"), view("0.2")])).map((one) => one.complete);
    }""")
    assert both == [False, True]


COUNTED = """async ([program, tone, columns, rows]) => {
  const renderer = new netwarp.renderer.constructor(document.createElement("canvas"));
  const gl = renderer.canvas.getContext("webgl2");
  let live = 0;
  const [make, free] = [gl.createFramebuffer.bind(gl), gl.deleteFramebuffer.bind(gl)];
  gl.createFramebuffer = () => (live++, make());
  gl.deleteFramebuffer = (frame) => { live--; free(frame); };
  renderer.resize(columns, rows);
  renderer.load(program, tone);
  const view = (n) => ({ x: String(n / 100), y: "0", w: "1", h: "1" });
  const ends = [];
  for (let n = 0; n < 12; n++) {
    ends.push(renderer.draw(view(n)));
    // each is overtaken at another of its steps
    await new Promise((resolve) => setTimeout(resolve, 5 * n));
  }
  const complete = (await Promise.all(ends)).map((drawn) => drawn.complete);
  const kept = live;
  renderer.load(program, tone);
  return { complete, kept, left: live };
}"""


def test_draws_that_are_overtaken_leave_one_picture(sight: Any) -> None:
    field = field_of("conv(40) * 8")
    tone = Tone.fit(field.sample())
    asked = json.loads(json.dumps([folded.fold(field), folded.tone_data(tone), 400, 300]))
    found = sight.evaluate(COUNTED, asked)
    assert found["complete"][-1]
    assert not all(found["complete"])
    assert (found["kept"], found["left"]) == (1, 0)
