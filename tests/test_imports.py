"""What a start costs: `import netwarp` and `netwarp --help`, each in a process of its own, and what it may not load."""

import json
import subprocess
import sys
from functools import cache

import pytest

from benchmarks.start_rows import SMALLEST

HEAVY = ["numpy", "numba", "llvmlite", "torch", "PIL", "jinja2"]

IMPORT = "import netwarp"
HELP = """
from netwarp.cli.main import main
main(["--help"])
"""
MEASURE = """
import contextlib, io, json, sys
calls, said = 0, io.StringIO()
def count(frame, event, argument):
    global calls
    calls += event == "call"
code = compile(sys.argv[1], "start", "exec")
with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
    sys.setprofile(count)
    exec(code)
sys.setprofile(None)
print(json.dumps([calls, sorted(sys.modules), said.getvalue()]))
"""


@cache
def start(code: str) -> tuple[int, list[str], str]:
    """(Python calls made, names of loaded modules, text written) of a fresh process that runs `code`.

    Calls are as many on every machine, and however busy it is; `python -m benchmarks --only starts` has milliseconds.
    """
    run = subprocess.run([sys.executable, "-c", MEASURE, code], capture_output=True, text=True, check=True)
    calls, modules, said = json.loads(run.stdout)
    return calls, modules, said


# import netwarp may take 200 ms, netwarp --help 400, where the smallest program of Typer's takes 230
@pytest.mark.parametrize(("code", "share"), [(IMPORT, 0.2), (HELP, 1.5)], ids=["import", "help"])
def test_a_start_is_within_its_budget(code: str, share: float) -> None:
    assert all("draw" in start(one)[2] for one in (HELP, SMALLEST))
    assert start(code)[0] <= share * start(SMALLEST)[0]


@pytest.mark.parametrize(("code", "share"), [(IMPORT, 0.2), (HELP, 1.5)], ids=["import", "help"])
def test_a_start_past_its_budget_would_be_seen(code: str, share: float) -> None:
    assert start(f"import numpy\n{code}")[0] > share * start(SMALLEST)[0]


@pytest.mark.parametrize("code", [IMPORT, HELP], ids=["import", "help"])
def test_a_start_loads_nothing_heavy(code: str) -> None:
    modules = start(code)[1]
    assert [name for name in HEAVY if name in modules] == []
    assert "netwarp" in modules


def test_a_heavy_module_would_be_seen() -> None:
    assert "numpy" in start("import netwarp\nimport numpy")[1]
    assert "netwarp.plane" in start("import netwarp\nnetwarp.Plane")[1]
