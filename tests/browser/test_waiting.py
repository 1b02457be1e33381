"""Nobody waits for a picture that is drawn already, or for one that is no longer wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netwarp as nw
from tests.browser.desk import FOUNDING, settle, until

WHEEL = """async () => {
  const view = document.querySelector(".view");
  const box = view.getBoundingClientRect();
  view.dispatchEvent(new WheelEvent("wheel", { deltaY: -60, clientX: box.left + box.width / 3,
    clientY: box.top + box.height / 3, bubbles: true, cancelable: true }));
  await new Promise((done) => setTimeout(done, 500));
  await netwarp.ready;
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
