"""The page's own engine, run by node: what it computes is held to the library's."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parent.parent.parent / "web"
BUNDLER = WEB / "node_modules/.bin/esbuild"

Run = Callable[[str, object], Any]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs web/tests/NAME.ts on data, and gives what it answers."""
    if shutil.which("node") is None:
        pytest.skip("node is not there, which runs the page's engine")
    if not BUNDLER.exists():
        pytest.skip("the page's compiler is not there; make web brings it")

    def run(name: str, data: object) -> Any:
        place = tmp_path_factory.mktemp(name)
        script, asked, answered = place / f"{name}.cjs", place / "asked.json", place / "answered.json"
        asked.write_text(json.dumps(data))
        options = [
            "--bundle",
            "--platform=node",
            "--loader:.wasm=binary",
            "--target=es2022",
            "--log-level=warning",
            f"--outfile={script}",
        ]
        subprocess.run([str(BUNDLER), f"{WEB}/tests/{name}.ts", *options], check=True)
        subprocess.run(["node", str(script), str(asked), str(answered)], check=True)
        return json.loads(answered.read_text())

    return run
