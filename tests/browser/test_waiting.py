"""Nobody waits for a picture that is drawn already, or for one that is no longer wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import netwarp as nw
from netwarp.pages.site import site
from tests.browser.desk import FOUNDING, settle, until
from tests.browser.pixels import picture

WHEEL = """async () => {
  const view = document.querySelector(".view");
  const box = view.getBoundingClientRect();
  view.dispatchEvent(new WheelEvent("wheel", { deltaY: -60, clientX: box.left + box.width / 3,
    clientY: box.top + box.height / 3, bubbles: true, cancelable: true }));
  await new Promise((done) => setTimeout(done, 500));
  await netwarp.ready;
}"""
# slow enough that no machine has it in a moment
SLOW = "?v=2&arch=conv(24)+*+16&seed=7&norm=spatial(scale%3D3,+shift%3Dnormal(2))"
# what each worker was asked, and which of it was left
WORKERS = """
window.told = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (what, ...rest) {
  if (this.heard === undefined) {
    this.heard = true;
    this.addEventListener("message", ({ data }) => { told.push({ id: data.id, left: data.left === true }); });
  }
  told.push({ id: what.id, kind: what.kind });
  return post.call(this, what, ...rest);
};
"""
# a hand that drags, rests for a moment, so that the network itself is begun, and goes on
PAUSE = """async () => {
  await netwarp.ready;
  const scale = document.getElementById("scale");
  const begun = () => told.filter(({ kind }) => kind === "open").length;
  const move = (value) => {
    scale.value = value;
    scale.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  told.length = 0;
  move("1.5");
  while (begun() < 2) await pause(5);
  await pause(30);
  move("2");
  await pause(20);
  move("3");
  await netwarp.ready;
  const asked = told.filter(({ kind }) => kind !== undefined && kind !== "stop");
  const kinds = new Map(asked.map(({ id, kind }) => [id, kind]));
  return told.filter(({ left }) => left === true).map(({ id }) => kinds.get(id));
}"""
# how wide a canvas was when each of its pictures was drawn
WIDTHS = """
window.widths = [];
new MutationObserver(() => { widths.push(document.querySelector("canvas.sight").width); })
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
"""


def test_a_wheel_that_rests_is_followed_by_one_sharp_picture(visit: Callable[..., Any]) -> None:
    page = visit()
    asked: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: asked.append(json.loads(text))))
    page.goto(page.url.split("?")[0] + FOUNDING)
    settle(page)
    asked.clear()
    page.evaluate(WHEEL)
    settle(page)
    sharp = [one for one in asked if one["kind"] == "view" and not one["coarse"]]
    assert len(sharp) == 1
    # as large as the picture, and of where the wheel went
    size = page.evaluate("netwarp.pixels(0)")
    assert [sharp[0]["columns"], sharp[0]["rows"]] == [size["width"], size["height"]]
    assert float(sharp[0]["w"]) < 1.5


def test_a_gpu_in_software_draws_few_pixels_first(offline: Any, tmp_path: Path) -> None:
    formats, _ = nw.explore("conv(10) * 10", seed=7)._repr_mimebundle_()
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'><body>{formats['text/html']}</body>", "utf-8")
    offline.add_init_script(WIDTHS)
    offline.goto(page.as_uri())
    frame = offline.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector(".poster", state="hidden")
    full = frame.evaluate("document.querySelector('canvas.sight').clientWidth")
    until(frame, f"widths.at(-1) === {full}")
    widths = frame.evaluate("widths")
    assert 100 < widths[0] < full


def test_a_network_that_a_hand_moved_on_from_is_left_and_never_shown(offline: Any, tmp_path: Path) -> None:
    site(tmp_path)
    offline.add_init_script(WORKERS)
    offline.goto((tmp_path / "netwarp.html").as_uri() + SLOW)
    offline.evaluate("netwarp.ready")
    before, _ = picture(offline)
    assert "open" in offline.evaluate(PAUSE)
    # it ends on the network that it began with: what was left has overwritten nothing
    np.testing.assert_array_equal(picture(offline)[0], before)
