"""The floors of the house, held over the source's syntax trees: who may import whom, and when.

A module imports only from floors below its own, or from its own room. Nothing imports the package root or a room's
`__init__`, there is no cycle, and the floors a fast start needs load nothing heavy at import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "netwarp"

# lowest first; what stands in one line never imports another of its line. errors and version are plane's own ground
FLOORS: tuple[tuple[str, ...], ...] = (
    ("words",),
    ("errors", "log", "renamed", "version"),
    ("checks", "files", "progress"),
    ("compiled",),
    ("plane",),
    ("activations",),
    ("architecture",),
    ("network", "theory"),
    ("engine",),
    ("fields",),
    ("regions",),
    ("measures", "picture"),
    ("models",),
    ("orders",),
    ("films", "posters", "study"),
    ("claims",),
    ("explorer",),
    ("pages",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: number for number, line in enumerate(FLOORS) for room in line}

# method that is sugar for a function of a higher floor, and the room it may reach; for its annotations too
SUGAR = {
    ("network.network", "calibrate"): "fields",
    ("fields.field", "tessellate"): "regions",
    ("fields.field", "_sampled"): "regions",
}

LIGHT = {
    "words",
    "errors",
    "log",
    "renamed",
    "version",
    "checks",
    "files",
    "progress",
    "plane",
    "activations",
    "architecture",
}
LIGHT |= {"cli"}
HEAVY = {"numpy", "numba", "llvmlite", "torch", "PIL", "jinja2", "scipy", "matplotlib", "contourpy", "gudhi"}
HEAVY |= {"starlette", "uvicorn", "polars", "dask", "distributed"}
# rooms whose face is part of the public one: `@nw.measures.define`
FACES = {
    "measures": {"netwarp.measures.registry"},
    "claims": {"netwarp.claims.registry", "netwarp.claims.running"},
    "theory": {"netwarp.theory"},
}
# faces at the root: they hand on what a room defines, under the name that users type
DOORS = {"onnx", "sklearn", "torch"}
# modules of version 0.1 that were documented: they hand on what stands on a higher floor now, and warn
FORMER = {"measures.ensemble", "pages.compare", "pages.atlas"}
HOMES_OF_TORCH = {"engine.torch", "engine.torch_steps", "network.module"}
HOMES_OF_TORCH |= {"models.exported", "models.imported", "models.probed", "models.remembered", "models.written"}
HOMES_OF_TORCH |= {"models.archives.graph", "models.archives.operations", "models.archives.running"}


@dataclass(frozen=True)
class Import:
    """One import: of `target` (dotted, as written) by `module` (dotted, below netwarp), at `line`."""

    module: str
    target: str
    line: int
    function: str | None  # the innermost function it stands in, None at module level
    typing: bool  # under `if TYPE_CHECKING`

    @property
    def place(self) -> str:
        return f"{self.module}:{self.line}"


def imports(module: str, source: str) -> Iterator[Import]:
    """Every import of a module, `importlib.import_module("...")` of a literal included."""

    def visit(node: ast.AST, function: str | None, typing: bool) -> Iterator[Import]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node.name
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno, function, typing)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            for alias in node.names:
                yield Import(module, f"{node.module}.{alias.name}", node.lineno, function, typing)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            named = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
            yield from (Import(module, str(name), node.lineno, function, typing) for name in named)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for child in node.body:
                yield from visit(child, function, True)
            for child in node.orelse:
                yield from visit(child, function, typing)
            return
        for child in ast.iter_child_nodes(node):
            yield from visit(child, function, typing)

    yield from visit(ast.parse(source), None, False)


def inside(target: str, modules: set[str]) -> str | None:
    """The module of netwarp that `target` names (itself, or the one whose member it is); None for another package."""
    package, *parts = target.split(".")
    if package != "netwarp":
        return None
    while parts and ".".join(parts) not in modules:
        parts.pop()
    return ".".join(parts)


def violations(sources: dict[str, str]) -> list[str]:
    """What breaks the rules in a tree of sources keyed by dotted name; a room's own name is its `__init__`."""
    modules = set(sources)
    wrong: list[str] = []
    graph: dict[str, set[str]] = {module: set() for module in modules}
    rooms = {module.split(".")[0] for module in modules if "." in module}
    for module, source in sources.items():
        room = module.split(".")[0]
        if module in DOORS | FORMER:
            continue
        if room not in FLOOR:
            wrong.append(f"{module}: stands on no floor")
            continue
        if module in rooms and any(
            not (_is_docstring(node) or _is_face(module, node)) for node in ast.parse(source).body
        ):
            wrong.append(f"{module}: a room's __init__ holds its docstring only")
        for found in imports(module, source):
            target = inside(found.target, modules)
            if target is None:
                wrong += _heavy(found)
                continue
            there = target.split(".")[0]
            if target == "":
                wrong.append(f"{found.place}: imports the package root")
            elif target in rooms:
                wrong.append(f"{found.place}: imports the __init__ of {target}")
            elif there == room or FLOOR[there] < FLOOR[room]:
                if not found.typing:
                    graph[module].add(target)
            elif not _is_sugar(found, there):
                wrong.append(f"{found.place}: {room} is not above {there}")
    return sorted(wrong) + _cycles(graph)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_face(module: str, node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in FACES.get(module, ())


def _heavy(found: Import) -> list[str]:
    package = found.target.split(".")[0]
    if package not in HEAVY or found.function is not None or found.typing:
        return []
    if found.module.split(".")[0] in LIGHT:
        return [f"{found.place}: {package} at module level on a floor that must load fast"]
    if package == "torch" and found.module not in HOMES_OF_TORCH:
        return [f"{found.place}: torch is optional; at module level only in {' and '.join(sorted(HOMES_OF_TORCH))}"]
    return []


def _is_sugar(found: Import, there: str) -> bool:
    if found.typing:
        return any(module == found.module and there == room for (module, _), room in SUGAR.items())
    return found.function is not None and SUGAR.get((found.module, found.function)) == there


def _cycles(graph: dict[str, set[str]]) -> list[str]:
    state: dict[str, int] = {}

    def visit(module: str, path: tuple[str, ...]) -> list[str]:
        if state.get(module) == 1:
            return [f"cycle: {' -> '.join((*path[path.index(module) :], module))}"]
        if module in state:
            return []
        state[module] = 1
        found = [cycle for target in sorted(graph[module]) for cycle in visit(target, (*path, module))]
        state[module] = 2
        return found

    return [cycle for module in sorted(graph) for cycle in visit(module, ())]


def house() -> dict[str, str]:
    """The sources of the package, all but the root."""
    files = sorted(SOURCE.rglob("*.py"))
    sources = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path.read_text() for path in files}
    del sources["__init__"]
    return {name.removesuffix(".__init__"): text for name, text in sources.items()}


