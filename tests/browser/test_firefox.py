"""Debian's Firefox shows the page too: driven by WebDriver BiDi, as Playwright needs a Firefox of its own build."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.pages.site import site
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Raster
from tests.browser.pixels import picture

FIREFOX = os.environ.get("NETWARP_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
QUERY = "?v=2&arch=conv(10)+*+4&seed=9&cells=1"

CELLS = """() => new Promise((found) => {
  const caption = () => document.querySelector("figcaption").textContent;
  const look = () => { if (caption().includes("cells in the frame, exact")) found(true); else setTimeout(look, 50); };
  look();
})"""


class Firefox:
    """One window of a browser that is spoken to in WebDriver BiDi."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.number, self.wrong = socket, 0, list[str]()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: object) -> Any:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while (found := json.loads(self.socket.recv(timeout=120))).get("id") != self.number:
            if found.get("method") == "log.entryAdded" and found["params"]["level"] == "error":
                self.wrong.append(found["params"]["text"])
        assert found["type"] == "success", found
        return found["result"]

    def open(self, address: str, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.tab, viewport=size)
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")
        self.evaluate("() => netwarp.ready.then(() => true)")

    def evaluate(self, function: str, argument: object = None) -> Any:
        code = f"Promise.resolve(({function})({json.dumps(argument)})).then(JSON.stringify)"
        asked = {"expression": code, "target": {"context": self.tab}, "awaitPromise": True}
        found = self.ask("script.evaluate", **asked)
        assert found["type"] == "success", found
        return json.loads(found["result"]["value"])


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if FIREFOX is None:
        pytest.skip("needs Firefox: apt-get install firefox-esr, or set NETWARP_FIREFOX")
    from websockets.sync.client import connect

    profile = tmp_path_factory.mktemp("profile")
    # it asks nobody anything: any address but this machine's leads to a proxy that is not there
    (profile / "user.js").write_text(
        'user_pref("network.proxy.type", 1); user_pref("network.proxy.http", "127.0.0.1");\n'
        'user_pref("network.proxy.http_port", 9); user_pref("network.proxy.ssl", "127.0.0.1");\n'
        'user_pref("network.proxy.ssl_port", 9);\n'
    )
    words = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = next((match for line in process.stderr if (match := LISTENING.search(line))), None)
        assert found is not None, "Firefox ended before it listened"
        with connect(f"{found[1]}/session", max_size=None, open_timeout=60) as socket:
            yield Firefox(socket)
        process.terminate()


def shows_the_librarys_picture(firefox: Firefox) -> None:
    pixels, plane = picture(firefox)
    field = calibrate(Network.draw(parse("conv(10) * 4"), 9), Raster())
    wanted = paint(field.sample(Raster(pixels.shape[1], pixels.shape[0], plane)), Tone.fit(field.sample(), "lab"))
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() > 40
    assert int(np.abs(pixels.astype(int) - wanted.pixels).max()) <= 1
    firefox.evaluate(CELLS)  # which come a while after the picture
    assert firefox.wrong == []


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (375, 700)])
def test_the_page_without_a_server_from_a_disk(firefox: Firefox, tmp_path: Path, width: int, height: int) -> None:
    site(tmp_path)
    firefox.open((tmp_path / "netwarp.html").as_uri() + QUERY, width, height)
    shows_the_librarys_picture(firefox)
    assert firefox.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_served_page(firefox: Firefox, server: tuple[str, int]) -> None:
    firefox.open(server[0] + QUERY, 1280, 860)
    shows_the_librarys_picture(firefox)
