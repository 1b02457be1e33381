"""What a notebook keeps of the widget, in a page that holds it as JupyterLab does: without a kernel, and with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import netwarp as nw
from netwarp.explorer.export import STATIC
from tests.browser.desk import until

# what Jupyter's widgets give a module: the kernel's state, and a way to change it
MODEL = """
async (module) => {
  const state = JSON.parse(await kernel("{}"));
  const heard = [];
  const take = (text) => {
    const next = JSON.parse(text);
    const changed = Object.keys(next).filter((name) => JSON.stringify(next[name]) !== JSON.stringify(state[name]));
    Object.assign(state, next);
    for (const name of changed) for (const [event, act] of [...heard]) if (event === `change:${name}`) act();
  };
  let unsaved = {};
  window.take = take;
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = unsaved[name] = value; },
    save_changes: () => { const sent = unsaved; unsaved = {}; void kernel(JSON.stringify({ set: sent })).then(take); },
    send: (asked) => { void kernel(JSON.stringify({ asked })).then(take); },
    on: (event, act) => { heard.push([event, act]); },
    off: (event, act) => { heard.splice(heard.findIndex(([one, other]) => one === event && other === act), 1); },
  };
  window.explorer = (await import(module)).default;
}
"""


def saved(view: Any, folder: Path, style: str) -> str:
    """The address of a page that holds a saved notebook's output, long enough to be scrolled."""
    formats, _ = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" not in formats  # an error, where there is no kernel
    page = folder / "saved.html"
    head = f"<!doctype html><meta charset='utf-8'><style>{style}</style>"
    page.write_text(f"{head}<body><div>{formats['text/html']}</div><div style='height: 3000px'></div></body>", "utf-8")
    return page.as_uri()


def frame_of(page: Any) -> Any:
    """The frame, once its picture is drawn."""
    # a frame that has just been put in has no name yet
    page.wait_for_selector("iframe[name^=netwarp-]")
    for _ in range(100):
        if any(one.name.startswith("netwarp-") for one in page.frames):
            break
        page.wait_for_timeout(50)
    frame = next(one for one in page.frames if one.name.startswith("netwarp-"))
    frame.wait_for_selector(".poster", state="hidden")
    return frame


def test_it_stands_without_a_kernel_in_the_notebooks_own_theme(offline: Any, tmp_path: Path) -> None:
    offline.emulate_media(color_scheme="light")
    offline.goto(saved(nw.explore("conv(6) * 3", seed=4), tmp_path, "body { background: #111 }"))
    frame = frame_of(offline)
    assert frame.locator("h1").inner_text() == "conv(6) * 3, seed 4"
    assert frame.locator(".panel").is_hidden()  # nobody is there who could draw another
    paper = "getComputedStyle(document.body).backgroundColor"
    until(frame, "document.documentElement.dataset.theme === 'dark'")
    assert frame.evaluate(paper) == "rgb(21, 23, 27)"
    offline.evaluate("document.body.style.background = 'white'")
    until(frame, "document.documentElement.dataset.theme === 'light'")
    assert frame.evaluate(paper) == "rgb(255, 255, 255)"
    # as high as what is in it
    inside = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    until(frame, f"{inside} <= 1")


def test_the_wheel_is_the_notebooks_until_the_picture_is_clicked(offline: Any, tmp_path: Path) -> None:
    offline.goto(saved(nw.explore("conv(6) * 3", seed=4), tmp_path, ""))
    frame = frame_of(offline)
    where = frame.locator(".where").inner_text()
    box = frame.locator("canvas.sight").bounding_box()
    offline.mouse.move(box["x"] + 200, box["y"] + 150)
    offline.mouse.wheel(0, 60)
    until(offline, "scrollY > 0")
    assert frame.locator(".where").inner_text() == where
    assert "Ctrl" in frame.locator(".hint").inner_text()
    at = offline.evaluate("scrollY")
    offline.keyboard.down("Control")
    offline.mouse.wheel(0, -60)
    offline.keyboard.up("Control")
    until(frame, f"document.querySelector('.where').textContent !== {json.dumps(where)}")
    near = frame.locator(".where").inner_text()
    offline.mouse.down()
    offline.mouse.up()
    offline.mouse.wheel(0, -60)
    until(frame, f"document.querySelector('.where').textContent !== {json.dumps(near)}")
    assert offline.evaluate("scrollY") == at


