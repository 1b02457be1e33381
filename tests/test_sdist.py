"""The source distribution holds all that a change needs: whoever has it can test, benchmark, and rebuild the page."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# hatchling adds these by itself
ALWAYS = {"README.md", "LICENSE", "pyproject.toml", ".gitignore"}


def test_everything_in_the_repository_is_in_the_source_distribution() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout: this is the source distribution itself")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["sdist"]
    assert {line.split("/")[0] for line in tracked.splitlines()} == ALWAYS | set(settings["include"])
    assert settings["exclude"] == ["web/node_modules"]
    assert {"web/package.json", "web/build.mjs", "web/static/index.html"} <= set(tracked.splitlines())
