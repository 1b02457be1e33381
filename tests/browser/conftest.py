"""A real browser: Debian's chromium, driven by Playwright, its GPU in software, with no way out of this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from netwarp.pages.site import site
from tests.browser.desk import settle

CHROMIUM = os.environ.get("NETWARP_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def offline(chromium: Any) -> Iterator[Any]:
    """A page that has no network; it fails where the page says an error or asks anything of any host."""
    context = chromium.new_context(offline=True, viewport={"width": 900, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(("file:", "data:", "blob:")) else wrong.append(asked.url),
    )
    yield page
    context.close()
    assert wrong == []


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """`netwarp explore` in a process of its own: its address and the process's number."""
    command = [
        sys.executable,
        "-c",
        "from netwarp.cli.main import main; main()",
        "explore",
        "--no-browser",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.match(r"(http://127\.0\.0\.1:\d+/)", process.stdout.readline())
        assert found
        yield found[1], process.pid
        process.send_signal(signal.SIGINT)


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, int]]:
    """The server of all tests of a process."""
    with served() as found:
        yield found


@pytest.fixture
def fresh_server() -> Iterator[tuple[str, int]]:
    """A server that nothing was asked of: what it does and keeps is of one test."""
    with served() as found:
        yield found


@pytest.fixture
def visit(chromium: Any, server: tuple[str, int]) -> Iterator[Callable[..., Any]]:
    """Opens the explorer at a query, in a context of its own. Fails where a page says an error or asks another host."""
    wrong: list[str] = []
    contexts: list[Any] = []
    address, _ = server

    def open_page(query: str = "", **options: Any) -> Any:
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 860}, "accept_downloads": True, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        own = (address, address.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
        page.goto(address + query)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(params=["served", "alone"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Any]:
    """Opens the explorer at a query: the served page, and in another test the one that needs no server."""
    if request.param == "served":
        visit: Callable[[str], Any] = request.getfixturevalue("visit")
        return visit
    site(tmp_path)
    page = request.getfixturevalue("offline")

    def open_page(query: str = "") -> Any:
        page.goto((tmp_path / "netwarp.html").as_uri() + query)
        return page

    return open_page


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens `netwarp explore` of some words; fails where the page says an error."""
    wrong: list[str] = []
    code = "from netwarp.cli.main import main; main()"
    with ExitStack() as after:

        def open_page(*words: str, more: str = "") -> Any:
            command = [sys.executable, "-c", code, "explore", "--no-browser", "--port", "0", *words]
            process = after.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            after.callback(process.send_signal, signal.SIGINT)
            assert process.stdout is not None
            found = re.match(r"(http://127\.0\.0\.1:\d+/\S*)", process.stdout.readline())
            assert found
            context = chromium.new_context(viewport={"width": 1280, "height": 860})
            after.callback(context.close)
            page = context.new_page()
            page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(found[1] + more)
            settle(page)
            return page

        yield open_page
    assert wrong == []


@pytest.fixture(params=["served", "static"])
def anywhere(request: pytest.FixtureRequest, chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page at a query, served or from one file, and waits for its picture. Fails where it says an error."""
    wrong: list[str] = []
    contexts: list[Any] = []
    if request.param == "served":
        address, _ = request.getfixturevalue("server")
    else:
        site(tmp_path / "site")
        address = (tmp_path / "site" / "netwarp.html").as_uri()

    def open_page(query: str = "", **options: Any) -> Any:
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 860}, "accept_downloads": True, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address + query)
        page.evaluate("netwarp.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
