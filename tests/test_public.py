"""The public names: sorted, typed, documented, used in the docs, and loaded on first use."""

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import types
from importlib.util import find_spec
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest

import netwarp

ROOT = Path(__file__).parent.parent
INIT = Path(netwarp.__file__)

# torch is an extra: without it, these names can only be asked for, not resolved
NAMES = [name for name in netwarp._HOMES if name not in ("to_torch", "torch") or find_spec("torch")]

# every module is imported first: Python binds each on its package, where it must hide no public name
ASK = """
import json, pkgutil, sys, types
import netwarp
for found in pkgutil.walk_packages(netwarp.__path__, "netwarp."):
    try:
        __import__(found.name)
    except ModuleNotFoundError as missing:
        assert missing.name in {"torch", "anywidget", "traitlets", "starlette", "uvicorn"}, missing
kinds = {}
for name in json.loads(sys.argv[1]):
    module, _, attribute = netwarp._HOMES[name].partition(":")
    home = sys.modules[f"netwarp.{module}"]
    value = getattr(netwarp, name)
    whole = netwarp._HOMES[name].endswith(":")
    assert value is (home if whole else getattr(home, attribute or name)), name
    kinds[name] = "module" if isinstance(value, types.ModuleType) else "callable" if callable(value) else "neither"
print(json.dumps(kinds))
"""


def test_names_are_sorted_and_listed() -> None:
    assert list(netwarp._HOMES) == sorted(netwarp._HOMES), "keep _HOMES sorted"
    assert netwarp.__all__ == [name for name in netwarp._HOMES if name not in netwarp._APART]
    assert {*netwarp.__all__, *netwarp._APART} == set(netwarp._HOMES) < set(dir(netwarp))


STAR = """
import sys, types
torch, sklearn, onnx = libraries = [types.ModuleType(name) for name in ("torch", "sklearn", "onnx")]
sys.modules.update(torch=None)
from netwarp import *
assert [torch, sklearn, onnx] == libraries, "the star import took a library's name"
assert draw.__module__ == "netwarp.orders.drawing"
import netwarp as nw
print(nw.sklearn.__name__, nw.onnx.__name__)
"""


def test_a_star_import_takes_no_librarys_name_and_needs_no_torch() -> None:
    run = subprocess.run([sys.executable, "-c", STAR], capture_output=True, text=True, check=False)
    assert (run.stderr, run.stdout) == ("", "netwarp.sklearn netwarp.onnx\n")


def test_type_checkers_see_the_same_names() -> None:
    (block,) = [node for node in ast.parse(INIT.read_text()).body if isinstance(node, ast.If)]
    seen = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            home = (node.module or "").removeprefix("netwarp").removeprefix(".")
            other = f"{home}:{alias.name}" if alias.name != alias.asname else home
            module = f"{home}.{alias.name}:".lstrip(".")
            seen[alias.asname] = module if module in netwarp._HOMES.values() else other
    assert seen.pop("__version__") == "version:VERSION"
    assert seen == netwarp._HOMES