def alive(page: Any, view: Any) -> None:
    """Gives the page's widgets a kernel, which has `view`."""

    def kernel(said: str) -> str:
        body = json.loads(said)
        if "set" in body:
            view.set_state(body["set"])
        if "asked" in body:
            view._asked(None, body["asked"], [])
        return json.dumps(view.get_state())

    page.expose_function("kernel", kernel)
    source = (STATIC / "widget.js").read_text("utf-8")
    module = page.evaluate("(text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))", source)
    page.evaluate(MODEL, module)


def told(page: Any, view: Any) -> None:
    """What Python changed reaches the page."""
    page.evaluate("take", json.dumps(view.get_state()))


def reached(page: Any, true: Callable[[], bool]) -> None:
    """Waits until the kernel has heard something."""
    for _ in range(200):
        if true():
            return
        page.wait_for_timeout(50)
    pytest.fail("the kernel never heard of it")


@pytest.mark.parametrize("where", ["a frame", "a widget of its own"])
def test_hand_and_python_turn_the_same_sliders(offline: Any, tmp_path: Path, where: str) -> None:
    view = nw.explore("conv(6) * 3", seed=4)
    offline.goto(saved(view, tmp_path, ""))
    frame = frame_of(offline)
    alive(offline, view)
    if where == "a frame":
        offline.evaluate("explorer.initialize({ model }) && null")
        shown: Any = frame
    else:
        offline.evaluate(
            "document.body.prepend(document.createElement('section'));"
            "explorer.render({ model, el: document.querySelector('section') }) && null"
        )
        shown = offline
    depth, problem = shown.locator("input[name=depth]"), shown.locator(".problem")
    depth.wait_for()
    assert depth.input_value() == "3"
    # by hand
    depth.fill("5")
    until(shown, "document.querySelector('input[name=depth] + output').textContent === '5'")
    reached(offline, lambda: view.depth == 5)
    shown.get_by_role("button", name="Next seed").click()
    reached(offline, lambda: view.seed == 5)
    shown.get_by_role("button", name="Zoom in").click()
    reached(offline, lambda: view.view.width < 1.5)
    assert view.recipe.architecture == "conv(6) * 5"
    assert (view.recipe.seed, view.recipe.raster.plane) == (5, view.view)
    # by Python
    view.depth, view.seed = 2, 7
    view.view = nw.Plane(0.25, -0.125, 0.0625, 0.0625)
    told(offline, view)
    until(shown, "document.querySelector('input[name=depth]').value === '2'")
    until(shown, "document.querySelector('.where').textContent === 'centre 0.25, -0.125; width 0.0625'")
    assert "seed 7" in shown.locator(".seed").inner_text()
    # what cannot be drawn is said, and the picture stays
    offline.evaluate("model.send({ width: 9000 })")
    until(shown, "document.querySelector('.problem').textContent !== ''")
    assert "at most" in problem.inner_text()
    assert view.width == 6


def test_a_notebook_that_is_opened_again_beside_its_kernel_shows_what_that_has(offline: Any, tmp_path: Path) -> None:
    view = nw.explore("conv(6) * 3", seed=4)
    address = saved(view, tmp_path, "")
    view.width = 9
    offline.goto(address)
    frame = frame_of(offline)
    assert frame.locator("h1").inner_text() == "conv(6) * 3, seed 4"
    alive(offline, view)
    offline.evaluate("explorer.initialize({ model }) && null")
    until(frame, "document.querySelector('h1').textContent === 'conv(9) * 3, seed 4'")
    assert "27 units" in frame.locator(".about").inner_text()
