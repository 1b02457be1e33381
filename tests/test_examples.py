"""The examples in the docstrings of the public names: every name has some, one shows a refusal, and all run."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import netwarp
from netwarp.measures import registry

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SOURCE = Path(netwarp.__file__).parent


def members(name: str, module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The public functions and classes of a module that is a public name; of nw.errors the kinds of error only."""
    for key, value in vars(module).items():
        if isinstance(value, ModuleType) and name == "theory" and (SOURCE / "theory" / f"{key}.py").exists():
            if f" {key} as {key}" in Path(str(module.__file__)).read_text():
                yield from members(f"{name}.{key}", value)
        elif key.startswith("_") or not (inspect.isclass(value) if name == "errors" else inspect.isroutine(value)):
            continue
        elif name in ("claims", "measures", "onnx", "sklearn", "torch") or value.__module__ == module.__name__:
            yield f"{name}.{key}", value


def public() -> dict[str, Any]:
    """Every public name and every function of the modules among them; without PyTorch those that do without."""
    found: dict[str, Any] = {}
    for name in netwarp._HOMES:
        if name not in ("to_torch", "torch") or find_spec("torch"):
            value = getattr(netwarp, name)
            found |= {name: value} | (dict(members(name, value)) if isinstance(value, ModuleType) else {})
    return found


PUBLIC = public()


def examples(value: Any) -> list[doctest.DocTest]:
    """Those of its docstring and, of a class, those of its methods; `nw` is imported, as in all documentation."""
    finder = doctest.DocTestFinder(exclude_empty=True, recurse=inspect.isclass(value))
    found = finder.find(value, getattr(value, "__name__", "?"), module=False, globs={"nw": netwarp})
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", PUBLIC)
def test_the_examples_of_a_public_name_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = PUBLIC[name]
    found = examples(value)
    assert found, f"nw.{name}: its docstring has no example"
    if callable(value) and inspect.signature(value).parameters:
        refused = [one for test in found for one in test.examples if one.exc_msg]
        assert refused, f"nw.{name}: no example shows what is refused"
        assert all(one.exc_msg.startswith("netwarp.errors.") for one in refused), "a refusal is a NetwarpError"
    monkeypatch.chdir(tmp_path)
    registry.names()  # loads netwarp's own; an example's measure then goes when its test ends
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    for test in found:
        report: list[str] = []
        doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append)
        assert not report, "".join(report)


def test_no_example_stands_where_no_test_runs_it() -> None:
    written = {path for path in SOURCE.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")}
    run = {inspect.getsourcefile(value) for value in PUBLIC.values()}
    assert {str(path) for path in written} <= run