def test_every_module_keeps_to_its_floor() -> None:
    assert violations(house()) == []


def test_the_house_was_looked_at() -> None:
    found = house()
    assert {"errors", "plane", "network.program", "architecture"} <= set(found)
    assert any(one.target == "netwarp.errors.InputError" for one in imports("plane", found["plane"]))


def test_files_are_short_enough_to_read() -> None:
    long = {name: text.count("\n") for name, text in house().items() if text.count("\n") > 400}
    assert long == {}, "past 400 lines: look for the seam"


def test_the_sugar_is_really_there() -> None:
    """An exception for a method that does not use it would only be a hole."""
    found = house()
    for (module, function), room in SUGAR.items():
        if room not in found:
            continue  # regions comes with the work that fills it
        reached = {inside(one.target, set(found)) for one in imports(module, found[module]) if one.function == function}
        assert any(target and target.split(".")[0] == room for target in reached), f"{module}.{function}"


GOOD = {
    "errors": "",
    "plane": "from netwarp.errors import InputError",
    "architecture": '"""Layers."""',
    "architecture.tree": "from netwarp.plane import Plane",
    "network": '"""Weights."""',
    "network.network": "import numpy\ndef calibrate():\n from netwarp.fields.calibration import c",
    "network.module": "import torch",
    "theory": '"""Formulas."""',
    "theory.bounds": "import numpy",
    "fields": '"""Fields."""',
    "fields.calibration": "from netwarp.network import network\nfrom netwarp.network.network import Network",
    "cli": '"""Commands."""',
    "cli.main": "def draw():\n import numpy\n from netwarp.fields.calibration import c",
}


def test_a_good_tree_passes() -> None:
    assert violations(GOOD) == []


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("plane", "from netwarp.architecture.tree import Conv", "plane:1: plane is not above architecture"),
        ("plane", "def f():\n from netwarp.architecture.tree import Conv", "plane:2: plane is not above architecture"),
        ("theory.bounds", "import netwarp.network.network", "theory.bounds:1: theory is not above network"),
        ("theory.bounds", "import_module('netwarp.network.network')", "theory.bounds:1: theory is not above network"),
        (
            "network.network",
            "from netwarp.fields.calibration import c",
            "network.network:1: network is not above fields",
        ),
        (
            "network.network",
            "def draw():\n from netwarp.fields.calibration import c",
            "network.network:2: network is not above fields",
        ),
        ("fields.calibration", "import netwarp", "fields.calibration:1: imports the package root"),
        ("fields.calibration", "from netwarp import Plane", "fields.calibration:1: imports the package root"),
        ("network.module", "from netwarp.network import x", "network.module:1: imports the __init__ of network"),
        ("fields.calibration", "import torch", "fields.calibration:1: torch is optional; at module level only in "),
        ("architecture.tree", "import numpy as np", "architecture.tree:1: numpy at module level on a floor"),
        ("cli.main", "class C:\n from numba import njit", "cli.main:2: numba at module level on a floor"),
        ("cli", '"""Commands."""\nx = 1', "cli: a room's __init__ holds its docstring only"),
        ("attic", "", "attic: stands on no floor"),
        (
            "network.module",
            "from netwarp.network.network import N\nimport netwarp.network.module",
            "cycle: network.module -> network.module",
        ),
    ],
)
def test_a_broken_rule_is_found(module: str, source: str, message: str) -> None:
    (found,) = violations(GOOD | {module: source})
    assert found.startswith(message)


def test_a_longer_cycle_is_found() -> None:
    tree = GOOD | {"fields.a": "import netwarp.fields.b", "fields.b": "def f():\n from netwarp.fields.a import x"}
    assert violations(tree) == ["cycle: fields.a -> fields.b -> fields.a"]


def test_annotations_may_name_the_light_floors_numpy() -> None:
    assert violations(GOOD | {"plane": "if TYPE_CHECKING:\n from numpy import float64"}) == []
