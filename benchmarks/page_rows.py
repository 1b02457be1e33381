"""The page as its reader meets it: in chromium, with its GPU in software and with none, served and from one file.

What another set of rows can take from here:

- `browsers()` gives chromium by name, "software GPU" and "no GPU"; `pages(browser)` opens both pages, "served" and
  "static", each as a function from a query to a page whose pictures are clocked.
- `first(page)`, `acted(page, script)` and `dragged(page, script, steps)` give milliseconds. Each waits until nothing
  more is to come (`netwarp.ready`). `acted` runs a script and gives when the first picture came after it and when the
  last one did; `dragged` runs a script for every step, 16 ms apart, and gives the pause between two pictures meanwhile
  and how long after the last step the last picture came.
- A row is a `PageRow`: its name, what is done, the milliseconds it may take, and a function of an opener of pages that
  gives the milliseconds of one try. Add it to ROWS; `run` takes the median of its tries.

All clocks are the page's own: a mutation observer notes when a picture was put on the canvas (data-drawn of the body).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.explorer_rows import explorer
from benchmarks.tables import judged, table
from benchmarks.timing import say

Found = dict[str, Any]
Open = Callable[[str], Any]

FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
GPUS = {
    "software GPU": ["--enable-unsafe-swiftshader"],
    "no GPU": ["--disable-gpu", "--disable-software-rasterizer"],
}
SIZE = {"width": 1280, "height": 860}
FOUNDING = "?v=2&arch=conv(10)+*+10&seed=7"
# when each picture was put on the canvas, in milliseconds of the page
CLOCK = """
window.drawnAt = [];
new MutationObserver(() => { drawnAt.push(performance.now()); })
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
"""
STEP = 16
PATIENCE = 60_000


def first(page: Any) -> float:
    """From the beginning of the navigation to the first picture."""
    return float(page.evaluate("netwarp.ready.then(() => drawnAt[0])"))


def acted(page: Any, script: str) -> tuple[float, float]:
    """From an action to the first picture after it, and to the last one."""
    found = page.evaluate(
        f"""async () => {{
          await netwarp.ready;
          await new Promise((done) => setTimeout(done, 400));
          const start = performance.now();
          {script};
          await new Promise((done) => setTimeout(done, 400));
          await netwarp.ready;
          const after = drawnAt.filter((at) => at > start);
          return [after[0] - start, after[after.length - 1] - start];
        }}"""
    )
    return float(found[0]), float(found[1])


def dragged(page: Any, script: str, steps: int) -> tuple[float, float]:
    """The median pause between pictures while a hand moves, and from its last step to the last picture.

    `script` is one step; `n` counts them from 0, and `last` says which is the last.
    """
    found = page.evaluate(
        f"""async () => {{
          await netwarp.ready;
          await new Promise((done) => setTimeout(done, 400));
          const pause = () => new Promise((done) => setTimeout(done, {STEP}));
          const start = performance.now();
          for (let n = 0; n < {steps}; n++) {{
            const last = n === {steps} - 1;
            {script};
            if (!last) await pause();
          }}
          const end = performance.now();
          await new Promise((done) => setTimeout(done, 400));
          await netwarp.ready;
          const during = [start, ...drawnAt.filter((at) => at > start && at < end), end];
          const after = drawnAt.filter((at) => at > end);
          return [during.slice(1).map((at, i) => at - during[i]), (after[after.length - 1] ?? end) - end];
        }}"""
    )
    return median(found[0]), float(found[1])


@contextmanager
def browsers() -> Iterator[dict[str, Any]]:
    """Chromium, once with its GPU in software and once with none."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("NETWARP_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as play:
        found = {
            name: play.chromium.launch(executable_path=path, args=[*FLAGS, *flags]) for name, flags in GPUS.items()
        }
        yield found
        for browser in found.values():
            browser.close()


@contextmanager
def addresses() -> Iterator[tuple[dict[str, str], int]]:
    """Those of both pages, "served" and "static", and the number of the server's process."""
    from netwarp.pages.site import site

    with explorer() as running, tempfile.TemporaryDirectory() as folder:
        site(Path(folder))
        static = (Path(folder) / "netwarp.html").as_uri()
        yield {"served": f"http://127.0.0.1:{running.port}/", "static": static}, running.process


@contextmanager
def pages(browser: Any) -> Iterator[dict[str, Open]]:
    """Both pages, each opened at a query in a context of its own; the one before is closed."""
    with addresses() as (found, _):
        contexts: list[Any] = []

        def opener(address: str) -> Open:
            def open_page(query: str) -> Any:
                while contexts:
                    contexts.pop().close()
                context = browser.new_context(viewport=SIZE)
                contexts.append(context)
                context.add_init_script(CLOCK)
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                page.goto(address + query)
                return page

            return open_page

        yield {name: opener(address) for name, address in found.items()}
        while contexts:
            contexts.pop().close()


