"""Models of more than two inputs on the page: the plane is chosen, the picture follows, and files are dropped."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from tests.browser.desk import picture, settle, unfold, until

RANDOM = np.random.RandomState(2)
W0, B0, W1 = RANDOM.randn(10, 4), RANDOM.randn(10), RANDOM.randn(3, 10)
ROWS = RANDOM.randn(60, 4) * [1, 2, 1, 3] + [4, 0, -2, 1]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    np.savez(tmp_path / "four.npz", W0=W0, b0=B0, W1=W1)
    np.savez(tmp_path / "rows.npz", X=ROWS, y=RANDOM.randint(0, 3, 60), names=["age", "height", "mass", "speed"])
    return tmp_path / "four.npz"


def state(page: Any) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def on_plane(page: Any, text: str) -> None:
    until(page, f"(new URLSearchParams(location.search).get('slice') ?? '').startsWith({text!r})")
    settle(page)


def is_drawn(page: Any, at: nw.Slice) -> None:
    """The middle of the picture says the values that the model has there on this plane."""
    box = page.locator(".pane .frame canvas").bounding_box()
    left, bottom = 34, 34
    page.mouse.move(box["x"] + left + (box["width"] - left) / 2, box["y"] + (box["height"] - bottom) / 2)
    page.locator(".values").wait_for()

    def numbers(which: str) -> list[float]:
        said = ", ".join(page.locator(f".values {which}").all_inner_texts())
        return [float(one.replace("\u2212", "-").replace(",", "")) for one in said.split(", ")]

    def apart() -> float:
        """How far the values are off, of what they may be."""
        wanted = np.maximum(at.points([numbers(".soft")]) @ W0.T + B0, 0) @ W1.T
        return float(np.abs(numbers(".number") - wanted[0]).max() / (0.02 * max(1, float(np.abs(wanted).max()))))

    # those of the place before are there until the answer is
    end = time.monotonic() + 30
    while apart() > 1 and time.monotonic() < end:
        page.wait_for_timeout(50)
    assert apart() <= 1
    page.mouse.move(2, 2)


def test_a_file_of_more_inputs_begins_on_a_plane_and_another_is_typed(model: Path, look: Callable[..., Any]) -> None:
    page = look(str(model))
    assert state(page)["slice"] == "features(0, 1, at=(0, 0, 0, 0))"
    assert "has 4 inputs" in page.locator(".facts").inner_text()
    is_drawn(page, nw.features(0, 1, at=[0, 0, 0, 0]))
    before = picture(page)
    text = "around((1, 0, 0, 1), radius=2, seed=3)"
    page.fill("#slice", text)
    page.press("#slice", "Enter")
    on_plane(page, "around")
    is_drawn(page, nw.around([1, 0, 0, 1], 2, seed=3))
    assert np.abs(picture(page) - before).max() > 0.1
    # home is that of the slice: 4 wide and high
    assert float(state(page)["h"]) == pytest.approx(4)
    assert float(state(page).get("x", 0)) == 0
    # what is no plane is said under the field, and the picture stays
    now = picture(page)
    page.fill("#slice", "around((1, 0, 0, 1), radios=2)")
    until(page, "document.querySelector('#slice-error').textContent.includes('radius')")
    assert "^^^^^^" in page.locator("#slice-error").inner_text()
    assert page.locator("#arch-error").inner_text() == ""
    assert np.abs(picture(page) - now).max() < 0.02
    page.fill("#slice", text)
    until(page, "document.querySelector('#slice-error').textContent === ''")
    page.go_back()
    on_plane(page, "features")
    is_drawn(page, nw.features(0, 1, at=[0, 0, 0, 0]))


def test_inputs_are_chosen_and_held(model: Path, look: Callable[..., Any]) -> None:
    data = nw.Data(ROWS, names=("age", "height", "mass", "speed"))
    page = look(str(model), "--data", str(model.parent / "rows.npz"), more="&show=classes")
    names = page.locator("#slice_x option:not([hidden])").all_inner_texts()
    assert len(names) == 4
    page.select_option("#slice_x", "3")
    on_plane(page, "features(3, 1, at=(")
    held = np.median(ROWS, axis=0)
    at = nw.features(3, 1, at=held, data=data)
    home = at.home
    assert home is not None
    assert float(state(page)["x"]) == pytest.approx(home.x)
    assert float(state(page)["h"]) >= home.height * 0.99
    is_drawn(page, at)
    # the other two have a slider and a number each, and the view stays while they change
    assert page.locator(".row.held").count() == 2
    number = page.locator(".row.held input[type=number]").nth(1)
    number.fill("1.5")
    number.press("Enter")
    until(page, "new URLSearchParams(location.search).get('slice').includes('1.5')")
    settle(page)
    held[2] = 1.5
    is_drawn(page, nw.features(3, 1, at=held, data=data))
    assert float(state(page)["x"]) == pytest.approx(home.x)
    slider = page.locator(".row.held input[type=range]").first
    slider.focus()
    slider.press("End")
    until(page, f"Number(document.querySelector('.row.held input').value) > {float(ROWS[:, 0].max()) - 0.01}")
    settle(page)
    text = state(page)["slice"]
    assert float(text.split("at=(")[1].split(",")[0]) == pytest.approx(float(ROWS[:, 0].max()), abs=0.01)
    # choosing for y what x is swaps them
    page.select_option("#slice_y", "3")
    on_plane(page, "features(1, 3, at=(")
    # an address, a command and a script say the plane
    page.click("#open-share")
    until(page, "document.querySelector('#form-cli').value.includes('--slice')")
    assert "slice = nw." in page.locator("#form-python").input_value()
    page.goto(page.locator("#form-address").input_value())
    settle(page)
    assert state(page)["slice"].startswith("features(1, 3, at=(")


def test_a_plane_of_all_inputs_has_no_choosers_and_a_network_of_its_own_no_plane(
    model: Path, look: Callable[..., Any]
) -> None:
    page = look(str(model), "--slice", "through((0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 2, 1))")
    assert page.locator("#slice_x").input_value() == ""
    assert page.locator(".rest").is_hidden()
    page.select_option("#slice_x", "2")
    on_plane(page, "features(2, ")
    page.select_option("#zoo", "vgg")
    until(page, "!location.search.includes('npz')")
    settle(page, 90)
    assert page.locator("fieldset.plane").is_hidden()
    assert "slice" not in state(page)


def test_the_points_of_a_slice_are_marked_and_follow_the_view(
    model: Path, look: Callable[..., Any], chromium: Any, tmp_path: Path
) -> None:
    page = look(str(model), "--data", str(model.parent / "rows.npz"), "--slice", "through(0, 1, 2)", more="&points=0")
    at = nw.through(*ROWS[:3])

    def rings(page: Any, canvas: str, gutter: int, view: dict[str, float], up: bool = True) -> list[float]:
        """How much of the band where each mark's ring must be is ink, and how much of the middle is."""
        # the canvas itself where there is one: on a screenshot the buttons may lie over a ring
        data = page.evaluate(f"document.querySelector({canvas!r}).toDataURL?.().split(',')[1] ?? null")
        shot = page.locator(canvas).first.screenshot() if data is None else base64.b64decode(data)
        image = Image.open(io.BytesIO(shot)).convert("RGB")
        pixels = np.asarray(image, float)[: image.height - gutter, gutter:]
        dark = (np.abs(pixels - [24, 24, 27]) < 40).all(axis=2)
        tall, wide = dark.shape
        unit = min(wide / view["w"], tall / view["h"])
        found = []
        for x, y in at.marks:
            across, down = (x - view["x"]) * unit + wide / 2, tall / 2 - (y - view["y"]) * unit * (1 if up else -1)
            rows, columns = np.indices(dark.shape)
            apart = np.hypot(columns + 0.5 - across, rows + 0.5 - down)
            radius = max(4, max(wide, tall) / 120)
            band = np.abs(apart - radius) < 0.5
            found.append(float(dark[band].mean()) if band.any() else 0.0)
        return found

    def seen(up: bool = True) -> list[float]:
        view = {key: float(state(page).get(key, "0")) for key in "xywh"}
        return rings(page, ".pane .frame canvas", 34, view, up)

    assert min(seen()) > 0.8
    assert max(seen(up=False)) < 0.5, "else nothing is told"
    unfold(page)
    page.select_option("#grows", "down")
    until(page, "location.search.includes('grows=down')")
    settle(page)
    assert min(seen(up=False)) > 0.8
    page.select_option("#grows", "auto")
    # they follow the view
    page.click("[aria-label='zoom out']")
    settle(page)
    assert float(state(page)["w"]) > 1.1 * (at.home.width if at.home else 0)
    assert min(seen()) > 0.8
    page.click("#open-downloads")
    with page.expect_download() as made:
        page.click("[data-format=html]")
    page.keyboard.press("Escape")
    page.uncheck("#marks")
    until(page, "location.search.includes('marks=0')")
    settle(page)
    assert max(seen()) < 0.5
    # a file of the page, by itself, has them
    made.value.save_as(tmp_path / "alone.html")
    alone = chromium.new_page(viewport={"width": 900, "height": 800})
    alone.goto((tmp_path / "alone.html").as_uri())
    until(alone, "document.querySelector('.poster')?.hidden === true")
    view = {key: float(state(page).get(key, "0")) for key in "xywh"}
    assert min(rings(alone, ".stage", 0, view)) > 0.8
    alone.close()


