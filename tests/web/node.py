"""Runs the page's own code on cases: web/tests/run.mjs in node, which builds it as the page is built."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[2] / "web"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules/esbuild").exists(),
    reason="needs node and its packages: run `npm ci` in web",
)


def run(script: str, cases: list[Any]) -> list[Any]:
    """What the script's `run` gives of the cases, one result a case."""
    command = ["node", str(WEB / "tests/run.mjs"), script]
    done = subprocess.run(
        command, input=json.dumps(cases), capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    # JavaScript writes 1e16 as a whole number, whose last digits are not those of the float
    results: list[Any] = json.loads(done.stdout, parse_int=float)
    assert len(results) == len(cases)
    return results