def _first(open_page: Open) -> float:
    return first(open_page(FOUNDING))


def _key(open_page: Open) -> float:
    page = open_page(FOUNDING)
    press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))"
    acted(page, press)
    return median(acted(page, press)[0] for _ in range(5))


def _slide(open_page: Open) -> tuple[float, float]:
    return dragged(
        open_page(FOUNDING),
        "const scale = document.getElementById('scale'); scale.value = String(1 + 0.1 * (n % 60));"
        "scale.dispatchEvent(new Event('input', { bubbles: true }));"
        "if (last) scale.dispatchEvent(new Event('change', { bubbles: true }))",
        60,
    )


def _wheel(open_page: Open) -> float:
    turn = (
        "const view = document.querySelector('.view'); const box = view.getBoundingClientRect();"
        "view.dispatchEvent(new WheelEvent('wheel', { deltaY: -60, clientX: box.left + box.width / 3,"
        " clientY: box.top + box.height / 3, bubbles: true, cancelable: true }))"
    )
    return dragged(open_page(FOUNDING), turn, 12)[1]


def _neighbours(open_page: Open) -> float:
    page = open_page(FOUNDING)
    first(page)
    shown = page.evaluate(
        """async () => {
          const button = document.getElementById("open-neighbours");
          if (button.checkVisibility?.() === false) return null;
          const start = performance.now();
          button.click();
          const all = () => [...document.querySelectorAll("#neighbours img")];
          while (all().length < 6 || !all().every((one) => one.complete && one.naturalWidth > 0)) {
            await new Promise((done) => setTimeout(done, 4));
          }
          return performance.now() - start;
        }"""
    )
    return float("nan") if shown is None else float(shown)


SEEDS = 16
# the measures that are asked for one after another
OVER = ("total_variation", "mean_frequency", "lz_complexity")


def _seeds(open_page: Open) -> tuple[float, float]:
    """From asking for three measures over 16 seeds to the first dot, and to the last."""
    page = open_page(FOUNDING)
    first(page)
    found = page.evaluate(
        f"""async () => {{
          const names = {list(OVER)};
          const at = (name, what) => [...document.querySelectorAll(`[data-measure="${{name}}"] ${{what}}`)];
          const pause = () => new Promise((done) => setTimeout(done, 4));
          while (document.querySelector(".awaited") !== null || at(names[0], "[data-act]").length === 0) await pause();
          await new Promise((done) => setTimeout(done, 1000));
          const start = performance.now();
          for (const name of names) at(name, "[data-act]")[0].click();
          const dots = (name) => at(name, ".dot:not(.own)").length;
          while (dots(names[0]) === 0) await pause();
          const one = performance.now() - start;
          while (names.some((name) => dots(name) < {SEEDS})) await pause();
          return [one, performance.now() - start];
        }}"""
    )
    return float(found[0]), float(found[1])


@dataclass(frozen=True)
class PageRow:
    """What is done on which page, and the milliseconds it may take with a GPU in software and with none."""

    name: str
    what: str
    at_most: float
    page: str
    once: Callable[[Open], float]
    tries: int = 5


def playing(name: str) -> str:
    """A script that plays a number at the fastest pace; `button` ends it when it is pressed again."""
    return f"""
      const pace = document.getElementById("pace");
      pace.value = "5";
      pace.dispatchEvent(new Event("change"));
      const button = document.querySelector("[data-plays={name}]");
      button.click();
    """


def _play(name: str) -> Callable[[Open], float]:
    """From one picture to the next while a number plays, fast, over five seconds: 50 is 20 pictures a second."""

    def pause(open_page: Open) -> float:
        page = open_page(FOUNDING)
        found = page.evaluate(
            f"""async () => {{
              await netwarp.ready;
              {playing(name)}
              await new Promise((done) => setTimeout(done, 1000));
              const start = performance.now();
              await new Promise((done) => setTimeout(done, 5000));
              const pictures = drawnAt.filter((at) => at > start).length;
              button.click();
              return 5000 / Math.max(1, pictures);
            }}"""
        )
        return float(found)

    return pause