def test_regions_are_shaded_by_the_margin_and_taken_away_so(model: Path, look: Callable[..., Any]) -> None:
    page = look(str(model), more="&show=classes&points=0")
    flat = picture(page)
    unfold(page)
    page.select_option("#show", "margin")
    until(page, "location.search.includes('show=margin')")
    settle(page)
    shaded = picture(page)
    assert _plain(flat) > 0.9 > 0.5 > _plain(shaded), "one shade an area, and many"
    assert page.locator(".legend li").count() >= 3
    page.select_option("#grows", "down")
    until(page, "location.search.includes('grows=down')")
    settle(page)
    turned = picture(page)
    # the axes below make the middle that is looked at another one by some rows
    assert np.abs(turned[::-1] - shaded).mean() < 0.4 * np.abs(turned - shaded).mean()
    page.click("#open-downloads")
    with page.expect_download() as made:
        page.click("[data-format=png]")
    with Image.open(io.BytesIO(Path(made.value.path()).read_bytes())) as image:
        assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 200
        text = image.info["netwarp"]
    assert '"margin": true' in text
    assert '"y": "down"' in text


def test_models_are_dropped_and_what_is_none_is_said(
    model: Path, chromium: Any, server: tuple[str, int], tmp_path: Path
) -> None:
    made = pytest.importorskip("models.onnx_files.made")
    nodes = [
        made.node("Gemm", "x W0 b0", "h", transB=1),
        made.node("Relu", "h", "r"),
        made.node("Gemm", "r W1", "y", transB=1),
    ]
    made.saved(tmp_path / "net.onnx", made.model(nodes, ("n", 4), {"W0": W0, "b0": B0, "W1": W1}, kind=made.DOUBLE))
    photo = io.BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "JPEG")
    # whose console tells of every refusal, as an error of its own
    page = chromium.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{server[0]}?arch=conv(3)")
    settle(page)
    for name, data, said in (
        ("photo.jpg", photo.getvalue(), "is a JPEG image, not a model"),
        ("half.onnx", (tmp_path / "net.onnx").read_bytes()[:200], "half.onnx"),
        ("points.csv", b"a,b\n1,2\n", "is a table of numbers, not a model"),
    ):
        _drop(page, name, data)
        until(page, f"document.querySelector('#refused').textContent.includes({said!r})")
    _drop(page, "net.onnx", (tmp_path / "net.onnx").read_bytes())
    until(page, "document.querySelector('figcaption').textContent.includes('net.onnx')")
    settle(page)
    assert page.locator("#arch-error").inner_text() == ""
    is_drawn(page, nw.features(0, 1, at=[0, 0, 0, 0]))
    page.context.close()


def _plain(image: np.ndarray) -> float:
    """The share of pixels in one of the three most frequent colours."""
    _, counts = np.unique((image * 255).astype(int).reshape(-1, 3), axis=0, return_counts=True)
    return float(np.sort(counts)[-3:].sum() / counts.sum())


def _drop(page: Any, name: str, data: bytes) -> None:
    page.evaluate(
        """([name, bytes]) => {
            const over = new DataTransfer();
            over.items.add(new File([new Uint8Array(bytes)], name));
            dispatchEvent(new DragEvent("drop", { dataTransfer: over, cancelable: true }));
        }""",
        [name, list(data)],
    )


def test_models_on_two_planes_are_not_said_to_agree(model: Path, look: Callable[..., Any]) -> None:
    page = look(str(model), str(model))
    assert "100.0%" in page.locator("#agreement").inner_text()
    page.select_option("#slice_x", "2")
    on_plane(page, "features(2, ")
    until(page, "document.querySelector('#agreement').hidden")