@pytest.mark.slow
def test_no_module_hides_a_public_name() -> None:
    run = subprocess.run([sys.executable, "-c", ASK, json.dumps(NAMES)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    kinds = json.loads(run.stdout)
    modules = {name for name, home in netwarp._HOMES.items() if home.endswith(":")}
    assert kinds == {name: "module" if name in modules else "callable" for name in NAMES}


def test_no_public_function_bears_a_rooms_name() -> None:
    rooms = {path.stem for path in INIT.parent.iterdir() if path.suffix in ("", ".py")}
    modules = {name for name, home in netwarp._HOMES.items() if home == f"{name}:"}
    assert rooms & set(netwarp._HOMES) == modules & rooms


@pytest.mark.parametrize("name", sorted(netwarp._FORMER))
def test_a_former_name_warns_and_is_what_its_new_one_is(name: str) -> None:
    now, _ = netwarp._FORMER[name]
    with pytest.warns(DeprecationWarning, match=f"netwarp.{name} is now called netwarp.{now}; the old name goes in"):
        value = getattr(netwarp, name)
    whole = netwarp
    for part in now.split("."):
        whole = getattr(whole, part)
    assert value is whole
    assert name not in netwarp._HOMES


@pytest.mark.parametrize("name", ["pages.compare.compare", "pages.atlas.atlas", "measures.ensemble.ensemble"])
def test_a_former_home_warns_and_does_the_same(name: str) -> None:
    module, _, function = name.rpartition(".")
    former = getattr(importlib.import_module(f"netwarp.{module}"), function)
    with (
        pytest.warns(DeprecationWarning, match=f"netwarp.{name} is now called netwarp.{function}"),
        pytest.raises(netwarp.NetwarpError, match=r"two architectures|its weights are given"),
    ):
        former([]) if function == "compare" else former("sawtooth(3)")


def test_torch_can_be_imported_by_its_public_name() -> None:
    pytest.importorskip("torch")
    module = importlib.import_module("netwarp.torch")
    assert module is netwarp.torch
    assert module.to_module is netwarp.to_torch


WRONG = [
    (netwarp.tessellate, "tessellate field=Network: must be a Field"),
    (netwarp.count, "count architecture=Network: must be an Architecture"),
    (lambda network: netwarp.along(network, (0, 0), (1, 1)), "along field=Network: must be a Field"),
    (lambda network: netwarp.along(network.calibrate(), network, (1, 1)), "along p=.*: must be a point"),
    (netwarp.measure, "measure field=Network: must be a Field"),
    (lambda network: netwarp.Network.load(netwarp), "load source=module: must be the name of an .npz file"),
    (lambda network: netwarp.compare(network, 3), "compare=3: must be a text"),
    (netwarp.ensemble, "its weights are given"),
    (lambda network: netwarp.draw(network, size=3), "draw size=3: must be a list"),
    (netwarp.contact_sheet, "contact sheet pictures=Network: must be a list of Pictures"),
    (lambda network: netwarp.contact_sheet([network]), "contact sheet picture=Network: must be a Picture"),
    (netwarp.Picture, "picture pixels=Network: must be a uint8 array"),
    (lambda network: netwarp.claims.choose("kinks"), "claim 'kinks': there is none"),
    (lambda network: netwarp.theory.bounds.serra_lower(8), "widths=8: must be a list, the units of each layer"),
    (lambda network: netwarp.parse("resnet"), 'names an architecture of the zoo: nw.zoo.find\\("resnet"\\)'),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_belongs_to_no_public_function_is_told_what_to_pass(call: Any, message: str) -> None:
    network = netwarp.Network.draw(netwarp.parse("conv(50) * 2"), 0)
    with pytest.raises(netwarp.NetwarpError, match=message) as refused:
        call(network)
    assert len(str(refused.value)) < 200


def test_a_module_is_made_of_a_network_only() -> None:
    pytest.importorskip("torch")
    network = netwarp.Network.draw(netwarp.parse("conv(3)"), 0)
    field = network.calibrate(netwarp.Raster(8, 8))
    for function, name in (
        (netwarp.to_torch, "to_module"),
        (netwarp.torch.halo, "halo"),
        (netwarp.torch.slope, "halo"),
    ):
        with pytest.raises(netwarp.NetwarpError, match=f"{name} network=Field: must be a Network"):
            function(field)
    with pytest.raises(netwarp.NetwarpError, match="slope raster=8: must be a Raster"):
        netwarp.torch.slope(network, 8)


def test_what_an_object_shows_of_itself_is_a_line_without_its_numbers() -> None:
    network = netwarp.Network.draw(netwarp.parse("conv(50) * 2"), 0)
    drawn = "Network(source=Drawn(architecture=Architecture(conv(50) * 2), seed=0))"
    assert repr(network) == drawn
    field = network.calibrate(netwarp.Raster(8, 8))
    assert repr(field) == f"Field(raster={netwarp.Raster(8, 8)}, network={drawn}, layer=None)"
    assert "array" not in repr(netwarp.draw("conv(50)", netwarp.Raster(8, 8), calibration=netwarp.Raster(8, 8)))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_there_and_documented(name: str) -> None:
    value = getattr(netwarp, name)
    assert value is getattr(netwarp, name)
    assert inspect.getdoc(value), f"netwarp.{name} has no docstring"
    if not isinstance(value, types.ModuleType):
        assert value.__module__ == f"netwarp.{netwarp._HOMES[name].partition(':')[0]}", (
            "name the module that defines it"
        )
        assert not name.startswith("_")


def test_every_name_is_used_in_the_docs() -> None:
    texts = [path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    for path in (ROOT / "docs").glob("*.ipynb"):
        texts += ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    used = set(re.findall(r"\bnw\.(\w+)", "\n".join(texts)))
    assert set(netwarp._HOMES) - used == set(), "public names that no page of the docs uses"
    assert used - set(netwarp._HOMES) == set(), "names in the docs that do not exist"


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="netwarp has no 'Rasterr'; did you mean \"Raster\"") as raised:
        _ = netwarp.Rasterr
    # Python would say another name after it
    assert "".join(format_exception(raised.value)).lower().count("did you mean") == 1
    assert not hasattr(netwarp, "__wrapped__")


def test_torch_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(netwarp), "torch", raising=False)
    for module in ("netwarp.network.module", "netwarp.torch"):
        monkeypatch.delitem(sys.modules, module, raising=False)
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