ROWS = (
    *(
        PageRow(f"page-play-{name}-{page}", f"{page}: a picture every, playing {name}", 50, page, _play(name))
        for name in ("depth", "scale", "seed")
        for page in ("served", "static")
    ),
    PageRow("page-first-served", "served: address to first picture", 1000, "served", _first),
    PageRow("page-first-static", "static: address to first picture", 1000, "static", _first),
    PageRow("page-key-served", "served: key n to the new picture", 300, "served", _key, 3),
    PageRow("page-key-static", "static: key n to the new picture", 300, "static", _key, 3),
    PageRow("page-preview-served", "served: a preview every, dragging", 50, "served", lambda at: _slide(at)[0], 3),
    PageRow("page-preview-static", "static: a preview every, dragging", 50, "static", lambda at: _slide(at)[0], 3),
    PageRow(
        "page-settled-served", "served: last event to the settled picture", 300, "served", lambda at: _slide(at)[1], 3
    ),
    PageRow(
        "page-settled-static", "static: last event to the settled picture", 300, "static", lambda at: _slide(at)[1], 3
    ),
    PageRow("page-wheel-served", "served: the wheel's last turn to the settled picture", 300, "served", _wheel),
    PageRow("page-wheel-static", "static: the wheel's last turn to the settled picture", 300, "static", _wheel),
    PageRow("page-neighbours-served", "served: neighbours, all pictures", 500, "served", _neighbours),
    PageRow("page-neighbours-static", "static: neighbours, all pictures", 500, "static", _neighbours),
    PageRow(
        "page-seed-served",
        "served: three measures over 16 seeds, first dot",
        500,
        "served",
        lambda at: _seeds(at)[0],
        3,
    ),
    PageRow(
        "page-seed-static",
        "static: three measures over 16 seeds, first dot",
        500,
        "static",
        lambda at: _seeds(at)[0],
        3,
    ),
    PageRow(
        "page-seeds-served", "served: three measures over 16 seeds, all", 3000, "served", lambda at: _seeds(at)[1], 3
    ),
    PageRow(
        "page-seeds-static", "static: three measures over 16 seeds, all", 3000, "static", lambda at: _seeds(at)[1], 3
    ),
)
WIDGET = "page-widget"


def row_names() -> list[str]:
    return [*(row.name for row in ROWS), WIDGET]


def _widget(browser: Any) -> float:
    """A notebook's cell, its modules imported, to the canvas in a page that holds its output.

    Where there is no GPU the canvas stays empty under the picture that came with it, which is what is awaited then.
    """
    import netwarp as nw

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.html"
        start = time.perf_counter()
        formats, _ = nw.explore("conv(10) * 10", seed=7)._repr_mimebundle_()
        path.write_text(f"<!doctype html><meta charset='utf-8'><body>{formats['text/html']}</body>", "utf-8")
        context = browser.new_context(viewport=SIZE)
        page = context.new_page()
        page.goto(path.as_uri())
        frame = page.wait_for_selector("iframe").content_frame()
        bare = frame.evaluate("document.createElement('canvas').getContext('webgl2') === null")
        frame.wait_for_selector(".poster", state="visible" if bare else "hidden")
        spent = 1e3 * (time.perf_counter() - start)
        context.close()
    return spent


def run(wanted: Collection[str], *, quick: bool = False) -> list[Found]:
    """The rows named: milliseconds, medians, by kind of browser."""
    if find_spec("playwright") is None or find_spec("uvicorn") is None:
        say("page: absent, it needs pip install 'netwarp[explorer]' playwright, and chromium")
        return []
    times: dict[str, dict[str, float]] = {}
    with browsers() as kinds:
        for kind, browser in kinds.items():
            with pages(browser) as openers:
                first(openers["served"](FOUNDING))  # the server's first answer loads and compiles
                for row in ROWS:
                    if row.name in wanted:
                        say(f"{row.name}, {kind}")
                        tries = [row.once(openers[row.page]) for _ in range(1 if quick else row.tries)]
                        times.setdefault(row.name, {})[kind] = median(tries)
            if WIDGET in wanted:
                say(f"{WIDGET}, {kind}")
                _widget(browser)
                times.setdefault(WIDGET, {})[kind] = median(_widget(browser) for _ in range(1 if quick else 5))
    whats = {row.name: (row.what, row.at_most) for row in ROWS} | {WIDGET: ("notebook: cell to canvas", 1500)}
    return [{"name": name, "what": whats[name][0], "ms": ms, "at most": whats[name][1]} for name, ms in times.items()]


def tables(found: list[Found]) -> str:
    cells = [
        (
            one["name"],
            one["what"],
            *(f"{one['ms'][kind]:.3g}" for kind in GPUS),
            judged(f"{one['at most']:g}", held=all(ms <= one["at most"] for ms in one["ms"].values())),
        )
        for one in found
    ]
    title = "The page in chromium, 1280x860, `conv(10) * 10`: milliseconds, medians."
    return "\n".join(table(title, ("row", "what", *GPUS, "at most"), cells))
