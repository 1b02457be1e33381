"""The scripts of tools/ as modules, for the tests that hold what they write current."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

TOOLS = Path(__file__).parent.parent / "tools"


def tool(name: str) -> ModuleType:
    """tools/NAME.py, run as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_current(name: str) -> None:
    """Fails where the file that tools/NAME.py writes is not what it writes now."""
    made = tool(name)
    assert made.TARGET.read_text(encoding="utf-8") == made.text(), f"run python tools/{name}.py"
