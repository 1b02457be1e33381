"""One name for one thing: no two classes of the project bear the same."""

import ast
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "netwarp"

# what a user writes and the operation, or the torch module, that it becomes: one thing on three floors
LAYERS = {"Conv", "Embed", "Inputs", "LayerNorm", "Maxout", "Pool"}


def doubles() -> dict[str, list[str]]:
    """The classes at module level that bear one name, by name: the modules they are in."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(SOURCE)))
    return {name: homes for name, homes in found.items() if len(homes) > 1}


def test_no_two_classes_have_one_name() -> None:
    found = doubles()
    assert {name: homes for name, homes in found.items() if name not in LAYERS} == {}
    lower = ("architecture", "network")
    layers = {name: homes for name, homes in found.items() if name in LAYERS}
    assert all(home.startswith(lower) for homes in layers.values() for home in homes), layers


def test_no_exception_is_left_over() -> None:
    assert set(doubles()) >= LAYERS
