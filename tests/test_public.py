"""The public names: sorted, typed, documented, used in the docs, and loaded on first use."""

import ast
import inspect
import json
import re
import sys
import types
from importlib.util import find_spec
from pathlib import Path

import pytest

import netwarp

ROOT = Path(__file__).parent.parent
INIT = Path(netwarp.__file__)

# torch is an extra: without it, that one name can only be asked for, not resolved
NAMES = [name for name in netwarp.__all__ if name != "torch" or find_spec("torch")]


def test_names_are_sorted_and_listed() -> None:
    assert netwarp.__all__ == sorted(set(netwarp.__all__))
    assert list(netwarp._HOMES) == netwarp.__all__, "keep _HOMES sorted"
    assert set(netwarp.__all__) < set(dir(netwarp))


def test_type_checkers_see_the_same_names() -> None:
    (block,) = [node for node in ast.parse(INIT.read_text()).body if isinstance(node, ast.If)]
    seen = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            home = (node.module or "").removeprefix("netwarp").removeprefix(".")
            whole = alias.name != alias.asname or f"{home}.{alias.name}:".lstrip(".") in netwarp._HOMES.values()
            seen[alias.asname] = f"{home}.{alias.name}:".lstrip(".") if whole else home
    assert seen.pop("__version__") == "version.VERSION:"
    assert seen == netwarp._HOMES


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_there_and_documented(name: str) -> None:
    value = getattr(netwarp, name)
    assert value is getattr(netwarp, name)
    assert inspect.getdoc(value), f"netwarp.{name} has no docstring"
    if not isinstance(value, types.ModuleType):
        assert value.__module__ == f"netwarp.{netwarp._HOMES[name]}", "name the module that defines it"
        assert not name.startswith("_")


def test_every_name_is_used_in_the_docs() -> None:
    texts = [path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    for path in (ROOT / "docs").glob("*.ipynb"):
        texts += ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    used = set(re.findall(r"\bnw\.(\w+)", "\n".join(texts)))
    assert set(netwarp.__all__) - used == set(), "public names that no page of the docs uses"
    assert used - set(netwarp.__all__) == set(), "names in the docs that do not exist"


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="netwarp has no 'Rasterr'; did you mean \"Raster\""):
        _ = netwarp.Rasterr
    assert not hasattr(netwarp, "__wrapped__")


def test_torch_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(netwarp), "torch", raising=False)
    monkeypatch.delitem(sys.modules, "netwarp.network.module", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(AttributeError, match=re.escape("netwarp.torch needs PyTorch: pip install 'netwarp[torch]'")):
        _ = netwarp.torch
    assert not hasattr(netwarp, "torch")


def test_the_version_is_the_one_recipes_carry() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+)?", netwarp.__version__)
    newest = re.search(r"^## (\S+) \u2014 (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    # what is not released yet comes before the release it will be, for pip as for people
    assert netwarp.__version__ == newest[1] + (".dev0" if newest[2] == "unreleased" else "")
